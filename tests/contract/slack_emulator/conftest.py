"""What Slack documents about its methods, and one scenario whose answers are held against it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import httpx
import pytest

from reconciler.sandbox.host import Host
from reconciler.sandbox.world import World
from reconciler_slack.sandbox import SlackEmulator
from reconciler_slack.sandbox.emulator import METHODS
from tests.contract_data import contract_file, contract_folder

_DEEPEST = 8
_SLACK_ITEMS = "items"


@dataclass(frozen=True)
class Exchange:
    """One call and its answer."""

    method: str
    arguments: Mapping[str, Any]
    answer: Mapping[str, Any]

    def __str__(self) -> str:
        return f"{self.method} {dict(self.arguments)}"


class Documents:
    """Slack's own description of 2021, its method pages, their examples, and key sets of real answers."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.facts: dict[str, Any] = json.loads((folder / "slack.methods.json").read_text())
        self._openapi: dict[str, Any] = json.loads((folder / "slack.openapi.json").read_text())

    @cached_property
    def common_errors(self) -> set[str]:
        """Codes that any method may answer."""
        found = json.loads((self.folder / "api-ref" / "_common-errors.json").read_text())["errors"]
        # The four below are in Slack's guides to the Web API and its rate limits, not on this page.
        return {*found, "invalid_auth", "invalid_arguments", "invalid_json", "json_not_object"}

    def errors(self, method: str) -> set[str]:
        """Codes that the page or the description of a method names, and the common ones."""
        codes = set(self.facts[method]["errors"]) | self.common_errors
        failure = self._responses(method).get("default", {}).get("schema", {})
        return codes | set(failure.get("properties", {}).get("error", {}).get("enum", []))

    def schema(self, method: str) -> dict[str, Any] | None:
        """The JSON Schema of a good answer; keys that it does not know are allowed, as it is of 2021."""
        found = self._responses(method).get("200")
        if found is None:
            return None
        return {**_modern(found["schema"]), "definitions": _modern(self._openapi["definitions"])}

    def examples(self, method: str) -> list[Any]:
        """Good answers of the method's page, and those recorded by Slack's Java SDK (values blanked)."""
        page = self._read("api-ref", method).get("examples", {})
        good = [each["example"] for name, each in page.items() if name.startswith("success")]
        logged = self._read("java-json-logs", method)
        return [*good, logged] if logged else good

    def known_keys(self, method: str) -> set[str]:
        """Every path of keys that any document knows in a good answer, such as ``channel.topic.value``."""
        found = {path for example in self.examples(method) for path in key_paths(example)}
        schema = self._responses(method).get("200", {}).get("schema")
        if schema is not None:
            found |= set(self._schema_paths(schema, "", 0))
        return found | {"warning", "response_metadata", "response_metadata.warnings"}

    def certain_keys(self, method: str) -> set[str]:
        """Paths that the page's first example and the recorded answer agree on."""
        examples = self.examples(method)
        if len(examples) < 2:
            return set()
        return set(key_paths(examples[0])) & set(key_paths(examples[-1]))

    def _responses(self, method: str) -> dict[str, Any]:
        operations = self._openapi["paths"].get(f"/{method}", {})
        return next((operation["responses"] for operation in operations.values()), {})

    def _read(self, folder: str, method: str) -> dict[str, Any]:
        path = self.folder / folder / f"{method}.json"
        return dict(json.loads(path.read_text())) if path.exists() else {}

    def _schema_paths(self, schema: Any, prefix: str, depth: int) -> Iterator[str]:
        if "$ref" in schema:
            schema = self._openapi["definitions"][schema["$ref"].rpartition("/")[2]]
        if depth > _DEEPEST:
            return
        for name, inner in schema.get("properties", {}).items():
            path = f"{prefix}.{name}" if prefix else name
            yield path
            yield from self._schema_paths(inner, path, depth + 1)
        items = schema.get(_SLACK_ITEMS)
        if isinstance(items, list):
            for each in items:
                yield from self._schema_paths(each, _listed(schema, prefix), depth + 1)
        elif isinstance(items, dict):
            yield from self._schema_paths(items, f"{prefix}[]", depth + 1)


def _listed(schema: Mapping[str, Any], prefix: str) -> str:
    """Slack writes "one of these" as ``items`` with several schemas; of a list only if it says ``array``."""
    return f"{prefix}[]" if schema.get("type") == "array" else prefix


def _modern(schema: Any) -> Any:
    """Slack's way of writing a schema in the way of JSON Schema."""
    if isinstance(schema, list):
        return [_modern(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    found = {
        key: _modern(value)
        for key, value in schema.items()
        if key != "additionalProperties" or value is not False
    }
    if isinstance(schema.get(_SLACK_ITEMS), list):
        choice = {"anyOf": found.pop(_SLACK_ITEMS)}
        found |= {_SLACK_ITEMS: choice} if schema.get("type") == "array" else choice
    return found


def key_paths(value: Any, prefix: str = "") -> Iterator[str]:
    """The paths of all keys in a JSON document; what is in a list has ``[]`` after the list's path."""
    if isinstance(value, dict):
        for name, inner in value.items():
            path = f"{prefix}.{name}" if prefix else name
            yield path
            yield from key_paths(inner, path)
    elif isinstance(value, list):
        for each in value:
            yield from key_paths(each, f"{prefix}[]")


class Caller:
    """Calls the emulator and keeps every exchange."""

    def __init__(self, client: httpx.Client, connection: Mapping[str, str]) -> None:
        self._client = client
        self.connection = connection
        self.exchanges: list[Exchange] = []

    def __call__(self, method: str, token: str = "token", **arguments: Any) -> Mapping[str, Any]:
        headers = {"Authorization": f"Bearer {self.connection[token]}"}
        answer = self._client.post(f"/slack/api/{method}", headers=headers, data=arguments)
        self.exchanges.append(Exchange(method, arguments, answer.json()))
        return self.exchanges[-1].answer


def documents_or_skip() -> Documents:
    """The documents; skips, saying so, where they are absent."""
    contract_file("slack", "slack.methods.json")
    return Documents(contract_folder("slack"))


@pytest.fixture(scope="session")
def documents() -> Documents:
    return documents_or_skip()


@pytest.fixture(scope="session")
def host() -> Host:
    return Host(World(clock=lambda: datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)), {"slack": SlackEmulator})


@pytest.fixture(scope="session")
def caller(host: Host) -> Iterator[Caller]:
    host.seed({"slack": {"limits": {"enforced": False}, "emoji": {"party": "https://example.com/p.png"}}})
    with httpx.Client(transport=host.transport(), base_url="http://127.0.0.1") as client:
        yield Caller(client, host.connections()["slack"])


@pytest.fixture(params=sorted(METHODS))
def method(request: pytest.FixtureRequest) -> str:
    """Each method in turn."""
    return str(request.param)
