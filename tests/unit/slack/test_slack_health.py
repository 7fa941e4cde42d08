"""Health: whether Slack takes the tokens, and what they lack."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from reconciler.errors import Unauthorized
from reconciler.provider import Account
from reconciler_slack.health import SCOPES
from reconciler_slack.provider import SlackProvider


def auth(slack: Any, scopes: str | None = None, **others: Any) -> httpx.Response:
    headers = {} if scopes is None else {"x-oauth-scopes": scopes}
    return httpx.Response(200, json={"ok": True, **slack.answers["auth.test"][0], **others}, headers=headers)


def test_one_call_tells_workspace_bot_and_scopes(slack: Any, provider: SlackProvider) -> None:
    slack.on("auth.test", auth(slack, ",".join(SCOPES)))
    health = provider.health()
    assert health.is_healthy
    assert health.account == Account("T00000001", "Acme")
    assert health.details["bot"] == "U0BOT0000"
    assert provider.account() == health.account
    assert len(slack.asked) == 1


def test_missing_scopes_are_named(slack: Any, provider: SlackProvider) -> None:
    slack.on("auth.test", auth(slack, ", ".join(SCOPES[:-2])))
    health = provider.health()
    assert not health.is_healthy
    assert health.missing_scopes == SCOPES[-2:]


def test_scopes_that_are_not_told_are_not_missing(slack: Any, provider: SlackProvider) -> None:
    assert provider.health().missing_scopes == ()
    assert provider.health().is_healthy


@pytest.mark.parametrize("code", ["invalid_auth", "not_authed", "account_inactive", "token_revoked"])
def test_a_bad_token_is_told_and_not_raised(slack: Any, provider: SlackProvider, code: str) -> None:
    slack.refuse("auth.test", code)
    health = provider.health()
    assert health.is_reachable
    assert not health.is_authenticated
    assert isinstance(health.error, Unauthorized)
    assert health.error.remedy


def test_an_outage_is_not_reachable(slack: Any, provider: SlackProvider) -> None:
    slack.on("auth.test", httpx.Response(503))
    assert not provider.health().is_reachable


def test_an_answer_of_somebody_else_is_no_good_health(slack: Any, provider: SlackProvider) -> None:
    slack.answers["auth.test"] = [httpx.Response(200, json={"ok": True})]
    health = provider.health()
    assert not health.is_healthy
    assert health.error is not None


def test_a_persons_token_must_be_good_and_of_the_same_workspace(
    slack: Any, connect: Callable[..., SlackProvider]
) -> None:
    provider = connect(user_token="xoxp-person")
    good, other = auth(slack), auth(slack, team_id="T00000002", team="Other")
    slack.on("auth.test", good, auth(slack, user_id="U0PERSON0"))
    assert provider.health().details["user"] == "U0PERSON0"
    slack.on("auth.test", good, other)
    health = provider.health()
    assert not health.is_healthy
    assert "another workspace, Other" in str(health.error)
    slack.on("auth.test", good, {"ok": False, "error": "invalid_auth"})
    assert not provider.health().is_authenticated
