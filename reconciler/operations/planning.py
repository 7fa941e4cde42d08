"""Making a plan: what is there, what should be, and what the way will cost."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from reconciler.address import Address
from reconciler.apply.recovery import Recovery
from reconciler.diagnostics import Diagnostic
from reconciler.errors import ProviderError, Refused
from reconciler.health.report import ProviderHealth
from reconciler.operations.asking import BUILT_IN
from reconciler.operations.connections import answers_of, check_accounts
from reconciler.operations.fallbacks import can_wait
from reconciler.operations.readiness import Readiness, readiness
from reconciler.operations.reading import fallen_back, keep
from reconciler.operations.recovering import check_moves, settle
from reconciler.operations.workspace import Workspace
from reconciler.plan.change import Plan
from reconciler.plan.cost import Cost, estimate
from reconciler.plan.deferral import put_off
from reconciler.plan.desired import Desired
from reconciler.plan.holding import hold_back
from reconciler.plan.planner import make_plan
from reconciler.plan.refactoring import refactored
from reconciler.plan.refresh import as_recorded, refresh
from reconciler.plan.world import PlanState
from reconciler.provider.objects import Account, Quota, ReadResult
from reconciler.provider.protocol import HasLimits, Provider


@dataclass(frozen=True)
class Prospect:
    """A plan, and all that showing it and carrying it out takes.

    ``read_at`` is when the services were read, on the clock's monotonic scale.
    """

    plan: Plan
    cost: Cost
    providers: Mapping[str, Provider]
    accounts: Mapping[str, Account]
    read_at: float
    ready: Readiness = field(default_factory=Readiness)
    """How the providers are that the plan writes to, and those that they wait for."""
    recovery: Recovery = field(default_factory=Recovery)
    """What cut-off runs had left open, and what became of it."""
    fell_back: Mapping[str, ProviderError] = field(default_factory=dict)
    """By provider key: why the cache was asked in its service's place."""

    @property
    def has_work(self) -> bool:
        """Whether apply has anything to do, be it only to record what it has learnt."""
        return self.plan.has_changes or any(change.is_step for change in self.plan)


def make(
    workspace: Workspace,
    desired: Desired,
    *,
    parallelism: int | None = None,
    as_a_whole: bool = False,
    to_be_shown: bool = False,
    defers: bool = False,
) -> Prospect:
    """Read what the state knows, in bulk, and plan the way to what is desired.

    What a service holds back that is not ready is not in the plan, which names it; the rest is. With
    ``as_a_whole`` nothing is left out: what cannot be read is a problem. So it is when no service answers.
    With ``defers``, what is held back of a provider with ``fallback: queue`` is put off (see ``deferral``).

    Where a provider's ``fallback`` allows it, the cache tells how its objects were while its service is down.
    A plan ``to_be_shown`` has the changes that rest on that; one to be carried out holds back all of them.

    Raises Refused, InvalidConfiguration, WrongAccount.
    """
    ledger, stack, types = workspace.ledger, workspace.stack, workspace.registry
    repeated = workspace.connections.retries.copy()
    recovery, state = settled_state(workspace, in_part=not as_a_whole)
    desired, state = refactored(desired, state)
    check_moves(state, recovery)
    keys = keys_in_use(state, desired)
    providers = workspace.connections.open(keys)
    readers = providers if as_a_whole else workspace.connections.reading(keys)
    silent = {key: error for key, error in silenced(recovery).items() if key in providers}
    accounts, speechless = answers_of({key: each for key, each in readers.items() if key not in silent})
    silent |= speechless
    if silent and (as_a_whole or not _has_rest(workspace, providers, silent, defers=defers)):
        raise Refused([_silent(key, error) for key, error in sorted(silent.items())])
    check_accounts(accounts, ledger.accounts())
    read_at = workspace.clock.monotonic()
    live = _live(desired, state, readers, silent)
    keep(readers)
    plan = make_plan(
        desired,
        state,
        types=types,
        providers=readers,
        live=live,
        max_deletes=stack.apply.max_deletes,
        hold_unread=not as_a_whole,
        silent=silent,
    )
    keep(readers)
    fell_back, ready = _services(workspace, plan, readers, silent)
    if not as_a_whole:
        undecided = [(found.intent, found.error) for found in recovery.pending]
        put_by = {one.provider for one in ready.not_ready if one.can_wait and defers}
        held = ready.without(fell_back.keys() - put_by).held if to_be_shown else ready.held
        whole = plan
        plan = hold_back(whole, desired, state.objects, types, held, undecided, to_be_shown=to_be_shown)
        if defers:
            plan = put_off(plan, whole, desired, state, types, providers)
    cost = cost_of(workspace, plan, providers, ready, parallelism)
    cost = replace(cost, retries=dict(workspace.connections.retries - repeated))
    return Prospect(plan, cost, providers, accounts, read_at, ready, recovery, fell_back)


