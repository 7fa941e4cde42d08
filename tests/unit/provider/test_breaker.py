"""A service that is down is left alone, and used again as soon as a probe finds it back."""

import threading

import pytest

from reconciler.provider.breaker import Breaker, Circuit, State
from reconciler.provider.budget import Budget
from reconciler.testing import FakeClock


@pytest.fixture
def breaker(clock: FakeClock) -> Breaker:
    return Breaker(clock, failures=3, probe_every=5, patience=30)


def opened(breaker: Breaker) -> Breaker:
    for _ in range(3):
        assert breaker.turn() == 0
        breaker.failed()
    return breaker


def test_it_opens_after_failures_in_a_row_and_an_answer_in_between_counts_anew(breaker: Breaker) -> None:
    for tell in (breaker.failed, breaker.failed, breaker.succeeded, breaker.failed, breaker.failed):
        tell()
    assert str(breaker.state) == "closed"
    breaker.failed()
    assert breaker.state is State.OPEN


def test_while_it_is_open_nobody_goes_until_the_probe_is_due(breaker: Breaker, clock: FakeClock) -> None:
    opened(breaker)
    assert breaker.turn() == 5
    clock.advance(4)
    assert breaker.turn() == 1
    assert breaker.state is State.OPEN


def test_one_caller_goes_as_a_probe_and_all_others_wait_for_what_becomes_of_it(
    breaker: Breaker, clock: FakeClock
) -> None:
    opened(breaker)
    clock.advance(5)
    assert breaker.turn() == 0
    assert breaker.state is State.HALF_OPEN
    assert all(breaker.turn() > 0 for _ in range(10))
    breaker.succeeded()
    assert (breaker.state, breaker.turn(), breaker.open_for) == (State.CLOSED, 0, 0)


def test_a_probe_that_fails_opens_it_for_another_interval(breaker: Breaker, clock: FakeClock) -> None:
    opened(breaker)
    clock.advance(5)
    breaker.turn()
    breaker.failed()
    assert (breaker.state, breaker.turn(), breaker.open_for) == (State.OPEN, 5, 5)


def test_it_tells_since_when_it_is_closed_or_not(breaker: Breaker, clock: FakeClock) -> None:
    made = clock.now()
    assert breaker.circuit == Circuit(State.CLOSED, made)
    clock.advance(60)
    breaker.succeeded()
    assert breaker.circuit.since == made
    opened(breaker)
    at = clock.now()
    assert breaker.circuit == Circuit(State.OPEN, at)
    clock.advance(5)
    breaker.turn()
    assert breaker.circuit == Circuit(State.HALF_OPEN, at)
    breaker.failed()
    assert breaker.circuit == Circuit(State.OPEN, at)
    clock.advance(5)
    breaker.turn()
    breaker.succeeded()
    assert breaker.circuit == Circuit(State.CLOSED, clock.now())


def test_a_probe_that_never_went_leaves_its_place_to_the_next(breaker: Breaker, clock: FakeClock) -> None:
    opened(breaker)
    clock.advance(5)
    breaker.turn()
    breaker.let_go()
    assert breaker.turn() == 0


def test_a_call_from_before_that_fails_late_neither_ends_the_probe_nor_puts_the_next_one_off(
    breaker: Breaker, clock: FakeClock
) -> None:
    opened(breaker)
    clock.advance(4)
    breaker.failed()
    assert breaker.turn() == 1
    clock.advance(1)
    breaker.turn()
    late = threading.Thread(target=breaker.failed)
    late.start()
    late.join()
    assert breaker.state is State.HALF_OPEN


def test_a_long_outage_is_not_worth_waiting_for(breaker: Breaker, clock: FakeClock) -> None:
    opened(breaker)
    assert breaker.is_worth_waiting
    clock.advance(30)
    assert not breaker.is_worth_waiting


def test_a_service_back_after_ten_seconds_is_used_again_within_one_interval(
    breaker: Breaker, clock: FakeClock
) -> None:
    asked: list[float] = []
    while True:
        if breaker.turn() > 0:
            clock.advance(0.25)
            continue
        asked.append(clock.monotonic())
        if clock.monotonic() >= 10:
            breaker.succeeded()
            break
        breaker.failed()
    assert 10 <= asked[-1] <= 10 + breaker.probe_every
    assert len(asked) <= 3 + 3
    assert breaker.state is State.CLOSED


def test_repetitions_grow_with_the_calls_and_end_in_an_outage() -> None:
    budget = Budget(least=2, share=0.5)
    assert [budget.take() for _ in range(3)] == [True, True, False]
    budget.called()
    assert not budget.take()
    budget.called()
    assert budget.left == 1
    assert [budget.take(), budget.take()] == [True, False]
