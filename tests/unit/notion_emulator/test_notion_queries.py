"""Filters and sorts over rows."""

from typing import Any

import pytest

from tests.still_clock import Clock
from tests.unit.notion_emulator.conftest import Notion, said

COLUMNS: dict[str, Any] = {
    "Note": {"rich_text": {}},
    "Count": {"number": {}},
    "Kind": {"select": {"options": [{"name": "Small"}, {"name": "Large"}]}},
    "Tags": {"multi_select": {}},
    "State": {"status": {}},
    "When": {"date": {}},
    "Done": {"checkbox": {}},
    "Who": {"people": {}},
    "Link": {"url": {}},
}


@pytest.fixture
def source(notion: Notion) -> str:
    made = notion.source(**COLUMNS)
    alice = notion.ok("GET", "/users")["results"][0]["id"]
    notion.row(
        made,
        "Alpha",
        Note={"rich_text": said("Begins well")},
        Count={"number": 3},
        Kind={"select": {"name": "Large"}},
        Tags={"multi_select": [{"name": "x"}, {"name": "y"}]},
        State={"status": {"name": "Done"}},
        When={"date": {"start": "2026-01-01"}},
        Done={"checkbox": True},
        Who={"people": [{"id": alice}]},
    )
    notion.row(
        made,
        "Beta",
        Count={"number": 1},
        Kind={"select": {"name": "Small"}},
        When={"date": {"start": "2026-02-01T10:00:00Z"}},
        Link={"url": "https://example.com"},
    )
    notion.row(made, "Gamma")
    return made


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ({"property": "Name", "title": {"equals": "alpha"}}, ["Alpha"]),
        ({"property": "title", "title": {"contains": "ET"}}, ["Beta"]),
        ({"property": "Note", "rich_text": {"ends_with": "well"}}, ["Alpha"]),
        ({"property": "Note", "rich_text": {"is_empty": True}}, ["Beta", "Gamma"]),
        ({"property": "Link", "url": {"does_not_contain": "example"}}, ["Alpha", "Gamma"]),
        ({"property": "Count", "number": {"greater_than_or_equal_to": 3}}, ["Alpha"]),
        ({"property": "Count", "number": {"is_empty": True}}, ["Gamma"]),
        ({"property": "Kind", "select": {"equals": "Small"}}, ["Beta"]),
        ({"property": "Kind", "select": {"does_not_equal": "Small"}}, ["Alpha", "Gamma"]),
        ({"property": "Tags", "multi_select": {"contains": "y"}}, ["Alpha"]),
        ({"property": "Tags", "multi_select": {"does_not_contain": "y"}}, ["Beta", "Gamma"]),
        ({"property": "State", "status": {"equals": ["Done", "In progress"]}}, ["Alpha"]),
        ({"property": "Done", "checkbox": {"equals": False}}, ["Beta", "Gamma"]),
        ({"property": "When", "date": {"on_or_before": "2026-01-01"}}, ["Alpha"]),
        ({"property": "When", "date": {"after": "2026-02-01T09:00:00Z"}}, ["Beta"]),
        ({"property": "When", "date": {"past_week": {}}}, ["Alpha"]),
        ({"property": "When", "date": {"equals": "yesterday"}}, ["Alpha"]),
        ({"property": "When", "date": {"after": "one_week_from_now"}}, ["Beta"]),
        ({"property": "Who", "people": {"is_not_empty": True}}, ["Alpha"]),
        ({"timestamp": "created_time", "created_time": {"equals": "2026-01-02"}}, ["Alpha", "Beta", "Gamma"]),
        (
            {
                "and": [
                    {"property": "Count", "number": {"is_not_empty": True}},
                    {"or": [{"property": "Done", "checkbox": {"equals": True}}]},
                ]
            },
            ["Alpha"],
        ),
    ],
)
def test_a_filter_leaves_the_rows_that_pass(
    notion: Notion, source: str, condition: dict[str, Any], found: list[str]
) -> None:
    assert notion.names(source, filter=condition) == found


