"""The command line as processes of their own: for signals, sockets and pipes."""

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

Process = subprocess.Popen[str]

# A test run in the background may have been started to ignore Ctrl-C, and what it starts would too.
_PROGRAM = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
from reconciler.cli import main
main()
"""


def program(*arguments: str, before: str = "") -> list[str]:
    """The command line as a command of the system; ``before`` is Python that runs first."""
    return [sys.executable, "-c", before + _PROGRAM, *arguments]


def start(directory: Path, *arguments: str, environ: Mapping[str, str] | None = None) -> Process:
    return subprocess.Popen(
        program(*arguments),
        cwd=directory,
        env={**os.environ, **(environ or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def read_until(lines: IO[str] | None, text: str) -> None:
    """Read what a process prints until a line has the text in it."""
    assert lines is not None
    assert any(text in line for line in lines), f"the process ended without {text!r}"


@contextmanager
def served(directory: Path, *arguments: str) -> Iterator[dict[str, Any]]:
    """``sandbox serve`` in a stack's directory, while the block lasts; gives the ready document.

    The same document is in ``ready.json`` by then.
    """
    ready = directory / "ready.json"
    process = start(directory, "--sandbox", "sandbox", "serve", "--ready-file", str(ready), *arguments)
    assert process.stdout is not None
    try:
        yield _document(process.stdout)
    finally:
        process.terminate()
        process.communicate()


def _document(lines: Iterable[str]) -> dict[str, Any]:
    """The first JSON document of an output that goes on."""
    text = ""
    for line in lines:
        text += line
        if line == "}\n":
            break
    document: dict[str, Any] = json.loads(text)
    return document
