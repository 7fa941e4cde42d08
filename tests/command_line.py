"""The command line as a test calls it: in this process, with what it prints and its exit code."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from reconciler.cli.door import run


@dataclass(frozen=True)
class Result:
    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """What was printed, as one JSON document."""
        return json.loads(self.out)

    @property
    def events(self) -> list[dict[str, Any]]:
        """What was printed, as a JSON document a line."""
        return [json.loads(line) for line in self.out.splitlines()]


class CommandLine:
    """Calls the command line on one directory; ``environ`` is all that it sees of the environment."""

    def __init__(self, directory: Path, captured: pytest.CaptureFixture[str]) -> None:
        self.directory = directory
        self.environ: dict[str, str] = {}
        self._captured = captured

    def write(self, text: str, name: str = "reconciler.yaml") -> None:
        (self.directory / name).write_text(text, encoding="utf-8")

    def __call__(self, *arguments: str) -> Result:
        self._captured.readouterr()
        code = run(["-C", str(self.directory), *arguments], self.environ)
        captured = self._captured.readouterr()
        return Result(code, captured.out, captured.err)

    def sandbox(self, *arguments: str) -> Result:
        return self("--sandbox", *arguments)
