"""Services in sequence: nothing is written before what it waits for is ready."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from reconciler.config.stack import ProviderConfiguration
from reconciler.diagnostics import Diagnostic
from reconciler.errors import Call, Forbidden, ProviderError, Refused, Unauthorized, Unreachable
from reconciler.graph import in_order
from reconciler.health.report import ProviderHealth
from reconciler.operations import switches
from reconciler.operations.asking import BUILT_IN, ask
from reconciler.operations.fallbacks import can_wait
from reconciler.operations.workspace import Workspace
from reconciler.plan.change import Cause, Plan

SEQUENCE = "INTEGRATION_SEQUENCE_ENABLED"
"""``false`` in the environment: a provider waits for no other, resources only for what they refer to."""


@dataclass(frozen=True, slots=True)
class NotReady:
    """A provider that cannot be used now: why, and the providers that wait for it."""

    provider: str
    error: ProviderError
    waiting: tuple[str, ...] = ()
    can_wait: bool = False
    """Whether its writes are put off until it is back."""

    @property
    def reason(self) -> str:
        """In a clause."""
        return f"{self.provider} is not ready: {self.error}"


@dataclass(frozen=True)
class Readiness:
    """How the services are that a plan needs."""

    health: tuple[ProviderHealth, ...] = ()
    """Of those that it writes to or waits for, in sequence."""
    not_ready: tuple[NotReady, ...] = ()

    @property
    def held(self) -> Mapping[str, Cause]:
        """By key: why nothing of a provider can be done: its own trouble, or that of all it waits for."""
        own = {one.provider: Cause(one.reason, one.error, one.can_wait) for one in self.not_ready}
        behind: dict[str, list[NotReady]] = {}
        for one in self.not_ready:
            for key in one.waiting:
                behind.setdefault(key, []).append(one)
        return {key: _behind(key, waits) for key, waits in behind.items()} | own


def readiness(workspace: Workspace, plan: Plan, silent: Mapping[str, ProviderError]) -> Readiness:
    """How the providers are that a plan writes to or could not read, and those that they wait for.

    ``silent`` are providers that did not even tell whose account it is, or what became of their last steps.
    Raises Refused for what the environment says and nobody can understand.
    """
    written = {change.provider for change in plan.visible} | silent.keys()
    needed = sequence(written | {found.provider for found in plan.unread}, configured(workspace))
    health = ask(workspace, [key for key in needed if key != BUILT_IN])
    not_ready = tuple(
        NotReady(
            one.provider,
            error,
            _waiting(one.provider, needed),
            can_wait(workspace.stack.providers, one.provider, workspace.setting.environ, error),
        )
        for one in health
        if (error := _trouble(one, silent.get(one.provider))) is not None
    )
    return Readiness(health, not_ready)


def check_ready(ready: Readiness, plan: Plan) -> None:
    """Make sure that all is ready, for what must be done as a whole or not at all.

    Raises Refused, naming each provider that is not ready, why, what to do, and what it holds back.
    """
    if ready.not_ready:
        raise Refused([_problem(one, plan) for one in ready.not_ready])


def sequence(
    keys: Collection[str], configured: Mapping[str, ProviderConfiguration]
) -> dict[str, frozenset[str]]:
    """The providers with these keys and all that they wait for, in order, each with what it waits for."""
    waits: dict[str, tuple[str, ...]] = {}
    left = sorted(keys)
    while left:
        key = left.pop()
        if key not in waits:
            waits[key] = configured[key].depends_on if key in configured else ()
            left.extend(waits[key])
    reached: dict[str, frozenset[str]] = {}
    for key in in_order(waits):
        reached[key] = frozenset(waits[key]).union(*(reached[other] for other in waits[key]))
    return reached


def configured(workspace: Workspace) -> Mapping[str, ProviderConfiguration]:
    """The providers whose order counts; none where the sequence is switched off. Raises Refused."""
    is_kept = switches.is_on(workspace.setting.environ, SEQUENCE, otherwise=True)
    return workspace.stack.providers if is_kept else {}


def trouble_of(found: ProviderHealth) -> ProviderError | None:
    """Why a provider cannot be used; None when it can."""
    health, call = found.health, Call(found.provider, "health check")
    if found.is_usable:
        return None
    if health.error is not None:
        return health.error
    if found.lacking:
        names = ", ".join(found.lacking)
        remedy = f"give the credentials these scopes too: {names}"
        return Forbidden(f"its credentials lack the scopes {names}", call=call, remedy=remedy)
    if health.is_reachable:
        return Unauthorized("its credentials are not accepted", call=call)
    return Unreachable("it does not answer", call=call, remedy="`reconciler health` shows when it is back")


def _trouble(found: ProviderHealth, earlier: ProviderError | None) -> ProviderError | None:
    """What the check has found; where it went well, what went wrong before it."""
    return trouble_of(found) or earlier


def _waiting(key: str, needed: Mapping[str, frozenset[str]]) -> tuple[str, ...]:
    return tuple(other for other, waits in needed.items() if key in waits)


def _behind(key: str, waits: Sequence[NotReady]) -> Cause:
    """All that a provider waits for and that is not ready; the first has to be mended first."""
    names = " and ".join(one.provider for one in waits)
    are = "which is not ready" if len(waits) == 1 else "which are not ready"
    reasons = "; ".join(str(one.error) for one in waits)
    return Cause(
        f"{key} waits for {names}, {are}: {reasons}", waits[0].error, all(one.can_wait for one in waits)
    )


def _problem(one: NotReady, plan: Plan) -> Diagnostic:
    held = (one.provider, *one.waiting)
    count = sum(change.provider in held for change in plan.visible)
    behind = f", and {', '.join(one.waiting)} after it" if one.waiting else ""
    return Diagnostic(
        one.reason,
        f"{one.error.advice}; until then {count} changes are held back (of {one.provider}{behind})",
        code=one.error.code,
    )
