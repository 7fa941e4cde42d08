"""Saving a plan, and carrying out what was saved: just that, and of it only what is still as it was.

What a saved plan touches and rests on is read again, and its changes are worked out again from that, from the
very same configuration. A change is carried out if it comes out as it was reviewed, and refused otherwise,
with what depends on it. Nothing is done that is not in the plan.
"""

import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from reconciler import __version__, codes
from reconciler.address import Address
from reconciler.apply.rollback import desired_at
from reconciler.diagnostics import Diagnostic
from reconciler.errors import Refused
from reconciler.operations import holds, planning, rollback
from reconciler.operations.connections import check_accounts
from reconciler.operations.planning import Prospect
from reconciler.operations.workspace import Workspace
from reconciler.plan.action import Action, ActionReason, Mode
from reconciler.plan.as_saved import (
    only_what_was_saved,
    outputs_as_saved,
    part_of,
    waiting_for,
    without,
)
from reconciler.plan.change import Change, Plan
from reconciler.plan.desired import Desired
from reconciler.plan.holding import leave_out
from reconciler.plan.refactoring import refactored
from reconciler.plan.review import (
    Difference,
    entry_differences,
    object_differences,
    outcome_differences,
)
from reconciler.plan.saved import SavedPlan, SavedWay
from reconciler.plan.targets import scope
from reconciler.plan.world import PlanState, type_of
from reconciler.state.model import RunOutcome
from reconciler.values import is_sensitive

_PLAN_AGAIN = "look at it, and make the plan again"
_PART = "part of "


@dataclass(frozen=True)
class Reviewed:
    """What of a saved plan can be carried out; the rest is held back in its plan, each with the reason.

    ``where`` is where a rollback goes.
    """

    prospect: Prospect
    where: rollback.Target | None = None


def saved(
    workspace: Workspace,
    prospect: Prospect,
    *,
    where: rollback.Target | None = None,
) -> SavedPlan:
    """A plan as it can be saved; ``where`` for a rollback."""
    stack, setting, sealer = workspace.stack, workspace.setting, workspace.ledger.sealer
    way = None
    if where is not None:
        undone = tuple(run.id for run in where.undone)
        way = SavedWay(where.serial, undone, prospect.plan.only is None)
    return SavedPlan(
        secrets.token_hex(8),
        workspace.clock.now(),
        __version__,
        stack.name,
        stack.environment,
        setting.realm,
        _configuration(workspace),
        prospect.accounts,
        prospect.plan,
        sealer.seal(sealer.hide(dict(stack.variables))),
        {
            name: text
            for name, text in setting.variables.items()
            if not is_sensitive(stack.variables.get(name)) and not sealer.shows_secret(text)
        },
        tuple(
            change.address
            for change in prospect.plan
            if change.action_reason is ActionReason.REPLACE_BY_REQUEST
        ),
        way,
    )


def note(saved_plan: SavedPlan, reviewed: Reviewed) -> str:
    """What the history says of a run that carries out a saved plan, or what is left of it."""
    return f"{_PART if reviewed.prospect.plan.held else ''}{_name(saved_plan)}"


def _name(saved_plan: SavedPlan) -> str:
    return f"saved plan {saved_plan.id}"


def _is_whole(why: str, saved_plan: SavedPlan) -> bool:
    """Whether a run's note is what ``cli.saved`` writes of a whole plan; people may speak of plans, too."""
    name = _name(saved_plan)
    return why == name or why.endswith(f" ({name})")


def review(
    workspace: Workspace, saved_plan: SavedPlan, *, again: bool = False, parallelism: int | None = None
) -> Reviewed:
    """What of a saved plan may be carried out as things are.

    Raises Refused for one that may not be at all: of another configuration, applied already, or of a
    configuration that was rolled back since, unless ``again``; and as ``planning.make`` does.
    """
    _check(workspace, saved_plan, again=again)
    desired, where = _desired(workspace, saved_plan)
    recovery, state = planning.settled_state(workspace, in_part=True)
    desired, state = refactored(desired, state)
    refused = dict(_refused_entries(saved_plan, state, workspace))
    reach = _reach(saved_plan, desired, state, workspace)
    unlimited = replace(
        workspace, stack=replace(workspace.stack, apply=replace(workspace.stack.apply, max_deletes=None))
    )
    while True:
        waiting = waiting_for(refused, saved_plan, desired, state, workspace.registry)
        left = without(reach, refused.keys() | waiting.keys(), desired, state)
        part = part_of(saved_plan, desired, left, state)
        try:
            prospect = planning.make(unlimited, part, parallelism=parallelism)
            break
        except Refused as error:
            more = {
                address: found
                for found in error.diagnostics
                if found.address and (address := Address.parse(found.address)) in reach
            }
            if more.keys() <= refused.keys():
                raise
            refused = {**more, **refused}
    check_accounts(prospect.accounts, saved_plan.accounts)
    plan = only_what_was_saved(prospect.plan, saved_plan)
    plan = outputs_as_saved(plan, saved_plan, state)
    refused |= _refused_changes(plan, saved_plan, workspace, refused.keys() | waiting.keys())
    visible = {change.address for change in saved_plan.plan.visible}
    also = {address: why for address, why in waiting.items() if address in visible}
    plan = _without(plan, refused, also, part, state, workspace)
    if plan.held and not plan.has_changes:
        plan = replace(plan, changes=tuple(change for change in plan if not change.is_step))
    if recovery.settled:
        prospect = replace(prospect, recovery=recovery)
    cost = planning.cost_of(workspace, plan, prospect.providers, prospect.ready, parallelism)
    return Reviewed(replace(prospect, plan=plan, cost=cost), where)


