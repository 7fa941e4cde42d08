"""Waits, repetitions, the circuit and the limits together, over a connection."""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from reconciler.errors import OutcomeUnknown, RateLimited, ServiceFailed, Unreachable
from reconciler.provider.breaker import Breaker, State
from reconciler.provider.budget import Budget
from reconciler.provider.context import Context
from reconciler.provider.http import Connection
from reconciler.provider.limits import Limit, Limiter
from reconciler.provider.retried import Kind, Retried
from reconciler.provider.retry import Retry
from reconciler.testing import FakeClock

OK = httpx.Response(200, json={})
DOWN = httpx.Response(503)
Open = Callable[..., Connection]


@pytest.fixture
def open_to(clock: FakeClock) -> Iterator[Open]:
    made: list[Connection] = []

    def make(service: Any, *, context: dict[str, Any] | None = None, **options: Any) -> Connection:
        connection = Connection(
            "https://api.example.com",
            service="example",
            service_origins=("https://api.example.com",),
            context=Context(clock, httpx.MockTransport(service), **(context or {})),
            random=random.Random(7),
            **options,
        )
        made.append(connection)
        return connection

    yield make
    for connection in made:
        connection.close()


def test_seven_seconds_asked_for_are_seven_seconds_waited(
    open_to: Open, script: Any, clock: FakeClock
) -> None:
    service = script(httpx.Response(429, headers={"Retry-After": "7"}), OK)
    limiter = Limiter([Limit("one", 100, 60, "the test")], clock)
    open_to(service, limiter=limiter, takes=lambda method, operation: {"one": 1}).call("GET", "/thing")
    assert clock.slept == [7]


def test_full_jitter_is_uniform_between_nothing_and_the_doubled_delay() -> None:
    retry, dice = Retry(base_delay=1, max_delay=6), random.Random(11)
    for attempt, longest in ((1, 1.0), (2, 2.0), (3, 4.0), (4, 6.0), (9, 6.0)):
        waits = [retry.wait(attempt, dice) for _ in range(20_000)]
        tenths = Counter(int(10 * wait / longest) for wait in waits)
        assert set(tenths) <= set(range(11))
        assert min(tenths[tenth] for tenth in range(10)) > 1_800  # 2,000 each, and 42 off at one sigma
        assert sum(waits) / len(waits) == pytest.approx(longest / 2, rel=0.02)
        assert sum(wait * wait for wait in waits) / len(waits) == pytest.approx(longest**2 / 3, rel=0.03)


def test_a_wait_of_at_least_a_minute_doubles_and_is_never_shorter() -> None:
    retry, dice = Retry(base_delay=75, max_delay=240, least=60), random.Random(3)
    for attempt, least, most in ((1, 60, 75), (2, 120, 150), (3, 240, 240)):
        waits = [retry.wait(attempt, dice) for _ in range(500)]
        assert least <= min(waits) <= max(waits) <= most


@pytest.mark.parametrize(
    ("failure", "kind"),
    [
        (httpx.ConnectError("refused"), Kind.CONNECT),
        (httpx.ReadTimeout("slow"), Kind.TIMEOUT),
        (httpx.RemoteProtocolError("closed"), Kind.RESET),
        (httpx.Response(429), Kind.LIMIT),
        (httpx.Response(502), Kind.FAILED),
    ],
)
def test_each_kind_of_failure_has_a_policy_of_its_own(
    open_to: Open, script: Any, failure: Any, kind: Kind
) -> None:
    told: list[Retried] = []
    service = script(failure)
    retry = Retry(attempts=2, kinds={kind: Retry(attempts=4)})
    connection = open_to(service, retry=retry, context={"on_retry": told.append})
    with pytest.raises((Unreachable, ServiceFailed, RateLimited)):
        connection.call("GET", "/thing")
    assert len(service.requests) == 4
    assert [(each.attempt, each.why) for each in told] == [(1, kind), (2, kind), (3, kind)]


