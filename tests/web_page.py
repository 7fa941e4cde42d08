"""A page on loopback, for what asks whether a page answers."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer


class Page:
    """A page on loopback that answers as it is told, and remembers what it was sent."""

    def __init__(self) -> None:
        self.status = 200
        self.headers: list[dict[str, str]] = []
        page = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                page.headers.append(dict(self.headers))
                self.send_response(page.status)
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/status?key=hidden"


@contextmanager
def served() -> Iterator[Page]:
    page = Page()
    thread = threading.Thread(target=page.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield page
    page.server.shutdown()
    thread.join()
    page.server.server_close()
