"""A circuit breaker: a service that is down is left alone, but for one call now and then.

closed: every call goes. After ``failures`` in a row without an answer in between it opens.
open: no call goes. ``probe_every`` seconds later the next one that comes is let through, as a probe.
half-open: the probe is under way, and all others wait for what becomes of it. An answer closes the circuit, a
failure opens it for ``probe_every`` seconds more.

A short outage is waited out: while the circuit has not been open for ``patience`` seconds, calls wait for the
probe. After that they are turned away at once.
"""

import threading
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from reconciler.clock import Clock


class State(StrEnum):
    """Whether calls go to the service."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half-open"


@dataclass(frozen=True, slots=True)
class Circuit:
    """A circuit at a moment; ``since`` is when it was closed, or when it opened for what is not closed."""

    state: State
    since: datetime


class Breaker:
    """The circuit to one service, for all threads. All times are in seconds."""

    def __init__(
        self, clock: Clock, *, failures: int = 8, probe_every: float = 5.0, patience: float = 30.0
    ) -> None:
        self.probe_every = probe_every
        self._clock = clock
        self._most = failures
        self._patience = patience
        self._lock = threading.Lock()
        self._failures = 0
        self._opened: float | None = None
        self._next_probe = 0.0
        self._since = clock.now()
        self._prober: int | None = None
        """The thread that makes the probe."""

    @property
    def state(self) -> State:
        """As it is now."""
        return self.circuit.state

    @property
    def circuit(self) -> Circuit:
        """As it is now, and since when."""
        with self._lock:
            if self._opened is None:
                return Circuit(State.CLOSED, self._since)
            return Circuit(State.OPEN if self._prober is None else State.HALF_OPEN, self._since)

    @property
    def open_for(self) -> float:
        """How long it has not been closed; 0 when it is."""
        with self._lock:
            return 0.0 if self._opened is None else self._clock.monotonic() - self._opened

    @property
    def is_worth_waiting(self) -> bool:
        """Whether the outage is young enough that a call waits for its end."""
        return self.open_for < self._patience

    def turn(self) -> float:
        """0 when the caller may go, else the seconds after which it may ask again.

        Who may go must say what became of it: ``succeeded``, ``failed``, or ``let_go`` when it never went.
        """
        with self._lock:
            if self._opened is None:
                return 0.0
            if self._prober is not None:
                return self.probe_every / 10
            left = self._next_probe - self._clock.monotonic()
            if left > 0:
                return left
            self._prober = threading.get_ident()
            return 0.0

    def succeeded(self) -> None:
        """The service answered, whatever it said."""
        with self._lock:
            if self._opened is not None:
                self._since = self._clock.now()
            self._failures, self._opened, self._prober = 0, None, None

    def failed(self) -> None:
        """The service did not answer, or said that it failed.

        While the circuit is not closed only the probe counts: others went before it opened.
        """
        with self._lock:
            self._failures += 1
            now = self._clock.monotonic()
            if self._opened is None and self._failures >= self._most:
                self._opened, self._next_probe = now, now + self.probe_every
                self._since = self._clock.now()
            elif self._is_probe():
                self._prober, self._next_probe = None, now + self.probe_every

    def let_go(self) -> None:
        """The call never went, so nothing is known: the next that comes is the probe, if one is due."""
        with self._lock:
            if self._is_probe():
                self._prober = None

    def _is_probe(self) -> bool:
        return self._prober == threading.get_ident()
