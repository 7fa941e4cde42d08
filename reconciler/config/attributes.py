"""Checks a resource's attributes against its type, at load and again when what was unknown is known."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from reconciler.config.shapes import Shape
from reconciler.config.stack import ValuePath
from reconciler.config.validation import Fault, Validation, holds_open, is_open
from reconciler.diagnostics import Diagnostic, Place, did_you_mean
from reconciler.provider.facts import ResourceType
from reconciler.values import Sensitive, Value, is_sensitive, reveal

_SIMPLE = frozenset({"type", "properties", "required", "additionalProperties", "title", "description", "default",
                     "examples", "$schema", "$id", "$defs", "$comment"})  # fmt: skip
"""Keywords on a type that judge each attribute by itself, or that are checked here."""


def check(
    resource_type: ResourceType,
    attributes: Mapping[str, Value],
    place_of: Callable[[ValuePath], Place] | None,
    address: str,
) -> Iterable[Diagnostic]:
    """What is wrong with the declared attributes of one resource.

    Parts that are Unknown or expressions pass; Sensitive ones are checked in the clear and never shown.
    """
    for fault in type_schema(resource_type).faults(attributes):
        place = None
        if place_of is not None:
            place = place_of(fault.path if fault.key is None else (*fault.path, fault.key))
        yield Diagnostic(fault.summary, fault.advice, place, address)


_SCHEMAS: dict[int, "TypeSchema"] = {}
"""By the identity of a resource type, which its entry keeps alive; there are as many as types in use."""


def type_schema(resource_type: ResourceType) -> "TypeSchema":
    """A type's schema, ready to check with; made once a type."""
    known = _SCHEMAS.get(id(resource_type))
    if known is None:
        known = _SCHEMAS[id(resource_type)] = TypeSchema(resource_type)
    return known


class TypeSchema:
    """One type's schema: the shape of its scalars and its checks."""

    def __init__(self, resource_type: ResourceType) -> None:
        schema = resource_type.schema
        self.type = resource_type
        self.shape = Shape(schema)
        self._required = tuple(schema.get("required", ()))
        self._open_ended = isinstance(schema.get("additionalProperties"), Mapping)
        self._computed = frozenset(resource_type.computed)
        self._settable = [name for name in resource_type.attributes if name not in self._computed]
        dropped = ("required", "additionalProperties") if not self._open_ended else ("required",)
        rest: dict[str, Any] = {key: value for key, value in schema.items() if key not in dropped}
        self._validation = Validation(rest)
        self._is_simple = all(key in _SIMPLE or key.startswith("x-") for key in schema)

    def faults(self, attributes: Mapping[str, Value]) -> Iterator[Fault]:
        """What is wrong with a resource's attributes."""
        name_of_type = self.type.name
        known: dict[str, Value] = {}
        late: list[str] = []
        for name, value in attributes.items():
            if name in self._computed:
                yield Fault((), f"{name!r} is decided by the service and cannot be set", "remove it", name)
            elif name not in self.type.attributes and not self._open_ended:
                advice = did_you_mean(name, self._settable)
                yield Fault((), f"{name_of_type} has no attribute {name!r}", advice, name)
            else:
                kind = type(value)
                if kind is str or kind is int or kind is bool:
                    known[name] = value
                elif is_open(value):
                    late.append(name)
                else:
                    known[name] = reveal(value) if is_sensitive(value) else value
                    if kind in (dict, list, Sensitive) and holds_open(known[name]):
                        late.append(name)
        for name in self._required:
            if name not in attributes:
                yield Fault((), f"{name_of_type} needs {name!r}", f"add {name}: ...")
        yield from self._judged(attributes, known, late)

    def _judged(
        self, attributes: Mapping[str, Value], known: dict[str, Value], late: list[str]
    ) -> Iterator[Fault]:
        """What the schema says of the values."""
        if not any(name in known for name in late) and (self._is_simple or not late):
            if self._validation.accepts(known):
                return
        whole = {**known, **{name: attributes[name] for name in late if name not in known}}
        for fault in self._validation.faults(whole):
            first = fault.path[0] if fault.path else None
            if first is not None and self._is_hidden(str(first), attributes):
                yield Fault(
                    fault.path,
                    f"{first} has a value that {self.type.name} does not allow; it is sensitive, so it is not shown",
                    fault.advice if fault.advice in _HARMLESS_ADVICE else "check the value",
                )
            else:
                yield fault

    def _is_hidden(self, name: str, attributes: Mapping[str, Value]) -> bool:
        return self.shape.part(name).is_sensitive or is_sensitive(attributes.get(name))


_HARMLESS_ADVICE = ("give a value, or remove the line",)


def unknown_attribute(resource_type: ResourceType, name: str) -> tuple[str, str] | None:
    """What to say of a name that is no attribute of the type; None if it is one."""
    if name in resource_type.attributes:
        return None
    return f"{resource_type.name} has no attribute {name!r}", did_you_mean(name, resource_type.attributes)
