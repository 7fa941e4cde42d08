"""Services in sequence: nothing is written before what it waits for is ready."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from reconciler import codes
from reconciler.config.stack import ProviderConfiguration
from reconciler.diagnostics import Diagnostic
from reconciler.errors import ProviderError, Refused
from reconciler.graph import in_order
from reconciler.health.report import ProviderHealth
from reconciler.operations import switches
from reconciler.operations.asking import BUILT_IN, ask
from reconciler.operations.workspace import Workspace
from reconciler.plan.change import Plan

SEQUENCE = "INTEGRATION_SEQUENCE_ENABLED"
"""``false`` in the environment: a provider waits for no other, resources only for what they refer to."""


@dataclass(frozen=True, slots=True)
class NotReady:
    """A provider that cannot be used now: why, what to do, and the providers that wait for it."""

    provider: str
    reason: str
    remedy: str
    code: str
    waiting: tuple[str, ...] = ()


@dataclass(frozen=True)
class Readiness:
    """How the services are that a plan needs."""

    health: tuple[ProviderHealth, ...] = ()
    """Of those that it writes to or waits for, in sequence."""
    not_ready: tuple[NotReady, ...] = ()

    @property
    def held(self) -> Mapping[str, str]:
        """By key: why nothing of a provider can be done, its own trouble first."""
        own = {one.provider: f"{one.provider} is not ready: {one.reason}" for one in self.not_ready}
        behind = {
            key: f"{key} waits for {one.provider}, which is not ready: {one.reason}"
            for one in reversed(self.not_ready)
            for key in one.waiting
        }
        return behind | own

    def without(self, keys: Collection[str]) -> "Readiness":
        """The same, as if nothing were wrong with some providers."""
        return replace(self, not_ready=tuple(one for one in self.not_ready if one.provider not in keys))


def readiness(workspace: Workspace, plan: Plan, silent: Mapping[str, ProviderError]) -> Readiness:
    """How the providers are that a plan writes to, and those that they wait for.

    ``silent`` are providers that did not even tell whose account it is. Raises Refused for what the
    environment says and nobody can understand.
    """
    written = {change.provider for change in plan.visible} | silent.keys()
    needed = sequence(written, configured(workspace))
    health = ask(workspace, [key for key in needed if key != BUILT_IN])
    found = {one.provider: one for one in health}
    not_ready = tuple(
        NotReady(key, *_trouble(one, silent.get(key)), _code(one, silent.get(key)), _waiting(key, needed))
        for key, one in found.items()
        if key in silent or not one.is_usable
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


def reason_of(found: ProviderHealth) -> str:
    """Why a provider is not ready, in a clause."""
    health = found.health
    if health.error is not None:
        return str(health.error)
    if found.lacking:
        return f"its credentials lack the scopes {', '.join(found.lacking)}"
    return "its credentials are not accepted" if health.is_reachable else "it does not answer"


def _code(found: ProviderHealth, error: ProviderError | None) -> str:
    if (told := found.health.error or error) is not None:
        return told.code
    if found.lacking:
        return codes.general(found.provider, "PERM")
    return codes.general(found.provider, "AUTH" if found.health.is_reachable else "NET")


def _trouble(found: ProviderHealth, error: ProviderError | None) -> tuple[str, str]:
    """Reason and remedy; the error that came before the check where the check itself went well."""
    if found.is_usable and error is not None:
        return str(error), error.remedy or "run the command again: it has answered since"
    error = found.health.error
    if found.lacking and error is None:
        return reason_of(found), f"give the credentials these scopes too: {', '.join(found.lacking)}"
    remedy = error.remedy if error is not None else ""
    return reason_of(found), remedy or "`reconciler health` shows when it is back"


def _waiting(key: str, needed: Mapping[str, frozenset[str]]) -> tuple[str, ...]:
    return tuple(other for other, waits in needed.items() if key in waits)


def _problem(one: NotReady, plan: Plan) -> Diagnostic:
    held = (one.provider, *one.waiting)
    count = sum(change.provider in held for change in plan.visible)
    behind = f", and {', '.join(one.waiting)} after it" if one.waiting else ""
    return Diagnostic(
        f"{one.provider} is not ready: {one.reason}",
        f"{one.remedy}; until then {count} changes are held back (of {one.provider}{behind})",
        code=one.code,
    )
