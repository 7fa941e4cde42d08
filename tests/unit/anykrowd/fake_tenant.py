"""A tenant that answers as each test says, and keeps what it was asked."""

import json
from dataclasses import dataclass, field
from typing import Any

import httpx

Answer = httpx.Response | Exception
KEY = "key-0123456789abcdef"
TENANT = "https://krowd-dev.anykrowd.dev"


@dataclass
class FakeTenant:
    """Answers by method and path; several answers for one call are given in turn, the last for ever."""

    answers: dict[str, list[Answer]] = field(default_factory=dict)
    asked: list[tuple[str, Any]] = field(default_factory=list)
    requests: list[httpx.Request] = field(default_factory=list)

    def on(self, call: str, *answers: Answer | Any) -> "FakeTenant":
        """What a call is answered with: an answer, an error, or the JSON of an answer."""
        self.answers[call] = [
            one if isinstance(one, httpx.Response | Exception) else httpx.Response(200, json=one)
            for one in answers
        ]
        return self

    def __call__(self, request: httpx.Request) -> httpx.Response:
        path = request.url.raw_path.decode().replace("/apix/v1", "", 1)
        path = path.removesuffix("?limit=100&page=1")
        call = f"{request.method} {path}"
        self.requests.append(request)
        self.asked.append((call, json.loads(request.content) if request.content else None))
        script = self.answers.get(call)
        if not script:
            return failure(404, "Not Found")
        answer = script.pop(0) if len(script) > 1 else script[0]
        if isinstance(answer, Exception):
            raise answer
        return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)

    @property
    def calls(self) -> list[str]:
        return [call for call, _ in self.asked]

    def body(self, call: str) -> Any:
        return next(body for asked, body in reversed(self.asked) if asked == call)


def failure(status: int, cause: str, **headers: str) -> httpx.Response:
    body = {"status": "error", "error": {"code": status, "error": cause}}
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return httpx.Response(status, json=body, headers=named)
