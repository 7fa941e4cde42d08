"""What a plan leaves out because somebody asked for that, and all that has to be left out with it."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace

from reconciler.address import Address
from reconciler.plan.action import Action
from reconciler.plan.change import Change, Plan
from reconciler.plan.desired import Desired
from reconciler.plan.parents import with_parents
from reconciler.plan.targets import Objects, Users, narrowed, renamed
from reconciler.plan.world import Types, type_of
from reconciler.state.model import StateObject
from reconciler.values import Value

ASKED_FOR = "asked for with --exclude"


def spread(
    seeds: Mapping[Address, str], desired: Desired, objects: Objects, types: Types
) -> dict[Address, str]:
    """Some resources, each with the reason, with all that cannot go on without them.

    That is what is declared to depend on one of them; and of what is declared no more, what one of them
    depends on or lives in at present: it must not be deleted from under it.
    """
    edges = Spread(desired, objects, types)
    found: dict[Address, str] = {}
    waiting = [*seeds.items()]
    for address, why in waiting:
        if address not in found:
            found[address] = why
            waiting += edges.of(address)
    return found


class Spread:
    """What cannot go on without a resource."""

    def __init__(self, desired: Desired, objects: Objects, types: Types) -> None:
        self._desired, self._objects = desired, objects
        declared = with_parents(desired, types)
        self._dependents: defaultdict[Address, list[Address]] = defaultdict(list)
        for address, declaration in (*declared.data.items(), *declared.resources.items()):
            for other in declaration.references | declaration.depends_on:
                self._dependents[other].append(address)
        self._holders = {here: there for there, here in desired.same.items()}
        self._parents = _Parents(objects, types)

    def of(self, address: Address) -> Iterator[tuple[Address, str]]:
        """All that has to do with it directly, each with the reason."""
        for other in sorted(self._dependents.get(address, ()), key=str):
            yield other, f"it depends on {address}"
        if address in self._objects:
            recorded = self._objects[address]
            for other in (*recorded.depends_on, *self._parents.of(recorded)):
                if other in self._objects and other not in self._desired.resources:
                    yield other, f"{address} depends on it"
        for pairs in (self._desired.same, self._holders):
            if address in pairs:
                yield pairs[address], f"it has, or had, the object of {address}"


def without(
    desired: Desired, excluded: Mapping[Address, str], objects: Objects, outputs: Mapping[str, Value]
) -> Desired:
    """The same, for a plan that may not touch what is excluded."""
    everything = {*desired.resources, *desired.data, *desired.problems, *objects}
    only = {address: "" for address in everything if address not in excluded}
    return replace(narrowed(desired, only, objects, outputs), excluded=excluded)


def wider(plan: Plan, desired: Desired, objects: Objects, types: Types) -> dict[Address, str] | None:
    """What is to be left out, with what turns out to take some of that along; None when that is no more.

    An object is not replaced, made anew or renamed while something that is left out would have to follow.
    """
    users = Users(objects, types)
    more: dict[Address, str] = {}
    for change in plan:
        if change.takes_from is not None and change.takes_from in plan.excluded:
            more[change.address] = f"it takes a name that {change.takes_from} has"
        for address, _ in _taken_along(change, users):
            if address in plan.excluded and address not in plan.by_address:
                more[change.address] = f"{address} would have to follow it"
    return spread({**plan.excluded, **more}, desired, objects, types) if more else None


def _taken_along(change: Change, users: Users) -> Iterator[tuple[Address, str]]:
    if change.recorded is None:
        return
    if change.action in (Action.CREATE, Action.REPLACE):
        yield from users.of(change.recorded, "")
    elif change.action is Action.DELETE:
        yield from users.living_in(change.recorded, "")
    elif change.action is Action.UPDATE:
        yield from users.living_in(change.recorded, "", renamed(change))


class _Parents:
    """What objects live in, as the state knows it."""

    def __init__(self, objects: Objects, types: Types) -> None:
        self._types = types
        self._by_key: defaultdict[tuple[str, str, str, str], list[Address]] = defaultdict(list)
        facts = map(types.type, {recorded.type for recorded in objects.values()})
        keys = {(parent.type, parent.key) for known in facts if known for parent in known.parents}
        for address, recorded in objects.items():
            for kind, key in keys:
                if kind == recorded.type:
                    self._by_key[recorded.provider, kind, key, _text(recorded, key)].append(address)

    def of(self, recorded: StateObject) -> Iterator[Address]:
        """The parents of one object."""
        for parent in type_of(self._types, recorded.address).parents:
            value = _text(recorded, parent.attribute)
            yield from self._by_key.get((recorded.provider, parent.type, parent.key, value), ())


def _text(recorded: StateObject, name: str) -> str:
    """A value as something to look up: a secret one is its digest."""
    return repr(recorded.attributes.get(name))
