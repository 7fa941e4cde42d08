"""Services that quote the whole request in what they say is wrong: its address, credentials and body."""

import json
from dataclasses import dataclass
from typing import Any

import httpx

_READS = ("/conversations.list", "/conversations.info", "/users.", "/usergroups.list", "/bookmarks.list",
          "/auth.test", "/team.info", "/v1/search", "/query")  # fmt: skip


@dataclass
class EchoingTransport(httpx.BaseTransport):
    """Passes requests on; while ``echoes`` says so, refuses those that change something, or all."""

    inside: httpx.BaseTransport
    echoes: str = "nothing"
    """``nothing``, ``changes`` or ``everything``."""
    status: int = 422
    refused: int = 0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.read()
        if self.echoes == "everything" or (self.echoes == "changes" and _changes_something(request)):
            self.refused += 1
            return self._refusal(request)
        return self.inside.handle_request(request)

    def _refusal(self, request: httpx.Request) -> httpx.Response:
        body = request.content.decode()
        credentials = f"{request.headers.get('authorization')} {request.headers.get('x-api-key')}"
        said = f"{body} was not understood at {request.url}, sent with {credentials}"
        service = request.url.path.split("/")[1]
        status = 200 if service == "slack" or request.url.path.endswith("/graphql") else self.status
        return httpx.Response(status, json=_in_words_of(service, said, status), request=request)


def _changes_something(request: httpx.Request) -> bool:
    path = request.url.path
    if path.endswith("/graphql"):
        return b'"query":"mutation' in request.content.replace(b" ", b"").replace(b"\\n", b"")
    return request.method not in ("GET", "HEAD") and not any(part in path for part in _READS)


def _in_words_of(service: str, said: str, status: int) -> dict[str, Any]:
    match service:
        case "slack":
            return {"ok": False, "error": "invalid_arguments", "response_metadata": {"messages": [said]}}
        case "notion":
            return {"object": "error", "status": status, "code": "validation_error", "message": said}
        case "anykrowd":
            return {"status": "error", "error": {"code": status, "error": said}}
    quoted = json.dumps(said)
    wrong = {"message": quoted, "resource": said, "field": said, "code": "custom", "type": "UNPROCESSABLE"}
    return {"message": said, "errors": [wrong], "data": None}
