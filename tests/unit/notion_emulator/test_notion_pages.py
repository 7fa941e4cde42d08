"""Pages: made, changed, moved, put into the trash and taken out."""

from typing import Any

import pytest

from tests.still_clock import Clock
from tests.unit.notion_emulator.conftest import Notion, said


def test_a_page_is_shown_with_all_that_a_page_has(notion: Notion) -> None:
    page = notion.page("Test results 2026")
    bot = notion.ok("GET", "/users/me")["id"]
    assert page | {"request_id": ""} == {
        "object": "page",
        "id": page["id"],
        "created_time": "2026-01-02T03:04:00.000Z",
        "last_edited_time": "2026-01-02T03:04:00.000Z",
        "created_by": {"object": "user", "id": bot},
        "last_edited_by": {"object": "user", "id": bot},
        "cover": None,
        "icon": None,
        "parent": {"type": "page_id", "page_id": notion.root},
        "in_trash": False,
        "is_archived": False,
        "is_locked": False,
        "properties": {
            "title": {"id": "title", "type": "title", "title": page["properties"]["title"]["title"]}
        },
        "url": f"https://app.notion.com/p/Test-results-2026-{page['id'].replace('-', '')}",
        "public_url": None,
        "archived": False,
        "request_id": "",
    }


def test_titles_need_not_be_unique(notion: Notion) -> None:
    assert notion.page("Team")["id"] != notion.page("Team")["id"]


def test_times_are_rounded_to_the_minute_and_move_with_an_edit(notion: Notion, clock: Clock) -> None:
    page = notion.page()
    clock.forward(70)
    edited = notion.ok("PATCH", f"/pages/{page['id']}", {"icon": {"type": "emoji", "emoji": "🧪"}})
    assert edited["created_time"] == "2026-01-02T03:04:00.000Z"
    assert edited["last_edited_time"] == "2026-01-02T03:05:00.000Z"


def test_a_change_inside_a_page_is_an_edit_of_the_page(notion: Notion, clock: Clock) -> None:
    page = notion.page()
    clock.forward(60)
    notion.ok("PATCH", f"/blocks/{page['id']}/children", {"children": [{"divider": {}}]})
    assert notion.ok("GET", f"/pages/{page['id']}")["last_edited_time"] == "2026-01-02T03:05:00.000Z"


def test_looks_are_set_and_removed(notion: Notion) -> None:
    picture = {"type": "external", "external": {"url": "https://example.com/a.png"}}
    page = notion.page(icon=picture, cover=picture)
    assert (page["icon"], page["cover"]) == (picture, picture)
    page = notion.ok("PATCH", f"/pages/{page['id']}", {"icon": None, "cover": None})
    assert (page["icon"], page["cover"]) == (None, None)


def test_only_rows_have_other_properties_than_a_title(notion: Notion) -> None:
    body = {"parent": {"page_id": notion.root}, "properties": {"Title": {"title": said("x")}}}
    refusal = notion.refused("POST", "/pages", body)
    assert "body failed validation: body.properties.Title should be not present, instead was" in refusal


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"parent": None}, "body.parent should be an object, instead was `null`."),
        ({"parent": {"page_id": "x"}}, 'body.parent.page_id should be a valid uuid, instead was `"x"`.'),
        ({"colour": 1}, "body.colour should be not present, instead was `1`."),
        ({"icon": {"emoji": 1}}, "body.icon.emoji should be a string, instead was `1`."),
        (
            {"properties": {"title": said("x" * 2001)}},
            "body.properties.title[0].text.content.length should be ≤ `2000`, instead was `2001`.",
        ),
        (
            {"properties": {"title": said("x") * 101}},
            "body.properties.title.length should be ≤ `100`, instead was `101`.",
        ),
        (
            {"cover": {"external": {"url": "https://example.com/" + "x" * 1981}}},
            "body.cover.external.url.length should be ≤ `2000`, instead was `2001`.",
        ),
        (
            {"children": [{"divider": {}}] * 101},
            "body.children.length should be ≤ `100`, instead was `101`.",
        ),
    ],
)
def test_what_does_not_fit_is_told_with_its_path(notion: Notion, change: Any, problem: str) -> None:
    body = {"parent": {"page_id": notion.root}, "properties": {}, **change}
    assert (
        notion.refused("POST", "/pages", body) == f"400 validation_error: body failed validation: {problem}"
    )


