"""What scenarios work with: the command line, the service in memory, and services that answer as told."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest

from reconciler.registry import Registry
from reconciler.sandbox.host import Host, installed_emulators
from reconciler.sandbox.world import World
from reconciler.testing import MemoryFactory, MemoryService
from tests.command_line import CommandLine, Result

Answer = Callable[[httpx.Request], httpx.Response]

LOGGED = ("--log-format", "json")
ONE = "stack: lab\nresources:\n  memory_thing: {a: {name: a, text: first}}\n"
OTHER = ONE.replace("first", "second")


class Bench:
    """A directory with the command line on it. ``monkeypatch`` is undone after the test."""

    def __init__(self, command: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
        self.command = command
        self.monkeypatch = monkeypatch

    @property
    def directory(self) -> Path:
        return self.command.directory

    def memory(self) -> MemoryService:
        """Let the stacks of this test use the service in memory, and no other."""
        service = MemoryService()
        registry = Registry({"memory": MemoryFactory(service)})
        self.monkeypatch.setattr(Registry, "installed", lambda: registry)
        return service

    def sandbox(self, service: str) -> "Sandbox":
        """Let ``--sandbox`` mean this one service, in memory; each call is made once only."""
        sandbox = Sandbox(service)
        self.monkeypatch.setattr("reconciler.operations.workspace.EmbeddedServices", lambda _: sandbox)
        self.command.environ["INTEGRATION_RETRY_MAX_ATTEMPTS"] = "1"
        return sandbox

    def write(self, text: str) -> None:
        self.command.write(text)

    def json(self, *arguments: str) -> Result:
        """Call it with documents on standard output, and on standard error."""
        return self.command("--json", *LOGGED, *arguments)

    def apply(self, text: str = "") -> Result:
        """Apply, of new YAML if given."""
        if text:
            self.write(text)
        return self.json("apply", "--auto-approve")

    def applied(self, text: str) -> None:
        """Apply, which must be possible."""
        result = self.apply(text)
        assert result.code == 0, result.out


class Sandbox:
    """One service of the sandbox; requests that a rule is about get the rule's answer instead."""

    def __init__(self, service: str) -> None:
        self.host = Host(World(), {service: installed_emulators()[service]})
        self._inner = self.host.transport()
        self._rules: list[tuple[re.Pattern[str], Answer]] = []

    def answers(self, request: str, answer: Answer) -> None:
        """Give this answer to requests whose method, path and body match; the last rule goes first."""
        self._rules.insert(0, (re.compile(request), answer))

    def transport(self) -> httpx.BaseTransport:
        return httpx.MockTransport(self._answer)

    def settings(self, service: str, declared: Mapping[str, Any]) -> Mapping[str, Any]:
        return self.host.settings(service, declared)

    def close(self) -> None:
        """Stay: the next command of the test finds the same world."""

    def _answer(self, request: httpx.Request) -> httpx.Response:
        asked = f"{request.method} {request.url.raw_path.decode()} {request.content.decode()}"
        for pattern, answer in self._rules:
            if pattern.search(asked):
                return answer(request)
        return self._inner.handle_request(request)


def logged(result: Result) -> list[Any]:
    """The JSON documents on standard error, one a line."""
    lines = (line[line.find("{") :] for line in result.err.splitlines())  # a question may stand before one
    return [json.loads(line) for line in lines if line.startswith("{")]


def printed(result: Result) -> list[Any]:
    """The JSON documents on standard output: one, or one a line; none where a person is told."""
    try:
        return [json.loads(result.out)]
    except ValueError:
        return [json.loads(line) for line in result.out.splitlines() if line.startswith("{")]


def errors_in(document: Any) -> Iterator[Mapping[str, Any]]:
    """Whatever has a code, anywhere in a document."""
    if isinstance(document, dict):
        if document.get("code"):
            yield document
        for part in document.values():
            yield from errors_in(part)
    elif isinstance(document, list):
        for part in document:
            yield from errors_in(part)


Scenario = Callable[[Bench], Result]
"""Makes a code happen, and gives what the command said and how it ended."""


class Scenarios(dict[str, Scenario]):
    """Scenarios by the code that they make happen."""

    def __call__(self, code: str) -> Callable[[Scenario], Scenario]:
        """Keep the function that this decorates."""

        def keep(scenario: Scenario) -> Scenario:
            assert code not in self
            self[code] = scenario
            return scenario

        return keep
