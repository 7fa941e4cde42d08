"""The file of the cache: it serves while a service is down, and no command fails because of it.

A file that is damaged, that is none of ours or that cannot be written is told of once and worked without.
Several processes may use it at once.
"""

import logging
import sqlite3
from collections.abc import Callable, Collection, Mapping
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from threading import Lock
from typing import TypeVar

from reconciler.cache import tables
from reconciler.cache.entries import Answer, Entry, Key, Kind, Owner
from reconciler.cache.writing import renew, write_answers
from reconciler.state.location import ROOM, make_directory

Result = TypeVar("Result")

_WAIT = 5.0
"""Seconds that another process may take to write."""

_log = logging.getLogger(__name__)


class Store:
    """The answers of one stack's services, in one environment and realm. Threads may share it."""

    def __init__(self, path: Path) -> None:
        """Nothing is kept where there is no ``.reconciler`` yet for the file: a plan makes no directory."""
        self._path = path
        self._guard = Lock()
        self._has_told = False

    @property
    def path(self) -> Path:
        """Where the file is, or would be."""
        return self._path

    def keep(
        self,
        owner: Owner,
        kind: Kind,
        answers: Mapping[Key, Answer],
        gone: Collection[Key],
        *,
        fingerprint: str,
        moment: datetime,
        retention: timedelta,
    ) -> None:
        """Keep what one call has told, and forget what it told is not there; in one transaction.

        Only what differs from what is kept is written. What has been kept for longer than it may goes.
        ``fingerprint`` stands for all of it, for ``renew``.
        """
        self._attempt(
            lambda connection: write_answers(
                connection, owner, kind, answers, gone, fingerprint, moment, retention
            ),
            writes=True,
        )

    def renew(
        self, owner: Owner, kind: Kind, fingerprint: str, *, moment: datetime, retention: timedelta
    ) -> bool:
        """Make what was kept last as young as now, if a call has told exactly that again; whether it has."""
        renewed = self._attempt(
            lambda connection: renew(connection, owner, kind, fingerprint, moment, retention),
            writes=True,
            makes_file=False,
        )
        return renewed or False

    def forget(self, owner: Owner, objects: Collection[Key], types: Collection[str]) -> None:
        """Forget some objects, and the answers to every question for objects of some types."""
        self._attempt(
            lambda connection: tables.delete(connection, owner, objects, types), writes=True, makes_file=False
        )

    def answers(
        self, owner: Owner, kind: Kind, since: datetime, types: Collection[str]
    ) -> dict[Key, tuple[Answer, datetime]]:
        """What is kept for some types, none of it older than ``since``, each with the time of the answer."""
        return self._attempt(lambda found: tables.select(found, owner, kind, since, types)) or {}

    def entries(self) -> list[Entry]:
        """All that is kept, by owner, type and address."""
        return self._attempt(tables.select_all) or []

    def clear(self) -> int:
        """Remove the file, be it damaged or none of ours; returns how many answers were in it.

        Raises OSError when it cannot be removed.
        """
        count = len(self.entries())
        for name in (self._path.name, f"{self._path.name}-journal"):
            self._path.with_name(name).unlink(missing_ok=True)
        return count

    def _attempt(
        self, work: Callable[[sqlite3.Connection], Result], *, writes: bool = False, makes_file: bool = True
    ) -> Result | None:
        """What some work on the file comes to; None when it cannot be done."""
        try:
            if not self._path.exists():
                if not writes or not makes_file or not self._has_room():
                    return None
                make_directory(self._path.parent)
                self._path.touch(mode=0o600)
            return self._work(work, writes)
        except (sqlite3.Error, OSError, ValueError) as error:
            self._tell(str(error))
        return None

    def _work(self, work: Callable[[sqlite3.Connection], Result], writes: bool) -> Result | None:
        with closing(sqlite3.connect(self._path, timeout=_WAIT, isolation_level=None)) as connection:
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute("PRAGMA secure_delete = ON")  # what turns out to be secret leaves no trace
            if not tables.is_ours(connection):
                if not tables.is_empty(connection):
                    self._tell("it was made by another program or by another version of this one")
                    return None
                if not writes:
                    return None
                tables.create(connection)
            connection.execute("BEGIN IMMEDIATE" if writes else "BEGIN")
            try:
                result = work(connection)
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")
            return result

    def _has_room(self) -> bool:
        return any(parent.name == ROOM and parent.is_dir() for parent in self._path.parents)

    def _tell(self, why: str) -> None:
        with self._guard:
            if self._has_told:
                return
            self._has_told = True
        _log.warning(
            "the cache of what the services have last said cannot be used, and is done without: %s: %s; "
            "`reconciler cache clear` removes it",
            self._path,
            why,
        )
