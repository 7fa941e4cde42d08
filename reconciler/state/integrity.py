"""Whether a state file says what was written into it: changed rows at each commit, the rest at opening."""

import sqlite3
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from reconciler.errors import StateDamaged
from reconciler.state.failures import RESTORE
from reconciler.state.rows import checksum

_SHOWN = 5

_WRITTEN = "SELECT address, waits_for, object, checksum FROM version WHERE from_serial = ?"
_LATEST_OF = "SELECT count(*) FROM version INDEXED BY latest_version WHERE address = ? AND to_serial IS NULL"
_CLOSED_WITH = "SELECT waits_for FROM version INDEXED BY closed_version WHERE to_serial = ? AND address = ?"


def check_at_opening(connection: sqlite3.Connection, path: Path) -> None:
    """Check what is cheap to check: serials without gaps, and the latest version of every address.

    Takes time in proportion to the addresses. Raises StateDamaged with the first findings.
    """
    _raise_if_any(_findings(connection), path)


def check_step(connection: sqlite3.Connection, path: Path, address: str, serial: int) -> None:
    """Check what a step has written, in the transaction that is open: its row as it reads, and those around.

    Takes the same time whatever the size of the state. Raises StateDamaged.
    """
    _raise_if_any(_step_findings(connection, address, serial), path)


def check_thoroughly(connection: sqlite3.Connection, path: Path) -> None:
    """Check the whole file: every page, every version ever, every address's history. Raises StateDamaged."""
    _raise_if_any(_all_findings(connection), path)


def _raise_if_any(findings: Iterator[str], path: Path) -> None:
    if found := list(islice(findings, _SHOWN + 1)):
        more = ["and more"] if len(found) > _SHOWN else []
        raise StateDamaged(f"{path}: the state is damaged: {'; '.join(found[:_SHOWN] + more)}", RESTORE)


def _step_findings(connection: sqlite3.Connection, address: str, serial: int) -> Iterator[str]:
    row = connection.execute(_WRITTEN, (serial,)).fetchone()
    if row is None or row[0] != address or checksum(serial, address, row[1], row[2]) != row[3]:
        yield f"{address} (serial {serial}) does not read as it was written"
        return
    (versions,) = connection.execute(_LATEST_OF, (address,)).fetchone()
    if versions != 1:
        yield f"{address} has {versions} latest versions"
    # What it waited for before must not have vanished either, or nobody would ask for it any more.
    earlier = connection.execute(_CLOSED_WITH, (serial, address)).fetchone()
    for target in dict.fromkeys(filter(None, [*row[1].split("\n"), *(earlier or ("",))[0].split("\n")])):
        if not connection.execute(_LATEST_OF, (target,)).fetchone()[0]:
            yield f"{address} depends on {target}, of which nothing is left"


def _findings(connection: sqlite3.Connection) -> Iterator[str]:
    yield from _gaps(connection)
    rows = connection.execute(
        "SELECT from_serial, address, waits_for, object, checksum FROM version INDEXED BY latest_version "
        "WHERE to_serial IS NULL"
    )
    known: set[str] = set()
    waiting: list[tuple[str, str]] = []
    for serial, address, waits_for, text, expected in rows:
        if address in known:
            yield f"{address} is there twice"
        known.add(address)
        if checksum(serial, address, waits_for, text) != expected:
            yield f"{address} (serial {serial}) is not as it was written"
        elif waits_for and text is not None:
            waiting.append((address, waits_for))
    for address, waits_for in waiting:
        for target in waits_for.split("\n"):
            if target not in known:
                yield f"{address} depends on {target}, of which nothing is left"


def _gaps(connection: sqlite3.Connection) -> Iterator[str]:
    """Every serial after the pruned ones has its row, up to where runs came and versions were closed.

    So has every version that was there still when those before it were pruned.
    """
    kept_from, kept_versions = connection.execute("SELECT kept_from, kept_versions FROM ledger").fetchone()
    total, last = connection.execute(
        "SELECT (SELECT count(*) FROM version), max(from_serial) FROM version"
    ).fetchone()
    count = total - kept_versions
    (told,) = connection.execute("SELECT max(max(from_serial, coalesce(to_serial, 0))) FROM run").fetchone()
    (closed,) = connection.execute(
        "SELECT max(to_serial) FROM version INDEXED BY closed_version WHERE to_serial IS NOT NULL"
    ).fetchone()
    last = max(last or 0, kept_from, told or 0, closed or 0)
    if count != last - kept_from:
        older = f" and {kept_versions} older ones" if kept_versions else ""
        yield f"{total} steps are recorded where serials {kept_from + 1} to {last}{older} should be"


def _all_findings(connection: sqlite3.Connection) -> Iterator[str]:
    for (message,) in connection.execute("PRAGMA integrity_check"):
        if message != "ok":
            yield str(message)
    yield from _findings(connection)
    rows = connection.execute(
        "SELECT old.from_serial, old.address, old.waits_for, old.object, old.checksum, "
        "old.to_serial, new.address FROM version AS old "
        "LEFT JOIN version AS new ON new.from_serial = old.to_serial WHERE old.to_serial IS NOT NULL"
    )
    for serial, address, waits_for, text, expected, until, successor in rows:
        if checksum(serial, address, waits_for, text) != expected:
            yield f"{address} (serial {serial}) is not as it was written"
        if successor != address:
            yield f"{address} (serial {serial}) ends at serial {until}, which is not its own"
    yield from _beside_versions(connection)


def _beside_versions(connection: sqlite3.Connection) -> Iterator[str]:
    """Outputs, names of snapshots, and what names a run."""
    for position, text, expected in connection.execute("SELECT position, outputs, checksum FROM output"):
        if checksum(position, "", "", text) != expected:
            yield f"the outputs told at place {position} are not as they were written"
    names = connection.execute(
        "SELECT name, serial FROM snapshot_name WHERE serial < (SELECT kept_from FROM ledger) "
        "OR serial > (SELECT coalesce(max(from_serial), 0) FROM version)"
    )
    for name, serial in names:
        yield f"the snapshot {serial}, which has the name {name}, is not there"
    for table, row, *_ in connection.execute("PRAGMA foreign_key_check"):
        yield f"row {row} of {table} belongs to a run that is not there"
