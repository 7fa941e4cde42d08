"""What the engine gives a provider when it makes it."""

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from reconciler.clock import Clock, SystemClock
from reconciler.errors import Call
from reconciler.provider.breaker import Breaker
from reconciler.provider.budget import Budget
from reconciler.provider.retried import Retried

if TYPE_CHECKING:
    import httpx  # costs more to load than the rest of a plan that needs no service


def _unobserved(call: Call) -> None:
    """Count nothing."""


def _unseen(retried: Retried) -> None:
    """Count nothing."""


def _goes_on() -> bool:
    """Nobody asks to stop."""
    return False


@dataclass(frozen=True, slots=True)
class Context:
    """A ProviderContext. ``transport`` is None for the network."""

    clock: Clock = field(default_factory=SystemClock)
    transport: "httpx.BaseTransport | None" = None
    allowed_hosts: frozenset[str] = frozenset()
    on_request: Callable[[Call], None] = _unobserved
    """Told of each request before it is sent, repeated ones too, from any thread."""
    on_retry: Callable[[Retried], None] = _unseen
    """Told of each repetition before the wait for it, from any thread."""
    budget: Budget = field(default_factory=Budget)
    """The repetitions left in this run, shared by all providers."""
    breaker: Breaker | None = None
    """The circuit to this provider's service; None for one of each connection's own."""
    is_stopping: Callable[[], bool] = _goes_on
    """Whether the run was asked to stop: waits end then, and nothing is repeated any more."""


def hosts_allowed(flags: Iterable[str] = (), environ: Mapping[str, str] = os.environ) -> frozenset[str]:
    """The hosts that credentials may go to beside the services' own.

    From flags (each may be a comma-separated list) and from ``RECONCILER_ALLOWED_HOSTS``.
    """
    texts = (*flags, environ.get("RECONCILER_ALLOWED_HOSTS", ""))
    return frozenset(name.strip().lower() for text in texts for name in text.split(",") if name.strip())
