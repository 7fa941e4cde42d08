"""The description of Notion's API, and a tour of the emulator to hold against it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from reconciler.sandbox.host import Host
from reconciler.sandbox.world import World
from reconciler_notion.sandbox import NotionEmulator
from tests.contract.notion_emulator.description import Description, Exchange
from tests.contract.notion_emulator.tour import tour
from tests.contract_data import contract_folder


@pytest.fixture(scope="session")
def contract_data() -> Path:
    return contract_folder("notion")


@pytest.fixture(scope="session")
def description(contract_data: Path) -> Description:
    found = Description.read()
    assert found is not None
    return found


@dataclass
class Visitor:
    """Calls the emulator and keeps what was said."""

    client: httpx.Client
    exchanges: list[Exchange]
    root: str

    def __call__(self, method: str, path: str, body: Any = None, status: int = 200, **options: Any) -> Any:
        arguments: dict[str, Any] = options if body is None else {"json": body, **options}
        answer = self.client.request(method, f"/notion/v1{path}", **arguments)
        said = answer.json()
        self.exchanges.append(Exchange(method, f"/v1{path}", answer.status_code, body, said))
        assert answer.status_code == status, f"{method} {path}: {answer.status_code} {answer.text[:300]}"
        return said


@pytest.fixture(scope="session")
def exchanges() -> Iterator[list[Exchange]]:
    """What the emulator answers on a tour through all its operations."""
    moment = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    host = Host(World(clock=lambda: moment), {"notion": NotionEmulator})
    reached = host.connections()["notion"]
    headers = {"Authorization": f"Bearer {reached['token']}", "Notion-Version": "2025-09-03"}
    with httpx.Client(transport=host.transport(), base_url="http://127.0.0.1", headers=headers) as client:
        visitor = Visitor(client, [], reached["root_page"])
        tour(visitor)
        yield visitor.exchanges
