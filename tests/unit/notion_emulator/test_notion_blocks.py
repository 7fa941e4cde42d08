"""Blocks, Markdown, comments and files."""

from typing import Any

import pytest

from tests.still_clock import Clock
from tests.unit.notion_emulator.conftest import Notion, said


def paragraph(text: str, *inner: dict[str, Any]) -> dict[str, Any]:
    content: dict[str, Any] = {"rich_text": said(text)}
    return {"paragraph": {**content, "children": list(inner)} if inner else content}


def texts(notion: Notion, container: str) -> list[str]:
    found = notion.ok("GET", f"/blocks/{container}/children")["results"]
    return [each[each["type"]]["rich_text"][0]["plain_text"] for each in found]


@pytest.fixture
def page(notion: Notion) -> str:
    return str(notion.page(children=[paragraph("one"), paragraph("two")])["id"])


def append(notion: Notion, container: str, *blocks: dict[str, Any], **fields: Any) -> list[dict[str, Any]]:
    body = {"children": list(blocks), **fields}
    made: list[dict[str, Any]] = notion.ok("PATCH", f"/blocks/{container}/children", body)["results"]
    return made


def test_blocks_are_appended_at_the_end_the_start_or_after_another(notion: Notion, page: str) -> None:
    first = notion.ok("GET", f"/blocks/{page}/children")["results"][0]["id"]
    append(notion, page, paragraph("end"))
    append(notion, page, paragraph("b"), paragraph("c"), after=first)
    append(notion, page, paragraph("a"), position={"type": "after_block", "after_block": {"id": first}})
    append(notion, page, paragraph("start"), position={"type": "start"})
    assert texts(notion, page) == ["start", "one", "a", "b", "c", "two", "end"]


def test_many_insertions_at_one_place_keep_their_order(notion: Notion, page: str) -> None:
    first = notion.ok("GET", f"/blocks/{page}/children")["results"][0]["id"]
    for number in range(40):
        append(notion, page, paragraph(str(number)), after=first)
    expected = [str(number) for number in reversed(range(40))]
    assert texts(notion, page) == ["one", *expected, "two"]


def test_blocks_hold_blocks_two_levels_deep_in_a_request(notion: Notion, page: str) -> None:
    (outer,) = append(notion, page, paragraph("0", paragraph("1", paragraph("2"))))
    assert outer["has_children"]
    (inner,) = notion.ok("GET", f"/blocks/{outer['id']}/children")["results"]
    assert inner["parent"] == {"type": "block_id", "block_id": outer["id"]}
    assert texts(notion, inner["id"]) == ["2"]
    deep = paragraph("0", paragraph("1", paragraph("2", paragraph("3"))))
    refusal = notion.refused("PATCH", f"/blocks/{page}/children", {"children": [deep]})
    path = "body.children[0].paragraph.children[0].paragraph.children[0].paragraph.children"
    assert f"{path} should be not present" in refusal


def test_a_request_holds_a_hundred_children_and_a_thousand_blocks(notion: Notion, page: str) -> None:
    path = f"/blocks/{page}/children"
    refusal = notion.refused("PATCH", path, {"children": [paragraph("x")] * 101})
    assert "body.children.length should be ≤ `100`, instead was `101`." in refusal
    nested = paragraph("x", *[paragraph("y")] * 10)
    assert "≤ `1000` blocks" in notion.refused("PATCH", path, {"children": [nested] * 100})
    assert texts(notion, page) == ["one", "two"]


