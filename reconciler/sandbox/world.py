"""The world of the sandbox: one SQLite store of JSON documents that all emulators share.

A document is a JSON object with a *kind* and a *key* that is unique within its kind. Each emulator sees only
its own shelf (``world.shelf("github", indexes)``). A kind names the fields it is looked up by, and the store
keeps an entry for each of them, so that "all labels of repository 5" reads ten rows and not the whole kind.

The world lasts between commands and may be open in several processes: SQLite runs in WAL mode, a writer
waits for another one, and each HTTP request is one write transaction (``with world.transaction():``), so
nobody sees half a request. Nothing in it is random: ids come from a sequence and time from a clock that
tests replace.
"""

import json
import sqlite3
import threading
import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from reconciler.errors import StateDamaged

Document = dict[str, Any]
Key = str | int
Indexed = str | int | bool | None

_WAIT_FOR_OTHER_WRITERS_MS = 30_000

_SCHEMA = """
CREATE TABLE IF NOT EXISTS document (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    service TEXT NOT NULL, kind TEXT NOT NULL, key TEXT NOT NULL, body TEXT NOT NULL,
    UNIQUE (service, kind, key));
CREATE TABLE IF NOT EXISTS entry (
    service TEXT NOT NULL, kind TEXT NOT NULL, field TEXT NOT NULL, value TEXT NOT NULL,
    position INTEGER NOT NULL REFERENCES document (position) ON DELETE CASCADE,
    PRIMARY KEY (service, kind, field, value, position)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS entry_of_document ON entry (position);
CREATE TABLE IF NOT EXISTS sequence (service TEXT PRIMARY KEY, last INTEGER NOT NULL);
"""


def wall_clock() -> datetime:
    """Now, in UTC."""
    return datetime.now(UTC)


