"""From what is desired and what is there to a plan."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from reconciler import codes
from reconciler.address import Address
from reconciler.config.collector import collector_paused
from reconciler.diagnostics import Diagnostic, Diagnostics
from reconciler.errors import InvalidConfiguration, ProviderError, Refused
from reconciler.plan.action import Action, Mode
from reconciler.plan.ages import cached, dated
from reconciler.plan.change import Change, Plan, PlannedOutput
from reconciler.plan.checks import checked
from reconciler.plan.compare import matches
from reconciler.plan.desired import Desired
from reconciler.plan.draft import Draft
from reconciler.plan.drift import drift
from reconciler.plan.evaluate import evaluate
from reconciler.plan.freed import in_turn
from reconciler.plan.lookups import unmet
from reconciler.plan.parents import with_parents
from reconciler.plan.refresh import find
from reconciler.plan.refresh_only import known_outputs, taken_over
from reconciler.plan.removals import removals
from reconciler.plan.walk import walk
from reconciler.plan.way_back import annotated
from reconciler.plan.world import PlanState, Types, World
from reconciler.provider.facts import ResourceType
from reconciler.provider.objects import ReadResult
from reconciler.provider.protocol import Provider
from reconciler.state.model import StateObject
from reconciler.values import Sensitive, Value, is_known, reveal

_NONE: Mapping[str, ProviderError] = {}


def make_plan(
    desired: Desired,
    state: PlanState,
    *,
    types: Types,
    providers: Mapping[str, Provider],
    live: Mapping[Address, ReadResult],
    max_deletes: int | None = None,
    allow_unread: bool = False,
    hold_unread: bool = False,
    silent: Mapping[str, ProviderError] = _NONE,
) -> Plan:
    """The plan that leads from what is there to what is desired.

    ``live`` answers for every object of the state that may be touched (see ``refresh``). Objects that might
    be there already are looked for in bulk, and again only where an answer raises a new question. Raises
    Refused with all problems together; what could not be read is one unless ``hold_unread``, and no problem
    refuses with ``allow_unread``, for drift. ``silent`` providers are not asked (see ``refresh``).
    """
    if desired.problems:
        raise Refused(problem for found in desired.problems.values() for problem in found)
    desired = with_parents(desired, types)
    world = World(state, types, providers, live)
    if desired.mode is Mode.REFRESH_ONLY:
        draft, removed = taken_over(desired, world), []
        desired = replace(desired, outputs=known_outputs(desired.outputs, draft.values, state.outputs))
    else:
        draft = _walked(desired, world, silent)
        removed = removals(draft, _undeclared(desired, state), world)
    planned = in_turn(draft, (*draft.changes.values(), *removed))
    changes = tuple(annotated(planned, desired, types))
    told = cached(changes, desired, world)
    changes = tuple(_moved(dated(changes, desired, told), state.moved_from))
    problems = draft.problems
    if not allow_unread:
        problems.extend(() if hold_unread else _unread(draft))
        problems.extend(map(unmet, draft.expectations))
    problems.extend(_forbidden(changes, world, max_deletes))
    outputs = _outputs(desired, draft, state, problems)
    if problems.has_errors and not allow_unread:
        raise Refused(problems)
    plan = Plan(
        changes,
        state.serial,
        state.lineage,
        draft.values,
        outputs,
        desired.outputs,
        tuple(drift(world)),
        tuple(draft.expectations),
        tuple(draft.unread),
        tuple(desired.data),
        desired.only,
        cached=told,
        mode=desired.mode,
        excluded=desired.excluded,
        is_refreshed=desired.is_refreshed,
        moved_from=state.moved_from,
    )
    return replace(plan, checks=checked(desired.sections.checks, plan)) if desired.sections.checks else plan


def _moved(changes: tuple[Change, ...], moved_from: Mapping[Address, Address]) -> Iterator[Change]:
    for change in changes:
        old = moved_from.get(change.address)
        yield change if old is None else replace(change, moved_from=old)


def _walked(desired: Desired, world: World, silent: Mapping[str, ProviderError]) -> Draft:
    with collector_paused():
        draft = walk(desired, world)
    while draft.wanted:
        world.found.update(find(draft.wanted, world.providers, silent))
        draft = walk(desired, world)
    return draft


def _undeclared(desired: Desired, state: PlanState) -> Mapping[Address, StateObject]:
    return {
        address: recorded
        for address, recorded in desired.within(state.objects).items()
        if address not in desired.resources
    }


def _outputs(
    desired: Desired, draft: Draft, state: PlanState, problems: Diagnostics
) -> tuple[PlannedOutput, ...]:
    outputs = []
    for name in {**state.outputs, **desired.outputs}:
        after: Value = None
        known = False
        declared = desired.outputs.get(name)
        if declared is not None:
            try:
                after = evaluate(declared.value, draft.values.__getitem__)
            except InvalidConfiguration as invalid:
                problems.extend(invalid.diagnostics)
            known = is_known(after)
            if declared.is_sensitive and not isinstance(after, Sensitive):
                after = Sensitive(after)
        hidden = declared.is_sensitive if declared else False
        before = state.outputs.get(name)
        same = known and name in state.outputs and matches(after, before, {}, state.sealer)
        outputs.append(PlannedOutput(name, before, after, hidden, declared is None, not same))
    return tuple(outputs)


def _unread(draft: Draft) -> list[Diagnostic]:
    return [
        Diagnostic(
            f"it could not be read, so nothing can be planned: {found.error}",
            found.error.advice,
            address=str(found.address),
            code=found.error.code,
        )
        for found in draft.unread
    ]


def _forbidden(changes: tuple[Change, ...], world: World, max_deletes: int | None) -> Iterator[Diagnostic]:
    """What the stack, or a type, does not allow a plan to do."""
    yield from _protected(changes)
    yield from _unconfirmed(changes, world)
    yield from _staying(changes, world)
    yield from _too_many(changes, max_deletes)


def _protected(changes: tuple[Change, ...]) -> list[Diagnostic]:
    return [
        Diagnostic(
            "it would be replaced, and lifecycle.prevent_destroy forbids that"
            + (f" (because of {', '.join(change.forced_by)})" if change.forced_by else ""),
            "undo the change that forces the replacement, or set prevent_destroy: false",
            change.declaration.place_of(("lifecycle", "prevent_destroy")),
            address=str(change.address),
            code=codes.PROTECTED,
        )
        for change in changes
        if change.declaration and change.declaration.lifecycle.prevent_destroy and change.action.removes
    ]


def _unconfirmed(changes: tuple[Change, ...], world: World) -> list[Diagnostic]:
    """Objects that would be replaced although their type wants that to be declared, and it is not."""
    found = []
    for change in changes:
        needed = world.type_of(change.address).replace_needs if change.action is Action.REPLACE else ""
        if needed and change.declaration and change.planned.get(needed) is not True:
            found.append(
                Diagnostic(
                    f"it would be replaced (because of {', '.join(change.forced_by) or change.reason}), and "
                    f"that must be declared: {change.irreversible or 'it cannot be undone'}",
                    f"undo the change, or declare {needed}: true",
                    change.declaration.place_of(()),
                    address=str(change.address),
                    code=codes.REPLACEMENT,
                )
            )
    return found


def _staying(changes: tuple[Change, ...], world: World) -> list[Diagnostic]:
    """Objects that would be made anew although the old one is never deleted, and so keeps its name."""
    found = []
    for change in changes:
        declaration = change.declaration
        if change.action is not Action.REPLACE or declaration is None or change.goes_with is not None:
            continue
        because = f" (because of {', '.join(change.forced_by)})" if change.forced_by else ""
        if declaration.lifecycle.on_destroy not in (None, "delete"):
            summary = f"with lifecycle.on_destroy: {change.how} the old object stays"
            advice = "undo the change that forces the replacement, or set on_destroy: delete"
        elif _keeps_name(change, world.type_of(change.address)):
            summary = f"the service offers only to {change.how} the old object, which keeps its name"
            advice = "undo what asks for the replacement, or give it another name with it"
        else:
            continue
        place = declaration.place_of(("lifecycle", "on_destroy"))
        address = str(change.address)
        found.append(
            Diagnostic(
                f"it would be replaced, and {summary}{because}",
                advice,
                place,
                address,
                code=codes.REPLACEMENT,
            )
        )
    return found


def _keeps_name(change: Change, resource_type: ResourceType) -> bool:
    """Whether the new object is to have the name of the old one, which is there all the same."""
    is_one = resource_type.key_decides and change.how in resource_type.turns
    key = resource_type.natural_key if is_one else ()
    return bool(key) and all(
        reveal(change.before.get(name)) == reveal(change.after.get(name)) for name in key
    )


def _too_many(changes: tuple[Change, ...], max_deletes: int | None) -> list[Diagnostic]:
    removed = [str(change.address) for change in changes if change.action.removes]
    if max_deletes is None or len(removed) <= max_deletes:
        return []
    return [
        Diagnostic(
            f"{len(removed)} objects would be deleted or replaced, and apply.max_deletes is "
            f"{max_deletes}: {', '.join(removed)}",
            "check that this is meant; then raise max_deletes for this environment",
            code=codes.TOO_MANY_DELETES,
        )
    ]
