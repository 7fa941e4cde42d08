"""Import ids: what people call an object that a resource is to take over."""

from collections.abc import Mapping
from typing import Any, Protocol, runtime_checkable

from reconciler.provider.facts import ResourceType
from reconciler.provider.objects import Attributes, Wanted
from reconciler.provider.protocol import Provider


@runtime_checkable
class ReadsImportIds(Protocol):
    """A provider with a form of its own for import ids; elsewhere they are natural keys with colons."""

    def import_key(self, type_name: str, text: str) -> Attributes:
        """The attributes that an import id stands for; raises Rejected with the form that it should have."""
        ...


class NoImportId(ValueError):
    """A text is no import id of a type. ``advice`` says what one looks like; empty when there are none."""

    def __init__(self, message: str, advice: str = "") -> None:
        super().__init__(message)
        self.advice = advice


def wanted(provider: Provider, resource_type: ResourceType, import_id: str, shown: str) -> Wanted:
    """The question whose answer is the object; ``shown`` is the id as messages may show it.

    Raises NoImportId, and ProviderError where the provider has a form of its own.
    """
    if isinstance(provider, ReadsImportIds):
        key: Mapping[str, Any] = provider.import_key(resource_type.name, import_id)
    else:
        key = _natural_key(resource_type, import_id, shown)
    return Wanted(resource_type.name, key)


def _natural_key(resource_type: ResourceType, import_id: str, shown: str) -> dict[str, str]:
    names = resource_type.natural_key
    parts = import_id.split(":", max(len(names) - 1, 0))
    if not names:
        raise NoImportId("objects of this type cannot be imported", "they have no natural key")
    if len(parts) != len(names):
        form = ":".join(name.upper() for name in names)
        raise NoImportId(f"{shown!r} is not an import id of this type", f"it looks like {form}")
    return dict(zip(names, parts, strict=True))
