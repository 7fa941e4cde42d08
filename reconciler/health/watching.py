"""Looking at services again and again, and telling what changes."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from reconciler.clock import Clock
from reconciler.health.report import ProviderHealth
from reconciler.health.states import State
from reconciler.provider.breaker import State as CircuitState


@dataclass(frozen=True, slots=True)
class Transition:
    """A service that is in another state than when it was last asked, or the circuit to it is.

    ``before`` is the state then, and None the first time.
    """

    before: State | None
    after: ProviderHealth


def transitions(
    ask: Callable[[], Sequence[ProviderHealth]], clock: Clock, *, interval: float
) -> Iterator[Transition]:
    """Each service once, and then again whenever its state or its circuit's has changed.

    It ends only by interruption. ``interval`` is the time between the beginnings of two rounds, in seconds.
    """
    known: dict[str, tuple[State, CircuitState | None]] = {}
    while True:
        began = clock.monotonic()
        for found in ask():
            before = known.get(found.provider)
            now = found.state, found.circuit.state if found.circuit is not None else None
            if now != before:
                known[found.provider] = now
                yield Transition(before[0] if before is not None else None, found)
        clock.sleep(max(0.0, interval - (clock.monotonic() - began)))
