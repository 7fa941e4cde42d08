"""Replaying what was deferred: looked at again first, and done without asking where it still holds."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from reconciler import codes
from reconciler.address import Address
from reconciler.diagnostics import Diagnostic, did_you_mean
from reconciler.errors import Refused
from reconciler.operations import planning, targeting
from reconciler.operations.deferring import is_expired, moot
from reconciler.operations.planning import Prospect
from reconciler.operations.workspace import Workspace
from reconciler.plan.change import Change, Plan
from reconciler.plan.deferral import deferral_of, has_changed
from reconciler.plan.desired import Desired
from reconciler.plan.holding import leave_out
from reconciler.plan.record import sealed_key
from reconciler.plan.world import type_of
from reconciler.provider.facts import ResourceType
from reconciler.provider.objects import ObjectKey
from reconciler.state.ledger import Ledger
from reconciler.state.model import Deferred, RunOutcome

_REMOVALS = ("delete", "forget")
_MAKES = ("create", "replace")
_REST = {"replace": ("create", "update"), "create": ("update",)}
"""What may be left of an action that was begun."""


@dataclass(frozen=True)
class Look:
    """What has become of the queue.

    ``prospect`` is the plan for all of it as things are now. ``differing`` are those of its changes that are
    not what was deferred, each with the reason; ``settled`` has no change left to make.
    """

    prospect: Prospect
    desired: Desired
    differing: Mapping[Address, str]
    settled: tuple[Address, ...]


def sorted_by_age(workspace: Workspace) -> tuple[tuple[Deferred, ...], tuple[Deferred, ...]]:
    """The queue in its order: what may be done, and what has expired."""
    now, queue = workspace.clock.now(), workspace.ledger.deferred()
    expired = tuple(one for one in queue if is_expired(one, now))
    return tuple(one for one in queue if one not in expired), expired


def look(workspace: Workspace, queue: Sequence[Deferred], *, parallelism: int | None = None) -> Look | None:
    """Plan what the queue comes to, from the stack's files and the services as they are now.

    What a sync that was cut off has done comes along, so that the outputs follow. None when nothing of all
    that is declared or recorded any more (see ``gone``). Raises as ``targeting.make`` does.
    """
    entries = {one.address: one for one in queue}
    touched = _touched(workspace.ledger)
    if not entries.keys() | touched:
        return None
    recovery, state = planning.settled_state(workspace, in_part=True)
    desired = Desired.of(workspace.stack)
    known = (entries.keys() | touched) & {*desired.resources, *state.objects}
    if not known:
        return None
    prospect = targeting.make(workspace, desired, known, parallelism=parallelism, defers=True)
    if recovery.settled:
        prospect = replace(prospect, recovery=recovery)
    plan = _with_queue(prospect.plan, entries)
    differing = {}
    for change in plan.visible:
        if reason := _difference(workspace, change, entries.get(change.address)):
            differing[change.address] = reason
    return Look(replace(prospect, plan=plan), desired, differing, moot(workspace.ledger, plan))


def gone(workspace: Workspace, queue: Sequence[Deferred]) -> tuple[Address, ...]:
    """The addresses in the queue that are neither declared nor recorded any more, once all is settled."""
    known = {*workspace.stack.resources, *workspace.ledger.objects()}
    return tuple(one.address for one in queue if one.address not in known)


def _touched(ledger: Ledger) -> set[Address]:
    """What syncs have done that were cut off since the last run that ended."""
    cut_off = set()
    for run in reversed(ledger.runs()):
        if run.outcome is not RunOutcome.RUNNING:
            break
        if run.command == "sync":
            cut_off.add(run.id)
    return {step.address for step in ledger.snapshots() if step.run in cut_off} if cut_off else set()


def still_holding(workspace: Workspace, found: Look, parallelism: int | None = None) -> Prospect:
    """The part of the plan that is what was deferred, without what depends on the rest."""
    plan, types = found.prospect.plan, workspace.registry
    rest = leave_out(plan, found.desired, workspace.ledger.objects(), types, found.differing)
    rest = replace(rest, held=plan.held)
    cost = planning.cost_of(workspace, rest, found.prospect.providers, found.prospect.ready, parallelism)
    return replace(found.prospect, plan=rest, cost=cost)


def drop(ledger: Ledger, addresses: Collection[Address] | None) -> tuple[Address, ...]:
    """Take writes out of the queue, all with None; returns their addresses in the queue's order.

    Raises Refused for an address that is not in it; then nothing is taken out.
    """
    queue = [one.address for one in ledger.deferred()]
    if addresses is None:
        dropped = tuple(queue)
    else:
        problems = [
            Diagnostic(
                "nothing is deferred at this address",
                did_you_mean(str(address), map(str, queue)) or "`reconciler sync --list` shows the queue",
                address=str(address),
                code=codes.NOTHING_FOUND,
            )
            for address in addresses
            if address not in queue
        ]
        if problems:
            raise Refused(problems)
        dropped = tuple(address for address in queue if address in addresses)
    if dropped:
        ledger.drop(dropped)
    return dropped


def _with_queue(plan: Plan, known: Mapping[Address, Deferred]) -> Plan:
    """The plan, in which nothing is put off that was not before: that would need somebody's yes."""
    held = (one if one.address in known else replace(one, deferral=None) for one in plan.held)
    return replace(plan, held=tuple(held))


def _difference(workspace: Workspace, change: Change, entry: Deferred | None) -> str:
    """Why a change is not what was deferred; empty when it is."""
    if entry is None:
        return "it was not deferred itself, and has to come along"
    sealer, resource_type = workspace.ledger.sealer, type_of(workspace.registry, change.address)
    meant = deferral_of(change, sealer)
    if entry.declared != meant.declared:
        return "it is declared otherwise since it was deferred"
    if entry.action in _MAKES and change.takes_over and _is_our_own(workspace, change, resource_type):
        return ""  # what was to be made is there: our own call has made it, or a run of ours let go of it
    if not _is_same_action(workspace, entry, change):
        return f"it was to {entry.action}, and as things are it would {change.action}"
    if has_changed(change, resource_type, sealer) and (not entry.seen or meant.seen != entry.seen):
        return "somebody has changed it in the service since it was deferred"
    return ""


def _is_our_own(workspace: Workspace, change: Change, resource_type: ResourceType) -> bool:
    """Whether an object that is taken over became ours without anybody having said that it should be."""
    declaration, live = change.declaration, change.live
    if declaration is None or live is None or declaration.lifecycle.on_exists != "adopt":
        return True
    values = tuple(live.attributes.get(name) for name in resource_type.natural_key)
    key = sealed_key(ObjectKey(live.type, values), workspace.ledger.sealer)
    return any(
        key in known.side_effects
        for known in workspace.ledger.objects().values()
        if known.provider == change.provider
    )


def _is_same_action(workspace: Workspace, entry: Deferred, change: Change) -> bool:
    """Whether a change is what was deferred, or what a run of ours has left of it that was cut off."""
    action = str(change.action)
    if entry.action == action or (entry.action in _REMOVALS and action in _REMOVALS):
        return True
    if action not in _REST.get(entry.action, ()):
        return False
    return any(
        step.address == entry.address and (step.run == entry.run or step.when > entry.when)
        for step in workspace.ledger.snapshots()
    )
