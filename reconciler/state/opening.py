"""Creating and opening state files: never a new start where something was, never a file of somebody else."""

import os
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from reconciler.errors import StateDamaged, StateError
from reconciler.state.failures import RESTORE
from reconciler.state.location import Realm, flush_directory, make_directory, make_file_beside
from reconciler.state.tables import APPLICATION_ID, create_tables
from reconciler.state.upgrades import is_outdated, upgrade

_MAGIC = b"SQLite format 3\0"
"""How every SQLite file begins: https://www.sqlite.org/fileformat.html#the_database_header"""

_WAIT_FOR_OTHERS_MS = 10_000
_KEY_BYTES = 32
_LINEAGE_BYTES = 16


@dataclass(frozen=True, slots=True)
class Subject:
    """What a state file is the state of."""

    stack: str
    environment: str
    realm: Realm

    def __str__(self) -> str:
        return f"stack {self.stack!r} in environment {self.environment!r} ({self.realm})"


def open_for_writing(path: Path, subject: Subject, now: datetime) -> sqlite3.Connection:
    """Open a state file, or create it with its directory. An older one is upgraded, with a backup."""
    if not _is_there(path):
        _check_nothing_is_left(path)
        make_directory(path.parent)
        _create(path, subject, now)
    _check_beginning(path)
    connection = _connect(path, "mode=rw")
    try:
        _check_owner(connection, path)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        upgrade(connection, path, keep_backup=True)
        _check_subject(connection, path, subject)
    except BaseException:
        connection.close()
        raise
    return connection


def open_for_reading(path: Path, subject: Subject, now: datetime) -> sqlite3.Connection:
    """Open a state file as it is at this moment, whoever writes meanwhile; nothing is created or changed.

    Where there is none, an empty state is made in memory, with an empty lineage.
    """
    if not _is_there(path):
        _check_nothing_is_left(path)
        connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        _fill(connection, subject, lineage="", now=now)
    else:
        _check_beginning(path)
        connection = _connect_to_read(path)
    try:
        _check_owner(connection, path)
        connection = _up_to_date(connection, path)
        connection.execute("PRAGMA query_only = ON")
        connection.execute("BEGIN")
        _check_subject(connection, path, subject)
    except BaseException:
        connection.close()
        raise
    return connection


def _create(path: Path, subject: Subject, now: datetime) -> None:
    """Make a complete file under another name and give it its own when it is on disk.

    So a file under the real name is always a whole one, and one that is not was damaged.
    """
    made = make_file_beside(path)
    try:
        with closing(sqlite3.connect(made, isolation_level=None)) as connection:
            connection.execute("PRAGMA synchronous = FULL")
            _fill(connection, subject, lineage=os.urandom(_LINEAGE_BYTES).hex(), now=now)
            connection.execute("PRAGMA journal_mode = WAL")
        try:
            os.link(made, path)  # unlike a rename, this never takes the place of a file made meanwhile
        except FileExistsError:
            return
        except OSError:
            if _is_there(path):
                return
            os.rename(made, path)  # a file system without hard links
    finally:
        made.unlink(missing_ok=True)
    flush_directory(path.parent)


def _fill(connection: sqlite3.Connection, subject: Subject, *, lineage: str, now: datetime) -> None:
    connection.execute("BEGIN IMMEDIATE")
    create_tables(connection)
    connection.execute(
        "INSERT INTO ledger (one, stack, environment, realm, lineage, sealing_key, created) "
        "VALUES (1, ?, ?, ?, ?, ?, ?)",
        (
            subject.stack,
            subject.environment,
            subject.realm,
            lineage,
            os.urandom(_KEY_BYTES),
            now.isoformat(),
        ),
    )
    connection.execute("COMMIT")


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?{mode}", uri=True, isolation_level=None, check_same_thread=False
    )
    connection.execute(f"PRAGMA busy_timeout = {_WAIT_FOR_OTHERS_MS}")
    return connection


def _connect_to_read(path: Path) -> sqlite3.Connection:
    connection = _connect(path, "mode=ro")
    try:
        connection.execute("PRAGMA schema_version").fetchone()
    except sqlite3.OperationalError:
        # Where this user may not create the file that WAL readers share, nobody writes if there is no WAL:
        # https://www.sqlite.org/wal.html#read_only_databases
        connection.close()
        if _size(_wal(path)):
            raise
        connection = _connect(path, "immutable=1")
    except BaseException:
        connection.close()
        raise
    return connection


def _up_to_date(connection: sqlite3.Connection, path: Path) -> sqlite3.Connection:
    """The connection itself, or an upgraded copy in memory when its file is older."""
    if is_outdated(connection):
        copy = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        with closing(connection):
            connection.backup(copy)
        connection = copy
    upgrade(connection, path, keep_backup=False)
    return connection


def _check_nothing_is_left(path: Path) -> None:
    """SQLite would take the log of a lost file for that of a new one."""
    if _size(_wal(path)):
        raise StateDamaged(
            f"{path}: the state file is gone, but its log {_wal(path).name} is still there", RESTORE
        )


def _check_beginning(path: Path) -> None:
    with path.open("rb") as file:
        beginning = file.read(len(_MAGIC))
    if not beginning:
        raise StateDamaged(f"{path}: the state file is empty (0 bytes)", RESTORE)
    if beginning != _MAGIC:
        raise StateDamaged(f"{path}: this is not a state file, or its beginning is lost", RESTORE)


def _check_owner(connection: sqlite3.Connection, path: Path) -> None:
    (found,) = connection.execute("PRAGMA application_id").fetchone()
    if found != APPLICATION_ID:
        raise StateError(f"{path}: this file belongs to another program", "move it away")


def _check_subject(connection: sqlite3.Connection, path: Path, expected: Subject) -> None:
    row = connection.execute("SELECT stack, environment, realm FROM ledger").fetchone()
    if row is None:
        raise StateDamaged(f"{path}: the state file does not say what it is the state of", RESTORE)
    found = Subject(*row)
    if found != expected:
        raise StateError(
            f"{path}: this is the state of {found}, not of {expected}",
            "put the file back where it belongs; was a state copied, or the stack renamed?",
        )


def _wal(path: Path) -> Path:
    return path.with_name(f"{path.name}-wal")


def _size(path: Path) -> int:
    return path.stat().st_size if _is_there(path) else 0


def _is_there(path: Path) -> bool:
    """Whether there is such a file. Raises OSError when that cannot be told: it is no new start then."""
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    return True
