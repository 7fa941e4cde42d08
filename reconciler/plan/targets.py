"""Which part of a stack a plan may touch: what was named, what that needs, what cannot stay without it."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace

from reconciler import codes
from reconciler.address import Address
from reconciler.config.stack import Declaration, Output
from reconciler.diagnostics import Diagnostic, Place, did_you_mean, nearest
from reconciler.errors import Refused
from reconciler.plan.action import Action
from reconciler.plan.change import Change, Plan
from reconciler.plan.desired import Desired
from reconciler.plan.parents import with_parents
from reconciler.plan.selection import Chosen, Selector
from reconciler.plan.world import Types
from reconciler.state.model import StateObject
from reconciler.values import Digest, Value

Objects = Mapping[Address, StateObject]


def named(targets: Iterable[Chosen], desired: Desired, objects: Objects) -> dict[Address, str]:
    """What the targets mean: themselves, all instances of one without its key, or all that is in a module.

    Raises Refused for one that is neither desired nor in the state.
    """
    known = {*desired.resources, *desired.data, *desired.problems, *objects}
    found: dict[Address, str] = {}
    unknown: list[Diagnostic] = []
    for target in targets:
        meant = _meant(target, known)
        found.update(dict.fromkeys(sorted(meant, key=str), ""))
        if not meant:
            advice = _which_target_is_meant(target, known)
            unknown.append(
                Diagnostic(
                    _nothing_of(target),
                    advice,
                    address=str(target),
                    code=codes.NOTHING_FOUND,
                )
            )
    if unknown:
        raise Refused(unknown)
    return found


def _meant(target: Chosen, known: Collection[Address]) -> list[Address]:
    """Instances are meant even where something is declared under the very address: they make way for it."""
    if isinstance(target, Selector):
        return target.meaning(known)
    return [target] if target in known else Selector.parse(str(target)).meaning(known)


def _nothing_of(target: Chosen) -> str:
    if isinstance(target, Selector) and target.address is None:
        return "there is nothing in a module of this address, neither in what is to be nor in the state"
    return "there is no resource of this address, neither in what is to be nor in the state"


def _which_target_is_meant(target: Chosen, known: Iterable[Address]) -> str:
    if isinstance(target, Address) or target.address is not None:
        address = target if isinstance(target, Address) else target.address
        return which_is_meant(address, known) if address is not None else ""
    modules = {
        ".".join(map(str, one.module[:depth])) for one in known for depth in range(1, len(one.module) + 1)
    }
    return did_you_mean(str(target), modules) or "`reconciler state list` shows all"


def which_is_meant(address: Address, known: Iterable[Address]) -> str:
    """Advice about an address that nothing has: the nearest of its own type, else the nearest of all."""
    names = {str(one): one for one in known}
    alike = {_without_type(one): text for text, one in names.items() if one.type == address.type}
    if close := nearest(_without_type(address), alike):
        return f"did you mean {alike[close]!r}?"
    return did_you_mean(str(address), names) or "`reconciler state list` shows all"


def _without_type(address: Address) -> str:
    """What tells it from others of its type: the type, often the longest part, makes all of them alike."""
    return str(address).replace(f"{address.type}.", "", 1)


def scope(
    seeds: Mapping[Address, str], desired: Desired, objects: Objects, types: Types
) -> dict[Address, str]:
    """All that a plan must be allowed to touch for some resources, each with the reason.

    That is what they refer to; for one that is removed, what depends on it or lives in it at present, for it
    must go or change first; and where an object gets another address, both. Goes on until nothing is missing.
    """
    declared = with_parents(desired, types)
    declarations = {**declared.data, **declared.resources}
    users = Users(objects, types)
    holders = {here: there for there, here in desired.same.items()}
    only: dict[Address, str] = {}
    waiting = [*seeds.items()]
    for address, why in waiting:
        if address in only:
            continue
        only[address] = why
        waiting += _needs(address, declarations)
        if address in objects and address not in desired.resources:
            waiting += users.of(objects[address], "which is removed")
        for pairs in (desired.same, holders):
            if address in pairs:
                waiting.append((pairs[address], f"it has, or had, the object of {address}"))
    known = {*declarations, *objects, *desired.problems}
    return {address: why for address, why in only.items() if address in known}


def widened(plan: Plan, desired: Desired, objects: Objects, types: Types) -> dict[Address, str] | None:
    """What a plan may touch, with what its changes turn out to take along; None when that is nothing more.

    An object that is made anew takes along what lives in it, and what refers to it must follow its new id;
    one that gets another name takes along what lives in it.
    """
    only, users = plan.only or {}, Users(objects, types)
    more: dict[Address, str] = {}
    for change in plan:
        if change.recorded is None:
            continue
        if change.action in (Action.CREATE, Action.REPLACE):
            more.update(users.of(change.recorded, "which is made anew"))
        elif change.action is Action.UPDATE:
            more.update(users.living_in(change.recorded, "which gets another name", renamed(change)))
    if more.keys() <= only.keys():
        return None
    return scope({**more, **only}, desired, objects, types)


def narrowed(
    desired: Desired, only: Mapping[Address, str], objects: Objects, outputs: Mapping[str, Value]
) -> Desired:
    """The same, for a plan that may touch nothing else.

    ``outputs`` are those in the state. One that rests on what may be touched is worked out again, if all that
    it rests on is known; any other stays as it is.
    """
    resources = {address: one for address, one in desired.resources.items() if address in only}
    data = {address: one for address, one in desired.data.items() if address in only}
    known = {*resources, *data, *(address for address in objects if address not in only)}
    kept = {name: as_before(name, value) for name, value in outputs.items()}
    touched = {
        name: output
        for name, output in desired.outputs.items()
        if not output.references.isdisjoint(only) and output.references <= known
    }
    problems = {address: found for address, found in desired.problems.items() if address in only}
    return replace(
        desired, resources=resources, data=data, outputs=kept | touched, only=only, problems=problems
    )


def as_before(name: str, value: Value) -> Output:
    """An output that keeps the value that it has in the state."""
    return Output(value, frozenset(), isinstance(value, Digest), Place(f"output {name}", 1, 1))


class Users:
    """Who depends on an object at present, or lives in it."""

    def __init__(self, objects: Objects, types: Types) -> None:
        self._objects, self._types = objects, types
        self._dependents: dict[Address, list[Address]] = {}
        for address, recorded in objects.items():
            for other in recorded.depends_on:
                self._dependents.setdefault(other, []).append(address)

    def of(self, recorded: StateObject, fate: str) -> Iterator[tuple[Address, str]]:
        """All of them, each with the reason."""
        for address in self._dependents.get(recorded.address, ()):
            yield address, f"it depends on {recorded.address}, {fate}"
        yield from self.living_in(recorded, fate)

    def living_in(
        self, recorded: StateObject, fate: str, keys: Collection[str] | None = None
    ) -> Iterator[tuple[Address, str]]:
        """What lives in it, by any of its attributes or by some."""
        for address, other in self._objects.items():
            facts = self._types.type(address.type)
            for parent in facts.parents if facts else ():
                if (
                    parent.type == recorded.type
                    and other.provider == recorded.provider
                    and (keys is None or parent.key in keys)
                    and other.attributes.get(parent.attribute) == recorded.attributes.get(parent.key)
                ):
                    yield address, f"it lives in {recorded.address}, {fate}"


def _needs(address: Address, declarations: Mapping[Address, Declaration]) -> Iterator[tuple[Address, str]]:
    declaration = declarations.get(address)
    if declaration is not None:
        for other in sorted(declaration.references | declaration.depends_on, key=str):
            yield other, f"{address} needs it"


def renamed(change: Change) -> frozenset[str]:
    """The attributes that an update gives another value, or one that only the service will tell."""
    return frozenset(name for name, value in change.before.items() if change.after.get(name) != value)
