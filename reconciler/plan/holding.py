"""What a plan must leave out while a service is not ready: the rest goes on."""

from collections import defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from reconciler.address import Address
from reconciler.config.stack import Declaration
from reconciler.errors import ProviderError
from reconciler.plan.action import Action, Mode
from reconciler.plan.change import Cause, Change, Held, Plan
from reconciler.plan.desired import Desired
from reconciler.plan.parents import with_parents
from reconciler.plan.world import Types
from reconciler.state.model import Intent, StateObject
from reconciler.values import Unknown, Value, leaves

Objects = Mapping[Address, StateObject]

_REMOVES = (Action.DELETE, Action.REPLACE, Action.FORGET)


def hold_back(
    plan: Plan,
    desired: Desired,
    objects: Objects,
    types: Types,
    not_ready: Mapping[str, Cause],
    undecided: Sequence[tuple[Intent, ProviderError]] = (),
    *,
    to_be_shown: bool = False,
) -> Plan:
    """The plan without what cannot be done now, which it names instead, each with the reason.

    That is what could not be read, what belongs to a provider that is ``not_ready`` (by key), what would be
    deleted or replaced on the strength of a cache, and all that depends on these: by reference,
    ``depends_on``, or living in them. What would be removed stays while something that is held back still
    rests on it. ``undecided`` are steps of cut-off runs that could not be looked up, each with the error:
    nothing is done at their addresses, and what they were to rest on stays. A plan ``to_be_shown`` keeps the
    other changes of objects that the cache has told; one to be carried out has none of them. What a service
    that is there is not asked for on the strength of a cache can wait if those that the cache stands in for
    can.
    """
    held = dict(_causes(plan, not_ready, undecided))
    if plan.cached:
        can_wait = _all_can_wait(plan, desired, objects, not_ready)
        held = {found.address: found for found in _on_a_cache(plan, to_be_shown, can_wait=can_wait)} | held
        told = (one for one in plan.outputs if _waits_for_cached(one.after, plan) is None)
        plan = replace(plan, outputs=tuple(told))
    meant = {intent.address: intent.meant for intent, _ in undecided if intent.meant is not None}
    return _without(plan, desired, {**meant, **objects}, types, held)


def leave_out(
    plan: Plan, desired: Desired, objects: Objects, types: Types, reasons: Mapping[Address, str]
) -> Plan:
    """The plan without what is not to be done, each for a reason, and without all that depends on that."""
    owners = {address: recorded.provider for address, recorded in objects.items()}
    owners |= {change.address: change.provider for change in plan}
    held = {address: Held(address, owners.get(address, ""), why) for address, why in reasons.items()}
    return _without(plan, desired, objects, types, held)


def _without(plan: Plan, desired: Desired, objects: Objects, types: Types, held: dict[Address, Held]) -> Plan:
    if not held:
        return plan
    desired = with_parents(desired, types)
    _spread(held, plan, desired, _waiting(plan, desired, objects))
    return replace(
        plan,
        changes=tuple(change for change in plan.changes if change.address not in held),
        values={**plan.values, **{address: Unknown(str(address)) for address in held}},
        outputs=tuple(
            output
            for output in plan.outputs
            if output.is_removed or plan.declared_outputs[output.name].references.isdisjoint(held)
        ),
        held=(*plan.held, *_shown(plan, held)),
    )


def _all_can_wait(plan: Plan, desired: Desired, objects: Objects, not_ready: Mapping[str, Cause]) -> bool:
    """Whether all services that the cache stands in for have writes that are put off until they are back."""
    known: Mapping[Address, Declaration | StateObject] = {**objects, **desired.data, **desired.resources}
    owners = {known[address].provider for address in plan.cached if address in known}
    return all(key in not_ready and not_ready[key].can_wait for key in owners)


def _on_a_cache(plan: Plan, to_be_shown: bool, *, can_wait: bool) -> Iterator[Held]:
    """What would be removed on the strength of a cache, and what needs a secret that no cache tells.

    What could not be read is not written either, unless the plan is only ``to_be_shown``.
    """
    for change in plan:
        if change.action in (Action.DELETE, Action.REPLACE) and change.as_of is not None:
            done = "deleted" if change.action is Action.DELETE else "replaced"
            read_at = f"{change.as_of.read_at:%Y-%m-%d %H:%M} UTC"
            reason = f"nothing is {done} on the strength of the cache, and that is what was read at {read_at}"
            yield Held(change.address, change.provider, reason, can_wait=can_wait)
        elif change.is_step and change.address in plan.cached and not to_be_shown:
            reason = "it could not be read, and what the cache tells is not enough to change it"
            yield Held(change.address, change.provider, reason)
        elif change.is_step and (because := _waits_for_cached(dict(change.planned), plan)) is not None:
            reason = f"it needs a secret of {because}, which the cache does not tell"
            yield Held(change.address, change.provider, reason, because, can_wait=can_wait)


