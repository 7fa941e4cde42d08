"""The way back: a snapshot as something desired, for the same planner and the same executor."""

from collections.abc import Container, Iterable, Mapping, Set
from dataclasses import dataclass, replace
from functools import partial
from types import MappingProxyType
from typing import Any

from reconciler import codes
from reconciler.address import Address
from reconciler.config.stack import Declaration, Lifecycle, Output, ReadAgain, Template, ValuePath
from reconciler.diagnostics import Diagnostic, Place
from reconciler.errors import InvalidConfiguration
from reconciler.plan.desired import Desired, Earlier
from reconciler.plan.world import Types
from reconciler.provider.facts import ResourceType
from reconciler.state.deposed import origin
from reconciler.state.ledger import Ledger
from reconciler.state.model import StateObject
from reconciler.values import Digest, Sealer, Sensitive, Value, holds, reveal

Reader = ReadAgain
"""Reads a recorded ``${…}`` again, with the stack's present variables and secrets."""


def desired_at(
    ledger: Ledger,
    serial: int,
    read: Reader,
    types: Types,
    declared: Mapping[str, Output] = MappingProxyType({}),
) -> Desired:
    """What a snapshot says should be.

    Its outputs are worked out again where they are still ``declared``, for what comes back may have got
    another id; others keep the value that they had.

    An attribute that only later runs declared is brought back too, where the snapshot knows what it was.
    What refers to another resource of the snapshot follows it; what refers to anything else (data, say)
    keeps the value that it had. What is secret is asked for again; where it cannot be had any more, that is
    among the problems of what is desired.
    """
    latest = ledger.objects()
    snapshot = each_once(ledger, serial, latest)
    problems: dict[Address, tuple[Diagnostic, ...]] = {}
    resources: dict[Address, Declaration] = {}
    earlier: dict[Address, Earlier] = {}
    for address, recorded in snapshot.items():
        resource_type = types.type(address.type)
        if resource_type is None:
            unknown = Diagnostic(
                "no provider has its type any more",
                "install the package of its provider again",
                address=str(address),
                code=codes.UNKNOWN_TYPE,
            )
            problems[address] = (unknown,)
            continue
        then = _Then(recorded, latest.get(address), frozenset(snapshot), ledger.sealer, serial)
        resources[address], earlier[address], found = _declaration(then, resource_type, read)
        if found:
            problems[address] = tuple(found)
    outputs = {}
    for name, value in ledger.outputs(serial).items():
        known = declared.get(name)
        can_be_had = known is not None and known.references <= snapshot.keys()
        was = Output(value, frozenset(), isinstance(value, Digest), _place(serial))
        outputs[name] = known if known is not None and can_be_had else was
    return Desired(
        resources,
        {},
        outputs,
        removal=f"it was not there at serial {serial}",
        stays=_adopted_since(ledger, serial, latest),
        same=_same_objects(snapshot, latest),
        earlier=earlier,
        problems=problems,
    )


def each_once(
    ledger: Ledger, serial: int, latest: Mapping[Address, StateObject]
) -> dict[Address, StateObject]:
    """The objects at a serial, each under one address.

    While a run gives an object another address, both have it: between the step that takes it over and the
    one that forgets. Only the address that the object has by now counts then, or else the one that took it.
    What was only left to be removed, since another object had its address, is not to come back.
    """
    snapshot = {
        address: known for address, known in ledger.objects(serial).items() if origin(address) is None
    }
    found: dict[tuple[str, str, str], list[Address]] = {}
    for address, recorded in snapshot.items():
        found.setdefault(_identity(recorded), []).append(address)
    doubled = {which: addresses for which, addresses in found.items() if len(addresses) > 1}
    if not doubled:
        return snapshot
    since = {step.address: step.serial for step in ledger.snapshots() if step.serial <= serial}
    for which, addresses in doubled.items():
        owners = [
            address for address in addresses if address in latest and _identity(latest[address]) == which
        ]
        keeper = max(owners or addresses, key=lambda address: since.get(address, 0))
        for address in addresses:
            if address != keeper:
                del snapshot[address]
    return snapshot


def _adopted_since(ledger: Ledger, serial: int, latest: Mapping[Address, StateObject]) -> dict[Address, str]:
    """The addresses of what was there before it was ours: somebody else made it."""
    adopted = {_identity(known) for known in ledger.adopted(serial)}
    reason = f"no run of ours made it: it was taken over after serial {serial}"
    return {address: reason for address, known in latest.items() if _identity(known) in adopted}


def _same_objects(
    snapshot: Mapping[Address, StateObject], latest: Mapping[Address, StateObject]
) -> dict[Address, Address]:
    """Of the addresses that are no more: the one that has the object by now."""
    owners = {_identity(recorded): address for address, recorded in latest.items()}
    found = {
        address: owners.get(_identity(known)) for address, known in snapshot.items() if address not in latest
    }
    return {address: owner for address, owner in found.items() if owner is not None}


def _identity(recorded: StateObject) -> tuple[str, str, str]:
    return recorded.provider, recorded.type, recorded.id


@dataclass(frozen=True, slots=True)
class _Then:
    """An object as a snapshot knows it, and what is known beside it."""

    recorded: StateObject
    later: StateObject | None
    """The same as the state knows it by now."""
    snapshot: frozenset[Address]
    sealer: Sealer
    serial: int

    def attribute(self, name: str) -> Value:
        """What was asked for then, or was there."""
        return self.recorded.declared.get(name, self.recorded.attributes.get(name))

    def is_still(self, name: str) -> bool:
        """Whether the attribute is by now what it was then."""
        later = self.later.declared if self.later else {}
        return name in later and bool(later[name] == self.attribute(name))


