"""Forgetting the past before a serial, within an open transaction.

What stays: every object and output as they were at the serial and since, what a run let go of without
deleting it, open intents, holds, and the runs that any of these name. What goes is found through indexes or
at the beginning of its table, so that the time it takes goes with what is deleted, and with the old runs that
stay because of what they made.
"""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from reconciler.diagnostics import Diagnostic
from reconciler.errors import Refused

_SHOWN = 5
_CONFIGURING = ("apply", "sync", "rollback")
"""The commands whose runs bring a configuration about; who goes back to a serial asks which one held then."""

# An object that was let go of is known by its last version, which its tombstone has closed.
_DELETE_VERSIONS = """
    DELETE FROM version WHERE to_serial <= ? AND NOT EXISTS (
        SELECT 1 FROM version AS gone WHERE gone.from_serial = version.to_serial
        AND gone.to_serial IS NULL AND gone.object IS NULL AND gone.action NOT IN ('delete', 'move'))"""
_DELETE_OUTPUTS = "DELETE FROM output WHERE position < (SELECT max(position) FROM output WHERE position < ?)"
_OUTPUT_AFTER = "SELECT position FROM output WHERE serial > ? ORDER BY position LIMIT 1"
_RUNS = "SELECT position, id, command, from_serial, to_serial FROM run ORDER BY position"
_INTENTS = "SELECT position, run, serial, is_open FROM intent ORDER BY position"
# A rollback that did not arrive is gone on with: one that left intents open, and the last run of all.
_ROLLBACK_UNDER_WAY = """
    SELECT run.id, run.target FROM intent INDEXED BY open_intent CROSS JOIN run ON run.id = intent.run
    WHERE intent.is_open AND run.target < :before
    UNION ALL
    SELECT id, target FROM (SELECT id, target, outcome FROM run ORDER BY position DESC LIMIT 1)
    WHERE outcome IN ('running', 'failed', 'interrupted') AND target < :before"""
_VERSION_OF = "SELECT 1 FROM version WHERE from_serial = ? AND run = ?"
_IS_NAMED = """
    SELECT EXISTS (
            SELECT 1 FROM version WHERE from_serial > :began AND from_serial <= :reached AND run = :run)
        OR EXISTS (SELECT 1 FROM hold WHERE run = :run)"""


@dataclass(frozen=True, slots=True)
class _Past:
    """A run that began before the serial."""

    position: int
    id: str
    command: str
    began: int
    reached: int
    has_ended: bool


def check_prunable(connection: sqlite3.Connection, before: int) -> None:
    """Raises Refused when somebody still needs a snapshot before the serial: by its name, or to go on to."""
    named = connection.execute(
        "SELECT name, serial FROM snapshot_name WHERE serial < ? ORDER BY serial, name", (before,)
    ).fetchall()
    if named:
        told = ", ".join(f"{name} ({serial})" for name, serial in named[:_SHOWN])
        raise _refused(
            f"snapshots that have a name would be lost: {told}{' and more' if len(named) > _SHOWN else ''}",
            f"prune before {named[0][1]} at most, or take the name away: "
            f"`snapshot name {named[0][0]} --remove`",
        )
    row = connection.execute(_ROLLBACK_UNDER_WAY, {"before": before}).fetchone()
    if row is not None:
        raise _refused(
            f"the rollback {row[0]} has not arrived at snapshot {row[1]}, which would be lost",
            f"prune before {row[1]} at most, or let the rollback arrive first",
        )


def prune(connection: sqlite3.Connection, before: int, running: str | None) -> int:
    """Delete what only the serials before ``before`` need, but nothing of the run that is ``running``.

    Foreign keys must be off: without an index for them, each deleted run would be looked for everywhere.
    Returns how many versions are gone. Raises Refused.
    """
    check_prunable(connection, before)
    past = list(_past(connection, before))
    gone = connection.execute(_DELETE_VERSIONS, (before,)).rowcount
    _delete_outputs(connection, before)
    kept = _delete_intents(connection, past, before)
    if running is not None:
        kept.add(running)
    _delete_runs(connection, [run for run in past if run.reached <= before], kept, before)
    # Each serial since the last pruning has added one version.
    connection.execute(
        "UPDATE ledger SET kept_versions = kept_versions + :before - kept_from - :gone, kept_from = :before",
        {"before": before, "gone": gone},
    )
    return gone


def _past(connection: sqlite3.Connection, before: int) -> Iterator[_Past]:
    """The runs that began before the serial, each with the serial that it reached; one may reach beyond."""
    previous: tuple[int, str, str, int, int | None] | None = None
    for row in connection.execute(_RUNS):
        if previous is not None:
            yield _reaching(previous, row[3])
        if row[3] >= before:
            return
        previous = row
    if previous is not None:
        (latest,) = connection.execute("SELECT max(from_serial) FROM version").fetchone()
        yield _reaching(previous, latest or 0)


def _reaching(row: tuple[int, str, str, int, int | None], next_began: int) -> _Past:
    position, id_, command, began, reached = row
    return _Past(
        position, id_, command, began, next_began if reached is None else reached, reached is not None
    )


def _delete_outputs(connection: sqlite3.Connection, before: int) -> None:
    """The outputs that hold at the serial are the last ones told until then."""
    after = connection.execute(_OUTPUT_AFTER, (before,)).fetchone()
    if after is None:
        (last,) = connection.execute("SELECT max(position) FROM output").fetchone()
        after = ((last or 0) + 1,)
    connection.execute(_DELETE_OUTPUTS, after)


def _delete_intents(connection: sqlite3.Connection, past: list[_Past], before: int) -> set[str]:
    """Delete what is settled; returns the runs whose intents stay.

    Intents stand in the order of their runs, so that the first one of a later run is where to stop. One that
    was settled only after its run had ended stays as long as the version that it led to: it alone tells,
    without a search, that the run is named there.
    """
    reached = {run.id: run.reached for run in past}
    settled, kept = [], set()
    for position, run, serial, is_open in connection.execute(_INTENTS):
        if run not in reached:
            break
        is_old = reached[run] <= before or (serial is not None and serial <= before)
        is_late = serial is not None and serial > reached[run]
        if is_open or (is_late and connection.execute(_VERSION_OF, (serial, run)).fetchone()):
            kept.add(run)
        elif is_old:
            settled.append((position,))
    connection.executemany("DELETE FROM intent WHERE position = ?", settled)
    return kept


def _delete_runs(connection: sqlite3.Connection, over: list[_Past], kept: set[str], before: int) -> None:
    configuring = [run.id for run in over if run.command in _CONFIGURING]
    (told_by,) = connection.execute("SELECT min(position) FROM output").fetchone()
    outputs = connection.execute("SELECT run FROM output WHERE position = ?", (told_by,)).fetchall()
    kept = kept.union(configuring[-1:], (run for (run,) in outputs))
    for run in over:
        # A run that was cut off has not said how far it came.
        reached = run.reached if run.has_ended else before
        place = {"run": run.id, "began": run.began, "reached": reached}
        if run.id not in kept and not connection.execute(_IS_NAMED, place).fetchone()[0]:
            connection.execute("DELETE FROM run WHERE position = ?", (run.position,))


def _refused(summary: str, advice: str) -> Refused:
    return Refused([Diagnostic(summary, advice)])
