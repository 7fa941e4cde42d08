"""What happens to calls when the connection itself breaks, over real sockets on loopback."""

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator

import pytest

from reconciler.errors import OutcomeUnknown, Unreachable
from reconciler.provider.context import Context
from reconciler.provider.http import Connection
from reconciler.provider.retry import Retry
from reconciler.testing import FakeClock

OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"


class Listener:
    """Accepts one connection for each entry of its script, reads one request, and does as the entry says."""

    def __init__(self, *script: bytes) -> None:
        self._script = script
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._socket.settimeout(10)
        self.accepted = 0
        self.has_closed = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._socket.getsockname()[1]}"

    def _run(self) -> None:
        for answer in self._script:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.accepted += 1
            with connection:
                connection.recv(65536)
                connection.sendall(answer)
            self.has_closed.set()

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)  # wakes the thread if it still waits for a connection
        self._thread.join(10)
        self._socket.close()


@pytest.fixture
def listen() -> Iterator[Callable[..., Listener]]:
    made: list[Listener] = []

    def make(*script: bytes) -> Listener:
        made.append(Listener(*script))
        return made[-1]

    yield make
    for listener in made:
        listener.close()


@pytest.fixture
def reach() -> Iterator[Callable[[str], Connection]]:
    made: list[Connection] = []

    def make(url: str) -> Connection:
        context = Context(clock=FakeClock())
        made.append(
            Connection(url, service="example", service_origins=(), context=context, retry=Retry(attempts=2))
        )
        return made[-1]

    yield make
    for connection in made:
        connection.close()


def test_a_write_that_was_read_and_never_answered_is_unknown(
    listen: Callable[..., Listener], reach: Callable[[str], Connection]
) -> None:
    listener = listen(b"", OK)
    with pytest.raises(OutcomeUnknown):
        reach(listener.url).call("POST", "/x", json={})
    assert listener.accepted == 1


@pytest.mark.parametrize("half", [OK[:20], OK[:-1]])
def test_half_an_answer_is_no_answer(
    listen: Callable[..., Listener], reach: Callable[[str], Connection], half: bytes
) -> None:
    with pytest.raises(OutcomeUnknown):
        reach(listen(half).url).call("PATCH", "/x", json={})
    assert reach(listen(half, OK).url).call("GET", "/x").body == {}


def test_a_write_to_a_port_where_nobody_listens_did_not_take_effect(
    reach: Callable[[str], Connection],
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    with pytest.raises(Unreachable):
        reach(f"http://127.0.0.1:{port}").call("POST", "/x", json={})


def test_a_connection_that_the_service_closed_meanwhile_is_not_used_for_a_write(
    listen: Callable[..., Listener], reach: Callable[[str], Connection]
) -> None:
    listener = listen(OK, OK)
    connection = reach(listener.url)
    assert connection.call("GET", "/x").body == {}
    assert listener.has_closed.wait(10)
    assert connection.call("POST", "/x", json={}).body == {}
    assert listener.accepted == 2
