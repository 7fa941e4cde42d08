"""A directory, the command line on it, and a service in memory that its stacks may use."""

from pathlib import Path

import pytest

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
