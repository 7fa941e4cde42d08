"""The machine's clock counts the time that the machine sleeps."""

import time

import pytest

from reconciler import clock
from reconciler.clock import SystemClock
from reconciler.testing import FakeClock


class Machine:
    """A machine that may be suspended: time then passes on one of its clocks only."""

    def __init__(self, suspended: float = 0.0) -> None:
        self.elapsed, self.suspends, self.waits = 0.0, suspended, 0

    def sleep(self, seconds: float) -> None:
        self.waits += 1
        self.elapsed += seconds + self.suspends
        self.suspends = 0.0


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    machine = Machine()
    monkeypatch.setattr(clock, "_elapsed", lambda: machine.elapsed)
    monkeypatch.setattr(time, "sleep", machine.sleep)
    return machine


@pytest.mark.parametrize(
    ("there_is", "expected"),
    [
        ({"CLOCK_BOOTTIME": 7, "CLOCK_MONOTONIC": 1}, 7),
        ({"CLOCK_MONOTONIC": 6}, 6),
    ],
)
def test_the_clock_asked_is_the_one_that_goes_on_while_the_machine_sleeps(
    monkeypatch: pytest.MonkeyPatch, there_is: dict[str, int], expected: int
) -> None:
    for name in ("CLOCK_BOOTTIME", "CLOCK_MONOTONIC"):
        monkeypatch.delattr(time, name, raising=False)
    for name, number in there_is.items():
        monkeypatch.setattr(time, name, number, raising=False)
    monkeypatch.setattr(time, "clock_gettime", float)
    assert clock._counting_sleep()() == expected


def test_where_there_is_no_such_clock_the_usual_one_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CLOCK_BOOTTIME", "CLOCK_MONOTONIC"):
        monkeypatch.delattr(time, name, raising=False)
    assert clock._counting_sleep() is time.monotonic


def test_it_never_goes_back() -> None:
    told = [SystemClock().monotonic() for _ in range(100)]
    assert told == sorted(told)


def test_a_wait_is_as_long_as_was_said(machine: Machine) -> None:
    SystemClock().sleep(12)
    assert machine.elapsed == 12


def test_no_wait_is_none(machine: Machine) -> None:
    SystemClock().sleep(0)
    SystemClock().sleep(-1)
    assert machine.waits == 0


def test_a_wait_during_which_the_machine_slept_long_enough_is_over(machine: Machine) -> None:
    machine.suspends = 3600
    SystemClock().sleep(300)
    assert machine.waits == 1


def test_the_clock_for_tests_lets_time_pass_without_anybody_waiting() -> None:
    fake = FakeClock()
    fake.advance(3600)
    assert fake.monotonic() == 3600
    assert fake.slept == []
