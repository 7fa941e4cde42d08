"""The lab that most lifecycle tests work in, and the stage of those that call the command line."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from reconciler.registry import Registry
from reconciler.testing import MemoryFactory, MemoryService
from tests.lifecycle.lab import Lab
from tests.lifecycle.stage import Stage


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[Lab]:
    lab = Lab(tmp_path)
    yield lab
    lab.ledger.close()


@pytest.fixture
def stage(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Stage:
    stage = Stage(tmp_path, capsys)
    stage.service = MemoryService()
    registry = Registry({"memory": MemoryFactory(stage.service)})
    monkeypatch.setattr(Registry, "installed", lambda: registry)
    return stage
