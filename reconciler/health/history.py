"""What checks have found over time: a small file beside the state, of answers and how long they took.

It serves people: no command fails because it cannot be read or written. Several processes may write it at
once. It keeps no credentials and no error texts.
"""

import json
import logging
import math
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from reconciler.health.states import USABLE, Observation, Standing, State
from reconciler.state.location import ROOM, make_directory

Result = TypeVar("Result")

KEPT_FOR = timedelta(days=30)
KEPT = 10_000
"""Checks of one provider; the oldest go first. At one in five minutes these are 34 days."""
FORGOTTEN_AFTER = timedelta(days=1)
"""How long a state is taken for granted that nobody has looked at."""

_WAIT = 2.0
"""Seconds that another process may take to write its check."""
_TABLE = """
CREATE TABLE IF NOT EXISTS checks (
    id INTEGER PRIMARY KEY, provider TEXT NOT NULL, moment REAL NOT NULL, state TEXT NOT NULL,
    since REAL NOT NULL, latency REAL, key TEXT NOT NULL, answer TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS checks_in_order ON checks (provider, moment);
"""

_log = logging.getLogger(__name__)


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


class History:
    """The checks of one environment, in a file that is made with the first of them."""

    def __init__(self, path: Path, *, makes_room: bool = True) -> None:
        """Without ``makes_room`` nothing is kept where there is no ``.reconciler`` yet for the file."""
        self._path = path
        self._makes_room = makes_room

    def record(self, check: Check) -> Standing:
        """Keep a check; returns the state that it leads to, and since when that holds."""
        found = self._attempt(lambda connection: _record(connection, check))
        return found or Standing().after(check.seen, check.moment)

    def latest(self, provider: str) -> Past | None:
        """The latest check of a provider."""
        return self._attempt(lambda connection: _latest(connection, provider), makes_file=False)

    def figures(self, provider: str, since: datetime) -> Figures:
        """Percentiles and uptime over the checks from a moment on."""
        found = self._attempt(lambda connection: _figures(connection, provider, since), makes_file=False)
        return found or Figures(0, None, None, None, None)

    def _attempt(
        self, work: Callable[[sqlite3.Connection], Result], *, makes_file: bool = True
    ) -> Result | None:
        """What some work on the file comes to; None when it cannot be done. A broken file begins anew."""
        try:
            if not self._path.exists():
                if not makes_file or not (self._makes_room or _has_room(self._path)):
                    return None
                make_directory(self._path.parent)
                self._path.touch(mode=0o600)
            return self._work(work)
        except sqlite3.OperationalError as error:
            _log.debug("the health history cannot be used: %s", error)
        except (sqlite3.DatabaseError, ValueError) as error:
            _log.debug("the health history is damaged, and begins anew: %s", error)
            self._begin_anew()
        except OSError as error:
            _log.debug("the health history cannot be used: %s", error)
        return None

    def _work(self, work: Callable[[sqlite3.Connection], Result]) -> Result:
        with closing(sqlite3.connect(self._path, timeout=_WAIT, isolation_level=None)) as connection:
            connection.execute("PRAGMA synchronous = OFF")
            if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'checks'").fetchone():
                connection.executescript(_TABLE)
            connection.execute("BEGIN IMMEDIATE")
            try:
                result = work(connection)
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")
            return result

    def _begin_anew(self) -> None:
        try:
            self._path.unlink(missing_ok=True)
        except OSError as error:
            _log.debug("the damaged health history stays: %s", error)


def _has_room(path: Path) -> bool:
    return any(parent.name == ROOM and parent.is_dir() for parent in path.parents)


def percentile(ordered: Sequence[float], share: float) -> float | None:
    """The nearest-rank percentile of sorted values: the smallest that so many of them do not exceed."""
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)] if ordered else None


def answer_text(parts: object) -> str:
    """An answer as the history keeps it."""
    return json.dumps(parts, sort_keys=True)


def _record(connection: sqlite3.Connection, check: Check) -> Standing:
    past = _latest(connection, check.provider)
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


def _latest(connection: sqlite3.Connection, provider: str) -> Past | None:
    row = connection.execute(
        "SELECT moment, state, since, key, answer FROM checks WHERE provider = ? ORDER BY id DESC LIMIT 1",
        (provider,),
    ).fetchone()
    if row is None:
        return None
    moment, state, since, key, answer = row
    return Past(_time(moment), Standing(State(state), _time(since)), key, answer)


def _figures(connection: sqlite3.Connection, provider: str, since: datetime) -> Figures:
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
