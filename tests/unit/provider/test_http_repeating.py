"""What is repeated, after which waits, and what is said about a call whose fate is unknown."""

import random
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from reconciler.errors import (
    Call,
    Forbidden,
    Garbled,
    NotFound,
    OutcomeUnknown,
    ProviderError,
    RateLimited,
    Rejected,
    ServiceFailed,
    Unreachable,
)
from reconciler.provider.answers import Answer
from reconciler.provider.retry import Retry
from reconciler.provider.timeouts import Timeouts
from reconciler.testing import FakeClock

Make = Callable[..., Any]
OK = httpx.Response(200, json={"ok": True})


def test_a_read_that_fails_is_repeated_until_it_is_answered(
    connect: Make, script: Make, clock: FakeClock
) -> None:
    service = script(httpx.ReadTimeout("slow"), httpx.Response(502, html="<h1>unicorn</h1>"), OK)
    answer = connect(service).call("GET", "/thing")
    assert (answer.status, answer.body) == (200, {"ok": True})
    assert len(service.requests) == 3
    assert len(clock.slept) == 2


def test_waits_are_random_up_to_a_bound_that_doubles_to_its_greatest(
    connect: Make, script: Make, clock: FakeClock
) -> None:
    service = script(httpx.Response(500))
    with pytest.raises(ServiceFailed):
        connect(service, retry=Retry(attempts=6, base_delay=1, max_delay=5)).call("GET", "/thing")
    same = random.Random(7)
    assert clock.slept == [same.uniform(0, bound) for bound in (1, 2, 4, 5, 5)]
    assert len(service.requests) == 6


@pytest.mark.parametrize(
    ("failure", "error"),
    [
        (httpx.ReadTimeout("slow"), Unreachable),
        (httpx.ReadError("reset"), Unreachable),
        (httpx.RemoteProtocolError("closed"), Unreachable),
        (httpx.ConnectError("refused"), Unreachable),
        (httpx.Response(503), ServiceFailed),
        (httpx.Response(429), RateLimited),
    ],
)
def test_a_read_that_is_never_answered_says_why(
    connect: Make, script: Make, failure: Any, error: type[ProviderError]
) -> None:
    service = script(failure)
    with pytest.raises(error):
        connect(service).call("GET", "/thing")
    assert len(service.requests) == 3


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 410, 422])
def test_a_clear_refusal_is_not_repeated(connect: Make, script: Make, clock: FakeClock, status: int) -> None:
    service = script(httpx.Response(status, json={"message": "no"}))
    with pytest.raises(ProviderError, match="no"):
        connect(service).call("GET", "/thing")
    assert len(service.requests) == 1
    assert clock.slept == []


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize(
    "failure",
    [
        httpx.ReadTimeout("slow"),
        httpx.WriteTimeout("slow"),
        httpx.ReadError("reset"),
        httpx.RemoteProtocolError("closed"),
        httpx.Response(500),
        httpx.Response(504),
        httpx.Response(200, text="<html>", headers={"content-type": "text/html"}),
    ],
)
def test_a_write_whose_answer_is_lost_is_unknown_and_never_repeated(
    connect: Make, script: Make, clock: FakeClock, method: str, failure: Any
) -> None:
    service = script(failure, OK)
    with pytest.raises(OutcomeUnknown) as caught:
        connect(service).call(method, "/thing", json={})
    assert len(service.requests) == 1
    assert clock.slept == []
    assert caught.value.remedy


@pytest.mark.parametrize(
    "failure", [httpx.ConnectError("refused"), httpx.ConnectTimeout("slow"), httpx.PoolTimeout("")]
)
def test_a_write_that_never_reached_the_service_is_repeated(
    connect: Make, script: Make, failure: Exception
) -> None:
    service = script(failure, OK)
    assert connect(service).call("POST", "/thing", json={}).status == 200
    assert len(service.requests) == 2


def test_a_write_that_can_never_reach_the_service_did_not_take_effect(connect: Make, script: Make) -> None:
    service = script(httpx.ConnectError("refused"))
    with pytest.raises(Unreachable, match=r"no connection to https://api\.example\.com: refused"):
        connect(service).call("POST", "/thing", json={})
    assert len(service.requests) == 3


def test_a_write_turned_away_by_a_rate_limit_is_repeated_after_the_wait_it_names(
    connect: Make, script: Make, clock: FakeClock
) -> None:
    service = script(httpx.Response(429, headers={"Retry-After": "17"}), OK)
    assert connect(service).call("POST", "/thing", json={}).status == 200
    assert clock.slept == [17]


def test_a_wait_given_as_a_date_is_obeyed(connect: Make, script: Make, clock: FakeClock) -> None:
    service = script(httpx.Response(429, headers={"Retry-After": "Thu, 01 Jan 2026 00:00:42 GMT"}), OK)
    connect(service).call("GET", "/thing")
    assert clock.slept == [42]


def test_a_service_that_is_down_for_a_while_is_asked_again_when_it_says(
    connect: Make, script: Make, clock: FakeClock
) -> None:
    service = script(httpx.Response(503, headers={"Retry-After": "60"}), httpx.ReadTimeout("slow"), OK)
    connect(service).call("GET", "/thing")
    assert clock.slept[0] == 60
    assert clock.slept[1] < 2


