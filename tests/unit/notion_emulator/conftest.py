"""An emulated Notion whose clock stands still until a test moves it.

Where Notion's description is at hand, every exchange of these tests in the version of 2025 is held against
it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from reconciler.sandbox.host import Host
from reconciler.sandbox.world import World
from reconciler_notion.sandbox import NotionEmulator
from tests.contract.notion_emulator.description import Description, Exchange
from tests.still_clock import Clock

VERSION = "2025-09-03"


def said(content: str) -> list[dict[str, Any]]:
    return [{"text": {"content": content}}]


@dataclass
class Notion:
    """Calls the emulator with one token and one version."""

    host: Host
    client: httpx.Client
    token: str
    root: str
    version: str | None = VERSION
    exchanges: list[Exchange] = field(default_factory=list)

    def __call__(self, method: str, path: str, body: Any = None, **options: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.token}"}
        if self.version is not None:
            headers["Notion-Version"] = self.version
        if body is not None:
            options["json"] = body
        headers |= options.pop("headers", {})
        answer = self.client.request(method, f"/notion/v1{path}", headers=headers, **options)
        if headers.get("Notion-Version") == VERSION and "unknown" not in self.host.emulators[
            "notion"
        ].path_template(method, f"/v1{path.partition('?')[0]}"):
            said_back = Exchange(method, f"/v1{path}", answer.status_code, body, answer.json())
            self.exchanges.append(said_back)
        return answer

    def ok(self, method: str, path: str, body: Any = None, **options: Any) -> Any:
        """The document of an answer that must be a success."""
        answer = self(method, path, body, **options)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def refused(self, method: str, path: str, body: Any = None, **options: Any) -> str:
        """The code and message of an answer that must be a refusal."""
        answer = self(method, path, body, **options)
        document = answer.json()
        assert document["object"] == "error", answer.text
        assert document["status"] == answer.status_code
        return f"{answer.status_code} {document['code']}: {document['message']}"

    def page(self, title: str = "Team", parent: str | None = None, **fields: Any) -> dict[str, Any]:
        """A new page, in the root page unless another one is named."""
        properties = {"title": {"title": said(title)}}
        body = {"parent": {"page_id": parent or self.root}, "properties": properties, **fields}
        made: dict[str, Any] = self.ok("POST", "/pages", body)
        return made

    def database(self, parent: str | None = None, **properties: Any) -> tuple[str, str]:
        """The ids of a new database and its data source, with these properties beside the title."""
        made = self.ok(
            "POST",
            "/databases",
            {
                "parent": {"type": "page_id", "page_id": parent or self.root},
                "title": said("Runs"),
                "initial_data_source": {"properties": {"Name": {"title": {}}, **properties}},
            },
        )
        return str(made["id"]), str(made["data_sources"][0]["id"])

    def source(self, **properties: Any) -> str:
        """The id of a new data source, in a database of its own."""
        return self.database(**properties)[1]

    def properties(self, source: str) -> dict[str, Any]:
        """The properties of a data source, by name."""
        found: dict[str, Any] = self.ok("GET", f"/data_sources/{source}")["properties"]
        return found

    def row(self, source: str, name: str = "row", **values: Any) -> dict[str, Any]:
        """A new row."""
        properties = {"Name": {"title": said(name)}, **values}
        body = {"parent": {"data_source_id": source}, "properties": properties}
        made: dict[str, Any] = self.ok("POST", "/pages", body)
        return made

    def names(self, source: str, **query: Any) -> list[str]:
        """The titles of the rows that a query finds."""
        found = self.ok("POST", f"/data_sources/{source}/query", query)["results"]
        return [each["properties"]["Name"]["title"][0]["plain_text"] for each in found]


@pytest.fixture
def clock() -> Clock:
    return Clock(datetime(2026, 1, 2, 3, 4, 5, 678_000, tzinfo=UTC))


@pytest.fixture
def host(clock: Clock) -> Host:
    return Host(World(clock=clock), {"notion": NotionEmulator})


@pytest.fixture(scope="session")
def description() -> Description | None:
    return Description.read()


@pytest.fixture
def notion(host: Host, description: Description | None) -> Iterator[Notion]:
    reached = host.connections()["notion"]
    with httpx.Client(transport=host.transport(), base_url="http://127.0.0.1") as client:
        called = Notion(host, client, reached["token"], reached["root_page"])
        yield called
    if description is not None:
        problems = {each for exchange in called.exchanges for each in description.problems(exchange)}
        assert not problems, "\n".join(sorted(problems))
