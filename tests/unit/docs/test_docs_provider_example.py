"""The provider that docs/providers.md builds works as it stands there."""

import os
import subprocess
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

from reconciler import config
from reconciler.provider import facts
from reconciler.registry import Registry
from tests.unit.docs.markdown import ROOT, blocks, first_column, section

PAGE = ROOT / "docs" / "providers.md"


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A directory with the files that the page shows."""
    for block in blocks(PAGE):
        if block.kind.startswith("python "):
            (tmp_path / block.kind.removeprefix("python ")).write_text(block.text, encoding="utf-8")
    assert sorted(file.name for file in tmp_path.iterdir()) == ["reconciler_board.py", "test_board.py"]
    return tmp_path


def test_the_example_passes_the_suite_that_it_tells_of(package: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-W", "error", "-p", "no:cacheprovider", "test_board.py"],
        cwd=package,
        env={**os.environ, "PYTHONPATH": str(package)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "skipped" not in done.stdout


def test_a_stack_with_the_example_loads(package: Path) -> None:
    spec = spec_from_file_location("reconciler_board", package / "reconciler_board.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    (text,) = [block.text for block in blocks(PAGE) if block.kind == "yaml stack"]
    (package / "reconciler.yaml").write_text(text, encoding="utf-8")
    types = Registry({"board": module.BoardProvider})
    stack = config.load(package, environment=None, types=types, environ={}, sandbox=True)
    assert [str(address) for address in stack.resources] == ["board_note.welcome"]


def test_the_page_tells_of_every_fact_that_a_schema_can_hold() -> None:
    told = {
        cell.strip("`").partition(":")[0] for cell in first_column(section(PAGE, "Facts")) if "x-" in cell
    }
    known = {
        line.split("``")[1].partition(":")[0]
        for line in str(facts.__doc__).splitlines()
        if line.startswith("- ``")
    }
    assert told == known
