"""Databases and the data sources in them."""

from tests.still_clock import Clock
from tests.unit.notion_emulator.conftest import Notion, said


def test_a_database_brings_a_data_source_and_a_view(notion: Notion) -> None:
    database, source = notion.database(Count={"number": {}})
    found = notion.ok("GET", f"/databases/{database}")
    assert found["data_sources"] == [{"id": source, "name": "Runs"}]
    shown = notion.ok("GET", f"/data_sources/{source}")
    assert shown["parent"] == {"type": "database_id", "database_id": database}
    assert shown["database_parent"] == {"type": "page_id", "page_id": notion.root}
    assert shown["title"][0]["plain_text"] == "Runs"
    (view,) = notion.ok("GET", f"/views?database_id={database}")["results"]
    shown = notion.ok("GET", f"/views/{view['id']}")
    assert (shown["type"], shown["data_source_id"]) == ("table", source)


def test_without_properties_there_is_a_title_called_name(notion: Notion) -> None:
    parent = {"type": "page_id", "page_id": notion.root}
    made = notion.ok("POST", "/databases", {"parent": parent, "title": said("Runs")})
    assert list(notion.properties(made["data_sources"][0]["id"])) == ["Name"]


def test_its_times_have_milliseconds_where_those_of_its_data_source_have_not(notion: Notion) -> None:
    database, source = notion.database()
    assert notion.ok("GET", f"/databases/{database}")["created_time"] == "2026-01-02T03:04:05.678+00:00"
    assert notion.ok("GET", f"/data_sources/{source}")["created_time"] == "2026-01-02T03:04:00.000Z"


def test_looks_can_be_changed_and_say_when(notion: Notion, clock: Clock) -> None:
    database, _ = notion.database()
    clock.forward(1)
    icon = {"type": "emoji", "emoji": "🔥"}
    changes = {"title": said("All runs"), "description": said("Every one"), "icon": icon, "is_inline": True}
    changed = notion.ok("PATCH", f"/databases/{database}", changes)
    assert [changed[key][0]["plain_text"] for key in ("title", "description")] == ["All runs", "Every one"]
    assert (changed["icon"], changed["is_inline"]) == (icon, True)
    assert changed["last_edited_time"] > changed["created_time"]


def test_a_database_is_moved_to_another_page(notion: Notion) -> None:
    database, _ = notion.database()
    target = notion.page("Target")["id"]
    parent = {"type": "page_id", "page_id": target}
    assert notion.ok("PATCH", f"/databases/{database}", {"parent": parent})["parent"] == parent
    (block,) = notion.ok("GET", f"/blocks/{target}/children")["results"]
    assert (block["type"], block["child_database"]) == ("child_database", {"title": "Runs"})


def test_a_database_goes_to_the_trash_and_comes_back_with_its_rows(notion: Notion) -> None:
    database, source = notion.database()
    row = notion.row(source)["id"]
    assert notion.ok("PATCH", f"/databases/{database}", {"in_trash": True})["archived"]
    assert notion.ok("GET", f"/pages/{row}")["in_trash"]
    body = {"parent": {"data_source_id": source}, "properties": {}}
    assert "archived ancestor" in notion.refused("POST", "/pages", body)
    notion.ok("PATCH", f"/databases/{database}", {"in_trash": False})
    assert not notion.ok("GET", f"/pages/{row}")["in_trash"]
    assert notion.names(source) == ["row"]


def test_a_database_may_hold_several_data_sources(notion: Notion) -> None:
    database, first = notion.database()
    body = {
        "parent": {"type": "database_id", "database_id": database},
        "title": said("Cases"),
        "properties": {"Case": {"title": {}}},
    }
    second = notion.ok("POST", "/data_sources", body)["id"]
    named = notion.ok("GET", f"/databases/{database}")["data_sources"]
    assert named == [{"id": first, "name": "Runs"}, {"id": second, "name": "Cases"}]
    assert len(notion.ok("GET", f"/views?database_id={database}")["results"]) == 2
    notion.ok("PATCH", f"/data_sources/{second}", {"in_trash": True})
    assert len(notion.ok("GET", f"/databases/{database}")["data_sources"]) == 1


def test_a_row_is_made_by_the_id_of_a_database_that_has_one_data_source(notion: Notion) -> None:
    database, source = notion.database()
    body = {"parent": {"database_id": database}, "properties": {"Name": {"title": said("row")}}}
    row = notion.ok("POST", "/pages", body)
    assert row["parent"] == {
        "type": "data_source_id",
        "data_source_id": source,
        "database_id": database,
    }
    further = {"parent": {"database_id": database}, "properties": {"Name": {"title": {}}}}
    notion.ok("POST", "/data_sources", further)
    assert "multiple data sources" in notion.refused("POST", "/pages", body)


def test_a_further_data_source_needs_properties_with_a_title(notion: Notion) -> None:
    database, _ = notion.database()
    body = {"parent": {"database_id": database}}
    assert "body.properties should be defined" in notion.refused("POST", "/data_sources", body)
    assert "Title is not provided" in notion.refused("POST", "/data_sources", {**body, "properties": {}})


def test_three_hundred_data_sources_are_read_with_one_call_each(notion: Notion) -> None:
    columns = {f"P{number}": {"select": {"options": [{"name": "a"}]}} for number in range(19)}
    seeded = [
        {"title": f"D{number}", "properties": {"Name": {"title": {}}, **columns}} for number in range(300)
    ]
    notion.host.seed({"notion": {"databases": seeded}})
    sources = [each["id"] for each in notion.host.show()["notion"]["data_sources"]]
    for source in sources:
        assert len(notion.properties(source)) == 20
    assert notion.host.requests()["notion"] == {"GET /v1/data_sources/{data_source_id}": 300}
