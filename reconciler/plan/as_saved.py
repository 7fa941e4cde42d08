"""A plan that is made again for what was saved: narrowed to just that."""

from collections.abc import Collection, Mapping
from dataclasses import replace

from reconciler.address import Address
from reconciler.plan.action import Action
from reconciler.plan.change import Change, Plan
from reconciler.plan.desired import Desired
from reconciler.plan.exclusion import Spread
from reconciler.plan.review import same
from reconciler.plan.saved import SavedPlan
from reconciler.plan.targets import as_before, narrowed
from reconciler.plan.world import PlanState, Types
from reconciler.values import Unknown, is_known, reveal


def waiting_for(
    refused: Collection[Address], saved_plan: SavedPlan, desired: Desired, state: PlanState, types: Types
) -> dict[Address, str]:
    """The steps that cannot be taken without some others, each with the reason.

    What depends on one of them waits, and what one of them rests on is not deleted. What the plan leaves as
    it is has what it needs, and passes nothing on.
    """
    steps = {change.address for change in saved_plan.steps}
    edges = Spread(desired, state.objects, types)
    found: dict[Address, str] = {}
    waiting = [*refused]
    for address in waiting:
        for other, why in edges.of(address):
            if other in steps and other not in found and other not in refused:
                found[other] = why
                waiting.append(other)
    return found


def without(
    reach: Mapping[Address, str], left: Collection[Address], desired: Desired, state: PlanState
) -> dict[Address, str]:
    """What a plan may touch, without what is left out, nor what would see nothing in the place of that."""
    gone = {address for address in left if address not in state.objects}
    declared = {**desired.data, **desired.resources}
    return {
        address: why
        for address, why in reach.items()
        if address not in left and (address not in declared or declared[address].references.isdisjoint(gone))
    }


def part_of(
    saved_plan: SavedPlan, desired: Desired, reach: Mapping[Address, str], state: PlanState
) -> Desired:
    """What is desired of what the plan may touch; an output that it does not change stays as it is."""
    part = narrowed(desired, reach, state.objects, state.outputs)
    known = {*reach, *(address for address in state.objects if address not in reach)}
    outputs = {name: as_before(name, value) for name, value in state.outputs.items()}
    for output in saved_plan.plan.outputs:
        declared = desired.outputs.get(output.name)
        if output.is_removed:
            outputs.pop(output.name, None)
        elif output.is_changed and declared is not None and declared.references <= known:
            outputs[output.name] = declared
    return replace(part, outputs=outputs)


def only_what_was_saved(plan: Plan, saved_plan: SavedPlan) -> Plan:
    """The plan without steps that nobody has reviewed: what the saved one only rests on stays as it is."""
    known = {change.address: change for change in saved_plan.steps}
    extra = {
        change.address: change
        for change in plan
        if change.is_step and not _is_reviewed(change, known.get(change.address))
    }
    values = {
        address: change.before if change.live is not None else Unknown(str(address))
        for address, change in extra.items()
    }
    return replace(
        plan,
        changes=tuple(_at_rest(change) if change.address in extra else change for change in plan),
        values={**plan.values, **values},
        mode=saved_plan.plan.mode,
    )


def _at_rest(change: Change) -> Change:
    """The same resource, left as it is."""
    return replace(
        change, action=Action.NO_OP, records_anew=False, takes_over=False, follows=frozenset(), goes_with=None
    )


def _is_reviewed(change: Change, reviewed: Change | None) -> bool:
    """Whether somebody has seen that there is something to do, be it another thing than by now."""
    return reviewed is not None and (reviewed.is_visible or not change.is_visible)


def outputs_as_saved(plan: Plan, saved_plan: SavedPlan, state: PlanState) -> Plan:
    """The plan without outputs that have another value by now than the one that was reviewed."""
    meant = {output.name: output.after for output in saved_plan.plan.outputs}
    other = {
        output.name
        for output in plan.outputs
        if output.is_changed
        and not output.is_removed
        and is_known(reveal(meant[output.name]))
        and not same(meant[output.name], output.after, {}, state.sealer)
    }
    if not other:
        return plan
    declared = {name: output for name, output in plan.declared_outputs.items() if name not in other}
    kept = {name: as_before(name, value) for name, value in state.outputs.items() if name in other}
    return replace(
        plan,
        outputs=tuple(output for output in plan.outputs if output.name not in other),
        declared_outputs={**declared, **kept},
    )
