"""What signals do to a command: handlers called as the system would call them, in this process."""

import os
import signal
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial

import pytest

from reconciler.cli.interruption import StopRequests, interruptible, stop_requests, undisturbed


def unexpected() -> None:
    pytest.fail("it gives up")


ASKING = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]


@pytest.mark.parametrize("number", ASKING)
def test_the_first_signal_asks(number: signal.Signals) -> None:
    with stop_requests() as requests:
        signal.raise_signal(number)
        assert requests.stop.is_set()


@pytest.mark.parametrize("second", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("first", [signal.SIGINT, signal.SIGTERM])
def test_the_second_interrupts(first: signal.Signals, second: signal.Signals) -> None:
    with stop_requests():
        signal.raise_signal(first)
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(second)


@pytest.mark.parametrize("before", [[], [signal.SIGINT], [signal.SIGTERM], [signal.SIGHUP]])
def test_a_lost_terminal_never_interrupts_a_run_however_often_it_is_told(
    before: list[signal.Signals],
) -> None:
    with stop_requests() as requests:
        for number in [*before, signal.SIGHUP, signal.SIGHUP]:
            signal.raise_signal(number)
        assert requests.stop.is_set()


def test_the_end_of_a_session_sends_two_kinds_and_is_one_request() -> None:
    with stop_requests():
        signal.raise_signal(signal.SIGHUP)
        signal.raise_signal(signal.SIGTERM)
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGTERM)


def test_once_no_step_is_left_to_finish_the_first_interrupts() -> None:
    with stop_requests() as requests:
        requests.ended()
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        assert not requests.stop.is_set()


@pytest.mark.parametrize("number", ASKING)
def test_outside_a_run_being_told_to_end_is_like_ctrl_c(number: signal.Signals) -> None:
    with interruptible(unexpected), pytest.raises(KeyboardInterrupt):
        signal.raise_signal(number)


def test_who_asks_again_while_things_are_closed_makes_it_give_up_but_a_second_hang_up_does_not() -> None:
    given_up: list[bool] = []
    with interruptible(lambda: given_up.append(True)):
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGHUP)
        signal.raise_signal(signal.SIGHUP)
        assert given_up == []
        signal.raise_signal(signal.SIGINT)
        assert given_up == [True]


def test_the_last_words_are_not_interrupted() -> None:
    with undisturbed():
        for number in ASKING:
            signal.raise_signal(number)


@pytest.mark.parametrize("context", [partial(interruptible, unexpected), stop_requests, undisturbed])
def test_what_a_signal_did_before_it_does_again_afterwards(
    context: Callable[[], AbstractContextManager[object]],
) -> None:
    before = [signal.getsignal(number) for number in ASKING]
    with context():
        pass
    assert [signal.getsignal(number) for number in ASKING] == before


@pytest.mark.parametrize("number", ASKING)
def test_a_signal_that_the_process_was_started_to_ignore_stays_ignored(number: signal.Signals) -> None:
    before = signal.signal(number, signal.SIG_IGN)
    try:
        with interruptible(unexpected), stop_requests() as requests:
            os.kill(os.getpid(), number)
            assert not requests.stop.is_set()
    finally:
        signal.signal(number, before)


def test_in_another_thread_signals_stay_as_they_are() -> None:
    seen: list[StopRequests] = []

    def work() -> None:
        with stop_requests() as requests:
            seen.append(requests)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert len(seen) == 1
