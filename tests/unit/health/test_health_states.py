"""What checks see, and the one table of where that leads."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from reconciler.errors import Call, Forbidden, Garbled, RateLimited, ServiceFailed, Unauthorized, Unreachable
from reconciler.health.states import (
    TRANSITIONS,
    USABLE,
    Observation,
    Standing,
    State,
    Thresholds,
    observed,
)
from reconciler.provider.breaker import Circuit
from reconciler.provider.breaker import State as CircuitState
from reconciler.provider.objects import Health, Quota

CALL = Call("lab", "look")
START = datetime(2026, 1, 1, tzinfo=UTC)

TABLE = """
              well   slow      few      wait          refused       silent  garbled  unasked  cut
ready         ready  degraded  limited  limited       unauthorized  down    unknown  unknown  down
degraded      ready  degraded  limited  limited       unauthorized  down    unknown  unknown  down
limited       ready  degraded  limited  limited       unauthorized  down    unknown  unknown  down
unauthorized  ready  degraded  limited  unauthorized  unauthorized  down    unknown  unknown  down
down          ready  degraded  limited  limited       unauthorized  down    down     unknown  down
unknown       ready  degraded  limited  limited       unauthorized  down    unknown  unknown  down
"""
ROWS = [line.split() for line in TABLE.strip().splitlines()[1:]]
EXPECTED = {
    (State(row[0]), seen): State(after)
    for row in ROWS
    for seen, after in zip(Observation, row[1:], strict=True)
}


@pytest.mark.parametrize(("before", "seen"), list(product(State, Observation)))
def test_every_state_and_observation_lead_where_the_table_says(before: State, seen: Observation) -> None:
    assert TRANSITIONS[before, seen] is EXPECTED[before, seen]
    later = START + timedelta(hours=1)
    after = Standing(before, START).after(seen, later)
    assert after == Standing(EXPECTED[before, seen], START if after.state is before else later)


def test_the_first_check_is_the_beginning_of_its_state() -> None:
    assert Standing().after(Observation.GARBLED, START) == Standing(State.UNKNOWN, START)


def test_a_service_can_be_used_in_three_of_the_states() -> None:
    assert {State.READY, State.DEGRADED, State.LIMITED} == USABLE


@pytest.mark.parametrize(
    ("health", "seen"),
    [
        (Health(True, True, 5.0), Observation.WELL),
        (Health(True, True, 5.1), Observation.SLOW),
        (Health(True, True, None), Observation.WELL),
        (Health(True, True, quotas=(Quota("calls", 50, 1000, 60),)), Observation.WELL),
        (Health(True, True, quotas=(Quota("calls", 49, 1000, 60),)), Observation.FEW_LEFT),
        (Health(True, True, quotas=(Quota("none", 0, 0, 60),)), Observation.WELL),
        (Health(True, True, error=RateLimited("slowly", call=CALL)), Observation.TOLD_TO_WAIT),
        (Health(True, False), Observation.REFUSED),
        (Health(True, False, error=Unauthorized("who?", call=CALL)), Observation.REFUSED),
        (Health(True, True, error=Forbidden("no", call=CALL)), Observation.REFUSED),
        (Health(False, False), Observation.SILENT),
        (Health(False, False, error=Unreachable("gone", call=CALL)), Observation.SILENT),
        (Health(False, False, error=ServiceFailed("503", call=CALL)), Observation.SILENT),
        (Health(True, False, error=Garbled("<html>", call=CALL)), Observation.GARBLED),
    ],
)
def test_an_answer_comes_to_one_observation(health: Health, seen: Observation) -> None:
    assert observed(health, Thresholds()) is seen


@pytest.mark.parametrize(
    ("state", "seen"),
    [
        (CircuitState.CLOSED, Observation.WELL),
        (CircuitState.HALF_OPEN, Observation.WELL),
        (CircuitState.OPEN, Observation.CUT_OFF),
    ],
)
def test_an_open_circuit_counts_for_more_than_any_answer(state: CircuitState, seen: Observation) -> None:
    assert observed(Health(True, True), Thresholds(), circuit=Circuit(state, START)) is seen


def test_scopes_that_are_missing_and_needed_are_a_refusal_and_others_are_not() -> None:
    health = Health(True, True, missing_scopes=("admin:org",))
    assert observed(health, Thresholds()) is Observation.WELL
    assert observed(health, Thresholds(), ("admin:org",)) is Observation.REFUSED