@pytest.mark.parametrize(
    ("sorts", "found"),
    [
        ([{"property": "Name", "direction": "descending"}], ["Gamma", "Beta", "Alpha"]),
        ([{"property": "Count", "direction": "ascending"}], ["Beta", "Alpha", "Gamma"]),
        ([{"property": "Count", "direction": "descending"}], ["Alpha", "Beta", "Gamma"]),
        ([{"property": "Kind", "direction": "ascending"}], ["Beta", "Alpha", "Gamma"]),
        (
            [
                {"property": "Done", "direction": "ascending"},
                {"property": "Name", "direction": "descending"},
            ],
            ["Gamma", "Beta", "Alpha"],
        ),
    ],
)
def test_rows_are_sorted_with_empty_values_last(
    notion: Notion, source: str, sorts: list[dict[str, str]], found: list[str]
) -> None:
    assert notion.names(source, sorts=sorts) == found


def test_rows_are_sorted_by_their_last_edit(notion: Notion, source: str, clock: Clock) -> None:
    (beta,) = notion.ok(
        "POST",
        f"/data_sources/{source}/query",
        {"filter": {"property": "Name", "title": {"equals": "Beta"}}},
    )["results"]
    clock.forward(60)
    notion.ok("PATCH", f"/pages/{beta['id']}", {"properties": {"Count": {"number": 2}}})
    sort = {"timestamp": "last_edited_time", "direction": "descending"}
    assert notion.names(source, sorts=[sort])[0] == "Beta"


def test_rows_come_in_pages(notion: Notion, source: str) -> None:
    path, body = f"/data_sources/{source}/query", {"page_size": 2}
    first = notion.ok("POST", path, body)
    second = notion.ok("POST", path, {**body, "start_cursor": first["next_cursor"]})
    assert [len(each["results"]) for each in (first, second)] == [2, 1]
    assert [each["has_more"] for each in (first, second)] == [True, False]
    refusal = notion.refused("POST", path, {"page_size": 101})
    assert "body failed validation: body.page_size should be ≤ `100`, instead was `101`." in refusal


def test_rows_in_the_trash_are_found_only_when_asked_for(notion: Notion, source: str) -> None:
    row = notion.row(source, "Delta")["id"]
    notion.ok("PATCH", f"/pages/{row}", {"in_trash": True})
    assert notion.names(source) == ["Alpha", "Beta", "Gamma"]
    assert notion.names(source, in_trash=True) == ["Delta"]


def test_only_the_properties_asked_for_are_shown(notion: Notion, source: str) -> None:
    id_ = notion.properties(source)["Count"]["id"]
    path = f"/data_sources/{source}/query?filter_properties={id_}&filter_properties=title"
    shown = notion.ok("POST", path, {})["results"][0]["properties"]
    assert set(shown) == {"Name", "Count"}


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ({"filter": {"property": "Lost", "number": {"equals": 1}}}, "property with name or id: Lost"),
        (
            {"filter": {"property": "Count", "checkbox": {"equals": True}}},
            "database property number does not match filter checkbox",
        ),
        ({"filter": {"property": "Count", "number": {"resembles": 1}}}, "resembles should be not present"),
        ({"filter": {"number": {"equals": 1}}}, "body.filter.property should be defined"),
        ({"filter": {"and": [{"or": [{"and": []}]}]}}, "body.filter.and[0].or[0].and should be not present"),
        (
            {"filter": {"property": "Count", "number": {"equals": "1"}}},
            'body failed validation: body.filter.number.equals should be a number, instead was `"1"`.',
        ),
        ({"filter": {"property": "When", "date": {"after": "soon"}}}, "valid ISO 8601 date"),
        ({"sorts": [{"property": "Lost"}]}, "property with name or id: Lost"),
        ({"sorts": [{"property": "Count", "direction": "up"}]}, "body.sorts[0].direction should be"),
    ],
)
def test_what_cannot_be_asked_is_refused(
    notion: Notion, source: str, query: dict[str, Any], problem: str
) -> None:
    assert problem in notion.refused("POST", f"/data_sources/{source}/query", query)
