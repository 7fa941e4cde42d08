"""What differs within two nested values."""

from typing import Any

import pytest

from reconciler.values import Digest, Sensitive, Unknown
from reconciler.views.differences import ABSENT, differences, settled

ANY: dict[str, Any] = {}
A_SET = {"type": "array", "x-unordered": True}


def found(before: Any, after: Any, schema: dict[str, Any] = ANY) -> list[tuple[Any, Any, Any]]:
    return [(each.path, each.before, each.after) for each in differences(before, after, schema)]


def test_only_the_parts_that_differ_are_named() -> None:
    before = {"a": 1, "b": {"c": [1, 2], "d": 0}, "e": True}
    after = {"a": 1, "b": {"c": [1, 3, 4]}, "e": 1.5, "f": None}
    assert found(before, after) == [
        (("b", "c", 1), 2, 3),
        (("b", "c", 2), ABSENT, 4),
        (("b", "d"), 0, ABSENT),
        (("e",), True, 1.5),
        (("f",), ABSENT, None),
    ]


def test_an_item_put_in_front_is_one_difference() -> None:
    assert found(["b", "c"], ["a", "b", "c"]) == [((0,), ABSENT, "a")]


def test_a_set_has_no_positions() -> None:
    parts = differences(["a", "b"], ["c", "b"], A_SET)
    assert [(part.before, part.after, part.in_set) for part in parts] == [
        ("a", ABSENT, True),
        (ABSENT, "c", True),
    ]


def test_sets_are_found_inside_mappings_and_lists() -> None:
    schema = {
        "properties": {"rules": {"items": {"properties": {"who": A_SET}}}},
        "additionalProperties": A_SET,
    }
    before = {"rules": [{"who": ["a", "b"], "how": ["x", "y"]}], "other": [1, 2]}
    after = {"rules": [{"who": ["b", "a"], "how": ["y", "x"]}], "other": [2, 1]}
    assert found(before, after, schema) == [
        (("rules", 0, "how", 0), "x", "y"),
        (("rules", 0, "how", 1), "y", "x"),
    ]


def test_members_of_a_set_are_shown_whole() -> None:
    before, after = [{"id": 1, "as": "user"}], [{"id": 2, "as": "user"}]
    parts = differences(before, after, A_SET)
    assert [(part.before, part.after) for part in parts] == [
        ({"id": 1, "as": "user"}, ABSENT),
        (ABSENT, {"id": 2, "as": "user"}),
    ]


def test_what_is_not_known_yet_is_a_difference_and_is_not_looked_into() -> None:
    later = Unknown("a.id")
    assert found({"a": 1, "b": [1]}, {"a": later, "b": [later]}) == [
        (("a",), 1, later),
        (("b", 0), 1, later),
    ]


@pytest.mark.parametrize("closed", [Sensitive("one"), Digest("one")])
def test_what_must_not_be_shown_is_not_compared(closed: Any) -> None:
    assert found({"a": closed, "b": 1}, {"a": Sensitive("two"), "b": 2}) == [(("b",), 1, 2)]
    assert found({"a": closed}, {"a": Sensitive("two")}) == []
    assert found({"a": "open"}, {"a": closed}) == [(("a",), "open", closed)]


def test_a_set_that_names_the_same_more_often_has_no_smaller_difference() -> None:
    assert found(["a", "a"], ["a"], A_SET) == []


def test_a_mapping_with_known_properties_speaks_only_of_the_keys_it_has() -> None:
    schema: dict[str, Any] = {"properties": {"a": {}, "b": {"properties": {"c": {}, "d": {}}}}}
    before = {"a": 1, "b": {"c": 2, "d": 3}, "e": [1]}
    assert settled(before, {"b": {"c": 9}}, schema) == {"a": 1, "b": {"c": 9, "d": 3}, "e": [1]}
    assert settled(before, {"b": 1}, {}) == {"b": 1}
    assert settled(None, {"b": 1}, schema) == {"b": 1}
    assert settled(before, {"new": 1}, schema) == {**before, "new": 1}