class World:
    """The store behind all emulators; safe for several threads, and for several processes when on disk."""

    def __init__(self, path: Path | None = None, clock: Callable[[], datetime] = wall_clock) -> None:
        """Open or create the world at ``path``, or one in memory that ends with this object.

        Raises StateDamaged for a file that is no world.
        """
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
        self._clock = clock
        self._lock = threading.RLock()
        self._depth = 0
        self._skew = threading.local()
        self._connection = sqlite3.connect(
            ":memory:" if path is None else path, isolation_level=None, check_same_thread=False
        )
        self.close = weakref.finalize(self, self._connection.close)
        try:
            self._prepare(is_file=path is not None)
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError as error:
            raise StateDamaged(
                f"{path}: this is not the sandbox's world, or it is damaged: {error}",
                "remove the file, and what state remembers of that world (.reconciler/sandbox/state)",
            ) from None

    def _prepare(self, *, is_file: bool) -> None:
        self._connection.execute(f"PRAGMA busy_timeout = {_WAIT_FOR_OTHER_WRITERS_MS}")
        self._connection.execute("PRAGMA foreign_keys = ON")
        if is_file:
            self._connection.execute("PRAGMA journal_mode = WAL")
            # A sandbox may lose its last moments in a power cut; it must not cost a flush per request.
            self._connection.execute("PRAGMA synchronous = OFF")
        with self.transaction():
            for statement in _SCHEMA.split(";\n"):
                self._connection.execute(statement)

    def now(self) -> datetime:
        """The world's time, which tests may stop or move."""
        skew: timedelta | None = getattr(self._skew, "of_this_thread", None)
        return self._clock() if skew is None else self._clock() + skew

    @contextmanager
    def clock_off_by(self, seconds: float) -> Iterator[None]:
        """Inside, this thread's ``now`` is off by so many seconds."""
        self._skew.of_this_thread = timedelta(seconds=seconds)
        try:
            yield
        finally:
            self._skew.of_this_thread = None

    def shelf(self, service: str, indexes: Mapping[str, Sequence[str]]) -> "Shelf":
        """The part of the world that belongs to one service; ``indexes`` maps each kind to its fields."""
        return Shelf(self, service, indexes)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything inside happens together or, if it raises, not at all. Nested, the outermost counts."""
        with self._lock:
            if self._depth:
                yield
                return
            self._connection.execute("BEGIN IMMEDIATE")
            self._depth = 1
            try:
                yield
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            else:
                self._connection.execute("COMMIT")
            finally:
                self._depth = 0

    def execute(self, statement: str, values: Sequence[str | int] = ()) -> list[tuple[Any, ...]]:
        """Run one statement for a shelf, alone or within the open transaction."""
        with self._lock:
            return self._connection.execute(statement, values).fetchall()


class Shelf:
    """The documents of one service."""

    def __init__(self, world: World, service: str, indexes: Mapping[str, Sequence[str]]) -> None:
        self.world = world
        self._service = service
        self._indexes = indexes

    def next_id(self, at_least: int = 1) -> int:
        """The next number of this service's sequence, shared by all kinds, so an id names one object."""
        rows = self.world.execute(
            "INSERT INTO sequence (service, last) VALUES (?, ?) "
            "ON CONFLICT (service) DO UPDATE SET last = max(last + 1, excluded.last) RETURNING last",
            (self._service, at_least),
        )
        return int(rows[0][0])

    def put(self, kind: str, key: Key, document: Mapping[str, Any]) -> None:
        """Store a document under its key, in place of an earlier one. Its place in the order stays."""
        fields = self._fields(kind)
        with self.world.transaction():
            ((position,),) = self.world.execute(
                "INSERT INTO document (service, kind, key, body) VALUES (?, ?, ?, ?) "
                "ON CONFLICT (service, kind, key) DO UPDATE SET body = excluded.body RETURNING position",
                (self._service, kind, str(key), json.dumps(document, separators=(",", ":"))),
            )
            self.world.execute("DELETE FROM entry WHERE position = ?", (position,))
            for field in fields:
                self.world.execute(
                    "INSERT INTO entry (service, kind, field, value, position) VALUES (?, ?, ?, ?, ?)",
                    (self._service, kind, field, _entry(document.get(field)), position),
                )

    def get(self, kind: str, key: Key) -> Document | None:
        """The document under this key; each call gives a copy of its own."""
        self._fields(kind)
        rows = self.world.execute(
            "SELECT body FROM document WHERE service = ? AND kind = ? AND key = ?",
            (self._service, kind, str(key)),
        )
        return json.loads(rows[0][0]) if rows else None

    def find(self, kind: str, **indexed: Indexed) -> list[Document]:
        """All documents whose indexed fields have these values, in the order of creation.

        Name the field that leaves fewest documents first: the others are checked on what it finds.
        Raises ``LookupError`` for a field that the kind does not index.
        """
        joins, values = self._joins(kind, indexed)
        rows = self.world.execute(
            f"SELECT document.body FROM {joins} ORDER BY document.position",  # noqa: S608 (fixed text only)
            values,
        )
        return [json.loads(body) for (body,) in rows]

    def count(self, kind: str, **indexed: Indexed) -> int:
        """How many documents ``find`` would give."""
        joins, values = self._joins(kind, indexed)
        rows = self.world.execute(f"SELECT count(*) FROM {joins}", values)  # noqa: S608 (fixed text only)
        return int(rows[0][0])

    def delete(self, kind: str, key: Key) -> bool:
        """Forget a document; says whether there was one."""
        self._fields(kind)
        return bool(
            self.world.execute(
                "DELETE FROM document WHERE service = ? AND kind = ? AND key = ? RETURNING position",
                (self._service, kind, str(key)),
            )
        )

    def delete_all(self, kind: str, **indexed: Indexed) -> int:
        """Forget all documents that ``find`` would give; says how many there were."""
        joins, values = self._joins(kind, indexed)
        return len(
            self.world.execute(
                f"DELETE FROM document WHERE position IN (SELECT document.position FROM {joins}) "  # noqa: S608
                "RETURNING position",  # (S608: `joins` is made of fixed text only)
                values,
            )
        )

    def clear(self) -> None:
        """Forget all documents of the service and begin its sequence anew."""
        with self.world.transaction():
            self.world.execute("DELETE FROM document WHERE service = ?", (self._service,))
            self.world.execute("DELETE FROM sequence WHERE service = ?", (self._service,))

    def _fields(self, kind: str) -> Sequence[str]:
        if kind not in self._indexes:
            raise LookupError(f"{self._service} keeps no documents of the kind {kind!r}")
        return self._indexes[kind]

    def _joins(self, kind: str, indexed: Mapping[str, Indexed]) -> tuple[str, list[str | int]]:
        """The tables to read and their values; CROSS JOIN keeps the order in which the fields were named."""
        fields = self._fields(kind)
        tables: list[str] = []
        conditions: list[str] = []
        values: list[str | int] = []
        for number, (field, value) in enumerate(indexed.items()):
            if field not in fields:
                raise LookupError(f"{self._service} does not look up {kind!r} by {field!r}")
            table = f"e{number}"
            tables.append(f"entry AS {table}")
            conditions += [f"{table}.{column} = ?" for column in ("service", "kind", "field", "value")]
            conditions += [f"{table}.position = e0.position"] if number else []
            values += [self._service, kind, field, _entry(value)]
        if tables:
            conditions.append("document.position = e0.position")
        else:
            conditions = ["document.service = ?", "document.kind = ?"]
            values = [self._service, kind]
        return " CROSS JOIN ".join([*tables, "document"]) + " WHERE " + " AND ".join(conditions), values


def _entry(value: object) -> str:
    """An indexed value as the text it is compared by; 5 and "5" are different."""
    return json.dumps(value)
