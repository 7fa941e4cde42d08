"""Views: made, changed, deleted, and asked through."""

from typing import Any

import pytest

from tests.still_clock import Clock
from tests.unit.notion_emulator.conftest import Notion


@pytest.fixture
def place(notion: Notion) -> dict[str, str]:
    database, source = notion.database(Count={"number": {}})
    return {"database_id": database, "data_source_id": source}


def view(notion: Notion, place: dict[str, str], **fields: Any) -> dict[str, Any]:
    made: dict[str, Any] = notion.ok("POST", "/views", {**place, "name": "Mine", "type": "table", **fields})
    return made


def test_a_view_is_shown_with_its_settings(notion: Notion, place: dict[str, str]) -> None:
    made = view(notion, place, sorts=[{"property": "Count", "direction": "ascending"}])
    assert made == notion.ok("GET", f"/views/{made['id']}") | {"request_id": made["request_id"]}
    assert made["parent"] == {"type": "database_id", "database_id": place["database_id"]}
    assert made["configuration"] == {"type": "table"}
    assert made["created_time"] == "2026-01-02T03:04:05.678+00:00"
    assert made["url"].endswith(f"?v={made['id'].replace('-', '')}")


def test_views_are_listed_by_id_alone_in_order(notion: Notion, place: dict[str, str]) -> None:
    path = f"/views?database_id={place['database_id']}"
    (first,) = notion.ok("GET", path)["results"]
    last = view(notion, place)["id"]
    start = view(notion, place, position={"type": "start"})["id"]
    second = view(notion, place, position={"type": "after_view", "view_id": first["id"]})["id"]
    listed = notion.ok("GET", path)["results"]
    assert listed[1] == first == {"object": "view", "id": first["id"]}
    assert [each["id"] for each in listed] == [start, first["id"], second, last]
    assert "query.database_id should be defined" in notion.refused("GET", "/views")


def test_the_settings_of_a_view_change_but_not_its_type_or_source(
    notion: Notion, place: dict[str, str]
) -> None:
    made = view(notion, place)
    changed = notion.ok(
        "PATCH",
        f"/views/{made['id']}",
        {"name": "Ours", "configuration": {"type": "table", "wrap_cells": True}},
    )
    assert (changed["name"], changed["configuration"]["wrap_cells"]) == ("Ours", True)
    for key, value in (("type", "board"), ("data_source_id", place["data_source_id"])):
        refusal = notion.refused("PATCH", f"/views/{made['id']}", {key: value})
        assert f"body.{key} should be not present" in refusal
    other = {"configuration": {"type": "board"}}
    assert "body.configuration.type should be" in notion.refused("PATCH", f"/views/{made['id']}", other)


def test_a_view_is_deleted_for_good_unless_it_is_the_last(notion: Notion, place: dict[str, str]) -> None:
    made = view(notion, place)
    gone = notion.ok("DELETE", f"/views/{made['id']}")
    assert {key: gone[key] for key in ("object", "id", "type")} == {
        "object": "view",
        "id": made["id"],
        "type": "table",
    }
    assert "Could not find view with ID" in notion.refused("GET", f"/views/{made['id']}")
    (last,) = notion.ok("GET", f"/views?database_id={place['database_id']}")["results"]
    assert "last view" in notion.refused("DELETE", f"/views/{last['id']}")


def test_a_view_needs_a_database_and_a_known_type(notion: Notion, place: dict[str, str]) -> None:
    alone = {"data_source_id": place["data_source_id"], "name": "Mine", "type": "table"}
    assert "body.database_id should be defined" in notion.refused("POST", "/views", alone)
    assert "body.type should be" in notion.refused(
        "POST", "/views", {**place, "name": "Mine", "type": "heap"}
    )


def test_a_query_through_a_view_keeps_its_result_for_a_while(
    notion: Notion, place: dict[str, str], clock: Clock
) -> None:
    source = place["data_source_id"]
    rows = [notion.row(source, str(count), Count={"number": count})["id"] for count in (1, 2, 3)]
    made = view(
        notion,
        place,
        sorts=[{"property": "Count", "direction": "descending"}],
        configuration={"type": "table"},
    )
    condition = {"property": "Count", "number": {"greater_than": 1}}
    notion.ok("PATCH", f"/views/{made['id']}", {"filter": condition})
    query = notion.ok("POST", f"/views/{made['id']}/queries", {"page_size": 1})
    assert (query["total_count"], query["has_more"]) == (2, True)
    notion.row(source, "4", Count={"number": 4})
    path = f"/views/{made['id']}/queries/{query['id']}"
    results = notion.ok("GET", path)["results"]
    assert [each["id"] for each in results] == [rows[2], rows[1]]
    clock.forward(16 * 60)
    assert notion.refused("GET", path).startswith("404")
