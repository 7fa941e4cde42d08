"""The states that a service can be in, and how each answer leads from one to the next: one table."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from reconciler.errors import Garbled, RateLimited, Unauthorized
from reconciler.provider.breaker import Circuit
from reconciler.provider.breaker import State as CircuitState
from reconciler.provider.objects import Health, Quota


class State(StrEnum):
    """How a service is, as far as anybody knows."""

    READY = "ready"
    """It answers, takes the credentials, and has calls left."""
    DEGRADED = "degraded"
    """All that, but it answers slowly."""
    LIMITED = "limited"
    """It has few calls left, or asks to wait."""
    UNAUTHORIZED = "unauthorized"
    """It answers, and the credentials are not accepted or do not suffice for what the stack declares."""
    DOWN = "down"
    """It does not answer, or answers that it has failed."""
    UNKNOWN = "unknown"
    """Nobody has asked it for long, or its answer cannot be understood."""


class Observation(StrEnum):
    """What one check has seen."""

    WELL = "well"
    SLOW = "slow"
    FEW_LEFT = "few calls left"
    TOLD_TO_WAIT = "told to wait"
    REFUSED = "refused"
    SILENT = "silent"
    GARBLED = "garbled"
    NOT_ASKED = "not asked"
    CUT_OFF = "cut off"
    """The circuit to it is open: so many calls have failed that none but a probe is made."""


USABLE = frozenset({State.READY, State.DEGRADED, State.LIMITED})
"""In these states a service can be read and written."""

_ALWAYS = {
    Observation.WELL: State.READY,
    Observation.SLOW: State.DEGRADED,
    Observation.FEW_LEFT: State.LIMITED,
    Observation.TOLD_TO_WAIT: State.LIMITED,
    Observation.REFUSED: State.UNAUTHORIZED,
    Observation.SILENT: State.DOWN,
    Observation.GARBLED: State.UNKNOWN,
    Observation.NOT_ASKED: State.UNKNOWN,
    Observation.CUT_OFF: State.DOWN,
}

_ELSE = {
    # A service that asks to wait has not looked at the credentials: they are as wrong as they were.
    (State.UNAUTHORIZED, Observation.TOLD_TO_WAIT): State.UNAUTHORIZED,
    # What a broken service or the proxy before it sends is no sign that it is back.
    (State.DOWN, Observation.GARBLED): State.DOWN,
}

TRANSITIONS: Mapping[tuple[State, Observation], State] = {
    (state, seen): _ELSE.get((state, seen), after) for state in State for seen, after in _ALWAYS.items()
}
"""From the state before and what is seen to the state after. Every pair is there."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From where on a service that answers is not simply ready."""

    latency: float = 5.0
    """Seconds: an answer that takes longer makes it degraded."""
    quota: float = 0.05
    """The share of a quota: when less is left, it is limited."""


@dataclass(frozen=True, slots=True)
class Standing:
    """The state of a service, and since when all checks have found it so."""

    state: State = State.UNKNOWN
    since: datetime | None = None

    def after(self, seen: Observation, moment: datetime) -> "Standing":
        """The standing once this is seen; ``since`` stays when the state does."""
        state = TRANSITIONS[self.state, seen]
        return self if state is self.state and self.since is not None else Standing(state, moment)


def observed(
    health: Health,
    thresholds: Thresholds,
    lacking: Collection[str] = (),
    circuit: Circuit | None = None,
) -> Observation:
    """What a provider's answer comes to.

    ``lacking`` are the scopes that are missing and needed; ``circuit`` is how the circuit to its service is
    after the answer, if there is one.
    """
    error = health.error
    if circuit is not None and circuit.state is CircuitState.OPEN:
        return Observation.CUT_OFF
    if isinstance(error, RateLimited):
        return Observation.TOLD_TO_WAIT
    if isinstance(error, Garbled):
        return Observation.GARBLED
    if isinstance(error, Unauthorized) or (health.is_reachable and not health.is_authenticated):
        return Observation.REFUSED
    if not health.is_reachable:
        return Observation.SILENT
    if error is not None or lacking:
        return Observation.REFUSED
    if scarce(health.quotas, thresholds):
        return Observation.FEW_LEFT
    is_slow = health.latency is not None and health.latency > thresholds.latency
    return Observation.SLOW if is_slow else Observation.WELL


def scarce(quotas: Collection[Quota], thresholds: Thresholds) -> tuple[Quota, ...]:
    """The quotas of which less than the threshold is left."""
    return tuple(
        quota for quota in quotas if quota.limit and quota.remaining < quota.limit * thresholds.quota
    )
