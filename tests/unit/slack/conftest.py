"""A provider over a Slack that answers as each test says, and keeps what it was asked."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from reconciler.provider.context import Context
from reconciler.testing import FakeClock
from reconciler_slack.provider import SlackProvider

Answer = Mapping[str, Any] | httpx.Response | Callable[[dict[str, Any]], Mapping[str, Any]]
TOKEN = "xoxb-0123456789-abcdef"
USER_TOKEN = "xoxp-9876543210-fedcba"
AUTH = {
    "team_id": "T00000001",
    "team": "Acme",
    "url": "https://acme.slack.com/",
    "user": "reconciler",
    "user_id": "U0BOT0000",
    "bot_id": "B0BOT0000",
}


@dataclass
class FakeSlack:
    """Answers by method; several answers for one method are given in turn, the last for ever.

    Answers are bodies without ``ok``, or with it where they are refusals.
    """

    answers: dict[str, list[Answer]] = field(default_factory=lambda: {"auth.test": [AUTH]})
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    requests: list[httpx.Request] = field(default_factory=list)

    def on(self, method: str, *answers: Answer) -> "FakeSlack":
        self.answers[method] = list(answers)
        return self

    def refuse(self, method: str, code: str, **others: Any) -> "FakeSlack":
        return self.on(method, {"ok": False, "error": code, **others})

    def __call__(self, request: httpx.Request) -> httpx.Response:
        method = request.url.path.rpartition("/")[2]
        arguments = json.loads(request.content) if request.content else dict(request.url.params)
        self.requests.append(request)
        self.asked.append((method, arguments))
        script = self.answers.get(method)
        if not script:
            return httpx.Response(200, json={"ok": False, "error": "unknown_method"})
        answer = script.pop(0) if len(script) > 1 else script[0]
        if isinstance(answer, httpx.Response):
            return answer
        body = answer if isinstance(answer, Mapping) else answer(arguments)
        return httpx.Response(200, json={"ok": True, **body})

    @property
    def methods(self) -> list[str]:
        """The methods called, without the one that tells whose the token is."""
        return [method for method, _ in self.asked if method != "auth.test"]

    def arguments(self, method: str) -> dict[str, Any]:
        """Of the last call of a method."""
        return next(arguments for asked, arguments in reversed(self.asked) if asked == method)


@pytest.fixture
def slack() -> FakeSlack:
    return FakeSlack()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def connect(slack: FakeSlack, clock: FakeClock) -> Callable[..., SlackProvider]:
    def make(**settings: Any) -> SlackProvider:
        context = Context(clock=clock, transport=httpx.MockTransport(slack))
        return SlackProvider({"token": TOKEN, **settings}, context)

    return make


@pytest.fixture
def provider(connect: Callable[..., SlackProvider]) -> SlackProvider:
    return connect()


@pytest.fixture
def channel() -> Callable[..., dict[str, Any]]:
    """A channel as Slack tells it."""

    def make(
        channel_id: str = "C00000001",
        name: str = "results",
        topic: str = "",
        purpose: str = "",
        **others: Any,
    ) -> dict[str, Any]:
        return {
            "id": channel_id,
            "name": name,
            "is_channel": True,
            "is_private": False,
            "is_archived": False,
            "is_general": False,
            "is_member": True,
            "is_shared": False,
            "is_ext_shared": False,
            "is_org_shared": False,
            "creator": "U0BOT0000",
            "created": 1767225600,
            "topic": {"value": topic, "creator": "", "last_set": 0},
            "purpose": {"value": purpose, "creator": "", "last_set": 0},
            "previous_names": [],
            **others,
        }

    return make


@pytest.fixture
def usergroup() -> Callable[..., dict[str, Any]]:
    """A user group as Slack tells it."""

    def make(group_id: str = "S00000001", handle: str = "crew", **others: Any) -> dict[str, Any]:
        return {
            "id": group_id,
            "team_id": "T00000001",
            "handle": handle,
            "name": handle.title(),
            "description": "",
            "is_external": False,
            "date_create": 1767225600,
            "date_delete": 0,
            "created_by": "U0BOT0000",
            "prefs": {"channels": [], "groups": []},
            "users": [],
            "is_section": False,
            **others,
        }

    return make


@pytest.fixture
def user() -> Callable[..., dict[str, Any]]:
    """A person as Slack tells them."""

    def make(user_id: str, name: str, **others: Any) -> dict[str, Any]:
        profile = {
            "email": f"{name}@example.com",
            "display_name": f"{name} the great",
            "real_name": name.title(),
        }
        found = {"id": user_id, "team_id": "T00000001", "name": name, "deleted": False, "profile": profile}
        return {**found, "real_name": name.title(), **others}

    return make
