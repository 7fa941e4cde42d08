"""What Notion answers when something goes wrong, and what becomes of the call."""

from collections.abc import Callable

import httpx
import pytest

from reconciler.errors import (
    Forbidden,
    Garbled,
    NotFound,
    OutcomeUnknown,
    ProviderError,
    RateLimited,
    Rejected,
    ServiceFailed,
    Unauthorized,
)
from reconciler.provider import Lookup, Unreadable
from reconciler.testing import FakeClock
from reconciler_notion.provider import NotionProvider
from tests.unit.notion.conftest import PAGE, ROOT, TOKEN, FakeNotion, page, page_list, problem

READ = f"GET /pages/{PAGE}"
LOOKUP = {"it": Lookup("notion_page", PAGE, {"parent": ROOT, "title": "Docs"})}
DESIRED = {"parent": ROOT, "title": "Docs"}
CHILDREN = f"GET /blocks/{ROOT}/children"


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (400, "invalid_json", Rejected),
        (400, "invalid_request_url", Rejected),
        (400, "invalid_request", Rejected),
        (400, "validation_error", Rejected),
        (400, "missing_version", Rejected),
        (401, "unauthorized", Unauthorized),
        (403, "restricted_resource", Forbidden),
        (404, "object_not_found", NotFound),
        (409, "conflict_error", Rejected),
        (429, "rate_limited", RateLimited),
        (500, "internal_server_error", ServiceFailed),
        (503, "service_unavailable", ServiceFailed),
        (504, "gateway_timeout", ServiceFailed),
        (529, "service_overload", RateLimited),
    ],
)
def test_every_documented_error_says_what_happened_and_what_to_do(
    provider: NotionProvider, notion: FakeNotion, status: int, code: str, kind: type[ProviderError]
) -> None:
    notion.on("GET /users/me", problem(status, code, "The reason."))
    with pytest.raises(ProviderError) as caught:
        provider.account()
    assert type(caught.value) is kind
    assert "The reason." in caught.value.cause
    assert caught.value.remedy
    assert TOKEN not in str(caught.value)


def test_a_rate_limit_is_waited_out_as_long_as_notion_asks(
    provider: NotionProvider, notion: FakeNotion, clock: FakeClock
) -> None:
    notion.on(READ, problem(429, "rate_limited", retry_after="7"), page())
    answers = provider.read(LOOKUP)
    assert not isinstance(answers["it"], Unreadable)
    assert sum(clock.slept) >= 7
    assert notion.calls == [READ, READ]


def test_an_overload_is_waited_out_for_a_write_too(provider: NotionProvider, notion: FakeNotion) -> None:
    notion.on(CHILDREN, page_list())
    notion.on("POST /pages", problem(529, "service_overload", retry_after="1"), page())
    assert provider.create("notion_page", DESIRED).id == PAGE
    assert notion.calls.count("POST /pages") == 2


def test_a_failed_write_is_not_repeated_and_its_outcome_is_unknown(
    provider: NotionProvider, notion: FakeNotion
) -> None:
    notion.on(CHILDREN, page_list())
    for failure in (problem(503, "service_unavailable"), httpx.ReadError("reset")):
        notion.on("POST /pages", failure)
        with pytest.raises(OutcomeUnknown):
            provider.create("notion_page", DESIRED)
    assert notion.calls.count("POST /pages") == 2


def test_a_create_whose_later_call_fails_has_an_unknown_outcome(
    provider: NotionProvider, notion: FakeNotion
) -> None:
    notion.on(CHILDREN, page_list()).on("POST /pages", page())
    notion.on(f"PATCH /pages/{PAGE}", problem(403, "restricted_resource"))
    with pytest.raises(OutcomeUnknown, match="was created"):
        provider.create("notion_page", {**DESIRED, "is_locked": True})


def test_a_failed_read_is_repeated(provider: NotionProvider, notion: FakeNotion) -> None:
    notion.on(READ, problem(502, "internal_server_error"), page())
    assert not isinstance(provider.read(LOOKUP)["it"], Unreadable)


def test_an_answer_that_is_not_as_documented_is_garbled_and_never_a_traceback(
    provider: NotionProvider, notion: FakeNotion
) -> None:
    notion.on(READ, {"object": "page", "id": PAGE})
    answer = provider.read(LOOKUP)["it"]
    assert isinstance(answer, Unreadable)
    assert isinstance(answer.error, Garbled)
    notion.on(CHILDREN, page_list()).on("POST /pages", {})
    with pytest.raises(OutcomeUnknown):
        provider.create("notion_page", DESIRED)
    notion.on("GET /users/me", {"object": "user"})
    with pytest.raises(Garbled):
        provider.account()
    assert not provider.health().is_healthy


def test_a_list_that_leads_in_a_circle_is_no_list(provider: NotionProvider, notion: FakeNotion) -> None:
    notion.on(CHILDREN, page_list(following="again"))
    with pytest.raises(Garbled, match="circle"):
        provider.create("notion_page", DESIRED)


def test_calls_keep_to_three_a_second_after_a_burst(
    connect: Callable[..., NotionProvider], notion: FakeNotion, clock: FakeClock
) -> None:
    notion.on("GET /users/me", {"object": "user", "id": PAGE, "bot": {}})
    provider = connect()
    for _ in range(40):
        provider.account()
    assert 9 < clock.monotonic() < 11


def test_a_local_service_is_not_held_back_until_it_asks_for_it(
    connect: Callable[..., NotionProvider], notion: FakeNotion, clock: FakeClock
) -> None:
    me = httpx.Response(200, json={"object": "user", "id": PAGE, "bot": {}})
    notion.on("GET /users/me", *[me] * 20, problem(429, "rate_limited", retry_after="2"), me)
    provider = connect(base_url="http://127.0.0.1:1")
    for _ in range(20):
        provider.account()
    assert clock.monotonic() == 0
    for _ in range(20):
        provider.account()
    assert clock.monotonic() > 5
