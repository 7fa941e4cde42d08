"""A bench for each test."""

from pathlib import Path

import pytest

from tests.command_line import CommandLine
from tests.unit.codes.bench import Bench


@pytest.fixture
def bench(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Bench:
    return Bench(CommandLine(tmp_path, capsys), monkeypatch)
