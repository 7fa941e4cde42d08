"""What an outage does to one call: whether it is carried out, and what the caller sees of it.

A call whose answer is lost, late or spoilt has been carried out: that is what makes an outage hard, as it
must be looked up before it is made again. Only where a service is down, refuses, or fails before it begins
has nothing happened.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from email.utils import formatdate
from io import BytesIO
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

from reconciler.sandbox.emulator import Emulator, Trouble, WsgiApplication
from reconciler.sandbox.outages import Stroke
from reconciler.sandbox.wire import Cut, waiting

_FIRST_WAIT_S, _LONGEST_WAIT_S = 0.1, 60.0
_GATEWAY = "<html><head><title>{0}</title></head><body><center><h1>{0}</h1></center></body></html>\r\n"
_PORTAL = "<!DOCTYPE html><html><head><title>Sign in</title></head><body>Sign in to the network</body></html>"
_FAILURES = ("502 Bad Gateway", "503 Service Unavailable", "502 after the fact", "reset")

_TROUBLES: dict[str, Trouble] = {
    "rate-limited": "rate-limited",
    "secondary-limit": "secondary-limit",
    "unauthorized": "unauthorized",
    "forbidden": "forbidden",
}

Headers = list[tuple[str, str]]
Begin = Callable[[str, Headers], None]


class Faltering:
    """One emulator whose calls go wrong."""

    def __init__(
        self,
        emulator: Emulator,
        application: WsgiApplication,
        sleep: Callable[[float], None],
        clock_off_by: Callable[[float], AbstractContextManager[None]],
    ) -> None:
        self._emulator, self._application = emulator, application
        self._sleep, self._clock_off_by = sleep, clock_off_by

    def answer(
        self, stroke: Stroke, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        """Let a call meet its fate; raises ``Cut`` where the connection breaks."""
        mode = stroke.outage.mode
        if mode == "clock-skew":
            return self._skewed(stroke, environ, start_response)
        if not stroke.is_hit:
            return self._application(environ, start_response)
        match mode:
            case "down":
                raise Cut("refused")
            case "slow":
                return self._late(stroke, environ, start_response)
            case "flaky":
                return self._failed(stroke, environ, start_response)
            case "garbled":
                return self._garbled(stroke, environ, start_response)
            case "half-answers":
                status, headers, body = self._carried_out(environ)
                start_response(status, _with_length(headers, len(body)))
                return _half(body)
            case "reset-after-write":
                return self._reset_after_write(environ, start_response)
            case _:
                return self._refused(_TROUBLES[mode], stroke, environ, start_response)

    def _late(
        self, stroke: Stroke, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        status, headers, body = self._carried_out(environ)
        for piece in waiting(environ, min(_FIRST_WAIT_S * 2.0 ** min(stroke.hits, 20), _LONGEST_WAIT_S)):
            self._sleep(piece)
        start_response(status, headers)
        return [body]

    def _failed(
        self, stroke: Stroke, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        status = stroke.draw.choice(_FAILURES)
        if status == "reset":
            raise Cut("reset")
        if status == "502 after the fact":
            self._carried_out(environ)
            status = "502 Bad Gateway"
        return _page(start_response, status, _GATEWAY.format(status))

    def _garbled(
        self, stroke: Stroke, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        """Somebody else's page, from before the service; or its own answer, from which the end is missing."""
        if stroke.draw.random() < 0.5:
            return _page(start_response, "200 OK", _PORTAL)
        _, headers, body = self._carried_out(environ)
        body = body[: len(body) // 2] or b"{"
        start_response("200 OK", _with_length(headers, len(body)))
        return [body]

    def _reset_after_write(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        sent = _rewound(environ)
        changes = self._emulator.changes(environ["REQUEST_METHOD"], environ["PATH_INFO"], sent)
        answer = self._application(environ, start_response)
        if changes:
            raise Cut("reset")
        return answer

    def _skewed(
        self, stroke: Stroke, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        with self._clock_off_by(stroke.outage.skew_s):
            date = ("Date", formatdate(stroke.now + stroke.outage.skew_s, usegmt=True))

            def begin(status: str, headers: Headers, *more: Any) -> Any:
                return start_response(status, [*headers, date], *more)

            if stroke.is_hit:
                return self._refused("expired", stroke, environ, begin)
            return self._application(environ, begin)

    def _refused(
        self, trouble: Trouble, stroke: Stroke, environ: WSGIEnvironment, start_response: Any
    ) -> Iterable[bytes]:
        refusal = self._emulator.refusal(trouble, environ, stroke.outage.wait_s(stroke.now))
        content = json.dumps(refusal.body, separators=(",", ":"), ensure_ascii=False).encode()
        headers = [("Content-Type", "application/json; charset=utf-8"), *refusal.headers.items()]
        start_response(refusal.status, _with_length(headers, len(content)))
        return [content]

    def _carried_out(self, environ: WSGIEnvironment) -> tuple[str, Headers, bytes]:
        """Carry a request out whole, and keep its answer back."""
        begun: list[tuple[str, Headers]] = []

        def begin(status: str, headers: Headers, *_: Any) -> Callable[[bytes], object]:
            begun.append((status, list(headers)))
            return lambda _: None

        body = b"".join(self._application(environ, begin))
        status, headers = begun[-1]
        return status, headers, body


def _half(body: bytes) -> Iterator[bytes]:
    yield body[: len(body) // 2]
    raise Cut("half")


def _page(start_response: StartResponse, status: str, text: str) -> Iterable[bytes]:
    content = text.encode()
    start_response(status, [("Content-Type", "text/html"), ("Content-Length", str(len(content)))])
    return [content]


def _with_length(headers: Headers, length: int) -> Headers:
    kept = [(name, value) for name, value in headers if name.lower() != "content-length"]
    return [*kept, ("Content-Length", str(length))]


def _rewound(environ: WSGIEnvironment) -> bytes:
    """What was sent, which can be read again afterwards."""
    sent: bytes = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    environ["wsgi.input"] = BytesIO(sent)
    return sent