def _waits_for_cached(value: Value, plan: Plan) -> Address | None:
    """What the cache has told, if this plan leaves it as it is and a value waits for a part of it."""
    waits = [part.because for part in leaves(value) if isinstance(part, Unknown)]
    for address in plan.cached if waits else ():
        change = plan.by_address.get(address)
        if (change is None or not change.is_step) and any(one.startswith(f"{address}.") for one in waits):
            return address
    return None


def _causes(
    plan: Plan, not_ready: Mapping[str, Cause], undecided: Sequence[tuple[Intent, ProviderError]]
) -> Iterator[tuple[Address, Held]]:
    """What cannot be done for a reason of its own; a provider's trouble explains that of its objects."""
    unread = {found.address: found for found in plan.unread}
    owners = {change.address: change.provider for change in plan if change.is_step}
    for address, key in {**owners, **{one.address: one.provider for one in unread.values()}}.items():
        if key in not_ready:
            cause = not_ready[key]
            yield address, Held(address, key, cause.reason, error=cause.error, can_wait=cause.can_wait)
        elif address in unread:
            told = unread[address].error
            yield address, Held(address, key, f"it could not be read: {told}", error=told)
    for intent, error in undecided:
        what = f"what became of its {intent.action} in run {intent.run} could not be looked up"
        behind = not_ready.get(intent.provider)
        can_wait = behind is not None and behind.can_wait
        yield (
            intent.address,
            Held(intent.address, intent.provider, f"{what}: {error}", error=error, can_wait=can_wait),
        )


def _spread(
    held: dict[Address, Held],
    plan: Plan,
    desired: Desired,
    waiting: Mapping[Address, set[Address]],
) -> None:
    """Hold back all that waits for what is held back; what is as it should be needs nothing and stays."""
    left = deque(held)
    while left:
        because = left.popleft()
        for address in sorted(waiting.get(because, ()), key=str):
            change = plan.by_address.get(address)
            if address in held or (change is not None and not change.is_step):
                continue
            if change is None and (address.is_data and not isinstance(plan.values.get(address), Unknown)):
                continue
            declaration = desired.data.get(address) or desired.resources.get(address)
            if change is None and declaration is None:
                continue  # left alone, as it is
            provider = change.provider if change else declaration.provider if declaration else ""
            can_wait = held[because].can_wait
            held[address] = Held(address, provider, f"it waits for {because}", because, can_wait=can_wait)
            left.append(address)


def _waiting(plan: Plan, desired: Desired, objects: Objects) -> Mapping[Address, set[Address]]:
    """By address: what cannot be done before it."""
    waiting: dict[Address, set[Address]] = defaultdict(set)
    for address, declaration in (*desired.data.items(), *desired.resources.items()):
        for other in declaration.references | declaration.depends_on:
            waiting[other].add(address)
    removed = {change.address for change in plan if change.action in _REMOVES}
    for address, recorded in objects.items():
        for other in recorded.depends_on:
            if other in removed:
                waiting[address].add(other)
    for first, second in _together(plan):
        waiting[first].add(second)
    return waiting


def _together(plan: Plan) -> Iterator[tuple[Address, Address]]:
    """What goes with another, is another from now on, or takes its name: pairs of first and what waits."""
    for change in plan:
        if change.goes_with is not None:
            yield change.goes_with, change.address
            yield change.address, change.goes_with
        if change.becomes is not None:
            yield change.becomes, change.address
        if change.takes_from is not None:
            yield change.takes_from, change.address


def _shown(plan: Plan, held: Mapping[Address, Held]) -> Iterator[Held]:
    """Without what would only have been recorded, unless that is what the plan is for."""
    for address, found in sorted(held.items(), key=lambda item: str(item[0])):
        change: Change | None = plan.by_address.get(address)
        if change is None or change.is_visible or plan.mode is Mode.REFRESH_ONLY:
            yield found