def _live(
    desired: Desired,
    state: PlanState,
    readers: Mapping[str, Provider],
    silent: Mapping[str, ProviderError],
) -> Mapping[Address, ReadResult]:
    """What is there of all that the plan may touch, or, if that is not to be read, what the state says."""
    objects = desired.within(state.objects)
    if desired.is_refreshed:
        return refresh(objects, readers, state.sealer, silent)
    return as_recorded(objects, state.sealer)


def _has_rest(
    workspace: Workspace,
    providers: Mapping[str, Provider],
    silent: Mapping[str, ProviderError],
    *,
    defers: bool,
) -> bool:
    """Whether anything can be done, or put off, while some services do not answer."""
    declared, environ = workspace.stack.providers, workspace.setting.environ
    if defers and any(can_wait(declared, key, environ, error) for key, error in silent.items()):
        return True
    return not silent.keys() >= providers.keys() - {BUILT_IN}


def _services(
    workspace: Workspace,
    plan: Plan,
    readers: Mapping[str, Provider],
    silent: Mapping[str, ProviderError],
) -> tuple[Mapping[str, ProviderError], Readiness]:
    """In whose place the cache was asked, and why; and how the services are. Offline nobody is asked."""
    if workspace.setting.is_offline:
        return {}, Readiness()
    speechless = fallen_back(readers, silent_only=True)
    return fallen_back(readers), readiness(workspace, plan, {**silent, **speechless})


def cost_of(
    workspace: Workspace,
    plan: Plan,
    providers: Mapping[str, Provider],
    ready: Readiness,
    parallelism: int | None = None,
) -> Cost:
    """What a plan costs, as far as the services have told how they are."""
    written = {change.provider for change in plan.visible}
    health = [found for found in ready.health if found.provider in written]
    return estimate(
        plan,
        workspace.registry,
        parallelism=parallelism or workspace.stack.apply.parallelism,
        quotas={found.provider: quota for found in health if (quota := _scarcest(found))},
        limits={key: each.limits() for key, each in providers.items() if isinstance(each, HasLimits)},
        latency={found.provider: found.health.latency for found in health if found.health.latency},
    )


def settled_state(workspace: Workspace, *, in_part: bool = False) -> tuple[Recovery, PlanState]:
    """The latest state, with what cut-off runs had left open settled (see ``recovering.settle``)."""
    recovery = settle(workspace, in_part=in_part)
    state = PlanState.of(workspace.ledger)
    return recovery, replace(state, objects=recovery.applied_to(state.objects)) if recovery.settled else state


def silenced(recovery: Recovery) -> Mapping[str, ProviderError]:
    """The providers that are asked nothing more, by key: what became of their own last steps is not known.

    Half of an answer would be worse than none: what such a step has made would be taken for somebody else's.
    """
    return {found.intent.provider: found.error for found in recovery.pending}


def keys_in_use(state: PlanState, desired: Desired) -> set[str]:
    """The keys of the providers that own objects or are asked for some."""
    keys = {found.provider for found in desired.within(state.objects).values()}
    keys.update(found.provider for found in desired.resources.values())
    return keys | {found.provider for found in desired.data.values()}


def _silent(key: str, error: ProviderError) -> Diagnostic:
    return Diagnostic(f"{key} is not ready: {error}", error.advice, code=error.code)


def _scarcest(found: ProviderHealth) -> Quota | None:
    """The quota of which the smallest part is left."""
    limited = [quota for quota in found.health.quotas if quota.limit]
    return min(limited, key=lambda quota: quota.remaining / quota.limit, default=None)
