"""Looking at services again and again, and telling what changes."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from reconciler.clock import Clock
from reconciler.health.report import ProviderHealth
from reconciler.health.states import State
from reconciler.provider.breaker import State as CircuitState

Known = tuple[State, CircuitState | None]
"""The state of a service, and that of the circuit to it."""


@dataclass(frozen=True, slots=True)
class Transition:
    """A service that is in another state than when it was last asked, or the circuit to it is.

    ``before`` is the state then, and None the first time.
    """

    before: State | None
    after: ProviderHealth


def standing_of(found: ProviderHealth) -> Known:
    """What is worth telling when it changes."""
    return found.state, found.circuit.state if found.circuit is not None else None


def transitions(
    ask: Callable[[], Sequence[ProviderHealth]], clock: Clock, *, interval: float
) -> Iterator[Transition]:
    """Each service once, and then again whenever its state or its circuit's has changed.

    It ends only by interruption. ``interval`` is the time between the beginnings of two rounds, in seconds.
    """
    known: dict[str, Known] = {}
    while True:
        began = clock.monotonic()
        for found in ask():
            before = known.get(found.provider)
            now = standing_of(found)
            if now != before:
                known[found.provider] = now
                yield Transition(before[0] if before is not None else None, found)
        clock.sleep(max(0.0, interval - (clock.monotonic() - began)))
