"""What a provider's author imports: the protocol, the facts about resource types, and what passes between."""

from reconciler.provider.facts import Attribute, Parent, ResourceType
from reconciler.provider.objects import (
    Absent,
    Account,
    Attributes,
    FindResult,
    Health,
    Lookup,
    Object,
    ObjectKey,
    Quota,
    ReadResult,
    Unreadable,
    Wanted,
    Write,
    WriteResult,
)
from reconciler.provider.protocol import MakesMore, Provider, ProviderContext, ProviderFactory

__all__ = [
    "Absent",
    "Account",
    "Attribute",
    "Attributes",
    "FindResult",
    "Health",
    "Lookup",
    "MakesMore",
    "Object",
    "ObjectKey",
    "Parent",
    "Provider",
    "ProviderContext",
    "ProviderFactory",
    "Quota",
    "ReadResult",
    "ResourceType",
    "Unreadable",
    "Wanted",
    "Write",
    "WriteResult",
]
