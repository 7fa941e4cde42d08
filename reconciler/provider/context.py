"""What the engine gives a provider when it makes it."""

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from reconciler.clock import Clock, SystemClock
from reconciler.errors import Call

if TYPE_CHECKING:
    import httpx  # costs more to load than the rest of a plan that needs no service


def _unobserved(call: Call) -> None:
    """Count nothing."""


@dataclass(frozen=True, slots=True)
class Context:
    """A ProviderContext. ``transport`` is None for the network."""

    clock: Clock = field(default_factory=SystemClock)
    transport: "httpx.BaseTransport | None" = None
    allowed_hosts: frozenset[str] = frozenset()
    on_request: Callable[[Call], None] = _unobserved
    """Told of each request before it is sent, repeated ones too, from any thread."""


def hosts_allowed(flags: Iterable[str] = (), environ: Mapping[str, str] = os.environ) -> frozenset[str]:
    """The hosts that credentials may go to beside the services' own.

    From flags (each may be a comma-separated list) and from ``RECONCILER_ALLOWED_HOSTS``.
    """
    texts = (*flags, environ.get("RECONCILER_ALLOWED_HOSTS", ""))
    return frozenset(name.strip().lower() for text in texts for name in text.split(",") if name.strip())
