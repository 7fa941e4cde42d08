"""A connection over a handler that stands for the service, with a clock that does not wait."""

import random
from collections.abc import Callable, Iterator
from typing import Any, Protocol

import httpx
import pytest

from reconciler.errors import Call
from reconciler.provider.context import Context
from reconciler.provider.http import Connection
from reconciler.testing import FakeClock

Handler = Callable[[httpx.Request], httpx.Response]
SECRET = "ghp_Secret/0123+x="


class Service:
    """Answers requests in turn from a script, the last entry for ever, and keeps the requests."""

    def __init__(self, *script: httpx.Response | Exception | Handler) -> None:
        self._script = list(script)
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        step = self._script.pop(0) if len(self._script) > 1 else self._script[0]
        if isinstance(step, Exception):
            raise step
        return step if isinstance(step, httpx.Response) else step(request)

    @property
    def paths(self) -> list[str]:
        return [f"{request.method} {request.url.raw_path.decode()}" for request in self.requests]


class Connect(Protocol):
    def __call__(self, service: Handler, base_url: str = ..., **options: Any) -> Connection: ...


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def asked() -> list[Call]:
    """The requests that the context was told of."""
    return []


@pytest.fixture
def connect(clock: FakeClock, asked: list[Call]) -> Iterator[Connect]:
    made: list[Connection] = []

    def make(service: Handler, base_url: str = "https://api.example.com/v3", **options: Any) -> Connection:
        connection = Connection(
            base_url,
            service="example",
            service_origins=("https://api.example.com",),
            context=Context(clock, httpx.MockTransport(service), on_request=asked.append),
            random=random.Random(7),
            **{"authorization": {"Authorization": f"Bearer {SECRET}"}, **options},
        )
        made.append(connection)
        return connection

    yield make
    for connection in made:
        connection.close()


@pytest.fixture
def script() -> type[Service]:
    return Service
