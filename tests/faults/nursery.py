"""A process that forks others: they begin with everything imported, and are killed in place of whole ones.

Importing costs more than a command does, and forking a process with threads is not safe; so one process
without threads does nothing else. It reads a JSON document a line and answers with one: how the child ended.
"""

import gc
import json
import os
import ssl
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

# What the commands would import is imported here, once for all of them.
import reconciler.cli.commands.apply
import reconciler.cli.commands.plan
import reconciler.cli.commands.rollback
import reconciler.cli.commands.sync  # noqa: F401
from reconciler.registry import Registry
from tests.faults.victim import Fault, Phase, live


@dataclass(frozen=True)
class Ended:
    """How a command ended: ``code`` is negative for one that a signal ended; ``notes`` are what it did."""

    code: int
    out: str
    notes: tuple[Mapping[str, Any], ...]

    @property
    def was_killed(self) -> bool:
        """Whether SIGKILL ended it."""
        return self.code == -9

    @property
    def was_struck(self) -> bool:
        """Whether the fault came that was meant for it."""
        return any(note["moment"] == "struck" for note in self.notes)

    def is_over(self, phase: Phase) -> bool:
        """Whether the end of its run is in the journal: whatever came after, it is complete."""
        return any(
            (note["kind"], note["phase"], note["moment"]) == ("end", phase, "after") for note in self.notes
        )


class Nursery:
    """The process, while the block lasts."""

    def __init__(self, room: Path) -> None:
        self._room = room
        self._count = 0
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.nursery"],
            cwd=Path(__file__).parents[2],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> "Nursery":
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()

    def run(self, arguments: Sequence[str], environ: Mapping[str, str], fault: Fault | None = None) -> Ended:
        """Carry out one command line in a child, to its end."""
        self._count += 1
        notes, printed = (self._room / f"{self._count}.{kind}" for kind in ("notes", "out"))
        wish = {
            "arguments": list(arguments),
            "environ": dict(environ),
            "fault": asdict(fault) if fault else None,
            "notes": str(notes),
            "printed": str(printed),
        }
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(wish) + "\n")
        self._process.stdin.flush()
        code = json.loads(self._process.stdout.readline())
        lines = notes.read_text(encoding="utf-8").splitlines() if notes.exists() else []
        out = printed.read_text(encoding="utf-8")
        for file in (notes, printed):
            file.unlink(missing_ok=True)
        return Ended(code, out, tuple(json.loads(line) for line in lines))


def _serve(wishes: IO[str]) -> None:
    Registry.installed().type_names()  # imports the providers
    context = ssl.create_default_context()
    ssl.create_default_context = lambda *_, **__: context  # made by every connection, and never used here
    gc.freeze()
    for line in wishes:
        wish = json.loads(line)
        child = os.fork()
        if not child:
            _become(wish)
        _, status = os.waitpid(child, 0)
        print(json.dumps(os.waitstatus_to_exitcode(status)), flush=True)


def _become(wish: Mapping[str, Any]) -> None:
    code = 70
    try:
        nothing = os.open(os.devnull, os.O_RDONLY)
        printed = os.open(wish["printed"], os.O_WRONLY | os.O_CREAT, 0o600)
        for target, source in ((0, nothing), (1, printed), (2, printed)):
            os.dup2(source, target)
        fault = Fault(**wish["fault"]) if wish["fault"] else None
        live(wish["arguments"], wish["environ"], wish["notes"], fault)
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 70
    finally:
        with suppress(OSError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    _serve(sys.stdin)
