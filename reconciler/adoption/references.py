"""References in the place of the names and ids of other objects."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from reconciler.adoption.found import Known
from reconciler.adoption.yaml_text import Written
from reconciler.provider.facts import ResourceType

Target = tuple[str, str]
"""A type and one of its attributes, which others hold."""


class References:
    """What the resources that may be referred to are known by: attribute values, each with an expression."""

    def __init__(self, types: Iterable[ResourceType]) -> None:
        self._targets = {target for found in types for target in targets(found)}
        self._written: dict[tuple[str, str, Any], Written] = {}

    def learn(self, known: Known) -> None:
        """A resource that may be referred to, unless it is in a module. The first with a value keeps it."""
        address = known.address
        if address.module:
            return
        for type_name, attribute in self._targets:
            value = known.attributes.get(attribute)
            if type_name == address.type and isinstance(value, str) and value:
                self._written.setdefault(
                    (type_name, attribute, value), Written(f"${{{address}.{attribute}}}")
                )

    def is_target(self, type_name: str) -> bool:
        """Whether any type refers to this one."""
        return any(type_name == target for target, _ in self._targets)

    def put(self, resource_type: ResourceType, name: str, value: Any) -> Any:
        """An attribute's value with references in the place of what other resources are known by."""
        schema = resource_type.attributes[name].schema
        return self._put(value, schema, _of_parents(resource_type, name))

    def _put(self, value: Any, schema: Any, parents: tuple[Target, ...] = ()) -> Any:
        if isinstance(value, str):
            found = (self._written.get((*target, value)) for target in (*parents, *_named(schema)))
            return next((written for written in found if written is not None), value)
        if isinstance(value, Mapping):
            return {key: self._put(part, _part(schema, key)) for key, part in value.items()}
        if isinstance(value, list):
            items = schema.get("items", {})
            return [self._put(part, items) for part in value]
        return value


def refers(resource_type: ResourceType, name: str) -> bool:
    """Whether an attribute, or a part of it, may hold what another object is known by."""
    return bool(_of_parents(resource_type, name)) or any(
        True for _ in _everywhere(resource_type.attributes[name].schema)
    )


def targets(resource_type: ResourceType) -> Iterator[Target]:
    """All that the attributes of a type may refer to."""
    for parent in resource_type.parents:
        yield parent.type, parent.key
    for attribute in resource_type.attributes.values():
        yield from _everywhere(attribute.schema)


def _of_parents(resource_type: ResourceType, name: str) -> tuple[Target, ...]:
    return tuple((parent.type, parent.key) for parent in resource_type.parents if parent.attribute == name)


def _everywhere(schema: Any) -> Iterator[Target]:
    if not isinstance(schema, Mapping):
        return
    yield from _named(schema)
    for part in (
        *schema.get("properties", {}).values(),
        schema.get("items"),
        schema.get("additionalProperties"),
    ):
        yield from _everywhere(part)


def _named(schema: Any) -> Iterator[Target]:
    named = schema.get("x-references", ()) if isinstance(schema, Mapping) else ()
    for text in (named,) if isinstance(named, str) else named:
        type_name, _, attribute = text.partition(".")
        yield type_name, attribute


def _part(schema: Any, key: str) -> Any:
    known = schema.get("properties", {}).get(key)
    others = schema.get("additionalProperties")
    return known if known is not None else others if isinstance(others, Mapping) else {}
