"""What can happen to a connection, and to whom a WSGI application tells it.

An application raises ``Cut`` to break the connection that a request came on: before its answer begins, or in
the middle of its body. In one process ``Embedded`` makes of it what a client of a socket would see; on a
socket the server closes it.
"""

from collections.abc import Iterator
from contextvars import ContextVar
from typing import Literal
from wsgiref.types import WSGIEnvironment

import httpx

from reconciler.sandbox.emulator import WsgiApplication

Break = Literal["refused", "reset", "half", "late"]

_GONE = "waitress.client_disconnected"
_LOOK_S = 0.05
_patience: ContextVar[float | None] = ContextVar("patience", default=None)
"""How many seconds the caller in this process waits for an answer; None for as long as it takes."""


class Cut(Exception):
    """The connection breaks: it is ``refused``, ``reset`` without an answer, or ends after ``half`` of one.

    ``late``: the caller did not wait for the answer.
    """

    def __init__(self, how: Break) -> None:
        super().__init__(how)
        self.how = how


_ERRORS: dict[Break, httpx.TransportError] = {
    "refused": httpx.ConnectError("[Errno 111] Connection refused"),
    "reset": httpx.ReadError("[Errno 104] Connection reset by peer"),
    "half": httpx.RemoteProtocolError("peer closed connection without sending complete message body"),
    "late": httpx.ReadTimeout("timed out"),
}


class Embedded(httpx.BaseTransport):
    """Reaches an application of this process, and breaks as a connection would."""

    def __init__(self, application: WsgiApplication) -> None:
        self._inner = httpx.WSGITransport(app=application)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Make one request; its read timeout is how long the application may wait."""
        token = _patience.set(request.extensions.get("timeout", {}).get("read"))
        try:
            answer = self._inner.handle_request(request)
            answer.read()
        except Cut as cut:
            error = _ERRORS[cut.how]
            raise type(error)(*error.args) from None
        finally:
            _patience.reset(token)
        return answer


def waiting(environ: WSGIEnvironment, seconds: float) -> Iterator[float]:
    """Pieces of a wait, each to be slept; raises ``Cut`` as soon as the caller has given up."""
    patience = _patience.get()
    if patience is not None and seconds > patience:
        yield patience
        raise Cut("late")
    is_gone = environ.get(_GONE)
    if is_gone is None:
        yield seconds
        return
    while seconds > 0:
        if is_gone():
            raise Cut("late")
        yield min(seconds, _LOOK_S)
        seconds -= _LOOK_S
