"""Writing what one call has told: little, where little has changed."""

import sqlite3
from collections import Counter
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from reconciler.cache.entries import Answer, Key, Kind, Owner

_PUT = "INSERT OR REPLACE INTO answer VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
_DELETE = "DELETE FROM answer WHERE provider = ? AND account = ? AND kind = ? AND type = ? AND name = ?"

_Kept = Mapping[Key, tuple[int, str, str]]
"""By key: sweep, address and text."""


def write_answers(
    connection: sqlite3.Connection,
    owner: Owner,
    kind: Kind,
    answers: Mapping[Key, Answer],
    gone: Collection[Key],
    fingerprint: str,
    moment: datetime,
    retention: timedelta,
) -> None:
    """Keep the answers of one call, and remove what it told is gone, and what is too old by now.

    Where a call tells all that an earlier one did, the earlier one's time is set anew, and of its answers
    only those are written that differ.
    """
    whose = (owner.provider, owner.account, kind)
    connection.execute(
        "UPDATE sweep SET fingerprint = '' WHERE provider = ? AND account = ? AND kind = ?", whose
    )
    types = {key.type for key in (*answers, *gone)}
    kept = _kept(connection, whose, types)
    connection.executemany(_DELETE, [(*whose, key.type, key.name) for key in gone if key in kept])
    if answers:
        left = {key: row for key, row in kept.items() if key not in gone}
        sweep = _sweep(connection, whose, answers, left, types)
        connection.execute(
            "UPDATE sweep SET read_at = ?, expires_at = ?, fingerprint = ? WHERE id = ?",
            (moment.timestamp(), (moment + retention).timestamp(), fingerprint, sweep),
        )
        connection.executemany(
            _PUT,
            [
                (*whose, key.type, key.name, sweep, answer.address, answer.text)
                for key, answer in answers.items()
                if left.get(key) != (sweep, answer.address, answer.text)
            ],
        )
    _remove_old(connection, moment)


def renew(
    connection: sqlite3.Connection,
    owner: Owner,
    kind: Kind,
    fingerprint: str,
    moment: datetime,
    retention: timedelta,
) -> bool:
    """Give what was told last the time of now, if the same has been told again; whether it was the same."""
    renewed = connection.execute(
        "UPDATE sweep SET read_at = ?, expires_at = ? "
        "WHERE provider = ? AND account = ? AND kind = ? AND fingerprint = ?",
        (
            moment.timestamp(),
            (moment + retention).timestamp(),
            owner.provider,
            owner.account,
            kind,
            fingerprint,
        ),
    ).rowcount
    if renewed:
        _remove_old(connection, moment)
    return bool(renewed)


def _kept(connection: sqlite3.Connection, whose: tuple[str, str, str], types: Collection[str]) -> _Kept:
    rows = (
        "SELECT name, sweep, address, text FROM answer "
        "WHERE provider = ? AND account = ? AND kind = ? AND type = ?"
    )
    return {
        Key(type_name, name): (sweep, address, text)
        for type_name in types
        for name, sweep, address, text in connection.execute(rows, (*whose, type_name))
    }


def _sweep(
    connection: sqlite3.Connection,
    whose: tuple[str, str, str],
    answers: Mapping[Key, Answer],
    kept: _Kept,
    types: Collection[str],
) -> int:
    """The sweep that these answers belong to: the largest of which they tell everything, or a new one."""
    told = Counter(kept[key][0] for key in answers if key in kept)
    in_all = dict(
        connection.execute(
            "SELECT sweep, count(*) FROM answer WHERE provider = ? AND account = ? AND kind = ? "
            "GROUP BY sweep",
            whose,
        ).fetchall()
    )
    for sweep, count in told.most_common():
        if count == in_all[sweep]:
            return sweep
    new = connection.execute(
        "INSERT INTO sweep VALUES (NULL, ?, ?, ?, 0, 0, '') RETURNING id", whose
    ).fetchone()
    return int(new[0])


def _remove_old(connection: sqlite3.Connection, moment: datetime) -> None:
    """What may be used no longer, of any provider, and the sweeps of which nothing is left."""
    old = connection.execute("SELECT id FROM sweep WHERE expires_at < ?", (moment.timestamp(),)).fetchall()
    if old:
        connection.executemany("DELETE FROM answer WHERE sweep = ?", old)
        connection.executemany("DELETE FROM sweep WHERE id = ?", old)