@pytest.mark.parametrize(
    ("block", "problem"),
    [
        ({"paragraph": {}}, "body.children[0].paragraph.rich_text should be defined"),
        ({"code": {"rich_text": []}}, "body.children[0].code.language should be defined"),
        ({"divider": {"width": 1}}, "body.children[0].divider.width should be not present"),
        ({"marquee": {}}, "body.children[0].paragraph should be defined"),
        (
            {"paragraph": {"rich_text": [{"text": {"content": "x", "link": {"url": "nowhere"}}}]}},
            "should be a valid url",
        ),
        ({"heading_1": {"rich_text": [], "color": "pinkish"}}, 'heading_1.color should be `"default"`'),
    ],
)
def test_blocks_that_do_not_fit_are_refused(
    notion: Notion, page: str, block: dict[str, Any], problem: str
) -> None:
    refusal = notion.refused("PATCH", f"/blocks/{page}/children", {"children": [block]})
    assert problem in refusal


def test_a_block_changes_what_is_given_and_keeps_the_rest(notion: Notion, page: str) -> None:
    (made,) = append(notion, page, {"to_do": {"rich_text": said("task"), "color": "red"}})
    changed = notion.ok("PATCH", f"/blocks/{made['id']}", {"to_do": {"checked": True}})["to_do"]
    assert (changed["checked"], changed["color"]) == (True, "red")
    assert changed["rich_text"][0]["plain_text"] == "task"
    wrong = {"quote": {"rich_text": said("x")}}
    assert "body.quote should be not present" in notion.refused("PATCH", f"/blocks/{made['id']}", wrong)


def test_a_deleted_block_is_read_and_restored_but_not_listed(notion: Notion, page: str) -> None:
    block = notion.ok("GET", f"/blocks/{page}/children")["results"][0]["id"]
    gone = notion.ok("DELETE", f"/blocks/{block}")
    assert (gone["in_trash"], gone["archived"]) == (True, True)
    assert texts(notion, page) == ["two"]
    assert "is archived" in notion.refused("DELETE", f"/blocks/{block}")
    notion.ok("PATCH", f"/blocks/{block}", {"in_trash": False})
    assert texts(notion, page) == ["one", "two"]


def test_pages_and_databases_are_blocks_of_the_page_they_are_in(notion: Notion, page: str) -> None:
    child = notion.page("Child", page)["id"]
    database, _ = notion.database(page)
    listed = notion.ok("GET", f"/blocks/{page}/children")["results"][2:]
    assert [(each["id"], each["type"]) for each in listed] == [
        (child, "child_page"),
        (database, "child_database"),
    ]
    assert notion.ok("GET", f"/blocks/{child}")["child_page"] == {"title": "Child"}
    notion.ok("DELETE", f"/blocks/{child}")
    assert notion.ok("GET", f"/pages/{child}")["in_trash"]
    refusal = notion.refused("PATCH", f"/blocks/{database}/children", {"children": [paragraph("x")]})
    assert "Cannot append blocks to a database" in refusal


def test_markdown_becomes_blocks_and_is_read_in_the_services_own_form(notion: Notion) -> None:
    page = notion.page(markdown="# Title\n\n\nText with **bold** and [a link](https://example.com)\n")["id"]
    found = notion.ok("GET", f"/blocks/{page}/children")["results"]
    assert [each["type"] for each in found] == ["heading_1", "paragraph"]
    bold = next(each for each in found[1]["paragraph"]["rich_text"] if each["annotations"]["bold"])
    assert bold["plain_text"] == "bold"
    shown = notion.ok("GET", f"/pages/{page}/markdown")
    assert shown["markdown"] == "# Title\nText with **bold** and [a link](https://example.com)"


@pytest.mark.parametrize(
    "text",
    [
        "## Head\n- a\n\t- b\n\t\t- c\n- d",
        "1. one\n1. two",
        "- [ ] open\n- [x] done",
        "> quoted\n---\ntext",
        "```python\nprint(1)\n\nprint(2)\n```",
        "*italic* and ~~gone~~ and `code`",
    ],
)
def test_markdown_in_that_form_stays_as_it_is(notion: Notion, text: str) -> None:
    page = notion.page(markdown=text)["id"]
    shown = notion.ok("GET", f"/pages/{page}/markdown")["markdown"]
    assert shown == text
    change = {"type": "replace_content", "replace_content": {"new_str": shown}}
    assert notion.ok("PATCH", f"/pages/{page}/markdown", change)["markdown"] == text


