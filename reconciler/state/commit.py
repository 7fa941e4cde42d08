"""Writing steps and intents, within an open transaction. What is written is checked; the rest is not read."""

import sqlite3
from collections.abc import Iterable
from datetime import datetime

from reconciler.errors import StateError
from reconciler.state.model import Committed, Failed, Intent, StateObject
from reconciler.state.object_json import write_object
from reconciler.state.rows import INSERT_INTENT, checksum, intent_row

_ACTION = "SELECT action FROM intent WHERE run = ? AND step = ? AND is_open ORDER BY position DESC LIMIT 1"
# An address is settled as a whole: what an earlier, interrupted run meant to do to it is known now as well.
_SETTLE = "UPDATE intent SET is_open = 0, serial = ? WHERE address = ? AND is_open"
_FAIL = "UPDATE intent SET error = ?, is_open = ? WHERE run = ? AND step = ? AND is_open"
_LATEST = "SELECT from_serial, object IS NOT NULL FROM version WHERE address = ? AND to_serial IS NULL"
_CLOSE = "UPDATE version SET to_serial = ? WHERE from_serial = ?"
_OPEN = (
    "INSERT INTO version (from_serial, address, object, waits_for, checksum, run, action, committed) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
)


def write_step(connection: sqlite3.Connection, done: Committed, serial: int, now: datetime) -> None:
    """Close the old version of an object, open the new one, and settle the step's intent.

    The costs do not depend on how many objects or serials there are. Raises StateError for an object that
    cannot be kept.
    """
    address, after = str(done.address), done.after
    if after is not None and after.address != done.address:
        raise StateError(f"the step on {address} tells of {after.address}; nothing was recorded")
    text = None if after is None else write_object(after)
    waits_for = _known(connection, after) if after is not None and after.depends_on else ""
    before = connection.execute(_LATEST, (address,)).fetchone()
    if before:
        connection.execute(_CLOSE, (serial, before[0]))
    action = done.action or _action(connection, done, was_there=bool(before and before[1]))
    check = checksum(serial, address, waits_for, text)
    connection.execute(_OPEN, (serial, address, text, waits_for, check, done.run, action, now.isoformat()))
    connection.execute(_SETTLE, (serial, address))


def write_failure(connection: sqlite3.Connection, failed: Failed) -> None:
    """Keep a step's error; its intent stays open unless the outcome is known."""
    connection.execute(_FAIL, (failed.error, not failed.outcome_known, failed.run, failed.step))


def write_intents(connection: sqlite3.Connection, intents: Iterable[Intent]) -> None:
    """Keep what some steps are about to do."""
    connection.executemany(INSERT_INTENT, [intent_row(intent) for intent in intents])


def _known(connection: sqlite3.Connection, after: StateObject) -> str:
    """Those of an object's dependencies that this state knows, a line each.

    Others are no mistake (an object can be imported before what it refers to); but one that was known must
    not vanish, which the opening checks.
    """
    targets = [str(target) for target in after.depends_on]
    return "\n".join(target for target in targets if connection.execute(_LATEST, (target,)).fetchone())


def _action(connection: sqlite3.Connection, done: Committed, *, was_there: bool) -> str:
    """What the step did: as its intent says, or as it looks."""
    intent = connection.execute(_ACTION, (done.run, done.step)).fetchone()
    if intent:
        return str(intent[0])
    if done.after is None:
        return "delete"
    return "update" if was_there else "create"
