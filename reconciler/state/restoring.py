"""A lost state taken up again in a new file, from the document that was pulled of it."""

import sqlite3
from collections.abc import Sequence
from datetime import datetime

from reconciler.errors import StateError
from reconciler.state.commit import write_step
from reconciler.state.model import Committed, Run, StateObject
from reconciler.state.rows import INSERT_RUN, run_row

_USED = "SELECT EXISTS (SELECT 1 FROM run) OR EXISTS (SELECT 1 FROM version) OR kept_from > 0 FROM ledger"


def write_restored(
    connection: sqlite3.Connection, run: Run, lineage: str, objects: Sequence[StateObject], now: datetime
) -> int:
    """Give a new state its lineage and objects, within an open transaction; returns the serial reached.

    The serials that led to the last one count as pruned: they hold parts of a state that never was, and
    nobody is to roll back to them. Raises StateError when the state is not new.
    """
    (is_used,) = connection.execute(_USED).fetchone()
    if is_used:
        raise StateError("a state with a history of its own cannot take over another", "use a new one")
    connection.execute(INSERT_RUN, run_row(run))
    serial = run.from_serial
    for known in objects:
        serial += 1
        write_step(connection, Committed(run.id, 0, known.address, known, "push"), serial, now)
    connection.execute(
        "UPDATE ledger SET lineage = ?, kept_from = ?, kept_versions = ?", (lineage, serial, len(objects))
    )
    return serial
