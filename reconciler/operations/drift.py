"""What ``drift`` and ``health`` find out. Nothing is changed, in the services or in the state."""

from collections.abc import Iterator, Mapping

from reconciler.address import Address
from reconciler.apply.recovery import Recovery
from reconciler.health.drift import unmanaged_objects
from reconciler.health.report import DriftReport, ProviderHealth
from reconciler.health.resources import unhealthy, unmet
from reconciler.operations.asking import BUILT_IN, ask, is_loopback
from reconciler.operations.connections import check_accounts
from reconciler.operations.planning import keys_in_use, settled_state, silenced
from reconciler.operations.readiness import configured, sequence
from reconciler.operations.reading import keep
from reconciler.operations.workspace import Workspace
from reconciler.plan.change import Plan, Unread
from reconciler.plan.desired import Desired
from reconciler.plan.planner import make_plan
from reconciler.plan.refactoring import refactored
from reconciler.plan.refresh import refresh
from reconciler.plan.world import PlanState
from reconciler.provider.facts import ResourceType
from reconciler.provider.objects import Earlier, Object, ReadResult, Unreadable


def find_drift(workspace: Workspace, *, with_unmanaged: bool = False) -> DriftReport:
    """Hold the services against what the last run left there, and ask how they are.

    A service that does not answer is part of the report. Raises WrongAccount, and with ``with_unmanaged``
    ProviderError when objects cannot be listed.
    """
    recovery, state = settled_state(workspace, in_part=True)
    silent = silenced(recovery)
    desired, state = refactored(Desired.of(workspace.stack), state)
    keys = keys_in_use(state, desired)
    providers = workspace.connections.reading(keys)
    health = ask(workspace, sorted(keys)) if not workspace.setting.is_offline else ()
    accounts = {found.provider: found.health.account for found in health if found.health.account is not None}
    check_accounts(accounts, workspace.ledger.accounts())
    live = refresh(state.objects, providers, state.sealer, silent)
    plan = make_plan(
        desired,
        state,
        types=workspace.registry,
        providers=providers,
        live=live,
        allow_unread=True,
        silent=silent,
    )
    keep(providers)
    kinds = _kinds(workspace, state, desired) if with_unmanaged else []
    return DriftReport(
        changed=plan.drift,
        unread=tuple(_unread(state, live, plan, recovery)),
        failed_expectations=(
            *plan.failed_expectations,
            *unmet(desired.resources, live, workspace.registry, state.sealer),
        ),
        unhealthy_resources=unhealthy(_pages(workspace, desired, state)),
        health=health,
        unmanaged=unmanaged_objects(
            state.objects.values(), [kind for kind in kinds if not kind[1].unlisted], providers, state.sealer
        ),
        unlisted=tuple(sorted({(found.name, found.unlisted) for _, found in kinds if found.unlisted})),
        checked=len(state.objects),
        failed_checks=tuple(one for one in plan.checks if one.has_failed and not one.looks_at_plan),
        cached={**plan.cached, **_ages(live)},
    )


def ask_health(workspace: Workspace, *, is_fresh: bool = False) -> tuple[ProviderHealth, ...]:
    """The health of every configured provider, whether anything uses it or not, in sequence.

    What was answered a moment ago is not asked again unless ``is_fresh``. Raises Refused for what the
    environment says and nobody can understand.
    """
    providers = workspace.stack.providers
    order = sequence(providers, configured(workspace))
    return ask(workspace, order, is_fresh=is_fresh, makes_room=True)


def _unread(
    state: PlanState, live: Mapping[Address, ReadResult], plan: Plan, recovery: Recovery
) -> Iterator[Unread]:
    """Each object that could not be read, those too that a plan never reaches; then the plan's own.

    And what a cut-off step may have made, if nothing else tells of it.
    """
    for address, found in live.items():
        if isinstance(found, Unreadable):
            yield Unread(address, state.objects[address].provider, found.error)
    planned = {found.address: found for found in plan.unread if found.address not in live}
    yield from planned.values()
    for pending in recovery.pending:
        if pending.intent.address not in {*live, *planned}:
            yield Unread(pending.intent.address, pending.intent.provider, pending.error)


def _ages(live: Mapping[Address, ReadResult]) -> dict[Address, Earlier]:
    """The objects that the cache has told, each with when the service had told it."""
    return {
        address: found.earlier
        for address, found in live.items()
        if isinstance(found, Object) and found.earlier is not None
    }


def _pages(workspace: Workspace, desired: Desired, state: PlanState) -> dict[Address, tuple[str, str]]:
    """The pages of the resources that there are; the sandbox asks nobody outside."""
    if workspace.setting.is_offline:
        return {}
    return {
        address: (one.provider, one.health.url)
        for address, one in desired.resources.items()
        if one.health is not None
        and one.health.url
        and address in state.objects
        and (not workspace.setting.is_sandbox or is_loopback(one.health.url))
    }


def _kinds(workspace: Workspace, state: PlanState, desired: Desired) -> list[tuple[str, ResourceType]]:
    """The types that are managed, or are to be, each with its provider's key."""
    names = {(found.provider, found.type) for found in state.objects.values()}
    names |= {(found.provider, found.address.type) for found in desired.resources.values()}
    types = ((key, workspace.registry.type(name)) for key, name in names if key != BUILT_IN)
    return [(key, found) for key, found in types if found is not None]
