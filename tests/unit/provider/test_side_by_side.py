"""Several asked at once, and nobody waited for after an interruption."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from reconciler.provider.side_by_side import side_by_side


@contextmanager
def stuck() -> Iterator[threading.Event]:
    """What a call waits for that does not come back by itself."""
    release = threading.Event()
    try:
        yield release
    finally:
        release.set()


def test_the_answers_are_in_the_order_of_the_questions() -> None:
    assert side_by_side(lambda number: number * 2, [3, 1, 2]) == [6, 2, 4]
    assert side_by_side(str, []) == []


def test_all_are_asked_at_the_same_time() -> None:
    meeting = threading.Barrier(3, timeout=30)
    assert sorted(side_by_side(lambda _: meeting.wait(), range(3))) == [0, 1, 2]


def test_an_error_is_raised_once_all_that_run_have_ended() -> None:
    ended: list[int] = []
    meeting = threading.Barrier(4, timeout=30)

    def work(number: int) -> None:
        meeting.wait()
        if number == 0:
            raise LookupError("nobody")
        ended.append(number)

    with pytest.raises(LookupError, match="nobody"):
        side_by_side(work, range(4))
    assert sorted(ended) == [1, 2, 3]


def test_who_is_interrupted_waits_for_none_of_them() -> None:
    with stuck() as release:

        def work(number: int) -> None:
            if number == 0:
                raise KeyboardInterrupt
            release.wait()

        with pytest.raises(KeyboardInterrupt):
            side_by_side(work, range(2))


def test_this_thread_makes_no_call_itself_even_for_one() -> None:
    assert side_by_side(lambda _: threading.current_thread(), [0]) != [threading.current_thread()]
