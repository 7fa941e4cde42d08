"""The provider over the emulated anyKrowd in this process, and the description of its API."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from reconciler.provider.context import Context
from reconciler.sandbox.host import Host
from reconciler.sandbox.world import World
from reconciler.testing import FakeClock
from reconciler_anykrowd import AnykrowdProvider
from reconciler_anykrowd.sandbox import AnykrowdEmulator
from tests.contract_data import contract_document

Lose = Callable[[httpx.Request], str]
"""What becomes of a request: ``kept``, lost ``before`` the service acts, or ``after``."""


@dataclass
class Wire(httpx.BaseTransport):
    """Passes requests on and keeps them. ``status`` makes all fail; ``lose`` breaks some."""

    inner: httpx.BaseTransport
    status: int | None = None
    lose: Lose = lambda request: "kept"
    exchanges: list[tuple[httpx.Request, httpx.Response]] = field(default_factory=list)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.read()
        if self.status is not None:
            body = {"status": "error", "error": {"code": self.status, "error": "Server Error"}}
            return httpx.Response(self.status, json=body)
        fate = self.lose(request)
        if fate == "before":
            raise httpx.ReadError("connection reset by peer", request=request)
        answer = self.inner.handle_request(request)
        answer.read()
        self.exchanges.append((request, answer))
        if fate == "after":
            raise httpx.ReadError("connection reset by peer", request=request)
        return answer

    def calls(self, method: str, path: str) -> int:
        """How many requests there were to a path of the API."""
        return sum(
            request.method == method and request.url.path.endswith(f"/apix/v1{path}")
            for request, _ in self.exchanges
        )


@dataclass
class Lab:
    """An emulated tenant, and a provider that talks to it."""

    host: Host
    clock: FakeClock
    wire: Wire
    settings: dict[str, Any]
    provider: AnykrowdProvider

    def connect(self, **settings: Any) -> AnykrowdProvider:
        """Another provider for the same tenant."""
        context = Context(clock=self.clock, transport=self.wire)
        return AnykrowdProvider({**self.settings, **settings}, context)

    def behind(self, method: str, path: str, json: Any = None) -> Any:
        """What somebody else's call is answered with."""
        headers = {"Authorization": f"Bearer {self.settings['api_key']}", "Accept": "application/json"}
        with httpx.Client(transport=self.host.transport(), headers=headers) as client:
            answer = client.request(method, f"{self.settings['base_url']}/apix/v1{path}", json=json)
        answer.raise_for_status()
        return answer.json()

    def wallet(self, external_id: str) -> Any:
        """A person's first wallet."""
        return self.behind("GET", f"/users/wallets?external_id={external_id}")[0]

    def hire(self, external_id: str) -> None:
        """Make a staff member, not through the provider."""
        person = {"external_id": external_id, "external_qr_code": "x", "first_name": "A", "last_name": "B"}
        self.behind("POST", "/users/sync", {"staff_members": [person]})

    def role(self, name: str = "Checkin") -> int:
        """A role's id."""
        listed = self.behind("GET", "/roles/list?limit=100")["data"]
        found: int = next(role["id"] for role in listed if role["name"] == name)
        return found


@pytest.fixture
def lab() -> Iterator[Lab]:
    clock = FakeClock()
    host = Host(World(clock=clock.now), factories={"anykrowd": AnykrowdEmulator})
    wire = Wire(host.transport())
    settings = host.settings("anykrowd", {"tenant_url": "https://krowd-dev.anykrowd.dev", "api_key": "x"})
    provider = AnykrowdProvider(settings, Context(clock=clock, transport=wire))
    yield Lab(host, clock, wire, settings, provider)
    provider.close()


@pytest.fixture(scope="session")
def openapi() -> dict[str, Any]:
    return contract_document("anykrowd", "anykrowd.openapi.json")
