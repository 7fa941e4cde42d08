"""What a provider sends."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx


@dataclass
class Recorder(httpx.BaseTransport):
    """Passes requests on, and keeps them.

    ``status`` makes it answer every one with a failure, whose body ``failure`` makes of the status.
    """

    inner: httpx.BaseTransport
    failure: Callable[[int], Any]
    status: int | None = None
    requests: list[httpx.Request] = field(default_factory=list)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.read()
        self.requests.append(request)
        if self.status is not None:
            return httpx.Response(self.status, json=self.failure(self.status))
        return self.inner.handle_request(request)
