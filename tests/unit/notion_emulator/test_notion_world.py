"""The first world, seeds, settings, versions, and what lasts."""

from pathlib import Path
from typing import Any

import pytest

from reconciler.sandbox.emulator import SeedError
from reconciler.sandbox.host import Host
from reconciler.sandbox.world import World
from reconciler_notion.sandbox import NotionEmulator
from tests.unit.notion_emulator.conftest import Notion, said

PAGE, DATABASE, SOURCE = (f"00000000-0000-4000-8000-00000000000{number}" for number in (1, 2, 3))
SEED: dict[str, Any] = {
    "users": [{"name": "Dana", "email": "dana@example.com"}],
    "tokens": [{"token": "narrow", "capabilities": ["read_content"]}],
    "pages": [
        {"title": "Team", "id": PAGE, "icon": "🧪", "markdown": "# Hello"},
        {"title": "Inner", "parent": "Team"},
        {"title": "Secret", "parent": "workspace", "shared": False},
    ],
    "databases": [
        {
            "title": "Runs",
            "id": DATABASE,
            "data_source_id": SOURCE,
            "parent": "Team",
            "properties": {"Name": {"title": {}}, "Kind": {"select": {"options": [{"name": "A"}]}}},
            "rows": [{"Name": {"title": said("first")}, "Kind": {"select": {"name": "A"}}}],
        }
    ],
}


def test_the_first_world_has_people_a_bot_and_two_pages(host: Host) -> None:
    world = host.show()["notion"]
    assert list(world) == ["users", "pages", "databases", "data_sources", "views", "blocks", "comments"]
    assert [each["name"] for each in world["users"]] == ["Alice", "Bob", "Carol", "reconciler sandbox"]
    assert world["users"][0]["person"]["email"] == "alice@example.com"
    assert [each["title"] for each in world["pages"]] == ["Sandbox", "Private notes"]
    assert not any(world[kind] for kind in ("databases", "data_sources", "views", "blocks", "comments"))


def test_the_connection_names_a_shared_page(notion: Notion) -> None:
    reached = notion.host.connections("http://127.0.0.1:1")["notion"]
    assert reached["base_url"] == "http://127.0.0.1:1/notion"
    assert notion.ok("GET", f"/pages/{reached['root_page']}")["parent"]["type"] == "workspace"


def test_settings_keep_what_does_not_lead_to_the_service(host: Host) -> None:
    declared = {"token": "real", "timeout": 5, "depends_on": ["slack"]}
    assert host.settings("notion", declared, "http://127.0.0.1:1") == {
        "token": "ntn_sandbox",
        "timeout": 5,
        "depends_on": ["slack"],
        "base_url": "http://127.0.0.1:1/notion",
    }


def test_ids_are_the_same_in_every_world() -> None:
    worlds = [Host(World(), {"notion": NotionEmulator}).show() for _ in range(2)]
    ids = [[page["id"] for page in world["notion"]["pages"]] for world in worlds]
    assert ids[0] == ids[1]


def test_a_seed_adds_people_tokens_pages_and_databases(notion: Notion) -> None:
    notion.host.seed({"notion": SEED})
    names = [each["name"] for each in notion.ok("GET", "/users")["results"]]
    assert names[-1] == "Dana"
    team = notion.ok("GET", f"/pages/{PAGE}")
    assert team["icon"] == {"type": "emoji", "emoji": "🧪"}
    children = notion.ok("GET", f"/blocks/{PAGE}/children")["results"]
    assert [each["type"] for each in children] == ["heading_1", "child_page", "child_database"]
    assert notion.ok("GET", f"/databases/{DATABASE}")["data_sources"] == [{"id": SOURCE, "name": "Runs"}]
    assert notion.names(SOURCE) == ["first"]
    assert len(notion.ok("GET", f"/views?database_id={DATABASE}")["results"]) == 1
    assert notion.ok("POST", "/search", {"query": "Secret"})["results"] == []
    notion.token = "narrow"
    assert notion.refused("GET", "/users").startswith("403 restricted_resource")


