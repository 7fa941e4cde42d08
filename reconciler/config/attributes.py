"""Checks a resource's attributes against its type, at load and again when what was unknown is known."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from reconciler import codes
from reconciler.config.shapes import Shape
from reconciler.config.stack import ValuePath
from reconciler.config.validation import Fault, Validation
from reconciler.diagnostics import Diagnostic, Place, did_you_mean
from reconciler.provider.facts import ResourceType
from reconciler.values import Sensitive, Value, is_sensitive, reveal


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
        yield Diagnostic(fault.summary, fault.advice, place, address, code=codes.ATTRIBUTE)


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
        self._is_open_ended = isinstance(schema.get("additionalProperties"), Mapping)
        self._computed = frozenset(resource_type.computed)
        self._parts_of_id = frozenset(
            name for name, attribute in resource_type.attributes.items() if attribute.is_part_of_id
        )
        self._settable = [name for name in resource_type.attributes if name not in self._computed]
        dropped = ("required",) if self._is_open_ended else ("required", "additionalProperties")
        rest: dict[str, Any] = {key: value for key, value in schema.items() if key not in dropped}
        self._validation = Validation(rest)

    def faults(self, attributes: Mapping[str, Value]) -> Iterator[Fault]:
        """What is wrong with a resource's attributes."""
        clear: dict[str, Value] = {}
        for name, value in attributes.items():
            if name in self._computed:
                yield Fault((), f"{name!r} is decided by the service and cannot be set", "remove it", name)
            elif name not in self.type.attributes and not self._is_open_ended:
                advice = did_you_mean(name, self._settable)
                yield Fault((), f"{self.type.name} has no attribute {name!r}", advice, name)
            elif name in self._parts_of_id and is_sensitive(value):
                summary = f"{name} is part of what state knows the object by, so it cannot be sensitive"
                yield Fault((name,), summary, "use a variable that is not sensitive, or a plain text")
            elif isinstance(value, Sensitive | dict | list):
                clear[name] = reveal(value)
            else:
                clear[name] = value
        for name in self._required:
            if name not in attributes:
                yield Fault((), f"{self.type.name} needs {name!r}", f"add {name}: ...")
        for fault in self._validation.faults(clear, self.type.name):
            first = str(fault.path[0]) if fault.path else ""
            if first and (self.shape.part(first).is_sensitive or is_sensitive(attributes.get(first))):
                yield masked(fault, first, self.type.name)
            else:
                yield fault


def masked(fault: Fault, setting: str, owner: str) -> Fault:
    """A fault of a value that must not be shown, told without it."""
    return replace(
        fault,
        summary=f"{setting} has a value that {owner} does not allow; it is sensitive, so it is not shown",
        advice="check the value",
    )


def unknown_attribute(resource_type: ResourceType, name: str) -> tuple[str, str] | None:
    """What to say of a name that is no attribute of the type; None if it is one."""
    if name in resource_type.attributes:
        return None
    return f"{resource_type.name} has no attribute {name!r}", did_you_mean(name, resource_type.attributes)
