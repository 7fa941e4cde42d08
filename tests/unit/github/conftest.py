"""A provider over a GitHub that answers as each test says, and keeps what it was asked."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from reconciler.provider.context import Context
from reconciler.testing import FakeClock
from reconciler_github.provider import GitHubProvider

Answer = httpx.Response | Callable[[Any], httpx.Response]
TOKEN = "ghp_0123456789abcdef"


@dataclass
class FakeGitHub:
    """Answers by method and path; several answers for one call are given in turn, the last for ever."""

    answers: dict[str, list[Answer]] = field(default_factory=dict)
    asked: list[tuple[str, Any]] = field(default_factory=list)

    def on(self, call: str, *answers: Answer) -> "FakeGitHub":
        self.answers[call] = list(answers)
        return self

    def on_query(self, *answers: Answer) -> "FakeGitHub":
        return self.on("POST /graphql", *answers)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        call = f"{request.method} {request.url.raw_path.decode().partition('?')[0]}"
        body = json.loads(request.content) if request.content else None
        self.asked.append((call, body))
        script = self.answers.get(call)
        if not script:
            return httpx.Response(404, json={"message": "Not Found"})
        answer = script.pop(0) if len(script) > 1 else script[0]
        return answer if isinstance(answer, httpx.Response) else answer(body)

    @property
    def calls(self) -> list[str]:
        return [call for call, _ in self.asked]

    def body(self, call: str) -> Any:
        return next(body for asked, body in reversed(self.asked) if asked == call)


@pytest.fixture
def github() -> FakeGitHub:
    return FakeGitHub()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def connect(github: FakeGitHub, clock: FakeClock) -> Callable[..., GitHubProvider]:
    def make(**settings: Any) -> GitHubProvider:
        context = Context(clock=clock, transport=httpx.MockTransport(github))
        return GitHubProvider({"owner": "acme", "token": TOKEN, **settings}, context)

    return make


@pytest.fixture
def provider(connect: Callable[..., GitHubProvider]) -> GitHubProvider:
    return connect()


def account(kind: str = "Organization") -> Mapping[str, Any]:
    return {"__typename": kind, "id": "O_1", "login": "acme"}


@pytest.fixture
def answer_fields() -> Callable[..., httpx.Response]:
    """A GraphQL answer with these fields and errors."""

    def make(
        fields: Mapping[str, Any] | None = None, *errors: Mapping[str, Any], **headers: str
    ) -> httpx.Response:
        data = {"account": account(), "owner": account(), **(fields or {})}
        body: dict[str, Any] = {"data": data}
        if errors:
            body["errors"] = list(errors)
        return httpx.Response(
            200, json=body, headers={name.replace("_", "-"): text for name, text in headers.items()}
        )

    return make


@pytest.fixture
def repository_answer() -> Callable[..., dict[str, Any]]:
    """A repository as REST tells it."""

    def make(name: str = "docs", **others: Any) -> dict[str, Any]:
        return {
            "id": 7,
            "node_id": "R_7",
            "name": name,
            "full_name": f"acme/{name}",
            "html_url": f"https://github.com/acme/{name}",
            "ssh_url": f"git@github.com:acme/{name}.git",
            "clone_url": f"https://github.com/acme/{name}.git",
            "created_at": "2026-01-01T00:00:00Z",
            "description": None,
            "homepage": None,
            "visibility": "private",
            "private": True,
            "archived": False,
            "default_branch": "main",
            "topics": [],
            "has_discussions": False,
            "allow_update_branch": False,
            "merge_commit_title": "MERGE_MESSAGE",
            "merge_commit_message": "PR_TITLE",
            **others,
        }

    return make
