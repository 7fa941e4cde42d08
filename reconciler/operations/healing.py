"""``watch --heal``: objects that somebody has changed or deleted become again what the state says.

It is the way back to the present serial, with the planner and the executor of every other run. Nobody looks
at the plan before it is carried out, so only what can do no harm is: what was changed is written back, and
what is missing is made again. Everything else is left for somebody to decide.
"""

import threading
from collections.abc import Collection, Container, Mapping
from dataclasses import dataclass, replace
from shlex import quote

from reconciler.address import Address
from reconciler.apply.outcome import Progress
from reconciler.apply.rollback import desired_at
from reconciler.errors import Refused
from reconciler.operations import applying, planning
from reconciler.operations.applying import Applied, Order
from reconciler.operations.patience import IN_A_ROW
from reconciler.operations.planning import Prospect
from reconciler.operations.recovering import settle
from reconciler.operations.rollback import HEALING
from reconciler.operations.workspace import Workspace
from reconciler.plan.action import Action
from reconciler.plan.change import Change, Drift, Plan
from reconciler.plan.desired import Desired
from reconciler.plan.holding import leave_out
from reconciler.plan.targets import narrowed
from reconciler.registry import Registry

COMMAND = HEALING
"""What the history of runs calls a run that restores."""

CONTESTED = (
    f"it was restored {IN_A_ROW} times in a row or more, and is different again: somebody else sets it, so "
    "it is left for a while"
)

_NAMED = 20
"""Objects that the reason of a run names; of more there is a count."""


@dataclass(frozen=True)
class Healing:
    """A plan that restores. ``left`` is, by address, why something is not restored without being told to."""

    prospect: Prospect
    left: Mapping[Address, str]

    @property
    def has_work(self) -> bool:
        """Whether it would write to a service."""
        return bool(self.prospect.plan.visible)


def prepare(workspace: Workspace, drifted: Collection[Address], apart: Mapping[Address, str]) -> Healing:
    """Plan how to restore what the state says, but for what is ``apart``, by address with the reason.

    What cannot be restored is left out, with what depends on it, and hinders nothing else; of what has not
    ``drifted`` nothing is said. Raises Refused for problems that belong to no resource alone, StateError,
    ProviderError and WrongAccount.
    """
    recovery = settle(workspace, in_part=True)
    ledger, stack = workspace.ledger, workspace.stack
    desired = desired_at(ledger, ledger.serial, stack.expression, workspace.registry, stack.outputs)
    # What would be removed is left out below; that there is much of it is no reason to restore nothing.
    unlimited = replace(workspace, stack=replace(stack, apply=replace(stack.apply, max_deletes=None)))
    left = {str(address): reason for address, reason in apart.items()}
    while True:
        try:
            prospect = planning.make(unlimited, _without(desired, left, workspace))
            break
        except Refused as refused:
            more = {found.address: found.summary for found in refused.diagnostics if found.address}
            if more.keys() <= left.keys():
                raise
            left = {**more, **left}
    reasons = {address: left[str(address)] for address in drifted if str(address) in left}
    plan, own = _within_reason(prospect.plan, desired, reasons, workspace)
    own = {address: reason for address, reason in own.items() if address in drifted}
    return Healing(replace(prospect, plan=plan, recovery=recovery), own)


def carry_out(workspace: Workspace, healing: Healing, progress: Progress, stop: threading.Event) -> Applied:
    """Restore, as a run of its own in the books, with what had drifted as its reason."""
    order = Order(COMMAND, progress, stop, why=_why(healing.prospect.plan), on_failure="continue")
    return applying.carry_out(workspace, healing.prospect, order)


def why_left(change: Change, registry: Registry) -> str:
    """Why a step is not taken unless somebody says so; empty for one that is.

    Nothing is deleted or replaced, whatever it is. Nothing is done that cannot be undone exactly. And what
    held other things, which are gone with it, is not made again empty: that can stand in the way of getting
    the real one back, as with a repository that its service keeps for a while.
    """
    if change.action in (Action.DELETE, Action.FORGET):
        return "the state does not want it to be there, and watch deletes and forgets nothing"
    if change.action is Action.REPLACE:
        forced = f" (because of {', '.join(change.forced_by)})" if change.forced_by else ""
        return f"it would have to be replaced{forced}, and watch deletes nothing"
    if change.irreversible:
        return f"that cannot be undone exactly: {change.irreversible}"
    facts = registry.type(change.address.type)
    lost = facts.irreversible.get("delete", "") if facts and change.action is Action.CREATE else ""
    if lost and _holds_others(change.address.type, registry):
        return f"it would be made anew and empty, and the old one may still be had back: {lost}"
    return ""


def remedy(address: Address, serial: int) -> str:
    """The command that does what was left, after it has shown it and asked."""
    return f"`reconciler rollback --to {serial} --target {quote(str(address))}` shows it and asks"


def _without(desired: Desired, left: Container[str], workspace: Workspace) -> Desired:
    """The same, for a plan that may not touch what is left."""
    objects, outputs = workspace.ledger.objects(), workspace.ledger.outputs()
    everything = {*desired.resources, *desired.problems, *objects}
    only = {address: "" for address in everything if str(address) not in left}
    return desired if len(only) == len(everything) else narrowed(desired, only, objects, outputs)


def _within_reason(
    plan: Plan, desired: Desired, left: Mapping[Address, str], workspace: Workspace
) -> tuple[Plan, Mapping[Address, str]]:
    """The plan without what somebody has to decide on and what depends on it, and why that is left."""
    objects, registry = workspace.ledger.objects(), workspace.registry
    reasons = {**left}
    for change in plan.visible:
        if reason := why_left(change, registry):
            reasons[change.address] = reason
    if not reasons:
        return plan, {}
    rest = leave_out(plan, desired, objects, registry, reasons)
    before = {found.address for found in plan.held}
    own = {found.address: found.reason for found in rest.held if found.address not in before}
    return rest, own


def _holds_others(type_name: str, registry: Registry) -> bool:
    """Whether objects of other types live in those of this one."""
    factory = registry.factory(type_name.partition("_")[0])
    types = factory.resource_types().values() if factory else ()
    return any(parent.type == type_name for facts in types for parent in facts.parents)


def _why(plan: Plan) -> str:
    """The reason of a run, for the books."""
    drifted = {found.address: found for found in plan.drift}
    told = [_told(change, drifted.get(change.address)) for change in plan.visible]
    more = f" and {len(told) - _NAMED:,} more" if len(told) > _NAMED else ""
    return f"restored what somebody else had changed: {', '.join(told[:_NAMED])}{more}"


def _told(change: Change, drift: Drift | None) -> str:
    if change.action is Action.CREATE:
        return f"{change.address} (missing)"
    names = drift.attributes if drift else tuple(sorted(change.changed))
    return f"{change.address} ({', '.join(names)})"