@pytest.mark.parametrize(
    ("document", "place"),
    [
        ({"people": []}, "notion.people"),
        ({"users": [{"email": "x@example.com"}]}, "notion.users[0]"),
        ({"pages": [{"title": "A"}, {"title": "B", "parent": "Lost"}]}, "notion.pages[1]"),
        ({"pages": [{"title": "A", "id": "abc"}]}, "notion.pages[0]"),
        ({"databases": [{"title": "A", "properties": {}}]}, "notion.databases[0]"),
        ({"databases": [{"title": "A", "rows": [{"Lost": {"number": 1}}]}]}, "notion.databases[0]"),
        ({"tokens": [{"token": "x", "capabilities": ["fly"]}]}, "notion.tokens[0]"),
        ({"limits": {"burst": 0}}, "notion.limits"),
        ({"limits": {"speed": 1}}, "notion.limits"),
    ],
)
def test_a_wrong_seed_names_the_place_and_plants_nothing(
    host: Host, document: dict[str, Any], place: str
) -> None:
    before = host.show()
    with pytest.raises(SeedError) as refused:
        host.seed({"notion": document})
    assert refused.value.path == place
    assert host.show() == before


def test_a_reset_brings_the_first_world_back(host: Host) -> None:
    before = host.show()
    host.seed({"notion": SEED})
    host.reset()
    assert host.show() == before


def test_a_world_on_disk_lasts(tmp_path: Path) -> None:
    file = tmp_path / "world.db"
    first = World(file)
    Host(first, {"notion": NotionEmulator}).seed({"notion": SEED})
    first.close()
    shown = Host(World(file), {"notion": NotionEmulator}).show()["notion"]
    assert [each["title"] for each in shown["databases"]] == ["Runs"]


def test_what_is_shown_has_no_token(host: Host) -> None:
    assert "ntn_sandbox" not in str(host.show())


def test_calls_are_counted_by_documented_templates(notion: Notion) -> None:
    notion.ok("GET", "/users/me")
    notion("GET", f"/pages/{notion.root}/properties/title")
    notion("GET", "/nothing")
    assert notion.host.requests()["notion"] == {
        "GET (unknown path)": 1,
        "GET /v1/pages/{page_id}/properties/{property_id}": 1,
        "GET /v1/users/me": 1,
    }


def test_the_newest_version_knows_in_trash_alone(notion: Notion) -> None:
    notion.version = "2026-03-11"
    assert "archived" not in notion.ok("GET", f"/pages/{notion.root}")
    assert "archived" not in notion.ok("POST", "/search", {})["results"][0]
    body = {"children": [{"divider": {}}], "after": notion.root}
    refusal = notion.refused("PATCH", f"/blocks/{notion.root}/children", body)
    assert "body.after should be not present" in refusal


def test_in_the_version_of_2022_a_database_has_the_properties(notion: Notion) -> None:
    notion.version = "2022-06-28"
    made = notion.ok(
        "POST",
        "/databases",
        {
            "parent": {"type": "page_id", "page_id": notion.root},
            "properties": {"Name": {"title": {}}, "Count": {"number": {}}},
        },
    )
    assert list(made["properties"]) == ["Name", "Count"]
    change = {"properties": {"Count": {"name": "Total"}}}
    assert list(notion.ok("PATCH", f"/databases/{made['id']}", change)["properties"]) == ["Name", "Total"]
    body = {"parent": {"database_id": made["id"]}, "properties": {"Name": {"title": said("row")}}}
    row = notion.ok("POST", "/pages", body)
    assert row["parent"] == {"type": "database_id", "database_id": made["id"]}
    found = notion.ok("POST", f"/databases/{made['id']}/query", {})
    assert [each["id"] for each in found["results"]] == [row["id"]]


def test_since_the_version_of_2025_properties_beside_the_data_source_are_ignored(notion: Notion) -> None:
    parent = {"type": "page_id", "page_id": notion.root}
    body = {"parent": parent, "properties": {"Run": {"title": {}}}}
    answer = notion("POST", "/databases", body)
    # The description has no such key, so the exchange is not held against it.
    notion.exchanges.pop()
    assert list(notion.properties(answer.json()["data_sources"][0]["id"])) == ["Name"]