def _check(workspace: Workspace, saved_plan: SavedPlan, *, again: bool) -> None:
    if saved_plan.configuration != _configuration(workspace):
        raise Refused(
            [
                Diagnostic(
                    "the configuration has changed since this plan was made",
                    "make the plan again: what was reviewed is not what the stack declares by now",
                    code=codes.OTHER_CONFIGURATION,
                )
            ]
        )
    for run in workspace.ledger.runs():
        if run.outcome is RunOutcome.DONE and _is_whole(run.why, saved_plan):
            raise Refused(
                [
                    Diagnostic(
                        f"this plan was applied already, by {run.who} at {run.started:%Y-%m-%d %H:%M %Z}, "
                        f"run {run.id}: its objects are no longer as it found them",
                        "make a plan again to see what is left to do",
                        code=codes.PLAN_APPLIED,
                    )
                ]
            )
    if saved_plan.plan.mode is Mode.NORMAL and saved_plan.way is None and not again:
        holds.check(workspace.ledger, workspace.stack.digest())


def _configuration(workspace: Workspace) -> str:
    return workspace.ledger.sealer.digest(workspace.stack.digest()).hexadecimal


def _desired(workspace: Workspace, saved_plan: SavedPlan) -> tuple[Desired, rollback.Target | None]:
    """What the plan works towards, and where that is for a rollback."""
    stack, ledger = workspace.stack, workspace.ledger
    if saved_plan.way is not None:
        where = rollback.target(ledger, str(saved_plan.way.serial))
        undone = tuple(run for run in where.undone if run.id in saved_plan.way.undone)
        there = desired_at(ledger, where.serial, stack.expression, workspace.registry, stack.outputs)
        if not saved_plan.way.is_whole:
            there = replace(there, outputs={**stack.outputs, **there.outputs})
        return there, replace(where, undone=undone)
    if saved_plan.plan.mode is Mode.DESTROY:
        return Desired.nothing(stack), None
    if saved_plan.plan.mode is Mode.REFRESH_ONLY:
        return Desired.as_it_is(stack.outputs), None
    return replace(Desired.of(stack), replaced=frozenset(saved_plan.replaced)), None


def _refused_entries(
    saved_plan: SavedPlan, state: PlanState, workspace: Workspace
) -> Iterator[tuple[Address, Diagnostic]]:
    """What the state knows otherwise by now."""
    for change in saved_plan.steps:
        if not change.address.is_data:
            facts = type_of(workspace.registry, change.address)
            if found := list(entry_differences(change, state.objects, facts, state.sealer)):
                yield change.address, _problem(change.address, found)


def _reach(
    saved_plan: SavedPlan, desired: Desired, state: PlanState, workspace: Workspace
) -> Mapping[Address, str]:
    """All that the plan touches and rests on."""
    seeds = {change.address: "" for change in saved_plan.steps}
    if saved_plan.plan.mode is Mode.REFRESH_ONLY:
        return {address: why for address, why in seeds.items() if address in state.objects}
    for output in saved_plan.plan.outputs:
        if output.is_changed and output.name in desired.outputs:
            seeds |= {address: seeds.get(address, "") for address in desired.outputs[output.name].references}
    reach = scope(seeds, desired, state.objects, workspace.registry)
    only = saved_plan.plan.only
    return reach if only is None else {one: why for one, why in reach.items() if one in only}


def _refused_changes(
    plan: Plan, saved_plan: SavedPlan, workspace: Workspace, known: set[Address]
) -> Iterator[tuple[Address, Diagnostic]]:
    """The changes that do not come out as they were reviewed; what only the state would note is let be."""
    held = {found.address for found in plan.held}
    is_refresh = plan.mode is Mode.REFRESH_ONLY
    for change in saved_plan.steps:
        if change.address in known or change.address in held or not (change.is_visible or is_refresh):
            continue
        fresh = plan.by_address.get(change.address)
        if found := list(_differences(change, fresh, workspace)):
            yield change.address, _problem(change.address, found)


def _differences(change: Change, fresh: Change | None, workspace: Workspace) -> Iterator[Difference]:
    facts, sealer = type_of(workspace.registry, change.address), workspace.ledger.sealer
    if fresh is None:
        yield Difference(
            f"it was to {change.action}, and there is nothing to do by now", codes.RESTS_ON_OTHER
        )
        return
    identity = fresh.live.id if fresh.live is not None else None
    found = []
    if change.action is not Action.READ and (change.action is not Action.FORGET or change.live is not None):
        found = list(object_differences(change, fresh.before, identity, facts, sealer))
    yield from found or outcome_differences(change, fresh, facts, sealer)


def _without(
    plan: Plan,
    refused: Mapping[Address, Diagnostic],
    also: Mapping[Address, str],
    desired: Desired,
    state: PlanState,
    workspace: Workspace,
) -> Plan:
    """The plan without what is refused and what depends on that, which it names; ``also`` is out already."""
    if not refused:
        return plan
    reasons = {**also, **{address: problem.summary for address, problem in refused.items()}}
    rest = leave_out(plan, desired, state.objects, workspace.registry, reasons)
    held = tuple(
        replace(found, error=Refused([refused[found.address]]))
        if found.address in refused and found.because is None and found.error is None
        else found
        for found in rest.held
    )
    return replace(rest, held=held)


def _problem(address: Address, differences: list[Difference]) -> Diagnostic:
    text = "; ".join(found.text for found in differences)
    return Diagnostic(text, _PLAN_AGAIN, address=str(address), code=differences[0].code)
