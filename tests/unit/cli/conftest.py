"""A directory, the command line on it, and a service in memory that its stacks may use."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reconciler.operations.watching import Habits, Watch
from reconciler.registry import Registry
from reconciler.testing import MemoryFactory, MemoryService
from tests.command_line import CommandLine
from tests.two_services import TwoServices


@pytest.fixture
def command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    return CommandLine(tmp_path, capsys)


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> MemoryService:
    service = MemoryService()
    registry = Registry({"memory": MemoryFactory(service)})
    monkeypatch.setattr(Registry, "installed", lambda: registry)
    return service


@pytest.fixture
def services(monkeypatch: pytest.MonkeyPatch) -> TwoServices:
    services = TwoServices()
    registry = Registry({"memory": services})
    monkeypatch.setattr(Registry, "installed", lambda: registry)
    return services


@pytest.fixture
def rounds(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[Habits]]:
    """What happens before each round; asked to stop after the last."""
    habits: list[Habits] = []

    def happen(*things: Callable[[], object]) -> list[Habits]:
        left = iter(things)
        one_round = Watch._round

        def next_round(self: Watch, *arguments: Any) -> Any:
            habits.append(self._habits)
            thing = next(left, self._stop.set)
            thing()
            self._rounds._due = dict.fromkeys(self._rounds._due, self._setting.clock.monotonic())
            if not self._stop.is_set():
                yield from one_round(self, *arguments)
            self._rounds._due = dict.fromkeys(self._rounds._due, self._setting.clock.monotonic())

        monkeypatch.setattr(Watch, "_round", next_round)
        return habits

    return happen
