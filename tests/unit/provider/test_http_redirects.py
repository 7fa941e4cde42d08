"""Redirects are followed where credentials may go, and nowhere else."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from reconciler.errors import Garbled

Make = Callable[..., Any]
OK = httpx.Response(200, json={"ok": True})


def to(status: int, location: str) -> httpx.Response:
    return httpx.Response(status, headers={"Location": location}, text="moved")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_read_follows_a_redirect_on_its_origin(connect: Make, script: Make, status: int) -> None:
    service = script(to(status, "/v3/repositories/1"), OK)
    assert connect(service).call("GET", "/repos/a/old", params={"q": "1"}).body == {"ok": True}
    assert service.paths == ["GET /v3/repos/a/old?q=1", "GET /v3/repositories/1"]
    assert service.requests[1].headers["authorization"]


@pytest.mark.parametrize("status", [307, 308])
def test_a_write_follows_a_redirect_with_its_method_and_body(
    connect: Make, script: Make, status: int
) -> None:
    service = script(to(status, "https://api.example.com/v3/repositories/1"), OK)
    connect(service).call("PATCH", "/repos/a/old", json={"name": "new"})
    assert service.paths == ["PATCH /v3/repos/a/old", "PATCH /v3/repositories/1"]
    assert service.requests[1].content == service.requests[0].content != b""


@pytest.mark.parametrize("status", [301, 302, 303])
def test_a_write_follows_no_redirect_that_would_turn_it_into_a_read(
    connect: Make, script: Make, status: int
) -> None:
    service = script(to(status, "/v3/repositories/1"), OK)
    with pytest.raises(Garbled, match=f"HTTP {status}"):
        connect(service).call("POST", "/repos")
    assert len(service.requests) == 1


@pytest.mark.parametrize(
    "location",
    [
        "https://evil.example/v3",
        "//evil.example/v3",
        "http://api.example.com/v3",
        "https://api.example.com:8443/v3",
        "https://api.example.com@evil.example/",
    ],
)
@pytest.mark.parametrize("method", ["GET", "PATCH"])
def test_credentials_follow_no_redirect_to_another_origin(
    connect: Make, script: Make, location: str, method: str
) -> None:
    service = script(to(307, location), OK)
    with pytest.raises(Garbled, match="must not go"):
        connect(service).call(method, "/x")
    assert len(service.requests) == 1


def test_a_circle_of_redirects_ends(connect: Make, script: Make) -> None:
    service = script(to(301, "/v3/x"))
    with pytest.raises(Garbled, match="more than 5 times"):
        connect(service).call("GET", "/x")
    assert len(service.requests) == 6


@pytest.mark.parametrize("location", ["mailto:me@example.com", "http://[", "https://"])
def test_a_redirect_to_no_address_is_garbled(connect: Make, script: Make, location: str) -> None:
    with pytest.raises(Garbled):
        connect(script(to(301, location))).call("GET", "/x")


def test_a_redirect_to_nowhere_is_garbled_but_an_unchanged_answer_is_none(
    connect: Make, script: Make
) -> None:
    with pytest.raises(Garbled, match="HTTP 302"):
        connect(script(httpx.Response(302))).call("GET", "/x")
    assert connect(script(httpx.Response(304))).call("GET", "/x").status == 304


def test_an_address_that_the_service_gave_is_followed_on_its_origin_only(connect: Make, script: Make) -> None:
    service = script(OK)
    connection = connect(service)
    connection.call("GET", "https://api.example.com/v3/x?page=2")
    with pytest.raises(Garbled, match="must not go"):
        connection.call("GET", "https://evil.example/x")
    assert service.paths == ["GET /v3/x?page=2"]
