"""Pages: what is told of them, what is sent, and when one counts as gone."""

from collections.abc import Callable
from typing import Any

import pytest

from reconciler.errors import AlreadyExists, Rejected
from reconciler.provider import Absent, Lookup, Object, Unreadable, Wanted
from reconciler_notion.provider import NotionProvider
from tests.unit.notion.conftest import PAGE, ROOT, FakeNotion, page, page_list, problem

READ = f"GET /pages/{PAGE}"
CHILDREN = f"GET /blocks/{ROOT}/children"
MARKDOWN = f"/pages/{PAGE}/markdown"
BLOCK = {"type": "child_page", "id": PAGE, "in_trash": False, "child_page": {"title": "Docs"}}


def lookup(**attributes: Any) -> dict[str, Lookup]:
    return {"it": Lookup("notion_page", PAGE, {"parent": ROOT, "title": "Docs", **attributes})}


def content(text: str) -> dict[str, Any]:
    return {"object": "page_markdown", "id": PAGE, "markdown": text}


def test_a_page_in_the_trash_is_absent(provider: NotionProvider, notion: FakeNotion) -> None:
    notion.on(READ, page(in_trash=True))
    assert provider.read(lookup()) == {"it": Absent()}


def test_a_page_not_found_is_gone_only_if_its_parent_is_still_seen(
    provider: NotionProvider, notion: FakeNotion
) -> None:
    answer = provider.read(lookup())["it"]
    assert isinstance(answer, Unreadable)
    assert "share" in answer.error.remedy
    notion.on(f"GET /pages/{ROOT}", page(id=ROOT))
    assert provider.read(lookup()) == {"it": Absent()}
    notion.on(f"GET /pages/{ROOT}", problem(403, "restricted_resource"))
    assert isinstance(provider.read(lookup())["it"], Unreadable)


@pytest.mark.parametrize(
    ("parent", "told"),
    [
        ({"type": "workspace", "workspace": True}, "workspace"),
        ({"type": "page_id", "page_id": ROOT.replace("-", "").upper()}, ROOT),
        ({"type": "database_id", "database_id": ROOT}, {"database": ROOT}),
        (
            {"type": "data_source_id", "data_source_id": PAGE, "database_id": ROOT},
            {"database": ROOT, "data_source": PAGE},
        ),
    ],
)
def test_each_kind_of_parent_has_one_form(
    provider: NotionProvider, notion: FakeNotion, parent: dict[str, Any], told: Any
) -> None:
    notion.on(READ, page(parent=parent))
    answer = provider.read(lookup())["it"]
    assert isinstance(answer, Object)
    assert answer.attributes["parent"] == told


def test_a_page_dragged_into_a_column_is_still_in_its_page(
    provider: NotionProvider, notion: FakeNotion
) -> None:
    column = "33333333-3333-4333-8333-333333333333"
    notion.on(READ, page(parent={"type": "block_id", "block_id": column}))
    notion.on(f"GET /blocks/{column}", {"parent": {"type": "page_id", "page_id": ROOT}})
    answer = provider.read(lookup())["it"]
    assert isinstance(answer, Object)
    assert answer.attributes["parent"] == ROOT


@pytest.mark.parametrize(
    ("icon", "told"),
    [
        ({"type": "emoji", "emoji": "🧪"}, "🧪"),
        ({"type": "external", "external": {"url": "https://e.com/i"}}, "https://e.com/i"),
        ({"type": "file", "file": {"url": "https://s3.com/a/b?sig=1"}}, {"file": "/a/b"}),
        ({"type": "custom_emoji", "custom_emoji": {"id": PAGE, "name": "x"}}, {"custom_emoji": PAGE}),
        ({"type": "icon", "icon": {"name": "star", "color": "red"}}, {"icon": "star", "color": "red"}),
    ],
)
def test_each_kind_of_icon_is_told(
    provider: NotionProvider, notion: FakeNotion, icon: dict[str, Any], told: Any
) -> None:
    notion.on(READ, page(icon=icon))
    answer = provider.read(lookup())["it"]
    assert isinstance(answer, Object)
    assert answer.attributes["icon"] == told


def test_a_second_page_of_a_title_is_not_made(provider: NotionProvider, notion: FakeNotion) -> None:
    notion.on(CHILDREN, page_list(BLOCK)).on(READ, page())
    with pytest.raises(AlreadyExists, match=PAGE):
        provider.create("notion_page", {"parent": ROOT, "title": "Docs"})
    assert "POST /pages" not in notion.calls


def test_all_pages_with_a_title_are_found_over_all_pages_of_the_list(
    provider: NotionProvider, notion: FakeNotion
) -> None:
    other = "44444444-4444-4444-8444-444444444444"
    gone = {**BLOCK, "id": ROOT, "in_trash": True}
    notion.on(
        CHILDREN,
        page_list({"type": "paragraph"}, BLOCK, following="c1"),
        page_list(gone, {**BLOCK, "id": other}),
    )
    notion.on(READ, page()).on(f"GET /pages/{other}", page(id=other))
    wanted = {"it": Wanted("notion_page", {"parent": ROOT, "title": "Docs"})}
    found = provider.find(wanted)["it"]
    assert isinstance(found, tuple)
    assert [one.id for one in found] == [PAGE, other]