def test_several_problems_are_told_together(notion: Notion) -> None:
    refusal = notion.refused("POST", "/pages", {"parent": {}, "colour": 1})
    assert "body failed validation. Fix one:\nbody.parent.page_id should be defined" in refusal
    assert "\nbody.colour should be not present" in refusal


def test_an_integration_makes_no_pages_at_the_top_of_the_workspace(notion: Notion) -> None:
    refusal = notion.refused("POST", "/pages", {"parent": {"type": "workspace", "workspace": True}})
    assert "Internal integrations aren't owned by a single user" in refusal


def test_a_page_in_the_trash_is_still_read_but_not_listed(notion: Notion) -> None:
    page = notion.page()
    trashed = notion.ok("PATCH", f"/pages/{page['id']}", {"in_trash": True})
    assert (trashed["in_trash"], trashed["archived"]) == (True, True)
    assert notion.ok("GET", f"/pages/{page['id']}")["in_trash"]
    assert notion.ok("GET", f"/blocks/{notion.root}/children")["results"] == []


def test_what_is_in_the_trash_cannot_be_changed_before_it_is_restored(notion: Notion) -> None:
    page = notion.page()
    notion.ok("PATCH", f"/pages/{page['id']}", {"archived": True})
    change = {"properties": {"title": {"title": said("Other")}}}
    assert notion.refused("PATCH", f"/pages/{page['id']}", change) == (
        "400 validation_error: Can't edit block that is archived. "
        "You must unarchive the block before editing."
    )
    restored = notion.ok("PATCH", f"/pages/{page['id']}", {"in_trash": False, **change})
    assert not restored["in_trash"]


def test_what_is_inside_goes_to_the_trash_and_comes_back_along(notion: Notion) -> None:
    page = notion.page()
    child = notion.page("Child", page["id"])["id"]
    _, source = notion.database(page["id"])
    row = notion.row(source)["id"]
    notion.ok("DELETE", f"/blocks/{page['id']}")
    for path in (f"/pages/{child}", f"/data_sources/{source}", f"/pages/{row}"):
        assert notion.ok("GET", path)["in_trash"], path
    assert "archived ancestor" in notion.refused("PATCH", f"/pages/{child}", {"is_locked": True})
    assert "archived ancestor" in notion.refused("PATCH", f"/data_sources/{source}", {"title": said("x")})
    notion.ok("PATCH", f"/pages/{page['id']}", {"in_trash": False})
    for path in (f"/pages/{child}", f"/data_sources/{source}", f"/pages/{row}"):
        assert not notion.ok("GET", path)["in_trash"], path


def test_what_was_in_the_trash_by_itself_stays_there(notion: Notion) -> None:
    page = notion.page()
    child = notion.page("Child", page["id"])["id"]
    for each in (child, page["id"]):
        notion.ok("PATCH", f"/pages/{each}", {"in_trash": True})
    notion.ok("PATCH", f"/pages/{page['id']}", {"in_trash": False})
    assert notion.ok("GET", f"/pages/{child}")["in_trash"]


def test_a_page_at_the_top_cannot_be_put_into_the_trash(notion: Notion) -> None:
    refusal = notion.refused("PATCH", f"/pages/{notion.root}", {"in_trash": True})
    assert refusal == "400 validation_error: Archiving workspace level pages via API not supported."
    assert notion.refused("DELETE", f"/blocks/{notion.root}") == refusal


def test_a_page_is_moved_into_another_one(notion: Notion) -> None:
    page, target = notion.page("Page"), notion.page("Target")
    moved = notion.ok("POST", f"/pages/{page['id']}/move", {"parent": {"page_id": target["id"]}})
    assert moved["parent"] == {"type": "page_id", "page_id": target["id"]}
    listed = notion.ok("GET", f"/blocks/{target['id']}/children")["results"]
    assert [each["id"] for each in listed] == [page["id"]]


