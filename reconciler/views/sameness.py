"""Values in a form in which equal ones are equal: for dictionaries, sets, and comparing whole lists."""

from collections import Counter
from collections.abc import Hashable, Mapping
from typing import Any

from reconciler.values import Digest, Sensitive, Unknown, Value

Schema = Mapping[str, Any]

ANYTHING: Schema = {}
"""The schema of what no schema speaks of."""


def frozen(value: Value, schema: Schema = ANYTHING) -> Hashable:
    """A value as something hashable; sets, marked in the schema, without order. 1 and 1.0 are one, 1 and
    true are not. Never show it: what is sensitive lies open in it."""
    if type(value) is str:
        return value
    if isinstance(value, dict):
        return dict, frozenset((name, frozen(part, part_of(schema, name))) for name, part in value.items())
    if isinstance(value, list | tuple):
        items = items_of(schema)
        parts = [frozen(part, items) for part in value]
        return (set, frozenset(Counter(parts).items())) if is_set(schema) else (list, tuple(parts))
    if isinstance(value, Sensitive):
        return frozen(value.value, schema)
    if isinstance(value, bool | Unknown | Digest):
        return type(value), value
    return value if isinstance(value, Hashable) else (type(value), repr(value))


def is_set(schema: Schema) -> bool:
    """Whether a list's order means nothing."""
    return bool(schema.get("x-unordered", False))


def items_of(schema: Schema) -> Schema:
    """The schema of a list's items."""
    found = schema.get("items")
    return found if isinstance(found, Mapping) else ANYTHING


def part_of(schema: Schema, name: str) -> Schema:
    """The schema of what a mapping has under a name."""
    found = schema.get("properties", ANYTHING).get(name)
    if found is None:
        found = schema.get("additionalProperties")
    return found if isinstance(found, Mapping) else ANYTHING
