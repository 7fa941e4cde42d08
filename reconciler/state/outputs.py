"""The outputs of a stack in the state: each told at a serial, and holding until others are told."""

import sqlite3
from collections.abc import Mapping
from pathlib import Path

from reconciler.errors import StateDamaged
from reconciler.state.failures import RESTORE
from reconciler.state.object_json import read_value, write_value
from reconciler.state.rows import checksum
from reconciler.values import Value

_AT = "SELECT position, outputs, checksum FROM output WHERE serial <= ? ORDER BY position DESC LIMIT 1"


def read_outputs(connection: sqlite3.Connection, path: Path, serial: int) -> dict[str, Value]:
    """The outputs at a serial; raises StateDamaged when they are not as they were written."""
    row = connection.execute(_AT, (serial,)).fetchone()
    if row is None:
        return {}
    position, text, expected = row
    if checksum(position, "", "", text) != expected:
        raise StateDamaged(f"{path}: the outputs are not as they were written", RESTORE)
    return dict(read_value(text))


def write_outputs(
    connection: sqlite3.Connection, path: Path, run: str, serial: int, outputs: Mapping[str, Value]
) -> None:
    """Keep the outputs that a run told, if they are others; raises StateDamaged when they do not read so."""
    if read_outputs(connection, path, serial) == outputs:
        return
    (last,) = connection.execute("SELECT max(position) FROM output").fetchone()
    position, text = (last or 0) + 1, write_value(dict(outputs))
    connection.execute(
        "INSERT INTO output (position, serial, run, outputs, checksum) VALUES (?, ?, ?, ?, ?)",
        (position, serial, run, text, checksum(position, "", "", text)),
    )
    if read_outputs(connection, path, serial) != outputs:
        raise StateDamaged(f"{path}: the outputs do not read as they were written", RESTORE)
