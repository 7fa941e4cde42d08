"""The four services behind one socket, whose world can be kept and brought back."""

import sqlite3
import threading
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

from reconciler.sandbox.host import Host
from reconciler.sandbox.serving import running
from reconciler.sandbox.world import World

_PATIENCE = 10.0
"""Seconds that a request may take to arrive and be answered."""


class Services(Host):
    """The services; ``file`` holds their world. They count the requests that they have carried out."""

    def __init__(self, file: Path) -> None:
        super().__init__(World(file))
        self._file = file
        self._answered = 0
        self._changed = threading.Condition()
        self.origin = ""

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        try:
            return list(super().__call__(environ, start_response))
        finally:
            with self._changed:
                self._answered += 1
                self._changed.notify_all()

    @property
    def answered(self) -> int:
        """How many requests have been carried out so far."""
        with self._changed:
            return self._answered

    def wait_for(self, number: int, orphaned: int = 0) -> None:
        """Wait until so many requests have been carried out, those too whose sender is dead.

        Of these, which are ``orphaned``, the server may drop some before it begins: then they never come.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._answered >= number, _PATIENCE)
            assert self._answered >= number - orphaned, (
                f"{number} requests were sent, and {self._answered} came"
            )

    def keep(self, file: Path) -> None:
        """Copy the world to a file."""
        with closing(sqlite3.connect(self._file)) as mine, closing(sqlite3.connect(file)) as copy:
            mine.backup(copy)

    def bring_back(self, file: Path) -> None:
        """Make the world what it was when it was kept."""
        with closing(sqlite3.connect(self._file, isolation_level=None)) as mine:
            mine.execute("PRAGMA synchronous = OFF")
            mine.execute("ATTACH ? AS kept", (str(file),))
            mine.execute("BEGIN IMMEDIATE")
            for table in ("entry", "document", "sequence", "sqlite_sequence"):
                mine.execute(f"DELETE FROM main.{table}")
            for table in ("document", "entry", "sequence", "sqlite_sequence"):
                mine.execute(f"INSERT INTO main.{table} SELECT * FROM kept.{table}")
            mine.execute("COMMIT")

    def world_shown(self) -> dict[str, dict[str, list[dict[str, Any]]]]:
        """All that there is, by service and kind."""
        return self.show()


@contextmanager
def serving(file: Path) -> Iterator[Services]:
    """The services, while the block lasts."""
    services = Services(file)
    with running(services) as origin:
        services.origin = origin
        yield services
    services.world.close()
