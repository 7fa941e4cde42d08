"""The provider over the emulated Notion in this process, and what describes the real one."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from reconciler.provider.context import Context
from reconciler.sandbox.host import Host
from reconciler.sandbox.world import World
from reconciler.testing import FakeClock
from reconciler_notion.provider import NotionProvider
from reconciler_notion.sandbox import NotionEmulator
from tests.contract.recorder import Recorder
from tests.contract_data import contract_document, contract_folder


def failure(status: int) -> dict[str, Any]:
    """Notion's answer when it fails."""
    return {"object": "error", "status": status, "code": "internal_server_error", "message": "x"}


@dataclass
class Lab:
    """An emulated Notion, and a provider that talks to it; ``root`` is the id of a page shared with it."""

    host: Host
    clock: FakeClock
    recorder: Recorder
    settings: dict[str, Any]
    root: str
    provider: NotionProvider

    def connect(self, **settings: Any) -> NotionProvider:
        """Another provider for the same Notion."""
        context = Context(clock=self.clock, transport=self.recorder)
        return NotionProvider({**self.settings, **settings}, context)

    def calls(self) -> int:
        """Calls so far, as Notion's side counts them."""
        return sum(self.host.requests().get("notion", {}).values())

    def behind(self, method: str, path: str, json: Any = None) -> dict[str, Any]:
        """A call that somebody else makes; ``path`` is below /v1."""
        headers = {"Authorization": f"Bearer {self.settings['token']}", "Notion-Version": "2025-09-03"}
        with httpx.Client(transport=self.host.transport(), headers=headers) as client:
            answer = client.request(method, f"{self.settings['base_url']}/v1{path}", json=json)
        answer.raise_for_status()
        body: dict[str, Any] = answer.json()
        return body


@pytest.fixture
def lab() -> Iterator[Lab]:
    clock = FakeClock()
    host = Host(World(clock=clock.now), factories={"notion": NotionEmulator})
    recorder = Recorder(host.transport(), failure)
    settings = dict(host.connections()["notion"])
    root = settings.pop("root_page")
    provider = NotionProvider(settings, Context(clock=clock, transport=recorder))
    yield Lab(host, clock, recorder, settings, root, provider)
    provider.close()


@pytest.fixture(scope="session")
def notion_data() -> Path:
    return contract_folder("notion")


@pytest.fixture(scope="session")
def openapi() -> dict[str, Any]:
    return contract_document("notion", "notion.openapi.json")
