"""The queue of deferred writes, within an open transaction: ordered, one entry for each address."""

import sqlite3
from collections.abc import Iterable
from datetime import datetime

from reconciler.address import Address
from reconciler.state.model import Deferred

_SELECT = (
    "SELECT address, action, provider, reason, run, deferred, expires, declared, seen, position "
    "FROM deferral ORDER BY position"
)
_INSERT = (
    "INSERT INTO deferral (address, action, provider, reason, run, deferred, expires, declared, seen) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_DELETE = "DELETE FROM deferral WHERE address = ?"


def select_deferred(connection: sqlite3.Connection) -> list[Deferred]:
    """The whole queue, in its order."""
    return [_read(row) for row in connection.execute(_SELECT)]


def write_deferred(connection: sqlite3.Connection, deferred: Iterable[Deferred]) -> None:
    """Put writes at the end of the queue; one whose address has an entry takes its place."""
    for one in deferred:
        remove_deferred(connection, one.address)
        connection.execute(
            _INSERT,
            (
                str(one.address),
                one.action,
                one.provider,
                one.reason,
                one.run,
                one.when.isoformat(),
                one.expires.isoformat(),
                one.declared,
                one.seen,
            ),
        )


def remove_deferred(connection: sqlite3.Connection, address: Address) -> None:
    """Take the write at an address out of the queue, if there is one."""
    connection.execute(_DELETE, (str(address),))


def _read(row: tuple[str, str, str, str, str, str, str, str, str, int]) -> Deferred:
    address, action, provider, reason, run, when, expires, declared, seen, position = row
    return Deferred(
        Address.parse(address),
        action,
        provider,
        reason,
        run,
        datetime.fromisoformat(when),
        datetime.fromisoformat(expires),
        declared,
        seen,
        position,
    )
