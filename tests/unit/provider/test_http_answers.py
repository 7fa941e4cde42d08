"""How requests are made up and how answers are understood."""

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from reconciler.errors import (
    Forbidden,
    Garbled,
    NotFound,
    ProviderError,
    RateLimited,
    Rejected,
    ServiceFailed,
    Unauthorized,
)

Make = Callable[..., Any]
OK = httpx.Response(200, json={"ok": True})


def test_parts_of_a_path_are_encoded_so_that_none_reaches_beyond_its_place(
    connect: Make, script: Make
) -> None:
    service = script(OK)
    connect(service).call("GET", "/repos/{owner}/labels/{name}", parts={"owner": "a/b", "name": "50% é?#"})
    assert service.paths == ["GET /v3/repos/a%2Fb/labels/50%25%20%C3%A9%3F%23"]


@pytest.mark.parametrize("part", ["", ".", ".."])
def test_a_part_that_would_change_the_path_is_rejected(connect: Make, script: Make, part: str) -> None:
    service = script(OK)
    with pytest.raises(Rejected, match="repo must not be"):
        connect(service).call("DELETE", "/repos/acme/{repo}", parts={"repo": part})
    assert service.requests == []


def test_a_request_carries_its_body_parameters_headers_and_credentials(connect: Make, script: Make) -> None:
    service = script(OK)
    connection = connect(
        service, headers={"Accept": "application/vnd+json"}, authorization={"Authorization": "Bearer abcdef"}
    )
    connection.call("patch", "/x", json={"a": 1}, params={"page": 2}, headers={"X-One": "1"})
    (request,) = service.requests
    assert (request.method, str(request.url)) == ("PATCH", "https://api.example.com/v3/x?page=2")
    assert json.loads(request.content) == {"a": 1}
    assert request.headers["accept"] == "application/vnd+json"
    assert request.headers["x-one"] == "1"
    assert request.headers["authorization"] == "Bearer abcdef"
    assert request.headers["user-agent"].startswith("reconciler/")


def test_credentials_that_expire_are_asked_for_before_each_request(connect: Make, script: Make) -> None:
    tokens = iter(["first-token", "second-token"])
    service = script(OK)
    connection = connect(service, authorization=lambda: {"Authorization": next(tokens)})
    connection.call("GET", "/x")
    connection.call("GET", "/x")
    assert [request.headers["authorization"] for request in service.requests] == [
        "first-token",
        "second-token",
    ]


@pytest.mark.parametrize("token", ["abc\ndef", "abcdéf"])
def test_a_credential_that_no_header_can_carry_is_unauthorized_and_not_shown(
    connect: Make, script: Make, token: str
) -> None:
    with pytest.raises(Unauthorized, match="Authorization") as caught:
        connect(script(OK), authorization={"Authorization": token}).call("GET", "/x")
    assert token not in str(caught.value)


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, Rejected),
        (401, Unauthorized),
        (403, Forbidden),
        (404, NotFound),
        (409, Rejected),
        (410, NotFound),
        (422, Rejected),
        (429, RateLimited),
        (500, ServiceFailed),
        (599, ServiceFailed),
    ],
)
def test_a_status_tells_which_error_an_answer_is(
    connect: Make, script: Make, status: int, error: type[ProviderError]
) -> None:
    with pytest.raises(error, match=f"HTTP {status}") as caught:
        connect(script(httpx.Response(status))).call("GET", "/x", operation="GET /x")
    assert (caught.value.call.service, caught.value.call.operation) == ("example", "GET /x")


@pytest.mark.parametrize("name", ["message", "error", "error_description", "detail", "title"])
def test_an_error_has_the_words_of_the_service(connect: Make, script: Make, name: str) -> None:
    with pytest.raises(Rejected) as caught:
        connect(script(httpx.Response(422, json={name: "the name is taken"}))).call("GET", "/x")
    assert str(caught.value) == "example: the name is taken (HTTP 422) (GET /x)"


def test_an_error_status_that_is_expected_is_an_answer(connect: Make, script: Make) -> None:
    answer = connect(script(httpx.Response(404, json={"message": "off"}))).call("GET", "/x", accept={404})
    assert (answer.status, answer.body) == (404, {"message": "off"})


@pytest.mark.parametrize("text", ["<html>", "{", "NaN", "[" * 100_000])
def test_an_answer_that_is_not_json_is_garbled_and_says_what_came(
    connect: Make, script: Make, text: str
) -> None:
    page = httpx.Response(200, text=text, headers={"content-type": "text/html"})
    with pytest.raises(Garbled, match=r"not JSON \(HTTP 200, content type text/html\)"):
        connect(script(page)).call("GET", "/x")


def test_an_answer_that_is_compressed_wrongly_is_garbled(connect: Make, script: Make) -> None:
    def broken(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, stream=httpx.ByteStream(b"not gzip"), headers={"content-encoding": "gzip"})

    with pytest.raises(Garbled):
        connect(script(broken)).call("GET", "/x")


def test_text_is_given_as_it_is_where_no_json_is_expected(connect: Make, script: Make) -> None:
    page = httpx.Response(200, text="plain é")
    assert connect(script(page)).call("GET", "/x", expect_json=False).body == "plain é"


def test_an_empty_answer_has_no_body(connect: Make, script: Make) -> None:
    assert connect(script(httpx.Response(204))).call("DELETE", "/x").body is None
