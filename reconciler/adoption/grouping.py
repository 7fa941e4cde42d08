"""Objects that are alike, as one resource with ``for_each``."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reconciler.adoption.attributes import Told, is_default
from reconciler.adoption.found import Candidate
from reconciler.adoption.references import refers
from reconciler.adoption.yaml_text import Written
from reconciler.provider.facts import ResourceType

FEWEST = 2
"""Objects that make a group."""

Member = tuple[Candidate, Told]


@dataclass(frozen=True)
class Alike:
    """Objects for one resource, by key: what they share, and what each has for itself."""

    members: Mapping[str, Candidate]
    attributes: Mapping[str, Any]
    for_each: Any


def key_name(resource_type: ResourceType) -> str | None:
    """The attribute that tells objects in one parent apart; None where there is no such one."""
    parents = {parent.attribute for parent in resource_type.parents}
    others = [name for name in resource_type.natural_key if name not in parents]
    has_parent = any(name in parents for name in resource_type.natural_key)
    return others[0] if has_parent and len(others) == 1 and resource_type.key_decides else None


def grouped(
    resource_type: ResourceType, members: Iterable[Member]
) -> tuple[list[list[Member]], list[Member]]:
    """The groups of those that are alike, and the others; each in the given order."""
    name = key_name(resource_type)
    groups: dict[str, dict[str, Member]] = {}
    others: list[Member] = []
    for member in members:
        told = member[1]
        key = told.values.get(name) if name else None
        if not isinstance(key, str) or told.secret or told.untold or told.comments or "${" in key:
            others.append(member)
            continue
        group = groups.setdefault(_likeness(resource_type, told, str(name)), {})
        if group.setdefault(key, member) is not member:
            others.append(member)
    found = [list(group.values()) for group in groups.values()]
    others.extend(member for group in found if len(group) < FEWEST for member in group)
    return [group for group in found if len(group) >= FEWEST], others


def alike(resource_type: ResourceType, by_key: Mapping[str, Member], name: str | None) -> Alike:
    """One resource for objects with the same attributes: ``name`` is the one that is the key."""
    first = next(iter(by_key.values()))[1]
    attributes: dict[str, Any] = {}
    varying: list[str] = []
    for attribute, value in first.values.items():
        values = [told.values[attribute] for _, told in by_key.values()]
        if attribute == name:
            attributes[attribute] = Written("${each.key}")
        elif any(other != value for other in values):
            varying.append(attribute)
            attributes[attribute] = Written(f"${{each.value.{attribute}}}")
        elif not is_default(resource_type.attributes[attribute], value):
            attributes[attribute] = value
    for_each: Any = list(by_key)
    if varying:
        for_each = {key: {one: told.values[one] for one in varying} for key, (_, told) in by_key.items()}
    return Alike({key: member[0] for key, member in by_key.items()}, attributes, for_each)


def same_attributes(members: Sequence[Member]) -> bool:
    """Whether objects can be one resource at all: what varies must be there in each of them."""
    return len({frozenset(told.values) for _, told in members}) == 1


def _likeness(resource_type: ResourceType, told: Told, name: str) -> str:
    """What must be the same of alike objects: which attributes there are, and all but plain values."""
    same = {
        attribute: value if refers(resource_type, attribute) or isinstance(value, dict | list) else None
        for attribute, value in told.values.items()
        if attribute != name
    }
    return json.dumps(same, sort_keys=True)
