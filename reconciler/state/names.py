"""Names that people give to snapshots: what may be one, and where they are kept."""

import re
import sqlite3
from collections.abc import Iterable, Mapping
from datetime import datetime

from reconciler import codes
from reconciler.diagnostics import Diagnostic, did_you_mean
from reconciler.errors import Refused
from reconciler.state.model import SnapshotName

_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,99}")
_RUN_BEGINNING = re.compile(r"[0-9]{8}T[0-9]{0,6}(-[0-9a-f]{0,4})?")
"""How the id of a run begins that is still to come; one that is there is compared with itself."""


def check_name(name: str, runs: Iterable[str]) -> None:
    """Whether a snapshot may have this name; raises Refused when it could be taken for something else.

    ``runs`` are the ids of all runs.
    """
    if not _PLAIN.fullmatch(name):
        raise _refused(
            f"{name[:100]!r} cannot be the name of a snapshot",
            "a name has 1 to 100 letters, digits and any of . _ / - and begins with a letter or digit",
        )
    if name.isdecimal():
        raise _refused(f"{name!r} is a serial, so no snapshot can have it as its name", f"try {'v' + name!r}")
    if _RUN_BEGINNING.fullmatch(name) or any(run.startswith(name) for run in runs):
        raise _refused(
            f"{name!r} is how the id of a run begins, so no snapshot can have it as its name",
            "choose a name that says what the snapshot is good for",
        )


def select_names(connection: sqlite3.Connection) -> dict[str, SnapshotName]:
    """All names, by name, the oldest snapshot first."""
    found = connection.execute("SELECT name, serial, named, who FROM snapshot_name ORDER BY serial, name")
    return {
        name: SnapshotName(name, serial, datetime.fromisoformat(named), who)
        for name, serial, named, who in found
    }


def write_name(connection: sqlite3.Connection, given: SnapshotName) -> None:
    """Keep a name; raises Refused when another snapshot has it. The one that has it already keeps it."""
    row = connection.execute("SELECT serial FROM snapshot_name WHERE name = ?", (given.name,)).fetchone()
    if row is None:
        check_name(given.name, (run for (run,) in connection.execute("SELECT id FROM run")))
        connection.execute(
            "INSERT INTO snapshot_name (name, serial, named, who) VALUES (?, ?, ?, ?)",
            (given.name, given.serial, given.when.isoformat(), given.who),
        )
    elif row[0] != given.serial:
        raise _refused(
            f"{given.name!r} is the name of snapshot {row[0]} already",
            f"choose another name, or take this one away first: `snapshot name {given.name} --remove`",
        )


def remove_name(connection: sqlite3.Connection, name: str) -> None:
    """Forget a name; raises Refused when there is none such."""
    if not connection.execute("DELETE FROM snapshot_name WHERE name = ?", (name,)).rowcount:
        known: Mapping[str, SnapshotName] = select_names(connection)
        advice = did_you_mean(name, known) or "`snapshot list` shows what there is"
        raise _refused(f"no snapshot has the name {name!r}", advice, codes.NOTHING_FOUND)


def _refused(summary: str, advice: str, code: str = "") -> Refused:
    return Refused([Diagnostic(summary, advice, code=code)])