def test_markdown_is_changed_in_four_ways(notion: Notion, page: str) -> None:
    path = f"/pages/{page}/markdown"

    def change(kind: str, **fields: Any) -> str:
        return str(notion.ok("PATCH", path, {"type": kind, kind: fields})["markdown"])

    assert change("insert_content", content="three") == "one\ntwo\nthree"
    assert change("insert_content", content="zero", position={"type": "start"}) == "zero\none\ntwo\nthree"
    updates = [{"old_str": "two", "new_str": "2"}]
    assert change("update_content", content_updates=updates) == "zero\none\n2\nthree"
    assert change("replace_content_range", content="1", content_range="zero...one") == "1\n2\nthree"
    assert change("insert_content", content="1.5", after="1...2") == "1\n2\n1.5\nthree"
    assert change("replace_content", new_str="all new") == "all new"
    lost = {"type": "update_content", "update_content": {"content_updates": updates}}
    assert "was not found" in notion.refused("PATCH", path, lost)


def test_pages_inside_stay_when_markdown_is_replaced(notion: Notion, page: str) -> None:
    child = notion.page("Child", page)["id"]
    change = {"type": "replace_content", "replace_content": {"new_str": "new"}}
    shown = notion.ok("PATCH", f"/pages/{page}/markdown", change)["markdown"]
    line = f'<page url="https://app.notion.com/p/{child.replace("-", "")}">Child</page>'
    assert shown == f"{line}\nnew"
    again = {"type": "replace_content", "replace_content": {"new_str": shown}}
    assert notion.ok("PATCH", f"/pages/{page}/markdown", again)["markdown"] == shown


def test_comments_are_made_answered_changed_and_removed(notion: Notion, page: str) -> None:
    first = notion.ok("POST", "/comments", {"parent": {"page_id": page}, "rich_text": said("Well")})
    reply = {"discussion_id": first["discussion_id"], "rich_text": said("Indeed")}
    second = notion.ok("POST", "/comments", reply)
    assert second["parent"] == {"type": "page_id", "page_id": page}
    assert first["display_name"] == {"type": "integration", "resolved_name": "reconciler sandbox"}
    notion.ok("PATCH", f"/comments/{first['id']}", {"rich_text": said("Unwell")})
    listed = notion.ok("GET", f"/comments?block_id={page}")["results"]
    assert [each["rich_text"][0]["plain_text"] for each in listed] == ["Unwell", "Indeed"]
    notion.ok("DELETE", f"/comments/{first['id']}")
    assert notion.refused("GET", f"/comments/{first['id']}").startswith("404")
    refusal = notion.refused("POST", "/comments", {"rich_text": said("x")})
    assert "body.parent should be defined" in refusal


def test_an_upload_is_sent_attached_and_else_expires(notion: Notion, page: str, clock: Clock) -> None:
    made = [notion.ok("POST", "/file_uploads", {"filename": "a.png"}) for _ in range(2)]
    assert (made[0]["status"], made[0]["content_type"]) == ("pending", "image/png")
    image = [{"image": {"file_upload": {"id": each["id"]}}} for each in made]
    refusal = notion.refused("PATCH", f"/blocks/{page}/children", {"children": image[:1]})
    assert "is not uploaded" in refusal
    for each in made:
        path = f"/file_uploads/{each['id']}/send"
        sent = notion.ok("POST", path, files={"file": ("a.png", b"123", "image/png")})
        assert (sent["status"], sent["content_length"]) == ("uploaded", 3)
        assert "upload_url" not in sent
    append(notion, page, image[0])
    clock.forward(3601)
    statuses = [notion.ok("GET", f"/file_uploads/{each['id']}")["status"] for each in made]
    assert statuses == ["uploaded", "expired"]
    assert "is not uploaded" in notion.refused("PATCH", f"/blocks/{page}/children", {"children": image[1:]})
