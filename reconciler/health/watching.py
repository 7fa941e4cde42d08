"""Looking at services again and again, and telling what changes."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from reconciler.clock import Clock
from reconciler.health.report import ProviderHealth
from reconciler.health.states import State


@dataclass(frozen=True, slots=True)
class Transition:
    """A service that is in another state than when it was last asked; ``before`` is None the first time."""

    before: State | None
    after: ProviderHealth


def transitions(
    ask: Callable[[], Sequence[ProviderHealth]], clock: Clock, *, interval: float
) -> Iterator[Transition]:
    """Each service once, and then again whenever its state has changed; ends only by interruption.

    ``interval`` is the time between the beginnings of two rounds, in seconds.
    """
    known: dict[str, State] = {}
    while True:
        began = clock.monotonic()
        for found in ask():
            before = known.get(found.provider)
            if found.state is not before:
                known[found.provider] = found.state
                yield Transition(before, found)
        clock.sleep(max(0.0, interval - (clock.monotonic() - began)))
