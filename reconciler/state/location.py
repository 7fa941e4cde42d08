"""Where state files are, and how their directory is made."""

import os
from pathlib import Path
from typing import Literal
from urllib.parse import quote

Realm = Literal["real", "sandbox"]

ROOM = ".reconciler"
"""What reconciler keeps in a stack's directory; nothing in it belongs into a repository."""


def state_path(stack_directory: Path, stack_name: str, environment: str, realm: Realm) -> Path:
    """The file that holds the state of a stack in an environment. Nothing is created."""
    room = stack_directory / ROOM
    parent = room / "sandbox" / "state" if realm == "sandbox" else room / "state"
    return parent / f"{quote(stack_name, safe='')}.{quote(environment, safe='')}.db"


def make_directory(directory: Path) -> None:
    """Make a directory, and those above it that are missing, for this user alone (0700).

    Inside ``.reconciler`` that directory gets a ``.gitignore`` that keeps all of it out of the repository.
    Raises OSError.
    """
    if not directory.is_dir():
        if directory.parent != directory:
            make_directory(directory.parent)
        directory.mkdir(mode=0o700, exist_ok=True)
    if directory.name == ROOM and not (ignore := directory / ".gitignore").exists():
        ignore.write_text("*\n", encoding="utf-8")


def make_file_beside(path: Path) -> Path:
    """Make an empty file for this user alone (0600), in the directory of ``path``, under a name of its own.

    What is to appear under ``path`` all at once is written there first. Raises OSError.
    """
    made = path.with_name(f".{path.name}.{os.urandom(6).hex()}")
    os.close(os.open(made, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600))
    return made


def flush_directory(directory: Path) -> None:
    """Make sure that a new name in a directory is on disk. Raises OSError."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
