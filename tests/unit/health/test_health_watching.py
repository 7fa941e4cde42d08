"""Watching services: what is told, and when they are asked."""

from collections.abc import Sequence
from itertools import islice

from reconciler.health.report import ProviderHealth
from reconciler.health.states import Standing, State
from reconciler.health.watching import transitions
from reconciler.provider.objects import Health
from reconciler.testing import FakeClock


def test_each_state_is_told_once_and_then_each_change_of_it() -> None:
    clock = FakeClock()
    rounds = iter(("ready", "ready", "down", "down", "ready"))

    def ask() -> Sequence[ProviderHealth]:
        clock.sleep(2)
        standing = Standing(State(next(rounds)), clock.now())
        return [ProviderHealth("a", Health(True, True), standing, clock.now())]

    told = list(islice(transitions(ask, clock, interval=10), 3))
    assert [(found.before, found.after.state) for found in told] == [
        (None, State.READY),
        (State.READY, State.DOWN),
        (State.DOWN, State.READY),
    ]
    assert clock.slept == [2, 8, 2, 8, 2, 8, 2, 8, 2]
