"""Schemas of values, made fit for what stands in a file: expressions, and texts that look like numbers."""

from collections.abc import Mapping
from typing import Any

_NAMED = ("properties", "patternProperties", "$defs")
_NESTED = ("items", "additionalProperties", "else", "then")
_LISTED = ("allOf", "anyOf", "oneOf", "prefixItems")
_TELLING = ("title", "description", "default", "deprecated", "examples")
_OPEN_KEYS = frozenset(("type", *_TELLING))

EXPRESSION = {"$ref": "#/$defs/expression"}


def value_schema(source: Mapping[str, Any], *, is_open: bool = False) -> dict[str, Any]:
    """A schema without our own keys, which allows what the language allows.

    Where it wants text, a number may stand too, since it is read as the text that was written; with
    ``is_open``, an expression may stand for each value in it.
    """
    made = {key: _part(key, part, is_open) for key, part in source.items() if not key.startswith("x-")}
    if made.get("type") == "string" and not {"enum", "const"} & made.keys():
        made["type"] = ["string", "number"]
    if not is_open or _takes_any_text(made):
        return made
    told = {key: made.pop(key) for key in _TELLING if key in made}
    return {**told, "anyOf": [made, EXPRESSION]}


def _part(key: str, part: Any, is_open: bool) -> Any:
    if key in _NAMED and isinstance(part, Mapping):
        return {
            name: value_schema(one, is_open=is_open) if isinstance(one, Mapping) else one  # true allows all
            for name, one in part.items()
        }
    if key in _NESTED and isinstance(part, Mapping):
        # What is said under a condition is about the same value, which may be an expression already.
        return value_schema(part, is_open=is_open and key not in ("then", "else"))
    if key in _LISTED:
        return [value_schema(one) if isinstance(one, Mapping) else one for one in part]
    return part


def _takes_any_text(made: Mapping[str, Any]) -> bool:
    types = made.get("type", ["string"])
    allowed = [types] if isinstance(types, str) else types
    return "string" in allowed and set(made) <= _OPEN_KEYS
