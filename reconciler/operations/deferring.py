"""Putting writes off while their service is down, and what makes that moot."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from reconciler.address import Address
from reconciler.apply.outcome import Outcome
from reconciler.errors import (
    Garbled,
    OutcomeUnknown,
    RateLimited,
    ReconcilerError,
    ServiceFailed,
    Unreachable,
)
from reconciler.operations.asking import ask
from reconciler.operations.fallbacks import can_wait
from reconciler.operations.readiness import configured, sequence, trouble_of
from reconciler.operations.workspace import Workspace
from reconciler.plan.change import Change, Plan
from reconciler.plan.deferral import deferral_of
from reconciler.state.ledger import Ledger
from reconciler.state.model import Deferred, Run

KEPT = timedelta(days=7)
"""How long a deferred write is carried out without asking anybody again."""

_MAY_BE_DOWN = (Unreachable, ServiceFailed, OutcomeUnknown, Garbled, RateLimited)


class Outages:
    """Tells, while a run goes on, which failures are those of a service that went down (see PutsOff)."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def __call__(self, change: Change, error: ReconcilerError) -> Mapping[str, str]:
        """The providers that are not asked any more: that of the change, and those that wait for it."""
        workspace, key = self._workspace, change.provider
        stack, environ = workspace.stack, workspace.setting.environ
        if not isinstance(error, _MAY_BE_DOWN) or not can_wait(stack.providers, key, environ, error):
            return {}
        (health,) = ask(workspace, [key])
        trouble = trouble_of(health)
        if trouble is None or not can_wait(stack.providers, key, environ, trouble):
            return {}  # the service is there: it was this step that failed
        order = configured(workspace)
        behind = [other for other, waits in sequence(order, order).items() if key in waits]
        waiting = {other: f"{other} waits for {key}, which is not ready: {trouble}" for other in behind}
        return {**waiting, key: f"{key} is not ready: {trouble}"}


def entries(workspace: Workspace, plan: Plan, outcome: Outcome, run: Run) -> tuple[Deferred, ...]:
    """What a run has put off, in order: what its plan held back, and what failed with its service."""
    now = workspace.clock.now()
    found: dict[Address, Deferred] = {}
    for held in plan.held:
        if (put_off := held.deferral) is not None:
            found[held.address] = Deferred(
                held.address,
                str(put_off.action),
                held.provider,
                held.reason,
                run.id,
                now,
                now + KEPT,
                put_off.declared,
                put_off.seen,
            )
    for step in outcome.put_off:
        change = step.change
        if change.is_visible and not change.is_read:
            late = deferral_of(change, workspace.ledger.sealer)
            found[change.address] = Deferred(
                change.address,
                str(change.action),
                change.provider,
                step.reason,
                run.id,
                now,
                now + KEPT,
                late.declared,
                late.seen,
            )
    return tuple(found.values())


def moot(ledger: Ledger, plan: Plan) -> tuple[Address, ...]:
    """The addresses in the queue of which a plan shows that nothing is left to do."""
    busy = {change.address for change in plan.visible} | {held.address for held in plan.held}
    unknown = {found.address for found in plan.unread}
    return tuple(
        one.address
        for one in ledger.deferred()
        if one.address not in busy | unknown and (plan.only is None or one.address in plan.only)
    )


def put_off_by(
    ledger: Ledger, runs: Collection[str], only: Collection[Address] | None = None
) -> tuple[Address, ...]:
    """The addresses in the queue that some runs have put there; if ``only`` is given, of these."""
    return tuple(
        one.address for one in ledger.deferred() if one.run in runs and (only is None or one.address in only)
    )


def is_expired(one: Deferred, now: datetime) -> bool:
    """Whether a deferred write is too old to be carried out before somebody has looked at it."""
    return one.expires <= now


def touched_by(ledger: Ledger, plan: Plan) -> tuple[Address, ...]:
    """The addresses in the queue that a plan may touch: all, unless it is for a part."""
    return tuple(one.address for one in ledger.deferred() if plan.only is None or one.address in plan.only)
