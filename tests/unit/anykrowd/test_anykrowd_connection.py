"""Whose tenant it is, where the key may go, health, and errors in our words."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from reconciler.errors import (
    Forbidden,
    Garbled,
    NotFound,
    OutcomeUnknown,
    ProviderError,
    RateLimited,
    Refused,
    Rejected,
    ServiceFailed,
    Unauthorized,
)
from reconciler.provider import Lookup, Object, Unreadable, Wanted
from reconciler.testing import FakeClock
from reconciler_anykrowd import AnykrowdProvider
from tests.unit.anykrowd.fake_tenant import KEY, FakeTenant

PING = "GET /ping"
PONG = {"message": "pong"}
Connect = Callable[..., AnykrowdProvider]
Fail = Callable[..., httpx.Response]


def test_the_account_is_the_tenants_address(connect: Connect, tenant: FakeTenant) -> None:
    tenant.on(PING, PONG)
    account = connect().account()
    assert account.id == "https://krowd-dev.anykrowd.dev"
    assert account.name == "krowd-dev.anykrowd.dev"
    for same in ("https://KROWD-dev.anykrowd.dev/", "https://krowd-dev.anykrowd.dev:443"):
        assert connect(tenant_url=same).account() == account
    assert connect(tenant_url="https://other.anykrowd.dev").account() != account


def test_a_tenant_reached_by_another_way_is_the_same(connect: Connect, tenant: FakeTenant) -> None:
    tenant.on("GET /proxy/ping", PONG)
    there = connect(base_url="http://127.0.0.1:8080/proxy/")
    assert there.account().id == "https://krowd-dev.anykrowd.dev"
    assert str(tenant.requests[0].url) == "http://127.0.0.1:8080/proxy/apix/v1/ping"


@pytest.mark.parametrize("tenant_url", ["https://krowd-dev.anykrowd.dev", "https://a.staging.anykrowd.dev/"])
def test_the_key_goes_to_anykrowds_own_tenants(connect: Connect, tenant: FakeTenant, tenant_url: str) -> None:
    tenant.on(PING, PONG)
    connect(tenant_url=tenant_url).account()
    assert tenant.requests[0].headers["authorization"] == f"Bearer {KEY}"
    assert tenant.requests[0].headers["accept"] == "application/json"


@pytest.mark.parametrize(
    "settings",
    [
        {"tenant_url": "https://krowd.example.com"},
        {"tenant_url": "http://krowd-dev.anykrowd.dev"},
        {"tenant_url": "https://krowd-dev.anykrowd.dev:8443"},
        {"tenant_url": "https://anykrowd.dev"},
        {"tenant_url": "https://evilanykrowd.dev"},
        {"tenant_url": "https://krowd-dev.anykrowd.dev.example.com"},
        {"tenant_url": "nonsense"},
        {"base_url": "https://example.com"},
        {"base_url": "https://other.anykrowd.dev"},
    ],
)
def test_the_key_goes_nowhere_else_unless_that_is_allowed(
    connect: Connect, tenant: FakeTenant, settings: dict[str, str]
) -> None:
    with pytest.raises(Refused):
        connect(**settings)
    assert tenant.requests == []


def test_health_tells_the_calls_that_are_left(connect: Connect, tenant: FakeTenant, clock: FakeClock) -> None:
    reset = str(int(clock.now().timestamp()) + 90)
    headers = {"X-RateLimit-Limit": "1000", "X-RateLimit-Remaining": "42", "X-RateLimit-Reset": reset}
    tenant.on(PING, httpx.Response(200, json=PONG, headers=headers))
    health = connect().health()
    assert health.is_healthy
    (quota,) = health.quotas
    assert (quota.remaining, quota.limit, quota.resets_in) == (42, 1000, 90.0)
    assert tenant.calls == [PING]


@pytest.mark.parametrize(
    ("answer", "is_reachable", "is_authenticated"),
    [
        (httpx.Response(401), True, False),
        (httpx.Response(403), True, False),
        (httpx.Response(404), True, False),
        (httpx.Response(429, headers={"Retry-After": "9999"}), True, True),
        (httpx.Response(500), False, False),
        (httpx.ConnectError("refused"), False, False),
        ({"message": "hello"}, True, False),
        (httpx.Response(200, content=b"<html>"), True, False),
    ],
)
def test_health_never_raises(
    connect: Connect, tenant: FakeTenant, answer: Any, is_reachable: bool, is_authenticated: bool
) -> None:
    tenant.on(PING, answer)
    health = connect().health()
    assert (health.is_reachable, health.is_authenticated) == (is_reachable, is_authenticated)
    assert health.error is not None
    assert health.error.remedy


STATUSES: list[tuple[int, type[ProviderError]]] = [
    (400, Rejected),
    (401, Unauthorized),
    (403, Forbidden),
    (404, NotFound),
    (422, Rejected),
    (429, RateLimited),
    (500, ServiceFailed),
    (503, ServiceFailed),
]


@pytest.mark.parametrize(("status", "kind"), STATUSES)
def test_each_error_of_a_question_has_a_cause_and_a_remedy(
    provider: AnykrowdProvider, tenant: FakeTenant, fail: Fail, status: int, kind: type[ProviderError]
) -> None:
    tenant.on("GET /roles/list", fail(status, "In its own words"))
    found = provider.find({"": Wanted("data.anykrowd_role", {"id": 1})})[""]
    assert isinstance(found, Unreadable)
    assert type(found.error) is kind
    assert found.error.cause == f"In its own words (HTTP {status})"
    assert found.error.remedy
    assert found.error.call.operation == "GET /apix/v1/roles/list"


@pytest.mark.parametrize(("status", "kind"), STATUSES)
def test_each_error_of_a_change_has_a_cause_and_a_remedy(
    provider: AnykrowdProvider, tenant: FakeTenant, fail: Fail, status: int, kind: type[ProviderError]
) -> None:
    person = {"external_id": "a", "external_qr_code": "q", "first_name": "A", "last_name": "B"}
    tenant.on("POST /users/sync", fail(status, "In its own words"))
    with pytest.raises(ProviderError) as caught:
        provider.update(Object("anykrowd_staff_member", "a", person), person, frozenset({"last_name"}))
    assert type(caught.value) is (OutcomeUnknown if kind is ServiceFailed else kind)
    assert caught.value.remedy


def test_an_error_that_comes_with_a_good_status_is_an_error(
    provider: AnykrowdProvider, tenant: FakeTenant
) -> None:
    body = {"status": "error", "error": {"code": 403, "error": "Access Denied"}}
    tenant.on("GET /users/wallets?external_id=a", body)
    answer = provider.read({"": Lookup("anykrowd_staff_member", "a", {})})[""]
    assert isinstance(answer, Unreadable)
    assert isinstance(answer.error, Forbidden)
    assert answer.error.cause == "Access Denied (HTTP 403)"


def test_an_exhausted_limit_is_waited_for_until_it_is_reset(
    connect: Connect, tenant: FakeTenant, fail: Fail, clock: FakeClock
) -> None:
    reset = str(int(clock.now().timestamp()) + 120)
    tenant.on(PING, fail(429, "Too Many Requests", X_RateLimit_Reset=reset), PONG)
    connect().account()
    assert clock.slept == [120.0]


def test_a_limit_that_is_reset_only_much_later_is_told_at_once(
    connect: Connect, tenant: FakeTenant, fail: Fail, clock: FakeClock
) -> None:
    reset = str(int(clock.now().timestamp()) + 3000)
    tenant.on(PING, fail(429, "Too Many Requests", X_RateLimit_Reset=reset))
    with pytest.raises(RateLimited) as caught:
        connect().account()
    assert caught.value.retry_after == 3000
    assert "reset in 3000 s" in caught.value.remedy
    assert clock.slept == []


def test_an_address_that_is_no_tenant_is_told(connect: Connect, tenant: FakeTenant) -> None:
    tenant.on(PING, {"message": "welcome"})
    with pytest.raises(Garbled) as caught:
        connect().account()
    assert "tenant_url" in caught.value.remedy


def test_no_error_holds_the_key(connect: Connect, tenant: FakeTenant, fail: Fail) -> None:
    tenant.on(PING, fail(401, f"the key {KEY} is wrong"))
    with pytest.raises(Unauthorized) as caught:
        connect().account()
    assert KEY not in f"{caught.value} {caught.value!r} {caught.value.remedy}"


def test_a_key_made_of_odd_characters_is_never_sent(connect: Connect, tenant: FakeTenant) -> None:
    with pytest.raises(Unauthorized):
        connect(api_key="two\nlines").account()
    assert tenant.requests == []
