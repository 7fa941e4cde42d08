"""Runs a command as a whole process and reads what the operating system counted for it."""

import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Figure:
    """Wall and processor time in seconds, peak memory in bytes."""

    wall: float
    cpu: float
    memory: int


class CommandFailedError(RuntimeError):
    """A measured command did not end with the exit code that was expected."""


def measure(
    command: Sequence[str], directory: Path, environment: Mapping[str, str], codes: Sequence[int] = (0,)
) -> Figure:
    """One run; raises CommandFailedError with the end of what it printed."""
    log = directory / "output.txt"
    with log.open("wb") as output:
        started = time.monotonic()
        process = subprocess.Popen(
            command, cwd=directory, env=dict(environment), stdout=output, stderr=subprocess.STDOUT
        )
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in codes:
        tail = log.read_text(errors="replace")[-2000:]
        raise CommandFailedError(f"{' '.join(command)} ended with {process.returncode}:\n{tail}")
    return Figure(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024)


def median(runs: Sequence[Figure]) -> Figure:
    """The median of each figure over several runs."""
    middle = len(runs) // 2
    return Figure(
        sorted(run.wall for run in runs)[middle],
        sorted(run.cpu for run in runs)[middle],
        sorted(run.memory for run in runs)[middle],
    )
