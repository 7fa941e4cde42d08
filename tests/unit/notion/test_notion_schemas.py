"""What the schemas let through, before any call is made."""

from typing import Any

import jsonschema
import pytest

from reconciler.config.attributes import check
from reconciler_notion.provider import NotionProvider

ROOT = "11111111111141118111111111111111"
TYPES = NotionProvider.resource_types()


def faults(type_name: str, **attributes: Any) -> list[str]:
    facts = TYPES[type_name]
    return [found.summary for found in check(facts, attributes, None, type_name)]


def of_property(config: Any) -> list[str]:
    return faults("notion_database", parent=ROOT, title="x", properties={"A": config})


@pytest.mark.parametrize("name", TYPES)
def test_each_schema_is_one(name: str) -> None:
    jsonschema.Draft202012Validator.check_schema(TYPES[name].schema)
    for attribute in TYPES[name].attributes.values():
        assert attribute.schema["description"], attribute.name


@pytest.mark.parametrize(
    "parent",
    [
        ROOT,
        "11111111-1111-4111-8111-111111111111",
        "workspace",
        f"https://www.notion.so/acme/Docs-{ROOT}?v={ROOT}#{ROOT}",
        {"page": ROOT},
        {"database": ROOT},
    ],
)
def test_each_form_of_a_parent_is_taken(parent: Any) -> None:
    assert faults("notion_page", parent=parent, title="x") == []


@pytest.mark.parametrize("parent", ["Docs", "", {}, {"block": ROOT}, f"{ROOT}00"])
def test_no_other_parent_is(parent: Any) -> None:
    assert faults("notion_page", parent=parent, title="x")


@pytest.mark.parametrize(
    "attributes",
    [
        {"title": "x" * 2001},
        {"title": ""},
        {"cover": "cover.png"},
        {"cover": "https://example.com/" + "x" * 2000},
        {"icon": {"color": "red"}},
        {"icon": {}},
        {"id": ROOT},
    ],
)
def test_what_notion_refuses_is_refused_before_a_call(attributes: dict[str, Any]) -> None:
    assert faults("notion_page", **{"parent": ROOT, "title": "x", **attributes})


@pytest.mark.parametrize(
    "config",
    [
        "rich_text",
        {"type": "number", "format": "euro"},
        {"type": "select", "options": ["a", {"name": "b", "color": "red"}]},
        {"type": "status", "options": {"a": None, "b": {"description": None}}},
        {"type": "formula", "expression": "1"},
        {"type": "relation", "data_source": ROOT, "synced_property": None},
        {"type": "rollup", "relation": "a", "property": "b", "function": "sum"},
        {"type": "unique_id", "prefix": None},
    ],
)
def test_each_form_of_a_property_is_taken(config: Any) -> None:
    assert of_property(config) == []


@pytest.mark.parametrize(
    "config",
    [
        "text",
        {},
        {"type": "text"},
        {"type": "checkbox", "format": "euro"},
        {"type": "number", "options": ["a"]},
        {"type": "select", "options": {"a": {"color": "mauve"}}},
        {"type": "select", "options": [str(n) for n in range(101)]},
        {"type": "select", "options": ["x" * 101]},
        {"type": "formula"},
        {"type": "relation"},
        {"type": "rollup", "relation": "a", "property": "b", "function": "guess"},
        {"type": "rollup", "relation": "a"},
        {"type": "title", "name": "x"},
    ],
)
def test_no_other_property_is(config: Any) -> None:
    assert of_property(config)


def test_a_database_cannot_lose_its_icon_or_cover() -> None:
    for attribute in ("icon", "cover"):
        assert faults("notion_database", parent=ROOT, title="x", **{attribute: None})
        assert faults("notion_page", parent=ROOT, title="x", **{attribute: None}) == []


def test_a_look_up_says_what_it_looks_for() -> None:
    assert faults("data.notion_user", email="a@example.com") == []
    assert faults("data.notion_user")
    assert faults("data.notion_page", title="x")
    assert faults("data.notion_page", title="x", parent=ROOT) == []
