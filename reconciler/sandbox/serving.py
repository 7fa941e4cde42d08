"""The sandbox behind a socket, on loopback only, for any client."""

import json
import os
import signal
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

from waitress import wasyncore  # type: ignore[import-untyped]  # waitress ships no types
from waitress.channel import ClientDisconnected  # type: ignore[import-untyped]  # as above
from waitress.server import create_server  # type: ignore[import-untyped]  # as above

from reconciler.sandbox.emulator import WsgiApplication
from reconciler.sandbox.host import Host
from reconciler.sandbox.wire import Cut
from reconciler.sandbox.world import World

Ready = Mapping[str, Mapping[str, str]]
"""The ready document: ``{"github": {"base_url": …, "token": …, "owner": …}, …}``."""

_ADDRESS = "127.0.0.1"
_THREADS = 16


class Server:
    """A host that listens on loopback as soon as this object exists, and answers while ``run`` runs."""

    def __init__(self, host: Host, port: int = 0) -> None:
        """Listen on ``port``, or on a free one if it is 0; raises ``OSError`` if it is taken."""
        self.host = host
        self._sockets: dict[int, Any] = {}
        # Bound here and not by waitress, which on a taken port leaves its threads and pipes behind.
        listening = _bound_socket(port)
        self._server = create_server(
            _cutting(host),
            map=self._sockets,
            sockets=[listening],
            threads=_THREADS,
            ident="reconciler-sandbox",
            channel_request_lookahead=1,  # so that a call which is answered late knows when its caller left
        )
        self._stopping = threading.Event()
        self.origin = f"http://{_ADDRESS}:{self._server.effective_port}"

    def run(self) -> None:
        """Answer requests until ``stop`` is called; those that are being answered then are finished."""
        try:
            while not self._stopping.is_set():
                wasyncore.loop(timeout=1, use_poll=True, map=self._sockets, count=1)
        finally:
            self._server.task_dispatcher.shutdown()
            wasyncore.close_all(self._sockets, ignore_all=True)

    def stop(self) -> None:
        """Let ``run`` return. May be called from another thread or a signal handler: it takes no lock."""
        self._stopping.set()
        self._server.pull_trigger()


def _cutting(application: WsgiApplication) -> WsgiApplication:
    """The application behind a socket: where it raises ``Cut``, the connection is closed."""

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterator[bytes]:
        try:
            pieces = application(environ, start_response)
            try:
                yield from pieces
            finally:
                if (close := getattr(pieces, "close", None)) is not None:
                    close()
        except Cut:
            raise ClientDisconnected from None  # what waitress closes a connection for without a word

    return answer


def _bound_socket(port: int) -> socket.socket:
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((_ADDRESS, port))
    except BaseException:
        bound.close()
        raise
    return bound


def serve(
    *,
    port: int = 0,
    db: Path | None = None,
    ready_file: Path | None = None,
    on_ready: Callable[[Ready], None] | None = None,
) -> None:
    """Serve the installed emulators until SIGTERM or SIGINT; call it from the main thread.

    ``db`` is the world's file (in memory if there is none). Once it listens, the ready document goes to
    ``ready_file`` (written beside it and moved there, so that nobody reads half of it) and to ``on_ready``.
    The file is removed at the end, as its address is then of no use. Raises ``OSError`` if the port is taken.
    """
    if ready_file is not None:
        ready_file.unlink(missing_ok=True)
    world = World(db)
    try:
        server = Server(Host(world), port)
        ready = server.host.connections(server.origin)
        with _stopped_by_signals(server):
            if ready_file is not None:
                write_ready_file(ready_file, ready)
            if on_ready is not None:
                on_ready(ready)
            server.run()
    finally:
        world.close()
        if ready_file is not None:
            ready_file.unlink(missing_ok=True)


def write_ready_file(path: Path, ready: Ready) -> None:
    """Write the ready document, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.write_text(json.dumps(ready, indent=2) + "\n", encoding="utf-8")
    beside.replace(path)


@contextmanager
def running(host: Host) -> Iterator[str]:
    """Serve a host from a thread of this process, and give its origin; for tests and demonstrations."""
    server = Server(host)
    thread = threading.Thread(target=server.run, name="sandbox", daemon=True)
    thread.start()
    try:
        yield server.origin
    finally:
        server.stop()
        thread.join()


@contextmanager
def _stopped_by_signals(server: Server) -> Iterator[None]:
    def stop(_number: int, _frame: object) -> None:
        server.stop()

    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
