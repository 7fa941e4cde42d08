"""Watching services: what is told, and when they are asked."""

import json
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

from jsonschema import Draft202012Validator

from reconciler.health.report import ProviderHealth
from reconciler.health.states import Standing, State
from reconciler.health.watching import transitions
from reconciler.provider.breaker import Circuit
from reconciler.provider.breaker import State as CircuitState
from reconciler.provider.objects import Health
from reconciler.testing import FakeClock
from reconciler.views.health_json import transition_document
from reconciler.views.health_watch_text import transition_lines
from reconciler.views.line import plain

SCHEMA = Path(__file__).parents[3] / "schemas" / "health-event.schema.json"


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


def test_a_circuit_that_opens_is_told_too() -> None:
    clock = FakeClock()
    rounds = iter((CircuitState.CLOSED, CircuitState.CLOSED, CircuitState.OPEN))

    def ask() -> Sequence[ProviderHealth]:
        circuit = Circuit(next(rounds), clock.now())
        down = Standing(State.DOWN, clock.now())
        return [ProviderHealth("a", Health(False, False), down, clock.now(), circuit=circuit)]

    first, opened = list(islice(transitions(ask, clock, interval=10), 2))
    assert (first.before, opened.before) == (None, State.DOWN)
    text = "\n".join(plain(transition_lines(opened)).splitlines())
    assert text.startswith("2026-01-01 00:00:20  a  down\n    circuit open since 2026-01-01 00:00:20: ")
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    Draft202012Validator(schema).validate(transition_document(opened))
