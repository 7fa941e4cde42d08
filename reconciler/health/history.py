"""What checks have found over time: a small file beside the state, of answers and how long they took.

It serves people: no command fails because it cannot be read or written. Several processes may write it at
once. It keeps no credentials and no error texts.
"""

import logging
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from reconciler.health import rows
from reconciler.health.rows import Check, Figures, Past
from reconciler.health.states import Standing
from reconciler.state.location import ROOM, make_directory

Result = TypeVar("Result")

_WAIT = 2.0
"""Seconds that another process may take to write its check."""
_log = logging.getLogger(__name__)


class History:
    """The checks of one environment, in a file that is made with the first of them."""

    def __init__(self, path: Path, *, makes_room: bool = True) -> None:
        """Without ``makes_room`` nothing is kept where there is no ``.reconciler`` yet for the file."""
        self._path = path
        self._makes_room = makes_room

    def record(self, check: Check) -> Standing:
        """Keep a check; returns the state that it leads to, and since when that holds."""
        found = self._attempt(lambda connection: rows.record(connection, check))
        return found or Standing().after(check.seen, check.moment)

    def latest(self, provider: str) -> Past | None:
        """The latest check of a provider."""
        return self._attempt(lambda connection: rows.latest(connection, provider), makes_file=False)

    def figures(self, provider: str, since: datetime) -> Figures:
        """Percentiles and uptime over the checks from a moment on."""
        found = self._attempt(lambda connection: rows.figures(connection, provider, since), makes_file=False)
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
                connection.executescript(rows.TABLE)
            connection.execute("BEGIN IMMEDIATE")
            try:
                result = work(connection)
            except BaseException:
                if connection.in_transaction:  # a full disk may have ended it already
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
