"""What a JSON Schema says about scalars: where it wants text, ``5319e7`` is text and not a number."""

from collections.abc import Iterator, Mapping
from typing import Any

_NO_SCHEMA: Mapping[str, Any] = {}
_TYPE_OF = {bool: "boolean", int: "integer", float: "number", str: "string", type(None): "null"}


class Shape:
    """A schema, as far as it decides what a scalar is. Parts are worked out when first asked for."""

    __slots__ = ("_items", "_parts", "_rest", "_root", "_schemas", "is_sensitive", "types")

    def __init__(self, schema: Any, root: Mapping[str, Any] | None = None) -> None:
        whole: Mapping[str, Any] = schema if isinstance(schema, Mapping) else _NO_SCHEMA
        self._root = whole if root is None else root
        self._schemas = tuple(_branches(whole, self._root, 0))
        self._parts: dict[str, Shape] = {}
        self._items: Shape | None = None
        self._rest: Shape | None = None
        self.is_sensitive = any(part.get("x-sensitive") is True for part in self._schemas)
        self.types = _types(self._schemas)
        """The names of the types that are allowed; empty for any."""

    def wants_text(self, value: object) -> bool:
        """Whether an unquoted scalar of this value is meant as the text that was written.

        Null never is: it means that no value was given.
        """
        if value is None or "string" not in self.types:
            return False
        kind = _TYPE_OF.get(type(value), "string")
        return kind not in self.types and not (kind == "integer" and "number" in self.types)

    def part(self, key: str) -> "Shape":
        """The shape of a mapping's value."""
        part = self._parts.get(key)
        if part is None:
            for schema in self._schemas:
                properties = schema.get("properties")
                if isinstance(properties, Mapping) and key in properties:
                    part = Shape(properties[key], self._root)
                    break
            else:
                return self.rest
            self._parts[key] = part
        return part

    @property
    def rest(self) -> "Shape":
        """The shape of values under keys that the schema does not name."""
        if self._rest is None:
            self._rest = self._first("additionalProperties")
        return self._rest

    @property
    def items(self) -> "Shape":
        """The shape of a list's items."""
        if self._items is None:
            self._items = self._first("items")
        return self._items

    def _first(self, keyword: str) -> "Shape":
        for schema in self._schemas:
            if isinstance(schema.get(keyword), Mapping):
                return Shape(schema[keyword], self._root)
        return ANY


def _branches(schema: Mapping[str, Any], root: Mapping[str, Any], depth: int) -> Iterator[Mapping[str, Any]]:
    """A schema and all that it is made of: what it refers to, and its alternatives."""
    yield schema
    if depth > 8:
        return
    reference = schema.get("$ref")
    if isinstance(reference, str) and reference.startswith("#/"):
        target: Any = root
        for step in reference[2:].split("/"):
            target = target.get(step) if isinstance(target, Mapping) else None
        if isinstance(target, Mapping):
            yield from _branches(target, root, depth + 1)
    for keyword in ("allOf", "anyOf", "oneOf"):
        for branch in schema.get(keyword, ()):
            if isinstance(branch, Mapping):
                yield from _branches(branch, root, depth + 1)


def _types(schemas: tuple[Mapping[str, Any], ...]) -> frozenset[str]:
    types: set[str] = set()
    for schema in schemas:
        given = schema.get("type", ())
        types.update([given] if isinstance(given, str) else given)
        values = [*schema.get("enum", ()), *([schema["const"]] if "const" in schema else ())]
        types.update(_TYPE_OF.get(type(value), "object") for value in values)
    return frozenset(types)


ANY = Shape({})