def test_content_is_asked_for_only_where_it_is_declared(provider: NotionProvider, notion: FakeNotion) -> None:
    notion.on(READ, page())
    provider.read(lookup())
    assert notion.calls == [READ]


def test_content_that_notion_writes_its_own_way_is_as_declared_until_somebody_changes_it(
    provider: NotionProvider, notion: FakeNotion
) -> None:
    child = '<page url="https://app.notion.com/p/1">Child</page>'
    notion.on(READ, page()).on(f"GET {MARKDOWN}", content(f"# A\nB\n{child}"))
    known = lookup(content="# A\n\nB", stored_content="# A\nB")
    answer = provider.read(known)["it"]
    assert isinstance(answer, Object)
    assert answer.attributes["content"] == "# A\n\nB"
    notion.on(f"GET {MARKDOWN}", content("# A\nC"))
    answer = provider.read(known)["it"]
    assert isinstance(answer, Object)
    assert answer.attributes["content"] == "# A\nC"


def test_new_content_keeps_the_pages_in_the_page(provider: NotionProvider, notion: FakeNotion) -> None:
    child = '<database url="https://app.notion.com/p/1" inline="false">Child</database>'
    notion.on(f"GET {MARKDOWN}", content(f"Old\n{child}"))
    notion.on(f"PATCH {MARKDOWN}", content(f"New\n{child}"))
    prior = Object("notion_page", PAGE, {"parent": ROOT, "title": "Docs", "content": "Old"})
    after = provider.update(prior, {**prior.attributes, "content": "New"}, frozenset({"content"}))
    _, body = notion.asked[-1]
    assert body == {"type": "replace_content", "replace_content": {"new_str": f"New\n{child}"}}
    assert after.attributes["stored_content"] == "New"


def test_a_page_is_not_moved_to_the_top_of_the_workspace(provider: NotionProvider) -> None:
    prior = Object("notion_page", PAGE, {"parent": ROOT, "title": "Docs"})
    with pytest.raises(Rejected, match="top of the workspace"):
        provider.update(prior, {"parent": "workspace", "title": "Docs"}, frozenset({"parent"}))


def test_deleting_what_the_trash_holds_already_is_no_error(
    provider: NotionProvider, notion: FakeNotion
) -> None:
    words = "Can't edit block on block with an archived ancestor."
    notion.on(f"PATCH /pages/{PAGE}", problem(400, "validation_error", words))
    notion.on(READ, page(in_trash=True))
    prior = Object("notion_page", PAGE, {"parent": ROOT, "title": "Docs"})
    provider.delete(prior, "delete")
    notion.on(READ, page())
    with pytest.raises(Rejected) as caught:
        provider.delete(prior, "delete")
    assert "restore it" in caught.value.remedy


@pytest.mark.parametrize(
    ("text", "key"),
    [
        (PAGE, {"id": PAGE}),
        (PAGE.replace("-", ""), {"id": PAGE}),
        (f"https://www.notion.so/acme/Docs-{PAGE.replace('-', '')}?v={ROOT.replace('-', '')}", {"id": PAGE}),
        (f"{ROOT}:Docs: all", {"parent": ROOT, "title": "Docs: all"}),
        ("workspace:Docs", {"parent": "workspace", "title": "Docs"}),
    ],
)
def test_an_import_id_is_an_id_an_address_or_a_title_in_a_parent(
    provider: NotionProvider, text: str, key: dict[str, str]
) -> None:
    assert provider.import_key("notion_page", text) == key
    assert provider.import_key("notion_database", text) == key


def test_another_import_id_is_refused_with_the_right_form(provider: NotionProvider) -> None:
    for type_name, text in (("notion_page", "Docs"), ("notion_database", "a:b"), ("notion_relation", "Docs")):
        with pytest.raises(Rejected) as caught:
            provider.import_key(type_name, text)
        assert "give" in caught.value.remedy
    assert provider.import_key("notion_relation", f"{ROOT}:A/B") == {"database": ROOT, "name": "A/B"}
    assert provider.import_key("notion_relation", f"{ROOT}/a%3D") == {"id": f"{ROOT}/a%3D"}


def test_users_are_found_by_address_name_or_id(
    connect: Callable[..., NotionProvider], notion: FakeNotion
) -> None:
    person = {"object": "user", "id": PAGE, "name": "Ada", "avatar_url": None, "type": "person"}
    unnamed: dict[str, Any] = {"avatar_url": None, "type": "bot", "bot": {}}
    bot: dict[str, Any] = {"object": "user", "id": ROOT, "name": "Bot", **unnamed}
    known = {**person, "person": {"email": "Ada@Example.com"}}
    notion.on("GET /users", page_list(known, following="c"), page_list(bot))
    notion.on(f"GET /users/{PAGE}", person)
    found = connect().find(
        {
            "email": Wanted("data.notion_user", {"email": "ada@example.com"}),
            "name": Wanted("data.notion_user", {"name": "Bot"}),
            "nobody": Wanted("data.notion_user", {"email": "bob@example.com"}),
            "id": Wanted("data.notion_user", {"id": PAGE}),
        }
    )
    counts = {key: len(answer) for key, answer in found.items() if isinstance(answer, tuple)}
    assert counts == {"email": 1, "name": 1, "nobody": 0, "id": 1}
    assert notion.calls.count("GET /users") == 2