def test_a_page_is_not_moved_into_itself(notion: Notion) -> None:
    page = notion.page()
    child = notion.page("Child", page["id"])
    for target in (page["id"], child["id"]):
        refusal = notion.refused("POST", f"/pages/{page['id']}/move", {"parent": {"page_id": target}})
        assert "Cannot move a page into itself" in refusal


def test_a_page_becomes_a_row_and_a_page_again_with_its_title(notion: Notion) -> None:
    page = notion.page("Wanders")
    source = notion.source(Count={"number": {}})
    row = notion.ok("POST", f"/pages/{page['id']}/move", {"parent": {"data_source_id": source}})
    assert set(row["properties"]) == {"Name", "Count"}
    assert notion.names(source) == ["Wanders"]
    back = notion.ok("POST", f"/pages/{page['id']}/move", {"parent": {"page_id": notion.root}})
    assert back["properties"]["title"]["title"][0]["plain_text"] == "Wanders"


def test_the_content_of_a_page_is_erased_when_asked(notion: Notion) -> None:
    page = notion.page(children=[{"divider": {}}])
    notion.ok("PATCH", f"/pages/{page['id']}", {"erase_content": True})
    assert notion.ok("GET", f"/blocks/{page['id']}/children")["results"] == []


def test_a_database_is_not_read_as_a_page(notion: Notion) -> None:
    database, _ = notion.database()
    assert "is a database, not a page" in notion.refused("GET", f"/pages/{database}")
    assert "is a page, not a database" in notion.refused("GET", f"/databases/{notion.root}")


def test_a_page_goes_to_the_trash_as_a_block_as_well(notion: Notion) -> None:
    page = notion.page()["id"]
    assert notion.ok("PATCH", f"/blocks/{page}", {"in_trash": True})["type"] == "child_page"
    assert notion.ok("GET", f"/pages/{page}")["in_trash"]
    change = {"in_trash": False, "child_page": {"title": "Other"}}
    refusal = notion.refused("PATCH", f"/blocks/{page}", change)
    assert "body.child_page should be not present" in refusal


def test_a_page_is_placed_among_the_blocks_of_another(notion: Notion) -> None:
    page = notion.page(children=[{"divider": {}}, {"divider": {}}])["id"]
    first = notion.ok("GET", f"/blocks/{page}/children")["results"][0]["id"]
    after = {"type": "after_block", "after_block": {"id": first}}
    placed = [notion.page("x", page, position=each)["id"] for each in (after, {"type": "page_start"})]
    found = [each["id"] for each in notion.ok("GET", f"/blocks/{page}/children")["results"]]
    assert (found[0], found[2]) == (placed[1], placed[0])


def test_no_template_can_be_applied(notion: Notion) -> None:
    body = {"parent": {"data_source_id": notion.source()}, "template": {"type": "default"}}
    assert "no template" in notion.refused("POST", "/pages", body)


def test_search_finds_titles_and_lags_as_long_as_a_seed_says(notion: Notion, clock: Clock) -> None:
    notion.host.seed({"notion": {"limits": {"search_lag_s": 30}}})
    page = notion.page("Findable")
    assert notion.ok("POST", "/search", {"query": "findable"})["results"] == []
    clock.forward(31)
    (found,) = notion.ok("POST", "/search", {"query": "findable"})["results"]
    assert found["id"] == page["id"]


def test_search_finds_the_latest_edited_first(notion: Notion, clock: Clock) -> None:
    pages = []
    for title in ("First", "Second"):
        clock.forward(60)
        pages.append(notion.page(title)["id"])
    found = [each["id"] for each in notion.ok("POST", "/search", {})["results"]]
    assert found == [pages[1], pages[0], notion.root]
    sort = {"direction": "ascending", "timestamp": "last_edited_time"}
    found = [each["id"] for each in notion.ok("POST", "/search", {"sort": sort})["results"]]
    assert found == [notion.root, *pages]
