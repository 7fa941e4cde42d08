"""Asking services how they are, side by side, or taking what they have said a moment ago."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from importlib import import_module

from reconciler.clock import Clock
from reconciler.errors import ProviderError
from reconciler.health.answers import age_of, kept, reused
from reconciler.health.demands import Demand
from reconciler.health.history import History
from reconciler.health.report import ProviderHealth
from reconciler.health.rows import Check
from reconciler.health.states import USABLE, observed
from reconciler.provider.breaker import Breaker, Circuit
from reconciler.provider.breaker import State as CircuitState
from reconciler.provider.objects import Health
from reconciler.provider.protocol import Provider
from reconciler.provider.side_by_side import side_by_side

_NONE: Mapping[str, Breaker] = {}

WINDOW = timedelta(hours=24)
"""What percentiles and uptime are told over."""


@dataclass(frozen=True)
class Asked:
    """One provider, what is asked of it, and the circuit to its service."""

    key: str
    provider: Provider
    demand: Demand
    breaker: Breaker | None = None

    @property
    def circuit(self) -> Circuit | None:
        """How the circuit is now."""
        return self.breaker.circuit if self.breaker is not None else None


def check(
    providers: Mapping[str, Provider],
    demands: Mapping[str, Demand],
    history: History,
    clock: Clock,
    *,
    breakers: Mapping[str, Breaker] = _NONE,
    is_fresh: bool = True,
) -> tuple[ProviderHealth, ...]:
    """The health of each provider, in the order given; all are asked at the same time.

    Without ``is_fresh`` a good answer that is young enough is used again, while the circuit to the service is
    closed. What is wrong with a service is in its answer; nothing is raised.
    """
    asked = [
        Asked(key, provider, demands.get(key, Demand()), breakers.get(key))
        for key, provider in providers.items()
    ]
    return tuple(side_by_side(lambda one: _check(one, history, clock, is_fresh), asked))


def _check(asked: Asked, history: History, clock: Clock, is_fresh: bool) -> ProviderHealth:
    if not is_fresh and (earlier := _earlier(asked, history, clock)) is not None:
        return earlier
    health = _with_page(asked.provider.health(), asked)
    moment, circuit = clock.now(), asked.circuit
    lacking = _lacking(health, asked.demand)
    seen = observed(health, asked.demand.thresholds, lacking, circuit)
    standing = history.record(
        Check(asked.key, moment, seen, health.latency, asked.demand.key, kept(health) if not lacking else "")
    )
    figures = history.figures(asked.key, moment - WINDOW)
    return ProviderHealth(
        asked.key, health, standing, moment, lacking, asked.demand.thresholds, figures, circuit
    )


def _earlier(asked: Asked, history: History, clock: Clock) -> ProviderHealth | None:
    past, now = history.latest(asked.key), clock.now()
    if (
        past is None
        or past.key != asked.demand.key
        or (asked.circuit and asked.circuit.state is not CircuitState.CLOSED)
    ):
        return None
    age = age_of(past.moment, now)
    health = reused(past.answer, age) if 0 <= age < asked.demand.cache else None
    if health is None or past.standing.state not in USABLE:
        return None
    figures = history.figures(asked.key, now - WINDOW)
    demand = asked.demand
    return ProviderHealth(
        asked.key,
        health,
        past.standing,
        past.moment,
        _lacking(health, demand),
        demand.thresholds,
        figures,
        asked.circuit,
    )


def _with_page(health: Health, asked: Asked) -> Health:
    """The same, not well where the page that the stack names does not answer."""
    demand = asked.demand
    if not demand.url or health.error is not None:
        return health
    pages = import_module("reconciler.health.pages")  # httpx is not paid for where no page is asked
    error: ProviderError | None = pages.ask(demand.url, service=asked.key, origin=demand.origin)
    return health if error is None else replace(health, is_reachable=False, error=error)


def _lacking(health: Health, demand: Demand) -> tuple[str, ...]:
    if demand.scopes is None:
        return health.missing_scopes
    return tuple(scope for scope in health.missing_scopes if scope in demand.scopes)
