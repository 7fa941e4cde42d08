"""An emulated GitHub whose clock stands still until a test moves it."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from reconciler.sandbox.host import Host
from reconciler.sandbox.world import World
from reconciler_github.sandbox import GitHubEmulator
from reconciler_github.sandbox.first_world import TOKEN
from tests.still_clock import Clock


class GitHub:
    """Calls the emulator as one token's owner."""

    def __init__(self, host: Host, client: httpx.Client, token: str = TOKEN) -> None:
        self.host = host
        self.client = client
        self.token = token

    def __call__(self, method: str, path: str, body: Any = None, **options: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.token}", **options.pop("headers", {})}
        if body is not None:
            options["json"] = body
        return self.client.request(method, f"/github{path}", headers=headers, **options)

    def as_(self, login: str, *scopes: str) -> "GitHub":
        """The same GitHub, seen through a token of somebody else."""
        token = f"token-of-{login}-{'-'.join(scopes)}"
        self.host.seed({"github": {"tokens": [{"token": token, "user": login, "scopes": scopes}]}})
        return GitHub(self.host, self.client, token)

    def repository(self, name: str = "testx", **settings: Any) -> dict[str, Any]:
        """A new repository with a first commit."""
        answer = self("POST", "/orgs/acme/repos", {"name": name, "auto_init": True, **settings})
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()
        return made


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def host(clock: Clock) -> Host:
    return Host(World(clock=clock), {"github": GitHubEmulator})


@pytest.fixture
def github(host: Host) -> Iterator[GitHub]:
    with httpx.Client(transport=host.transport(), base_url="http://127.0.0.1") as client:
        yield GitHub(host, client)
