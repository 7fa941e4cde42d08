"""The types of variables: text, numbers, true or false, lists, mappings, objects with named attributes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from reconciler.config import nodes
from reconciler.config.plain_values import plain_value
from reconciler.config.scalars import resolve
from reconciler.config.shapes import ANY, Shape
from reconciler.diagnostics import did_you_mean
from reconciler.values import Sensitive, Unknown, Value

_WORDS: Mapping[str, tuple[tuple[type[Any], ...], str, str]] = {
    # what values of the type are, in Python, in JSON Schema and in words
    "string": ((str,), "string", "text"),
    "text": ((str,), "string", "text"),
    "number": ((int, float), "number", "a number"),
    "bool": ((bool,), "boolean", "true or false"),
    "list": ((list,), "array", "a list"),
    "map": ((dict,), "object", "a mapping"),
    "object": ((dict,), "object", "a mapping"),
}

Problem = tuple[str, str]
"""What is wrong, as the end of a sentence that begins with the variable, and what to do."""


@dataclass(frozen=True, slots=True)
class Attribute:
    """A named part of an object; one with a default may be left out."""

    type: "VariableType"
    has_default: bool = False
    default: Value = None


@dataclass(frozen=True, slots=True)
class VariableType:
    """A type. ``kind`` is empty for any value; ``parts`` is what a list or mapping holds."""

    kind: str = ""
    parts: "VariableType | None" = None
    attributes: Mapping[str, Attribute] = field(default_factory=dict)

    @property
    def is_text(self) -> bool:
        """Whether a text from outside is its value as it is."""
        return self.kind in ("", "string", "text")

    @property
    def shape(self) -> Shape:
        """What scalars mean inside it: where text is wanted, an unquoted 1.10 is text."""
        return Shape(self.schema) if self.kind else ANY

    @property
    def schema(self) -> dict[str, Any]:
        """The same as a JSON Schema, as far as that decides about scalars."""
        if not self.kind:
            return {}
        schema: dict[str, Any] = {"type": _WORDS[self.kind][1]}
        if self.parts is not None:
            schema["items" if self.kind == "list" else "additionalProperties"] = self.parts.schema
        if self.attributes:
            schema["properties"] = {name: one.type.schema for name, one in self.attributes.items()}
        return schema

    def completed(self, value: Value) -> Value:
        """A value with the defaults of what is left out in it; what is not known is left as it is."""
        if isinstance(value, Sensitive):
            return Sensitive(self.completed(value.value))
        if isinstance(value, list) and self.parts is not None:
            return [self.parts.completed(part) for part in value]
        if not isinstance(value, dict):
            return value
        if self.parts is not None:
            return {name: self.parts.completed(part) for name, part in value.items()}
        found = {
            name: self.attributes[name].type.completed(part) if name in self.attributes else part
            for name, part in value.items()
        }
        left = {name: one for name, one in self.attributes.items() if one.has_default and name not in value}
        return found | {name: one.type.completed(one.default) for name, one in left.items()}

    def problem(self, value: Value) -> Problem | None:
        """What is wrong with a known value, the first thing in it."""
        return next(self._problems(value, ""), None)

    def _problems(self, value: Value, where: str) -> Iterator[Problem]:
        if not self.kind or isinstance(value, Unknown) or hasattr(value, "evaluate"):
            return
        types, _, words = _WORDS[self.kind]
        if not isinstance(value, types) or (isinstance(value, bool) and self.kind != "bool"):
            must = f"must hold {words} at {where.removeprefix('.')}" if where else f"must be {words}"
            yield must, "change the value, or the variable's type"
            return
        if self.parts is not None:
            items = enumerate(value) if isinstance(value, list) else value.items()
            for key, part in items:
                step = f"[{key}]" if isinstance(key, int) else f".{key}"
                yield from self.parts._problems(part, where + step)
        elif self.attributes:
            yield from self._attribute_problems(value, where)

    def _attribute_problems(self, value: Mapping[str, Value], where: str) -> Iterator[Problem]:
        inside = f" in {where.removeprefix('.')}" if where else ""
        for name, part in value.items():
            if name not in self.attributes:
                advice = did_you_mean(name, self.attributes) or "remove it"
                yield f"has no attribute {name!r}{inside}", advice
            elif part is not None or not self.attributes[name].has_default:
                yield from self.attributes[name].type._problems(part, f"{where}.{name}")
        for name, one in self.attributes.items():
            if name not in value and not one.has_default:
                yield f"needs {name!r}{inside}", f"give it, or a default: {name}: {{type: …, default: …}}"


def read_type(node: nodes.Node | None) -> VariableType:
    """The type that a node declares; any value for what is wrong, which is reported with the file."""
    if isinstance(node, nodes.Scalar):
        return VariableType(node.text) if node.text in _WORDS else VariableType()
    if not isinstance(node, nodes.Mapping) or len(node.values) != 1:
        return VariableType()
    ((kind, inner),) = node.values.items()
    if kind in ("list", "map"):
        return VariableType(kind, read_type(inner))
    if kind == "object" and isinstance(inner, nodes.Mapping):
        return VariableType(kind, None, {name: _attribute(part) for name, part in inner.values.items()})
    return VariableType()


def _attribute(node: nodes.Node) -> Attribute:
    """``TYPE``, or ``{type: TYPE, default: VALUE}`` for one that may be left out."""
    if not isinstance(node, nodes.Mapping) or "type" not in node.values:
        return Attribute(read_type(node))
    kind = read_type(node.values["type"])
    default = node.values.get("default")
    if default is None:
        return Attribute(kind)
    is_null = isinstance(default, nodes.Scalar) and default.is_plain and resolve(default.text) is None
    return Attribute(kind, True, None if is_null else plain_value(default, kind.shape))
