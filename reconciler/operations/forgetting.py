"""``state rm``: objects are forgotten. Nothing is called, so the service keeps them."""

import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from reconciler import codes
from reconciler.address import Address
from reconciler.diagnostics import Diagnostic
from reconciler.errors import Refused
from reconciler.graph import find_circle, in_order
from reconciler.operations.workspace import Workspace
from reconciler.operations.writing import new_run
from reconciler.plan.targets import which_is_meant
from reconciler.plan.world import Types
from reconciler.state.books import Forgotten, Removal
from reconciler.state.model import Committed, Failed, Intent, RunOutcome, StateObject
from reconciler.values import is_sensitive

ACTION = "forget"


def forget(workspace: Workspace, addresses: Sequence[Address]) -> Removal:
    """Forget objects and the steps on them that were cut off, in one transaction.

    What depends on them stays, and waits for them no longer. Raises Refused when nothing is recorded for
    one of the addresses; then all stay.
    """
    ledger = workspace.ledger
    objects, intents = ledger.objects(), ledger.open_intents()
    wanted = frozenset(addresses)
    _check(wanted, objects, intents)
    rewritten = list(_rewritten(objects, wanted))
    run = new_run(workspace, "rm")
    ledger.begin(run)
    kept = [Committed(run.id, step, one.address, one, "no-op") for step, one in enumerate(rewritten)]
    gone = [
        Committed(run.id, step, address, None, ACTION)
        for step, address in enumerate(_dependents_first(wanted, objects), len(kept))
    ]
    closed = [
        Failed(intent.run, intent.step, "forgotten with `state rm`")
        for intent in intents
        if intent.address in wanted and intent.address not in objects
    ]
    serial = ledger.record(results=[*kept, *gone, *closed])
    ledger.end(run.id, RunOutcome.DONE, workspace.clock.now())
    forgotten = [_forgotten(address, objects.get(address), workspace.registry) for address in addresses]
    return Removal(run.id, serial, tuple(dict.fromkeys(forgotten)), tuple(one.address for one in rewritten))


def _check(
    wanted: Iterable[Address], objects: Mapping[Address, StateObject], intents: Iterable[Intent]
) -> None:
    known = {*objects, *(intent.address for intent in intents)}
    problems = [
        Diagnostic(
            "nothing is recorded for this address",
            which_is_meant(address, known),
            address=str(address),
            code=codes.NOTHING_FOUND,
        )
        for address in sorted(wanted, key=str)
        if address not in known
    ]
    if problems:
        raise Refused(problems)


def _rewritten(objects: Mapping[Address, StateObject], wanted: frozenset[Address]) -> Iterator[StateObject]:
    for address, known in objects.items():
        if address not in wanted and not wanted.isdisjoint(known.depends_on):
            left = tuple(target for target in known.depends_on if target not in wanted)
            yield replace(known, depends_on=left)


def _dependents_first(wanted: Iterable[Address], objects: Mapping[Address, StateObject]) -> list[Address]:
    """So that no snapshot in between has an object without what it depends on."""
    edges = {
        address: objects[address].depends_on for address in sorted(wanted, key=str) if address in objects
    }
    return list(edges) if find_circle(edges) else in_order(edges)[::-1]


def _forgotten(address: Address, known: StateObject | None, types: Types) -> Forgotten:
    if known is None:
        return Forgotten(address, None, None)
    command = f"reconciler import {shlex.quote(str(address))} {shlex.quote(_import_id(known, types))}"
    return Forgotten(address, known.id, command)


def _import_id(known: StateObject, types: Types) -> str:
    """The natural key, with colons, if it decides and is recorded; the id otherwise."""
    resource_type = types.type(known.type)
    if resource_type is None or not resource_type.key_decides:
        return known.id
    values = [known.attributes.get(name) for name in resource_type.natural_key]
    if not values or any(value is None or is_sensitive(value) for value in values):
        return known.id
    return ":".join(map(str, values))