def test_a_wait_longer_than_the_greatest_is_left_to_the_user(
    connect: Make, script: Make, clock: FakeClock
) -> None:
    service = script(httpx.Response(429, headers={"Retry-After": "3600"}), OK)
    with pytest.raises(RateLimited) as caught:
        connect(service).call("GET", "/thing")
    assert caught.value.retry_after == 3600
    assert clock.slept == []


def test_a_provider_says_itself_what_an_answer_means(connect: Make, script: Make, clock: FakeClock) -> None:
    def classify(answer: Answer, call: Call) -> ProviderError | None:
        if answer.status == 403 and answer.headers.get("X-RateLimit-Remaining") == "0":
            return RateLimited("the limit is used up", call=call, retry_after=9)
        return None

    limited = httpx.Response(403, headers={"x-ratelimit-remaining": "0"})
    connection = connect(script(limited, httpx.Response(403)), classify=classify)
    with pytest.raises(Forbidden):
        connection.call("POST", "/thing")
    assert clock.slept == [9]


def test_a_provider_may_find_an_error_in_a_good_answer(connect: Make, script: Make) -> None:
    def classify(answer: Answer, call: Call) -> ProviderError | None:
        return Rejected(answer.body["errors"], call=call) if "errors" in answer.body else None

    service = script(httpx.Response(200, json={"errors": "no such field"}))
    with pytest.raises(Rejected, match="no such field"):
        connect(service, classify=classify).call("POST", "/graphql", json={}, may_repeat=True)


def test_a_failure_that_a_provider_finds_in_the_answer_to_a_write_leaves_its_outcome_unknown(
    connect: Make, script: Make
) -> None:
    def classify(answer: Answer, call: Call) -> ProviderError | None:
        return ServiceFailed("something went wrong", call=call)

    with pytest.raises(OutcomeUnknown, match="something went wrong"):
        connect(script(OK), classify=classify).call("POST", "/graphql", json={})


def test_a_question_by_post_is_repeated_and_is_unreachable_in_the_end(connect: Make, script: Make) -> None:
    service = script(httpx.ReadTimeout("slow"))
    with pytest.raises(Unreachable):
        connect(service).call("POST", "/graphql", json={}, may_repeat=True)
    assert len(service.requests) == 3


def test_a_change_that_may_be_made_twice_is_repeated_and_unknown_in_the_end(
    connect: Make, script: Make
) -> None:
    service = script(httpx.ReadTimeout("slow"))
    with pytest.raises(OutcomeUnknown):
        connect(service).call("PUT", "/thing", json={}, may_repeat=True)
    assert len(service.requests) == 3


def test_a_lost_answer_is_not_forgotten_when_the_service_cannot_be_reached_afterwards(
    connect: Make, script: Make
) -> None:
    service = script(httpx.ReadTimeout("slow"), httpx.ConnectError("refused"))
    with pytest.raises(OutcomeUnknown, match="slow"):
        connect(service).call("PUT", "/thing", json={}, may_repeat=True)


def test_a_clear_answer_ends_the_doubt_about_an_earlier_attempt(connect: Make, script: Make) -> None:
    service = script(httpx.ReadTimeout("slow"), httpx.Response(404))
    with pytest.raises(NotFound):
        connect(service).call("DELETE", "/thing", may_repeat=True)


def test_a_read_is_made_once_when_it_must_not_be_repeated(connect: Make, script: Make) -> None:
    service = script(httpx.Response(500))
    with pytest.raises(ServiceFailed):
        connect(service).call("GET", "/thing", may_repeat=False)
    assert len(service.requests) == 1


def test_every_request_is_told_of_with_its_operation(connect: Make, script: Make, asked: list[Call]) -> None:
    service = script(httpx.Response(500), OK)
    connect(service).call("GET", "/repos/{owner}?x=1", parts={"owner": "acme"})
    assert asked == [Call("example", "GET /repos/{owner}")] * 2


def test_timeouts_of_every_kind_go_with_each_request(connect: Make, script: Make) -> None:
    service = script(OK)
    connect(service, timeouts=Timeouts(connect=1, read=2, write=3, pool=4)).call("GET", "/thing")
    assert service.requests[0].extensions["timeout"] == {"connect": 1, "read": 2, "write": 3, "pool": 4}


def test_an_answer_that_trickles_is_given_up_after_the_total_time(
    connect: Make, script: Make, clock: FakeClock
) -> None:
    class Trickle(httpx.SyncByteStream):
        def __iter__(self) -> Any:
            for _ in range(100):
                clock.advance(5)
                yield b" "

    service = script(lambda request: httpx.Response(200, stream=Trickle()))
    with pytest.raises(Unreachable, match="longer than 12 s"):
        connect(service, timeouts=Timeouts(total=12), retry=Retry(attempts=1)).call("GET", "/thing")


def test_an_answer_that_is_too_large_is_not_read_to_its_end(connect: Make, script: Make) -> None:
    service = script(httpx.Response(200, json=["x" * 1000]))
    with pytest.raises(Garbled, match="larger than 100 bytes"):
        connect(service, largest_body=100).call("GET", "/thing")