def _declaration(
    then: _Then, resource_type: ResourceType, read: Reader
) -> tuple[Declaration, Earlier, list[Diagnostic]]:
    """A resource as it is to be again, what is known of it beside that, and what is wrong with it."""
    recorded = then.recorded
    problems: list[Diagnostic] = []
    asked_again: dict[str, str] = {}
    kept: dict[str, str] = {}
    attributes: dict[str, Template] = {**recorded.declared, **_declared_later(then, resource_type)}
    references: set[Address] = set()
    sources: dict[ValuePath, str] = {}
    left_alone: set[str] = set()
    for pointer, source in recorded.expressions.items():
        name, *_ = _steps(pointer)
        if name in left_alone or name not in attributes:
            continue  # the changes of what is not there are ignored
        try:
            template = read(source, recorded.address)
        except InvalidConfiguration as invalid:
            is_secret = isinstance(_at(recorded.declared, pointer), Digest)
            if is_secret and then.is_still(name):
                left_alone.add(name)
            elif not is_secret:
                sources[tuple(_steps(pointer))] = source
                kept[name] = source
            else:
                address = str(recorded.address)
                problems += [replace(problem, address=address) for problem in invalid.diagnostics]
            continue
        if isinstance(template, Sensitive):
            if not _same(template, _at(recorded.declared, pointer), then.sealer):
                if then.is_still(name):
                    left_alone.add(name)
                    continue
                problems.append(_changed_secret(recorded.address, pointer, source))
            sources[tuple(_steps(pointer))] = source
            asked_again[name] = source
        needed: frozenset[Address] = getattr(template, "references", frozenset())
        if needed <= then.snapshot:
            references |= needed
            attributes = _put(attributes, pointer, template)
        else:
            sources[tuple(_steps(pointer))] = source
            kept[name] = source
    sealed = [name for name, value in attributes.items() if holds(value, Digest)]
    left_alone.update(filter(then.is_still, sealed))
    if lost := sorted(set(sealed) - left_alone):
        problems.append(_lost(recorded.address, lost))
    every = {tuple(_steps(pointer)): source for pointer, source in recorded.expressions.items()}
    sources |= {path: source for path, source in every.items() if path[0] in left_alone}
    return (
        _declared_again(then, attributes, references, sources, left_alone),
        Earlier(recorded.id, _without(left_alone, asked_again), _without(left_alone, kept)),
        problems,
    )


def _declared_again(
    then: _Then,
    attributes: Mapping[str, Template],
    references: Set[Address],
    sources: Mapping[ValuePath, str],
    left_alone: Set[str],
) -> Declaration:
    recorded = then.recorded
    return Declaration(
        recorded.address,
        recorded.provider,
        {name: value for name, value in attributes.items() if name not in left_alone},
        frozenset(references),
        frozenset(recorded.depends_on) - references,
        Lifecycle(recorded.prevent_destroy, on_destroy=recorded.on_destroy),
        partial(_somewhere, _place(then.serial)),
        sources=sources,
        left_alone={name: then.attribute(name) for name in left_alone},
    )


def _without(names: Container[str], expressions: Mapping[str, str]) -> dict[str, str]:
    return {name: source for name, source in expressions.items() if name not in names}


def _declared_later(then: _Then, resource_type: ResourceType) -> dict[str, Value]:
    """What only later runs declared, as it was then, where that is known."""
    recorded = then.recorded
    return {
        name: recorded.attributes[name]
        for name in (then.later.declared if then.later else ())
        if name not in recorded.declared
        and name in recorded.attributes
        and name in resource_type.attributes
        and not resource_type.attributes[name].is_computed
    }


def _changed_secret(address: Address, pointer: str, source: str) -> Diagnostic:
    return Diagnostic(
        f"{pointer[1:]} came from {source}, which has another value today",
        "set the secret to what it was then, and roll back again",
        None,
        str(address),
        code=codes.SECRET_LOST,
    )


def _lost(address: Address, names: Iterable[str]) -> Diagnostic:
    return Diagnostic(
        f"{', '.join(names)} cannot be restored: only a keyed hash of it was kept",
        "declare it as ${secret.NAME}, so that it can be asked for again",
        None,
        str(address),
        code=codes.SECRET_LOST,
    )


def _somewhere(place: Place, _: ValuePath) -> Place:
    return place


def _same(now: Sensitive, then: Value, sealer: Sealer) -> bool:
    return bool(sealer.digest(reveal(now)) == then)


def _steps(pointer: str) -> list[str]:
    return [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]


def _at(value: Value, pointer: str) -> Value:
    for step in _steps(pointer):
        if isinstance(value, list):
            value = value[int(step)] if int(step) < len(value) else None
        else:
            value = value.get(step) if isinstance(value, Mapping) else None
    return value


def _put(attributes: Mapping[str, Template], pointer: str, part: Template) -> dict[str, Template]:
    """A copy in which the part at the pointer is another; the rest is shared."""

    def put(value: Any, steps: list[str]) -> Any:
        if not steps:
            return part
        if isinstance(value, list):
            index = int(steps[0])
            return [*value[:index], put(value[index], steps[1:]), *value[index + 1 :]]
        return {**value, steps[0]: put(value[steps[0]], steps[1:])}

    return dict(put(dict(attributes), _steps(pointer)))


def _place(serial: int) -> Place:
    return Place(f"snapshot {serial}", 1, 1)
