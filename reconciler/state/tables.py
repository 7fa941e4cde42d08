"""The tables of a state file, and the marks by which it is told from other SQLite files."""

import sqlite3

APPLICATION_ID = 0x52434E4C
"""``RCNL``, in the file's header: https://www.sqlite.org/pragma.html#pragma_application_id"""

VERSION = 3
"""The version of these tables, in the header too (``user_version``). A change to them needs an upgrade."""

SNAPSHOT_NAME = (
    "CREATE TABLE snapshot_name ("
    "name TEXT PRIMARY KEY, serial INTEGER NOT NULL, named TEXT NOT NULL, who TEXT NOT NULL)"
)

DEFERRAL = (
    # A write that waits for its service. `declared` and `seen` are digests: of the declaration, and of the
    # object as it was then.
    "CREATE TABLE deferral ("
    "position INTEGER PRIMARY KEY, address TEXT NOT NULL UNIQUE, action TEXT NOT NULL, "
    "provider TEXT NOT NULL, reason TEXT NOT NULL, run TEXT NOT NULL, deferred TEXT NOT NULL, "
    "expires TEXT NOT NULL, declared TEXT NOT NULL, seen TEXT NOT NULL)"
)

GONE_VERSION = "CREATE INDEX gone_version ON version (from_serial) WHERE object IS NULL"

_TABLES = (
    # What this file is the state of: one row. Digests are made with `sealing_key`, which is why the file is
    # for its owner alone. Serials before `kept_from` have been pruned; what was left of the versions up to it
    # are `kept_versions`.
    """CREATE TABLE ledger (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        stack TEXT NOT NULL, environment TEXT NOT NULL, realm TEXT NOT NULL,
        lineage TEXT NOT NULL, sealing_key BLOB NOT NULL, created TEXT NOT NULL,
        kept_from INTEGER NOT NULL DEFAULT 0, kept_versions INTEGER NOT NULL DEFAULT 0)""",
    """CREATE TABLE run (
        position INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, command TEXT NOT NULL,
        started TEXT NOT NULL, who TEXT NOT NULL, from_serial INTEGER NOT NULL,
        git_commit TEXT NOT NULL, pull_request TEXT NOT NULL, configuration TEXT NOT NULL, why TEXT NOT NULL,
        to_serial INTEGER, ended TEXT, outcome TEXT NOT NULL, target INTEGER)""",
    # Each serial has exactly one row: what the address became with it (`object` is NULL when it was gone).
    # It held until `to_serial`; it still does while that is NULL. `waits_for` are the addresses it depends
    # on that this state knew then, a line each.
    """CREATE TABLE version (
        from_serial INTEGER PRIMARY KEY, to_serial INTEGER, address TEXT NOT NULL, object TEXT,
        waits_for TEXT NOT NULL, checksum INTEGER NOT NULL,
        run TEXT NOT NULL REFERENCES run (id), action TEXT NOT NULL, committed TEXT NOT NULL,
        CHECK (to_serial > from_serial))""",
    "CREATE UNIQUE INDEX latest_version ON version (address) WHERE to_serial IS NULL",
    "CREATE INDEX closed_version ON version (to_serial) WHERE to_serial IS NOT NULL",
    GONE_VERSION,
    """CREATE TABLE intent (
        position INTEGER PRIMARY KEY, run TEXT NOT NULL REFERENCES run (id), step INTEGER NOT NULL,
        address TEXT NOT NULL, action TEXT NOT NULL, provider TEXT NOT NULL, id TEXT,
        key TEXT, seen_absent INTEGER NOT NULL, step_group INTEGER, seen TEXT,
        is_open INTEGER NOT NULL DEFAULT 1, serial INTEGER, error TEXT, meant TEXT)""",
    "CREATE INDEX open_intent ON intent (run, step) WHERE is_open",
    "CREATE INDEX open_intent_of ON intent (address) WHERE is_open",
    """CREATE TABLE output (
        position INTEGER PRIMARY KEY, serial INTEGER NOT NULL, run TEXT NOT NULL REFERENCES run (id),
        outputs TEXT NOT NULL, checksum INTEGER NOT NULL)""",
    "CREATE TABLE account (provider TEXT PRIMARY KEY, id TEXT NOT NULL, name TEXT NOT NULL)",
    """CREATE TABLE hold (
        configuration TEXT PRIMARY KEY, run TEXT NOT NULL, held TEXT NOT NULL,
        who TEXT NOT NULL, why TEXT NOT NULL)""",
    SNAPSHOT_NAME,
    DEFERRAL,
)


def create_tables(connection: sqlite3.Connection) -> None:
    """Make the tables and set the marks, in the transaction that is open."""
    for statement in _TABLES:
        connection.execute(statement)
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {VERSION}")
