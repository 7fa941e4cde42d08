"""A provider over a Notion that answers as each test says, and keeps what it was asked."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from reconciler.provider.context import Context
from reconciler.testing import FakeClock
from reconciler_notion.provider import NotionProvider

TOKEN = "ntn_0123456789abcdef"
ROOT = "11111111-1111-4111-8111-111111111111"
PAGE = "22222222-2222-4222-8222-222222222222"

Answer = httpx.Response | Exception | Callable[[Any], httpx.Response]


@dataclass
class FakeNotion:
    """Answers by method and path; several answers for one call are given in turn, the last for ever."""

    answers: dict[str, list[Answer]] = field(default_factory=dict)
    asked: list[tuple[str, Any]] = field(default_factory=list)

    def on(self, call: str, *answers: Answer | dict[str, Any]) -> "FakeNotion":
        self.answers[call] = [
            httpx.Response(200, json=answer) if isinstance(answer, dict) else answer for answer in answers
        ]
        return self

    def __call__(self, request: httpx.Request) -> httpx.Response:
        call = f"{request.method} {request.url.path.removeprefix('/v1')}"
        self.asked.append((call, json.loads(request.content) if request.content else None))
        script = self.answers.get(call)
        if not script:
            return problem(404, "object_not_found")
        answer = script.pop(0) if len(script) > 1 else script[0]
        if isinstance(answer, Exception):
            raise answer
        return answer if isinstance(answer, httpx.Response) else answer(self.asked[-1][1])

    @property
    def calls(self) -> list[str]:
        return [call for call, _ in self.asked]


def problem(status: int, code: str, message: str = "why", **headers: str) -> httpx.Response:
    body = {"object": "error", "status": status, "code": code, "message": message, "request_id": "r-1"}
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.Response(status, json=body, headers=names)


def page(**others: Any) -> dict[str, Any]:
    text = {"type": "text", "text": {"content": "Docs"}, "plain_text": "Docs"}
    return {
        "object": "page",
        "id": PAGE,
        "created_time": "2026-01-01T00:00:00.000Z",
        "parent": {"type": "page_id", "page_id": ROOT},
        "icon": None,
        "cover": None,
        "in_trash": False,
        "is_locked": False,
        "properties": {"title": {"id": "title", "type": "title", "title": [text]}},
        "url": "https://app.notion.com/p/Docs",
        "public_url": None,
        **others,
    }


def page_list(*results: dict[str, Any], following: str | None = None) -> dict[str, Any]:
    return {
        "object": "list",
        "results": list(results),
        "has_more": following is not None,
        "next_cursor": following,
    }


@pytest.fixture
def notion() -> FakeNotion:
    return FakeNotion()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def connect(notion: FakeNotion, clock: FakeClock) -> Callable[..., NotionProvider]:
    def make(**settings: Any) -> NotionProvider:
        context = Context(clock=clock, transport=httpx.MockTransport(notion))
        return NotionProvider({"token": TOKEN, **settings}, context)

    return make


@pytest.fixture
def provider(connect: Callable[..., NotionProvider]) -> NotionProvider:
    return connect()
