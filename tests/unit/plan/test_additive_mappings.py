"""A mapping may speak of its keys alone, or of the whole; another attribute says which."""

from typing import Any

from reconciler.plan.compare import differing
from reconciler.provider.facts import ResourceType
from reconciler.values import Sealer
from reconciler.views.settling import settled

UNLESS = {"mode": "exclusive"}
OPTION = {"type": "object", "properties": {"color": {"type": "string"}}}
PART = {
    "type": "object",
    "properties": {
        "type": {"type": "string"},
        "options": {"type": "object", "additionalProperties": OPTION, "x-additive-unless": UNLESS},
    },
}
PARTS = {"type": "object", "additionalProperties": PART, "x-additive-unless": UNLESS}
FACTS = ResourceType.from_schema(
    "memory_table", {"type": "object", "properties": {"parts": PARTS, "mode": {"type": "string"}}}
)
LIVE = {
    "parts": {
        "a": {"type": "select", "options": {"x": {"color": "red"}, "y": {"color": "blue"}}},
        "b": {"type": "text", "options": {}},
    }
}


def differ(asked: dict[str, Any]) -> list[str]:
    return differing(FACTS, asked, LIVE, {"mode": asked.get("mode")}, Sealer(b"key"))


def test_what_an_additive_mapping_does_not_name_is_left_alone() -> None:
    assert differ({"parts": {"a": {"type": "select"}}}) == []
    assert differ({"parts": {"a": {"options": {"x": {}}}}, "mode": "additive"}) == []


def test_what_it_names_is_compared() -> None:
    assert differ({"parts": {"c": {"type": "text"}}}) == ["parts"]
    assert differ({"parts": {"a": {"options": {"x": {"color": "blue"}}}}}) == ["parts"]
    assert differ({"parts": {"a": {"options": {"z": {}}}}}) == ["parts"]


def test_asked_for_as_the_whole_it_holds_nothing_else() -> None:
    exclusive = {"mode": "exclusive"}
    whole: dict[str, Any] = {"a": {"options": {"x": {}, "y": {}}}, "b": {}}
    assert differ({"parts": whole, **exclusive}) == []
    assert differ({"parts": {"a": whole["a"]}, **exclusive}) == ["parts"]
    assert differ({"parts": {**whole, "a": {"options": {"x": {}}}}, **exclusive}) == ["parts"]


def test_a_plan_shows_what_an_additive_mapping_leaves_alone_as_unchanged() -> None:
    before, after = LIVE["parts"], {"a": {"options": {"z": {"color": "pink"}}}}
    shown = settled(before, after, PARTS, is_whole=False)
    assert shown["b"] == before["b"]
    assert set(shown["a"]["options"]) == {"x", "y", "z"}
    assert set(settled(before, after, PARTS)) == {"a"}
