"""The example, in a directory of its own."""

import shutil
from pathlib import Path

import pytest

from tests.command_line import CommandLine

EXAMPLE = Path(__file__).parents[2] / "examples" / "testx"


@pytest.fixture
def testx(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    directory = tmp_path / "testx"
    shutil.copytree(EXAMPLE, directory, ignore=shutil.ignore_patterns(".reconciler", ".env"))
    return CommandLine(directory, capsys)
