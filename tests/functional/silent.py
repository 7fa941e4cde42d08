"""A service that takes a question and does not answer it, so that a test can act while it is waited for."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager

_MOST = 65536


class Silent:
    """Listens on loopback; ``wait_for_question`` returns once somebody asks something."""

    def __init__(self, listening: socket.socket) -> None:
        self._listening = listening
        self._asking: list[socket.socket] = []
        self.url = f"http://127.0.0.1:{listening.getsockname()[1]}/slack/api"

    def wait_for_question(self) -> None:
        """Take in one question."""
        asking, _ = self._listening.accept()
        self._asking.append(asking)
        assert asking.recv(_MOST)

    def ask_to_wait(self, seconds: int) -> None:
        """Answer the last question: not now."""
        head = f"HTTP/1.1 429 Too Many Requests\r\nRetry-After: {seconds}\r\nContent-Length: 0\r\n\r\n"
        self._asking[-1].sendall(head.encode())

    def close(self) -> None:
        for one in [self._listening, *self._asking]:
            one.close()


@contextmanager
def silent_service() -> Iterator[Silent]:
    silent = Silent(socket.create_server(("127.0.0.1", 0)))
    try:
        yield silent
    finally:
        silent.close()
