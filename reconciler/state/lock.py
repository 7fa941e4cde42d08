"""One writer at a time: an operating system's lock on a file beside the state, which dies with its holder."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from reconciler.clock import Clock
from reconciler.errors import StateLocked
from reconciler.state.failures import explained
from reconciler.state.location import make_directory

_LONGEST = 4096
"""Bytes that a holder's description may take."""
_LOOKS, _PAUSE = 10, 0.01
"""How often, and with how many seconds between, who loses looks for who the holder is."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Who is writing a state: the user and host, the process, its command, and since when."""

    who: str
    process: int
    command: str
    since: datetime

    def __str__(self) -> str:
        return (
            f"{self.who} runs `reconciler {self.command}` (process {self.process}) "
            f"since {self.since:%Y-%m-%d %H:%M:%S %Z}"
        )


def lock_path(state: Path) -> Path:
    """The file that is locked for a state file."""
    return state.with_name(f"{state.name}.lock")


@contextmanager
def lock(state: Path, *, who: str, command: str, clock: Clock) -> Iterator[Holder]:
    """Be the one writer of a state file inside. Readers need no lock.

    Raises StateLocked, at once, when another process is; StateError when no lock can be had at all. The file
    stays when the lock is let go: removing it could take it away under somebody who waits at the door.
    """
    path = lock_path(state)
    with explained(path):
        make_directory(path.parent)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        with explained(path):
            _take(descriptor, clock)
            holder = Holder(who, os.getpid(), command, clock.now())
            _write(descriptor, holder)
        try:
            yield holder
        finally:
            with suppress(OSError):  # the lock is let go all the same
                os.ftruncate(descriptor, 0)
    finally:
        os.close(descriptor)


def check_free(state: Path, clock: Clock) -> None:
    """Whether nobody writes a state file at this moment; nothing is created, and nobody's lock is taken away.

    Raises StateLocked, with who it is, when another process does, and StateError when that cannot be told.
    """
    with explained(lock_path(state)):
        try:
            descriptor = os.open(lock_path(state), os.O_RDWR | os.O_CLOEXEC)
        except (FileNotFoundError, NotADirectoryError):
            return
    try:
        with explained(lock_path(state)):
            _take(descriptor, clock)
    finally:
        os.close(descriptor)


def _take(descriptor: int, clock: Clock) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise StateLocked(_holder(descriptor, clock)) from None


def _write(descriptor: int, holder: Holder) -> None:
    text = json.dumps(
        {
            "who": holder.who,
            "process": holder.process,
            "command": holder.command,
            "since": holder.since.isoformat(),
        }
    )
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, text.encode(), 0)


def _holder(descriptor: int, clock: Clock) -> str:
    """Who holds the lock; one of this very moment is given the time to write who it is."""
    for _ in range(_LOOKS):
        if found := _described(descriptor):
            return found
        clock.sleep(_PAUSE)
    return "by another process, which has not said yet who it is"


def _described(descriptor: int) -> str:
    """What the holder wrote of itself, empty if that is not there."""
    try:
        fields = json.loads(os.pread(descriptor, _LONGEST, 0))
        since = datetime.fromisoformat(fields["since"])
        return str(Holder(fields["who"], fields["process"], fields["command"], since))
    except (ValueError, KeyError, TypeError):
        return ""
