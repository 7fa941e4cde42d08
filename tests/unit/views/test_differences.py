"""What differs within two values: the tree that every view shows."""

from collections.abc import Iterator
from typing import Any

import pytest

from reconciler.values import Digest, Sensitive, Unknown
from reconciler.views.differences import ABSENT, By, Difference, compare

A_SET: dict[str, Any] = {"type": "array", "x-unordered": True}
LATER = Unknown("a.id")
NOTHING: dict[str, Any] = {}


def leaves(found: Difference | None, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Each difference shown whole or moved: where, before and after (places, of what only moved)."""
    if found is None:
        return
    if found.step is not None:
        path = (*path, "" if found.step.by is By.MEMBERSHIP else found.step.to)
    if found.moved is not None:
        yield path, "moved", found.moved
    if found.is_shown_whole:
        yield path, found.before, found.after
    for part in found.parts:
        yield from leaves(part, path)


def unchanged(found: Difference | None) -> int:
    return 0 if found is None else found.unchanged + sum(map(unchanged, found.parts))


CASES: dict[str, tuple[Any, Any, dict[str, Any], list[Any]]] = {
    "equal values": ({"a": [1, {"b": None}]}, {"a": [1.0, {"b": None}]}, NOTHING, []),
    "a number is no text": ({"a": "1"}, {"a": 1}, NOTHING, [(("a",), "1", 1)]),
    "a boolean is no number": ([True], [1], NOTHING, [((0,), True, 1)]),
    "null is a value": ({"a": None}, {"b": None}, NOTHING, [(("a",), None, ABSENT), (("b",), ABSENT, None)]),
    "a mapping becomes a text": ({"a": {"b": 1}}, {"a": "b"}, NOTHING, [(("a",), {"b": 1}, "b")]),
    "only the parts that differ": (
        {"a": 1, "b": {"c": [1, 2], "d": 0}, "e": True},
        {"a": 1, "b": {"c": [1, 3, 4]}, "e": 1.5, "f": None},
        NOTHING,
        [
            (("b", "c", 1), 2, 3),
            (("b", "c", 2), ABSENT, 4),
            (("b", "d"), 0, ABSENT),
            (("e",), True, 1.5),
            (("f",), ABSENT, None),
        ],
    ),
    "the schema's order": (
        {"a": 1, "z": 1, "m": 1},
        {"a": 2, "z": 2, "m": 2},
        {"properties": {"z": {}, "a": {}}},
        [(("z",), 1, 2), (("a",), 1, 2), (("m",), 1, 2)],
    ),
    "an item put in front": (["b", "c"], ["a", "b", "c"], NOTHING, [((0,), ABSENT, "a")]),
    "an item taken out of the middle": (["a", "b", "c"], ["a", "c"], NOTHING, [((1,), "b", ABSENT)]),
    "two items change places": (["x", "y"], ["y", "x"], NOTHING, [((0,), "moved", (1, 0))]),
    "an item that occurs twice is not said to move": (
        ["x", "x", "a", "b", "c"],
        ["a", "b", "c", "x", "x"],
        NOTHING,
        [((0,), "x", ABSENT), ((1,), "x", ABSENT), ((3,), ABSENT, "x"), ((4,), ABSENT, "x")],
    ),
    "objects by name": (
        [{"name": "bug", "color": "a"}, {"name": "old", "color": "b"}],
        [{"name": "new", "color": "c"}, {"name": "bug", "color": "d"}],
        NOTHING,
        [
            ((0,), ABSENT, {"name": "new", "color": "c"}),
            ((("bug",), "color"), "a", "d"),
            ((1,), {"name": "old", "color": "b"}, ABSENT),
        ],
    ),
    "objects that move, and change": (
        [{"name": "a", "n": 1}, {"name": "b", "n": 1}, {"name": "c", "n": 1}],
        [{"name": "c", "n": 2}, {"name": "a", "n": 1}, {"name": "b", "n": 1}],
        NOTHING,
        [((("c",),), "moved", (2, 0)), ((("c",), "n"), 1, 2)],
    ),
    "objects by the schema's natural key": (
        [{"name": "x", "kind": "a", "of": 1}, {"name": "x", "kind": "b", "of": 1}],
        [{"name": "y", "kind": "a", "of": 1}, {"name": "x", "kind": "b", "of": 1}],
        {"items": {"x-natural-key": ["kind", "of"]}},
        [((("a", 1), "name"), "x", "y")],
    ),
    "objects by what they share": (
        [{"name": "one", "id": 7}, {"name": "two", "id": 8}],
        [{"name": "uno", "id": 7}, {"name": "due", "id": 8}],
        NOTHING,
        [(((7,), "name"), "one", "uno"), (((8,), "name"), "two", "due")],
    ),
    "objects without a key by what is most alike": (
        [{"who": "a", "may": ["read", "write"]}, {"who": "b", "may": ["read"]}],
        [{"who": "b", "may": ["read", "admin"]}],
        NOTHING,
        [((0,), {"who": "a", "may": ["read", "write"]}, ABSENT), ((0, "may", 1), ABSENT, "admin")],
    ),
    "objects with nothing in common": (
        [{"a": 1}],
        [{"b": 1}],
        NOTHING,
        [((0,), {"a": 1}, ABSENT), ((0,), ABSENT, {"b": 1})],
    ),
    "a name that occurs twice is no key": (
        [{"name": "a", "n": 1}, {"name": "a", "n": 2}],
        [{"name": "a", "n": 1}, {"name": "a", "n": 3}],
        NOTHING,
        [((1, "n"), 2, 3)],
    ),
    "a sensitive name is no key": (
        [{"name": Sensitive("a"), "n": 1}],
        [{"name": Sensitive("a"), "n": 2}],
        NOTHING,
        [((0, "n"), 1, 2)],
    ),
    "a set has no order": (
        ["a", "b", "d"],
        ["d", "c", "b"],
        A_SET,
        [(("",), "a", ABSENT), (("",), ABSENT, "c")],
    ),
    "a set that names the same twice": (["a", "a"], ["a"], A_SET, [(("",), "a", ABSENT)]),
    "members without a key are shown whole": (
        [{"as": "user", "of": 1}],
        [{"as": "user", "of": 2}],
        A_SET,
        [(("",), {"as": "user", "of": 1}, ABSENT), (("",), ABSENT, {"as": "user", "of": 2})],
    ),
    "members with a key are compared": (
        [{"id": 1, "as": "user"}, {"id": 2, "as": "user"}],
        [{"id": 2, "as": "admin"}, {"id": 1, "as": "user"}],
        A_SET,
        [(((2,), "as"), "user", "admin")],
    ),
    "sets inside mappings and lists": (
        {"rules": [{"who": ["a", "b"], "how": ["x", "y"]}], "other": [1, 2]},
        {"rules": [{"who": ["b", "a"], "how": ["y", "x"]}], "other": [2, 1]},
        {
            "properties": {"rules": {"items": {"properties": {"who": A_SET}}}},
            "additionalProperties": A_SET,
        },
        [(("rules", 0, "how", 0), "moved", (1, 0))],
    ),
    "what is not known yet": (
        {"a": 1, "b": [1], "c": LATER},
        {"a": LATER, "b": [LATER], "c": LATER},
        NOTHING,
        [(("a",), 1, LATER), (("b", 0), 1, LATER)],
    ),
    "secrets that differ, and one that does not": (
        {"a": Sensitive("one"), "b": Sensitive("same"), "c": Digest("12")},
        {"a": Sensitive("two"), "b": Sensitive("same"), "c": Digest("34")},
        NOTHING,
        [(("a",), Sensitive("one"), Sensitive("two")), (("c",), Digest("12"), Digest("34"))],
    ),
    "a secret that only one side knows for one": ({"a": "x"}, {"a": Sensitive("x")}, NOTHING, []),
}


@pytest.mark.parametrize("name", CASES)
def test_the_tree_holds_what_differs_and_nothing_else(name: str) -> None:
    before, after, schema, expected = CASES[name]
    assert list(leaves(compare(before, after, schema))) == expected


def test_what_stays_is_counted() -> None:
    found = compare(
        {"a": 1, "b": [1, 2, 3], "c": {"d": 1, "e": 2}}, {"a": 1, "b": [1, 2], "c": {"d": 2, "e": 2}}
    )
    assert found is not None
    assert found.unchanged == 1
    assert [part.unchanged for part in found.parts] == [2, 1]


def test_parts_that_force_a_replacement_are_marked() -> None:
    schema = {"properties": {"a": {"properties": {"b": {"x-forces-replacement": True}}}}}
    found = compare({"a": {"b": 1, "c": 1}}, {"a": {"b": 2, "c": 2}}, schema)
    assert found is not None
    assert [(part.step, part.forces) for part in found.parts[0].parts] == [
        (found.parts[0].parts[0].step, True),
        (found.parts[0].parts[1].step, False),
    ]
    assert not found.forces


def test_of_a_secret_and_a_keyed_hash_nobody_can_tell() -> None:
    found = compare({"a": Digest("12")}, {"a": Sensitive("x")})
    assert found is not None
    assert found.parts[0].is_hidden
    assert not found.parts[0].is_certain
