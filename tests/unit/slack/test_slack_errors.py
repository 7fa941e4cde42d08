"""What Slack answers becomes an error with cause and remedy, and a lost write stays in doubt."""

from typing import Any

import httpx
import pytest

from reconciler.errors import (
    Garbled,
    NotFound,
    OutcomeUnknown,
    ProviderError,
    RateLimited,
    Rejected,
    ServiceFailed,
    Unauthorized,
    Unreachable,
)
from reconciler.provider import Lookup, Unreadable
from reconciler.provider.context import Context
from reconciler.testing import FakeClock
from reconciler_slack.errors import code_of
from reconciler_slack.faults import FAULTS
from reconciler_slack.provider import SlackProvider

CALL = "conversations.create"


def error_for(slack: Any, provider: SlackProvider, answer: Any) -> ProviderError:
    slack.on(CALL, answer)
    with pytest.raises(ProviderError) as caught:
        provider.create("slack_channel", {"name": "results"})
    return caught.value


def read_error(slack: Any, provider: SlackProvider, answer: Any) -> ProviderError:
    slack.on("usergroups.list", answer)
    found = provider.read({"": Lookup("slack_usergroup", "S00000001", {})})[""]
    assert isinstance(found, Unreadable)
    return found.error


@pytest.mark.parametrize("code", sorted(FAULTS))
def test_each_code_is_an_error_of_its_kind_with_a_remedy(
    slack: Any, provider: SlackProvider, code: str
) -> None:
    error = error_for(slack, provider, {"ok": False, "error": code})
    kind = OutcomeUnknown if FAULTS[code].kind is ServiceFailed else FAULTS[code].kind
    assert type(error) is kind
    assert error.remedy
    assert code_of(error) == code
    assert error.call.operation == CALL


def test_a_code_that_nobody_documents_is_told_in_slacks_words(slack: Any, provider: SlackProvider) -> None:
    error = error_for(slack, provider, {"ok": False, "error": "brand_new_error", "detail": "it is new"})
    assert type(error) is Rejected
    assert error.cause == "brand_new_error (it is new)"
    assert "docs.slack.dev" in error.remedy


def test_wrong_arguments_are_told_one_by_one(slack: Any, provider: SlackProvider) -> None:
    messages = ["[ERROR] must be a string [json-pointer:/name]", "[ERROR] missing required field: name"]
    answer = {"ok": False, "error": "invalid_arguments", "response_metadata": {"messages": messages}}
    assert error_for(slack, provider, answer).cause == f"invalid_arguments ({'; '.join(messages)})"


def test_a_missing_scope_is_named_with_those_that_there_are(slack: Any, provider: SlackProvider) -> None:
    answer = {"ok": False, "error": "missing_scope", "needed": "channels:manage", "provided": "chat:write"}
    error = error_for(slack, provider, answer)
    assert "the scope channels:manage" in error.remedy
    assert "its token has chat:write" in error.remedy


def test_a_limit_is_waited_out_as_long_as_slack_says(
    slack: Any, provider: SlackProvider, channel: Any, clock: FakeClock
) -> None:
    limited = httpx.Response(429, headers={"Retry-After": "30"}, json={"ok": False, "error": "ratelimited"})
    slack.on(CALL, limited, {"channel": channel()})
    provider.create("slack_channel", {"name": "results"})
    assert clock.slept == [30]
    assert slack.methods == [CALL, CALL]


def test_a_limit_told_inside_a_good_answer_is_one_too(slack: Any, provider: SlackProvider) -> None:
    answer = httpx.Response(200, headers={"Retry-After": "7"}, json={"ok": False, "error": "ratelimited"})
    error = error_for(slack, provider, answer)
    assert isinstance(error, RateLimited)
    assert error.retry_after == 7


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(503, text="upstream"),
        {"ok": False, "error": "fatal_error"},
        httpx.Response(200, text="<html>hello</html>"),
        httpx.Response(200, json=["hello"]),
        httpx.Response(200, json={"hello": "there"}),
        {"channel": {"id": "C00000001"}},
    ],
)
def test_a_write_without_a_clear_answer_is_in_doubt_and_not_repeated(
    slack: Any, provider: SlackProvider, answer: Any
) -> None:
    error = error_for(slack, provider, answer)
    assert isinstance(error, OutcomeUnknown)
    assert slack.methods == [CALL]


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (httpx.Response(503, text="upstream"), ServiceFailed),
        ({"ok": False, "error": "internal_error"}, ServiceFailed),
        (httpx.Response(200, text="<html>hello</html>"), Garbled),
        (httpx.Response(200, json={"hello": "there"}), Garbled),
        ({"usergroups": None}, Garbled),
        ({"usergroups": [{"id": "S00000001"}]}, Garbled),
        ({"ok": False, "error": "token_revoked"}, Unauthorized),
    ],
)
def test_a_read_without_a_clear_answer_is_unreadable(
    slack: Any, provider: SlackProvider, answer: Any, kind: type[ProviderError]
) -> None:
    assert type(read_error(slack, provider, answer)) is kind


def test_a_failed_read_is_repeated(slack: Any, provider: SlackProvider, usergroup: Any) -> None:
    slack.on("usergroups.list", {"ok": False, "error": "internal_error"}, {"usergroups": [usergroup()]})
    answers = provider.read({"": Lookup("slack_usergroup", "S00000001", {})})
    assert not isinstance(answers[""], Unreadable)
    assert slack.methods == ["usergroups.list"] * 2


def test_a_connection_that_breaks_after_a_write_leaves_it_in_doubt(clock: FakeClock) -> None:
    def respond(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadError("connection reset", request=request)

    transport = httpx.MockTransport(respond)
    provider = SlackProvider({"token": "xoxb-1"}, Context(clock=clock, transport=transport))
    with pytest.raises(OutcomeUnknown):
        provider.create("slack_channel", {"name": "results"})
    with pytest.raises(Unreachable):
        provider.account()


def test_what_is_not_there_for_a_write_is_not_found(slack: Any, provider: SlackProvider) -> None:
    error = error_for(slack, provider, {"ok": False, "error": "channel_not_found"})
    assert isinstance(error, NotFound)
    assert "/invite" in error.remedy


def test_no_token_is_in_an_error(slack: Any, provider: SlackProvider) -> None:
    error = error_for(slack, provider, {"ok": False, "error": "no", "detail": "xoxb-0123456789-abcdef"})
    assert "xoxb-0123456789-abcdef" not in f"{error} {error!r} {error.remedy}"
