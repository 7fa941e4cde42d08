"""What a plan is worked out from: the state, the services' types, and what has been read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

from reconciler.address import Address
from reconciler.provider.facts import ResourceType
from reconciler.provider.objects import FindResult, ObjectKey, ReadResult
from reconciler.provider.protocol import Provider
from reconciler.state.ledger import Ledger
from reconciler.state.model import StateObject
from reconciler.values import Sealer, Value, canonical

ParentKey = tuple[str, str, str, Value]
"""Provider key, type, the name of the attribute that children hold, and its value."""


class Types(Protocol):
    """Knows the facts of every resource type; the registry is one."""

    def type(self, name: str) -> ResourceType | None:
        """A managed type."""
        ...

    def data_type(self, name: str) -> ResourceType | None:
        """A data type."""
        ...


def type_of(types: Types, address: Address) -> ResourceType:
    """The facts of an address's type, which config has made sure of; raises LookupError."""
    found = types.data_type(address.type) if address.is_data else types.type(address.type)
    if found is None:
        raise LookupError(f"{address}: no provider has the type {address.type}")
    return found


@dataclass(frozen=True)
class PlanState:
    """The part of a state that a plan looks at."""

    objects: Mapping[Address, StateObject]
    outputs: Mapping[str, Value]
    serial: int
    lineage: str
    sealer: Sealer
    released: Mapping[tuple[str, str, str], StateObject] = field(default_factory=dict)
    """By provider key, type and id: what runs of ours let go of without deleting it."""
    moved_from: Mapping[Address, Address] = field(default_factory=dict)
    """By new address: the one that an object still has in the ledger (see ``refactoring``)."""

    @classmethod
    def of(cls, ledger: Ledger) -> "PlanState":
        """The latest state in a ledger."""
        released = {(one.provider, one.type, one.id): one for one in ledger.released()}
        return cls(
            ledger.objects(),
            ledger.outputs(),
            ledger.serial,
            ledger.lineage,
            ledger.sealer,
            released,
        )


@dataclass
class World:
    """State and services as one plan sees them; ``found`` grows until every question is answered."""

    state: PlanState
    types: Types
    providers: Mapping[str, Provider]
    live: Mapping[Address, ReadResult]
    found: dict[Address, FindResult] = field(default_factory=dict)

    def type_of(self, address: Address) -> ResourceType:
        """The facts of an address's type."""
        return type_of(self.types, address)

    @cached_property
    def owners(self) -> Mapping[tuple[str, str, str], Address]:
        """By provider key, type and id: whose an object is."""
        return {
            (recorded.provider, recorded.type, recorded.id): address
            for address, recorded in self.state.objects.items()
        }

    @cached_property
    def lived_in(self) -> frozenset[ParentKey]:
        """The parents of the state's objects, the value that names each as canonical text."""
        facts = {address.type: self.types.type(address.type) for address in self.state.objects}
        return frozenset(
            (one.provider, parent.type, parent.key, canonical(one.attributes.get(parent.attribute)))
            for one in self.state.objects.values()
            if (resource_type := facts[one.type]) is not None
            for parent in resource_type.parents
        )

    @cached_property
    def side_effects(self) -> Mapping[tuple[str, ObjectKey], Address]:
        """By provider key and natural key: the resource whose creation made the object too."""
        return {
            (recorded.provider, key): address
            for address, recorded in self.state.objects.items()
            for key in recorded.side_effects
        }

    @cached_property
    def let_go_of(self) -> frozenset[Address]:
        """The addresses of what runs of ours let go of without deleting it."""
        return frozenset(recorded.address for recorded in self.state.released.values())

    def parent_keys(self, types: frozenset[str]) -> Mapping[str, frozenset[str]]:
        """By parent type: the attributes that children of the given types hold."""
        keys: dict[str, set[str]] = {}
        for name in types:
            resource_type = self.types.type(name)
            for parent in resource_type.parents if resource_type else ():
                keys.setdefault(parent.type, set()).add(parent.key)
        return {name: frozenset(attributes) for name, attributes in keys.items()}
