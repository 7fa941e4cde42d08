"""Bringing the tables of an older version up to date, one version at a time."""

import os
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path

from reconciler.errors import StateError, StateTooNew
from reconciler.state.location import flush_directory, make_file_beside
from reconciler.state.tables import DEFERRAL, GONE_VERSION, SNAPSHOT_NAME, VERSION

Upgrade = Callable[[sqlite3.Connection], None]


def _what_intents_mean(connection: sqlite3.Connection) -> None:
    """From 1 to 2: what an intent means to bring about, where a rollback goes, names, pruning."""
    connection.execute("ALTER TABLE ledger ADD COLUMN kept_versions INTEGER NOT NULL DEFAULT 0")
    connection.execute("ALTER TABLE intent ADD COLUMN meant TEXT")
    connection.execute("ALTER TABLE run ADD COLUMN target INTEGER")
    connection.execute(SNAPSHOT_NAME)
    connection.execute(GONE_VERSION)


def _what_waits(connection: sqlite3.Connection) -> None:
    """From 2 to 3: the queue of deferred writes."""
    connection.execute(DEFERRAL)


UPGRADES: Mapping[int, Upgrade] = {1: _what_intents_mean, 2: _what_waits}
"""By the version they start from: what makes the next version of it, within an open transaction."""


def version_of(connection: sqlite3.Connection) -> int:
    """The version of the tables in a state file."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def is_outdated(connection: sqlite3.Connection) -> bool:
    """Whether an older version wrote a state file."""
    return version_of(connection) < VERSION


def upgrade(connection: sqlite3.Connection, path: Path, *, keep_backup: bool) -> None:
    """Bring a state file to VERSION; does nothing when it has it.

    With ``keep_backup`` the file is copied to ``<name>.v<version>.backup`` beside it first. Each version is
    one transaction; what somebody else has done of it meanwhile is not done twice. Raises StateTooNew for a
    newer version, StateError when a step is missing.
    """
    found = version_of(connection)
    if found > VERSION:
        raise StateTooNew(
            f"{path}: a newer reconciler wrote this state (version {found}; this one reads up to {VERSION})",
            "use that reconciler, or a newer one",
        )
    if missing := [version for version in range(found, VERSION) if version not in UPGRADES]:
        raise StateError(
            f"{path}: no upgrade is known for version {missing[0]} of the state file",
            "upgrade it with the release of reconciler that followed the one that wrote it",
        )
    if found < VERSION and keep_backup:
        _back_up(connection, path.with_name(f"{path.name}.v{found}.backup"), found)
    for version in range(found, VERSION):
        connection.execute("BEGIN IMMEDIATE")
        try:
            if version_of(connection) == version:
                UPGRADES[version](connection)
                connection.execute(f"PRAGMA user_version = {version + 1}")
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise


def _back_up(connection: sqlite3.Connection, target: Path, version: int) -> None:
    """Copy a whole state file to ``target``, which appears only when the copy is complete and on disk.

    It does not when the copy turns out to have another version: whoever made that one has kept a copy too.
    """
    made = make_file_beside(target)
    try:
        with closing(sqlite3.connect(made)) as copy:
            connection.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")
            is_that_version = version_of(copy) == version
        if is_that_version:
            os.replace(made, target)
        else:
            made.unlink()
    except BaseException:
        made.unlink(missing_ok=True)
        raise
    flush_directory(target.parent)
