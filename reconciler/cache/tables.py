"""The tables of the cache, and what is asked of them.

A sweep is what one call has told: its time is written once, and not with each of its answers. Of an owner's
sweeps the one that was written last has a fingerprint of all that was told: a call that tells the same again
has only the time to write.
"""

import sqlite3
from collections.abc import Collection
from datetime import UTC, datetime

from reconciler.cache.entries import Answer, Entry, Key, Kind, Owner

_APPLICATION = 0x52436163
"""``RCac``: what SQLite keeps in the file's head to tell whose it is."""
_VERSION = 1

_TABLES = """
PRAGMA auto_vacuum = FULL;
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS sweep (
    id INTEGER PRIMARY KEY, provider TEXT NOT NULL, account TEXT NOT NULL, kind TEXT NOT NULL,
    read_at REAL NOT NULL, expires_at REAL NOT NULL, fingerprint TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS answer (
    provider TEXT NOT NULL, account TEXT NOT NULL, kind TEXT NOT NULL, type TEXT NOT NULL,
    name TEXT NOT NULL, sweep INTEGER NOT NULL, address TEXT NOT NULL, text TEXT NOT NULL,
    PRIMARY KEY (provider, account, kind, type, name)) WITHOUT ROWID;
PRAGMA application_id = {application};
PRAGMA user_version = {version};
COMMIT;
"""
_SELECT = (
    "SELECT answer.type, name, address, text, read_at FROM answer JOIN sweep ON sweep.id = sweep "
    "WHERE answer.provider = ? AND answer.account = ? AND answer.kind = ? AND answer.type = ? "
    "AND read_at >= ?"
)
_SELECT_ALL = (
    "SELECT answer.provider, answer.account, answer.kind, type, name, address, text, read_at "
    "FROM answer JOIN sweep ON sweep.id = sweep ORDER BY 1, 2, 4, 6, 3, 5"
)


def is_ours(connection: sqlite3.Connection) -> bool:
    """Whether this version made the file."""
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    return bool(application == _APPLICATION and version == _VERSION)


def is_empty(connection: sqlite3.Connection) -> bool:
    """Whether nothing is in the file yet."""
    (pages,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    return bool(pages == 0)


def create(connection: sqlite3.Connection) -> None:
    """Make the tables; somebody else may do it at the same time."""
    connection.executescript(_TABLES.format(application=_APPLICATION, version=_VERSION))


def select(
    connection: sqlite3.Connection, owner: Owner, kind: Kind, since: datetime, types: Collection[str]
) -> dict[Key, tuple[Answer, datetime]]:
    """The answers of an owner for some types, none older than ``since``."""
    found: dict[Key, tuple[Answer, datetime]] = {}
    for type_name in types:
        asked = (owner.provider, owner.account, kind, type_name, since.timestamp())
        for type_, name, address, text, read_at in connection.execute(_SELECT, asked):
            found[Key(type_, name)] = Answer(address, text), _time(read_at)
    return found


def select_all(connection: sqlite3.Connection) -> list[Entry]:
    """Every answer, by owner, type and address."""
    return [
        Entry(Owner(provider, account), Kind(kind), Key(type_, name), Answer(address, text), _time(read_at))
        for provider, account, kind, type_, name, address, text, read_at in connection.execute(_SELECT_ALL)
    ]


def delete(
    connection: sqlite3.Connection, owner: Owner, objects: Collection[Key], types: Collection[str]
) -> None:
    """Remove some objects of an owner, and the answers to all questions for some types."""
    whose = (owner.provider, owner.account)
    connection.execute("UPDATE sweep SET fingerprint = '' WHERE provider = ? AND account = ?", whose)
    connection.executemany(
        "DELETE FROM answer WHERE provider = ? AND account = ? AND kind = ? AND type = ? AND name = ?",
        [(*whose, Kind.OBJECT, key.type, key.name) for key in objects],
    )
    connection.executemany(
        "DELETE FROM answer WHERE provider = ? AND account = ? AND kind = ? AND type = ?",
        [(*whose, Kind.QUESTION, type_name) for type_name in types],
    )


def _time(timestamp: float) -> datetime:
    return datetime.fromtimestamp(timestamp, UTC)
