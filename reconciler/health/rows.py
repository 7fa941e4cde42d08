"""The rows of the history: what a check leaves there, and what is read out of it again."""

import math
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from reconciler.health.states import USABLE, Observation, Standing, State

KEPT_FOR = timedelta(days=30)
KEPT = 10_000
"""Checks of one provider; the oldest go first. At one in five minutes these are 34 days."""
FORGOTTEN_AFTER = timedelta(days=1)
"""How long a state is taken for granted that nobody has looked at."""


TABLE = """
CREATE TABLE IF NOT EXISTS checks (
    id INTEGER PRIMARY KEY, provider TEXT NOT NULL, moment REAL NOT NULL, state TEXT NOT NULL,
    since REAL NOT NULL, latency REAL, key TEXT NOT NULL, answer TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS checks_in_order ON checks (provider, moment);
"""


@dataclass(frozen=True, slots=True)
class Check:
    """One check: when, what was seen, how long the answer took (in seconds), and the answer, to be reused.

    ``key`` tells what was asked for, so that an answer for other settings is not taken for this one's.
    """

    provider: str
    moment: datetime
    seen: Observation
    latency: float | None = None
    key: str = ""
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Past:
    """The latest check of a provider, as it was recorded."""

    moment: datetime
    standing: Standing
    key: str
    answer: str


@dataclass(frozen=True, slots=True)
class Figures:
    """What the checks of a window come to; seconds, and a share for ``uptime``. None where nothing is known.

    ``uptime`` is the share of the checks that found the service usable, of those that found out.
    """

    checks: int
    p50: float | None
    p95: float | None
    p99: float | None
    uptime: float | None


def record(connection: sqlite3.Connection, check: Check) -> Standing:
    """Write a check, forget what is too old; returns the state that it leads to, and since when."""
    past = latest(connection, check.provider)
    before = past.standing if past else Standing()
    moment = check.moment
    if past and moment - past.moment > FORGOTTEN_AFTER:
        before = before.after(Observation.NOT_ASKED, past.moment + FORGOTTEN_AFTER)
    after = before.after(check.seen, moment)
    since = after.since or moment
    connection.execute(
        "INSERT INTO checks (provider, moment, state, since, latency, key, answer) VALUES (?,?,?,?,?,?,?)",
        (
            check.provider,
            moment.timestamp(),
            after.state,
            since.timestamp(),
            check.latency,
            check.key,
            check.answer,
        ),
    )
    # Only the latest answer is ever used again.
    connection.execute(
        "UPDATE checks SET answer = '' WHERE provider = ? AND answer <> '' AND id < last_insert_rowid()",
        (check.provider,),
    )
    connection.execute("DELETE FROM checks WHERE moment < ?", ((moment - KEPT_FOR).timestamp(),))
    connection.execute(
        "DELETE FROM checks WHERE provider = ? AND id <= (SELECT id FROM checks WHERE provider = ? "
        "ORDER BY id DESC LIMIT 1 OFFSET ?)",
        (check.provider, check.provider, KEPT),
    )
    return after


def latest(connection: sqlite3.Connection, provider: str) -> Past | None:
    """The latest check of a provider."""
    row = connection.execute(
        "SELECT moment, state, since, key, answer FROM checks WHERE provider = ? ORDER BY id DESC LIMIT 1",
        (provider,),
    ).fetchone()
    if row is None:
        return None
    moment, state, since, key, answer = row
    return Past(_time(moment), Standing(State(state), _time(since)), key, answer)


def figures(connection: sqlite3.Connection, provider: str, since: datetime) -> Figures:
    """What the checks of a provider from a moment on come to."""
    rows = connection.execute(
        "SELECT state, latency FROM checks WHERE provider = ? AND moment >= ?", (provider, since.timestamp())
    ).fetchall()
    latencies = sorted(_told(rows))
    known = [State(state) for state, _ in rows if state != State.UNKNOWN]
    usable = sum(state in USABLE for state in known)
    return Figures(
        len(rows),
        percentile(latencies, 0.5),
        percentile(latencies, 0.95),
        percentile(latencies, 0.99),
        usable / len(known) if known else None,
    )


def _told(rows: Sequence[tuple[str, float | None]]) -> Iterator[float]:
    return (latency for _, latency in rows if latency is not None)


def _time(timestamp: float) -> datetime:
    return datetime.fromtimestamp(timestamp, UTC)


def percentile(ordered: Sequence[float], share: float) -> float | None:
    """The nearest-rank percentile of sorted values: the smallest that so many of them do not exceed."""
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)] if ordered else None
