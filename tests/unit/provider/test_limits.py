"""No window ever sees more than a service allows, and nobody waits longer than that needs."""

import threading
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.errors import InvalidConfiguration
from reconciler.provider.limits import OWN, Limit, Limiter, RateLimit
from reconciler.testing import FakeClock

ROUNDING = 1e-5

limits = st.builds(
    Limit,
    name=st.just("one"),
    count=st.integers(1, 12),
    seconds=st.floats(0.5, 90),
    source=st.just("the test"),
    burst=st.none() | st.integers(1, 15),
)


def most_in_a_window(moments: Sequence[tuple[float, int]], seconds: float) -> int:
    """The most units in any half-open window of so many seconds."""
    return max(
        sum(units for moment, units in moments if begin <= moment < begin + seconds - ROUNDING)
        for begin, _ in moments
    )


@given(limits, st.lists(st.tuples(st.floats(0, 60), st.integers(1, 5)), min_size=1, max_size=60))
def test_no_window_sees_more_than_the_limit_whenever_calls_come(
    limit: Limit, calls: list[tuple[float, int]]
) -> None:
    clock, gone = FakeClock(), []
    limiter = Limiter([limit], clock)
    for rest, units in calls:
        clock.advance(rest)
        gone.append((limiter.wait({"one": units}, clock.sleep), min(units, limit.most_at_once)))
    assert most_in_a_window(gone, limit.seconds) <= limit.count


@settings(max_examples=30, deadline=None)
@given(limits, st.lists(st.lists(st.floats(0, 5), min_size=1, max_size=8), min_size=2, max_size=6))
def test_nor_when_they_come_from_several_threads(limit: Limit, rests: list[list[float]]) -> None:
    clock, gone = FakeClock(), []
    limiter = Limiter([limit], clock)

    def work(own: list[float]) -> None:
        for rest in own:
            clock.advance(rest)
            gone.append((limiter.wait({"one": 1}, clock.sleep), 1))

    threads = [threading.Thread(target=work, args=(own,)) for own in rests]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(gone) == sum(map(len, rests))
    assert most_in_a_window(gone, limit.seconds) <= limit.count


@given(limits, limits, st.lists(st.sampled_from(["both", "one", "two"]), min_size=1, max_size=60))
def test_a_call_that_takes_of_two_limits_keeps_both(first: Limit, second: Limit, calls: list[str]) -> None:
    clock = FakeClock()
    two = Limit("two", second.count, second.seconds, "the test", burst=second.burst)
    limiter, gone = Limiter([first, two], clock), []
    for call in calls:
        takes = {name: 1 for name in ("one", "two") if call in (name, "both")}
        gone.append((limiter.wait(takes, clock.sleep), takes))
    for limit in (first, two):
        own = [(moment, takes.get(limit.name, 0)) for moment, takes in gone]
        assert most_in_a_window(own, limit.seconds) <= limit.count


@given(limits, st.integers(1, 60))
def test_the_time_foretold_is_the_time_it_takes(limit: Limit, units: int) -> None:
    clock = FakeClock()
    limiter = Limiter([limit], clock)
    moments = [limiter.wait({"one": 1}, clock.sleep) for _ in range(units)]
    assert moments[-1] == pytest.approx(limit.least_seconds(units), abs=1e-3)


def test_a_burst_goes_at_once_and_what_follows_is_spread() -> None:
    clock = FakeClock()
    limiter = Limiter([Limit("content", 80, 60, "the test", burst=10)], clock)
    moments = [limiter.wait({"content": 1}, clock.sleep) for _ in range(30)]
    assert moments[9] == 0
    assert all(later - earlier == pytest.approx(60 / 70) for earlier, later in pairwise(moments[9:]))


def test_nothing_is_taken_by_a_call_that_never_went() -> None:
    clock = FakeClock()
    limiter = Limiter([Limit("one", 1, 60, "the test")], clock)
    limiter.wait({"one": 1}, clock.sleep)

    def give_up(seconds: float) -> None:
        raise TimeoutError

    for _ in range(3):
        with pytest.raises(TimeoutError):
            limiter.wait({"one": 1}, give_up)
    assert limiter.wait({"one": 1}, clock.sleep) == pytest.approx(60)


def test_a_wait_that_the_service_asks_for_holds_what_takes_of_the_same_limit_alone() -> None:
    clock = FakeClock()
    limiter = Limiter([Limit(name, 100, 60, "the test") for name in ("one", "two")], clock)
    limiter.hold({"one"}, 7)
    assert limiter.wait({"two": 1}, clock.sleep) == 0
    assert limiter.wait({"one": 1}, clock.sleep) == 7


def test_where_limits_are_not_kept_they_are_once_the_service_asks_to_wait() -> None:
    clock = FakeClock()
    limiter = Limiter([Limit("one", 1, 60, "the test")], clock, is_kept=False)
    assert [limiter.wait({"one": 1}, clock.sleep) for _ in range(5)] == [0] * 5
    limiter.hold({"one"}, 2)
    assert [limiter.wait({"one": 1}, clock.sleep) for _ in range(2)] == [2, 62]


PUBLISHED = (Limit("one", 10, 60, "the test", burst=4), Limit("two", 20, 60, "the test"))


def limiter_of(setting: object, *, is_its_own: bool = True) -> Limiter:
    rate_limit = RateLimit.from_settings(setting)  # type: ignore[arg-type]  # as the files have it
    return rate_limit.limiter(PUBLISHED, FakeClock(), service="example", is_its_own=is_its_own)


def test_limits_are_kept_at_the_service_itself_unless_the_stack_says_otherwise() -> None:
    assert all(limit.is_kept for limit in limiter_of(None).limits)
    assert not any(limit.is_kept for limit in limiter_of(None, is_its_own=False).limits)
    assert all(limit.is_kept for limit in limiter_of({"enabled": True}, is_its_own=False).limits)
    assert limiter_of({"enabled": False}).limits == ()


def test_the_stack_may_set_a_count_and_a_rate_of_its_own() -> None:
    found = {
        limit.name: limit for limit in limiter_of({"limits": {"one": 3}, "calls_per_second": 0.5}).limits
    }
    assert (found["one"].count, found["two"].count) == (3, 20)
    assert found["one"].burst == 1
    assert (found[OWN].count, found[OWN].seconds, found[OWN].each_write) == (1, 2.0, 1)


def test_a_limit_that_the_service_does_not_have_is_an_error_that_names_those_it_has() -> None:
    with pytest.raises(InvalidConfiguration) as caught:
        limiter_of({"limits": {"three": 3}})
    assert "choose one of one, two" in caught.value.diagnostics[0].advice
