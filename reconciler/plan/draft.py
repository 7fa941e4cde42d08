"""One pass over everything desired: what each resource needs, given what has been read and found so far."""

from collections.abc import Iterator, Mapping

from reconciler.address import Address
from reconciler.config.stack import Declaration
from reconciler.diagnostics import Diagnostic, Diagnostics
from reconciler.plan.action import Action
from reconciler.plan.change import Change, Expectation, Unread
from reconciler.plan.desired import Desired
from reconciler.plan.first import made_first
from reconciler.plan.world import ParentKey, World
from reconciler.provider.facts import ResourceType
from reconciler.provider.objects import Object, Unreadable, Wanted
from reconciler.values import Digest, Unknown, Value, canonical, holds


class Draft:
    """What is known of a plan while it is made: changes, questions and problems.

    ``wanted`` are the questions that only a service can answer; while there are any, the draft is not a
    plan yet: the answers go into the world and a new draft is made.
    """

    def __init__(self, desired: Desired, world: World) -> None:
        self.desired = desired
        self.world = world
        self.changes: dict[Address, Change] = {}
        self.values: dict[Address, Mapping[str, Value] | Unknown] = dict(_left_alone(desired, world))
        self.wanted: dict[Address, tuple[str, Wanted]] = {}
        self.problems = Diagnostics()
        self.unread: list[Unread] = []
        self.expectations: list[Expectation] = []
        self.moved: dict[Address, Address] = {}
        """Resources whose object another address has taken."""
        self.taken: set[tuple[str, str, str]] = set()
        """Objects that become ours with this plan: provider, type and id."""
        self.expecting: dict[Address, Address] = {}
        """What is to be created, and the address whose object has its natural key until it is freed."""
        self.created: set[ParentKey] = set()
        self.replaced: dict[ParentKey, Address] = {}
        self.renamed: dict[ParentKey, Value] = {}
        self.held: set[Address] = set()
        """What nothing is planned for: itself or what it depends on is unknown or wrong."""
        types = frozenset(address.type for address in (*desired.resources, *world.state.objects))
        self.made_first = made_first({**desired.data, **desired.resources})
        self._parent_keys = world.parent_keys(types)

    def add(self, change: Change, resource_type: ResourceType) -> None:
        """Keep a change, and what it means for the objects that live in this one."""
        self.changes[change.address] = change
        self.values[change.address] = change.after
        for key in self._parent_keys.get(resource_type.name, ()):
            parent_key = (change.provider, resource_type.name, key)
            before, after = change.before.get(key), change.after.get(key)
            if change.action is Action.CREATE or change.action is Action.REPLACE:
                self.created.add((*parent_key, after))
            if change.action is Action.REPLACE:
                self.replaced[(*parent_key, before)] = change.address
            if change.action is Action.UPDATE and before != after:
                self.renamed[(*parent_key, before)] = after

    def is_lived_in(self, provider: str, parent: Object) -> bool:
        """Whether the state knows of something that lives in an object."""
        keys = self._parent_keys.get(parent.type, ())
        named = {(provider, parent.type, key, canonical(parent.attributes.get(key))) for key in keys}
        return not self.world.lived_in.isdisjoint(named)

    def hold(self, address: Address) -> None:
        """Plan nothing for a resource, nor for what depends on it."""
        self.held.add(address)
        self.values[address] = Unknown(str(address))

    def cannot_read(self, declaration: Declaration, unreadable: Unreadable) -> None:
        """How a declared object is could not be found out."""
        self.unread.append(Unread(declaration.address, declaration.provider, unreadable.error))
        self.hold(declaration.address)

    def problem(self, declaration: Declaration, summary: str, advice: str, code: str = "") -> None:
        """A declared resource cannot be planned."""
        self.problems.add(
            Diagnostic(summary, advice, declaration.place_of(()), address=str(declaration.address), code=code)
        )
        self.hold(declaration.address)


def _left_alone(desired: Desired, world: World) -> Iterator[tuple[Address, dict[str, Value]]]:
    """What expressions see of resources that the plan may not touch: what state says, secrets unknown."""
    if desired.only is None:
        return
    for address, recorded in world.state.objects.items():
        if address not in desired.only:
            yield (
                address,
                {
                    name: Unknown(f"{address}.{name}") if holds(value, Digest) else value
                    for name, value in recorded.attributes.items()
                },
            )
