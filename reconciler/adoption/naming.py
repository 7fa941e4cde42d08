"""Names for resources: readable, made of what objects are called, unique, the same each time."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from reconciler.adoption.found import Candidate
from reconciler.provider.facts import ResourceType

_LONGEST = 60


class Names:
    """The names that are given away, by type; ``taken`` are those of the stack."""

    def __init__(self, taken: Mapping[str, Iterable[str]]) -> None:
        self._taken = {name: set(names) for name, names in taken.items()}
        self._counts: dict[tuple[str, str], int] = {}

    def free(self, type_name: str, wanted: str) -> str:
        """The wanted name, or the first free one with a number behind it."""
        taken = self._taken.setdefault(type_name, set())
        name, count = wanted, self._counts.get((type_name, wanted), 1)
        while name in taken:
            count += 1
            name = f"{wanted}_{count}"
        self._counts[type_name, wanted] = count
        taken.add(name)
        return name


def plain_name(text: str) -> str:
    """A text as an identifier: small letters, digits, single underscores; empty if nothing is left."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "_", plain)[:_LONGEST].strip("_")


def name_of(candidate: Candidate, parents: Mapping[str, str], *, is_group: bool = False) -> str:
    """What an object's resource, or that of a group of them, would best be called.

    ``parents`` are the names of the resources that it lives in, by the attribute that says so: they stand for
    attributes that only hold an id. A group is called like its parents.
    """
    resource_type, values = candidate.type, candidate.object.attributes
    parts = []
    for name in resource_type.natural_key:
        is_parent = any(parent.attribute == name for parent in resource_type.parents)
        if is_parent:
            parts.append(parents.get(name, _readable(resource_type, name, values)))
        elif not is_group and name in resource_type.called_by:
            parts.append(str(values.get(name, "")))
    text = "_".join(filter(None, map(plain_name, parts)))
    kind = resource_type.name.partition("_")[2]
    if not text:
        return kind
    return text if not text[0].isdigit() else f"{kind}_{text}"


def _readable(resource_type: ResourceType, name: str, values: Mapping[str, Any]) -> str:
    """A parent that nobody has named, unless it is known by an id, or is of the same type."""
    keys = {parent.key for parent in resource_type.parents if parent.attribute == name}
    is_own = any(parent.type == resource_type.name for parent in resource_type.parents)
    value = values.get(name)
    return value if isinstance(value, str) and "id" not in keys and not is_own else ""
