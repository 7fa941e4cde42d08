"""The JSON Schemas of resource types: of one, or of all that are installed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from reconciler import codes
from reconciler.diagnostics import Diagnostic, did_you_mean
from reconciler.errors import Refused
from reconciler.registry import Registry


@dataclass(frozen=True)
class KnownType:
    """A resource or data type: its name (data types as ``data.github_user``) and its schema."""

    name: str
    schema: Mapping[str, Any]

    @property
    def summary(self) -> str:
        """The first sentence of its description."""
        return str(self.schema.get("description", "")).partition(". ")[0].rstrip(".")


def all_types(registry: Registry) -> list[KnownType]:
    """All installed types: the managed ones, then the data types."""
    managed = ((name, registry.type(name)) for name in registry.type_names())
    data = ((f"data.{name}", registry.data_type(name)) for name in registry.type_names(data=True))
    return [KnownType(name, found.schema) for name, found in (*managed, *data) if found is not None]


def one_type(registry: Registry, name: str) -> KnownType:
    """The type of this name; raises Refused, with the nearest right name, when there is none."""
    found = registry.data_type(name[5:]) if name.startswith("data.") else registry.type(name)
    found = found or registry.data_type(name)
    if found is None:
        names = [known.name for known in all_types(registry)]
        advice = did_you_mean(name, names) or "`reconciler schema` lists all"
        raise Refused([Diagnostic(f"there is no resource type {name!r}", advice, code=codes.UNKNOWN_TYPE)])
    return KnownType(name, found.schema)