def test_every_repetition_is_logged(
    open_to: Open, script: Any, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("DEBUG", "reconciler"):
        open_to(script(DOWN, OK)).call("GET", "/thing")
    assert f"GET /thing: attempt 1 failed, the service failed: again in {clock.slept[0]:.1f} s" in caplog.text


def test_in_an_outage_repetitions_end_with_the_budget_of_the_run(open_to: Open, script: Any) -> None:
    service, budget = script(DOWN), Budget(least=3, share=0)
    connection = open_to(service, context={"budget": budget, "breaker": Breaker(FakeClock(), failures=999)})
    for _ in range(10):
        with pytest.raises(ServiceFailed):
            connection.call("GET", "/thing")
    assert len(service.requests) == 10 + 3
    assert budget.left == 0


def test_a_short_outage_is_waited_out_and_costs_few_calls(open_to: Open, clock: FakeClock) -> None:
    asked: list[float] = []

    def service(request: httpx.Request) -> httpx.Response:
        asked.append(clock.monotonic())
        return OK if clock.monotonic() >= 10 else DOWN

    breaker = Breaker(clock, failures=3, probe_every=5)
    connection = open_to(service, context={"breaker": breaker})
    with pytest.raises(ServiceFailed):
        connection.call("GET", "/thing")
    assert str(breaker.state) == "open"
    connection.call("GET", "/thing")
    assert 10 <= asked[-1] <= 10 + breaker.probe_every
    assert len(asked) <= 6
    assert breaker.state is State.CLOSED


def test_in_a_long_outage_calls_are_turned_away_without_being_made(
    open_to: Open, script: Any, clock: FakeClock
) -> None:
    service = script(DOWN)
    connection = open_to(service, context={"breaker": Breaker(clock, failures=3, probe_every=5, patience=30)})
    for _ in range(40):
        with pytest.raises((ServiceFailed, Unreachable)):
            connection.call("GET", "/thing")
    assert len(service.requests) <= 3 + 30 / 5 + 1
    with pytest.raises(Unreachable, match="not asked: the service has failed for"):
        connection.call("POST", "/thing", json={})


def test_a_write_that_was_turned_away_is_none_whose_outcome_is_unknown(
    open_to: Open, script: Any, clock: FakeClock
) -> None:
    breaker = Breaker(clock, failures=1, patience=0)
    service = script(DOWN)
    connection = open_to(service, context={"breaker": breaker})
    with pytest.raises(OutcomeUnknown):
        connection.call("POST", "/thing", json={})
    with pytest.raises(Unreachable):
        connection.call("POST", "/thing", json={})
    assert len(service.requests) == 1


def test_answers_that_say_no_and_limits_do_not_open_the_circuit(open_to: Open, script: Any) -> None:
    breaker = Breaker(FakeClock(), failures=1)
    connection = open_to(script(httpx.Response(403), httpx.Response(429)), context={"breaker": breaker})
    for _ in range(2):
        with pytest.raises(Exception, match="HTTP 4"):
            connection.call("GET", "/thing")
    assert breaker.state is State.CLOSED


def test_calls_wait_for_their_turn_and_nobody_is_turned_away(
    open_to: Open, script: Any, clock: FakeClock
) -> None:
    limiter = Limiter([Limit("writes", 2, 60, "the test")], clock)
    connection = open_to(
        script(OK), limiter=limiter, takes=lambda method, operation: {"writes": 1} if method == "PUT" else {}
    )
    for _ in range(5):
        connection.call("PUT", "/thing", json={})
        connection.call("GET", "/thing")
    assert sum(clock.slept) == pytest.approx(120)


def test_a_run_that_is_asked_to_stop_repeats_nothing_more(
    open_to: Open, script: Any, clock: FakeClock
) -> None:
    service = script(DOWN)
    connection = open_to(service, context={"is_stopping": lambda: len(service.requests) >= 2})
    with pytest.raises(ServiceFailed):
        connection.call("GET", "/thing")
    assert len(service.requests) == 2


def test_a_wait_that_a_stop_cuts_short_is_followed_by_no_call(
    open_to: Open, script: Any, clock: FakeClock
) -> None:
    service, told = script(DOWN), list[Retried]()
    connection = open_to(service, context={"on_retry": told.append, "is_stopping": lambda: bool(told)})
    with pytest.raises(ServiceFailed):
        connection.call("GET", "/thing")
    assert (len(service.requests), clock.slept) == (1, [])


def test_who_waits_for_a_turn_when_the_run_stops_says_that_nothing_was_sent(
    open_to: Open, script: Any, clock: FakeClock
) -> None:
    service = script(OK)
    limiter = Limiter([Limit("one", 1, 60, "the test")], clock)
    connection = open_to(
        service,
        limiter=limiter,
        takes=lambda method, operation: {"one": 1},
        context={"is_stopping": lambda: len(service.requests) == 1},
    )
    connection.call("POST", "/thing", json={})
    with pytest.raises(Unreachable, match="not sent: the run was asked to stop"):
        connection.call("POST", "/thing", json={})
    assert len(service.requests) == 1
