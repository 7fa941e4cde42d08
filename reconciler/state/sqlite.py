"""The ledger in a SQLite file."""

import gc
import sqlite3
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from reconciler.address import Address
from reconciler.clock import Clock
from reconciler.errors import StateDamaged, StateError, WrongAccount
from reconciler.provider.objects import Account
from reconciler.state import queries, rows
from reconciler.state.commit import write_failure, write_intents, write_step
from reconciler.state.deferrals import remove_deferred, select_deferred, write_deferred
from reconciler.state.failures import RESTORE, explained
from reconciler.state.integrity import check_at_opening, check_step, check_thoroughly
from reconciler.state.location import Realm
from reconciler.state.model import (
    Committed,
    Deferred,
    Failed,
    Hold,
    Intent,
    Run,
    RunOutcome,
    Snapshot,
    SnapshotName,
    StateObject,
)
from reconciler.state.names import remove_name, select_names, write_name
from reconciler.state.object_json import read_objects
from reconciler.state.opening import Subject, open_for_reading, open_for_writing
from reconciler.state.outputs import read_outputs, write_outputs
from reconciler.state.pruning import check_prunable, prune
from reconciler.state.restoring import write_restored
from reconciler.values import Sealer, Value


class SqliteLedger:
    """The state of one stack in one environment and realm, in one file (see Ledger).

    Everything that a method writes is on disk when it returns, or nothing of it. One opened with
    ``read_only`` shows the state as it was when it was opened: it neither waits for a writer nor keeps one
    waiting. A writer holds the lock (``reconciler.state.lock``) for as long as it has the ledger open.
    """

    def __init__(self, connection: sqlite3.Connection, path: Path, clock: Clock, *, read_only: bool) -> None:
        """Use ``open``."""
        self._connection = connection
        self._path = path
        self._clock = clock
        self._read_only = read_only
        self._run: str | None = None
        lineage, key, kept_from = connection.execute(
            "SELECT lineage, sealing_key, kept_from FROM ledger"
        ).fetchone()
        self._lineage: str = lineage
        self._sealer = Sealer(key)
        self._kept_from: int = kept_from
        self._reached = self._serial()

    @classmethod
    def open(
        cls, path: Path, *, stack: str, environment: str, realm: Realm, clock: Clock, read_only: bool = False
    ) -> "SqliteLedger":
        """Open the state, or create it; with ``read_only``, what is not there is empty and stays uncreated.

        Raises StateDamaged when it fails its integrity checks, StateTooNew when a newer version wrote it, and
        StateError when it cannot be used otherwise (another stack's, no permission, no space).
        """
        subject = Subject(stack, environment, realm)
        with explained(path):
            opening = open_for_reading if read_only else open_for_writing
            connection = opening(path, subject, clock.now())
            try:
                check_at_opening(connection, path)
                return cls(connection, path, clock, read_only=read_only)
            except BaseException:
                connection.close()
                raise

    def __enter__(self) -> "SqliteLedger":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        with explained(self._path):
            self._connection.close()

    @property
    def lineage(self) -> str:
        """The identity of this state's history; empty while there is no file."""
        return self._lineage

    @property
    def is_read_only(self) -> bool:
        """Whether it was opened to be looked at only."""
        return self._read_only

    @property
    def serial(self) -> int:
        """How many steps have been committed; 0 for a new state."""
        with explained(self._path):
            return self._serial()

    @property
    def kept_from(self) -> int:
        """The oldest serial whose state can still be asked for."""
        return self._kept_from

    @property
    def sealer(self) -> Sealer:
        """Makes the digests that this state compares sensitive values by."""
        return self._sealer

    def objects(self, serial: int | None = None) -> dict[Address, StateObject]:
        """The objects at a serial, the latest by default, in the order of their addresses' texts."""
        with explained(self._path):
            found = self._latest() if serial is None else self._at(serial)
            with _no_collection():
                return {known.address: known for known in read_objects(found)}

    def released(self) -> list[StateObject]:
        """What runs of ours let go of without deleting it, as it was before."""
        with explained(self._path):
            found = list(read_objects(self._connection.execute(queries.RELEASED)))
        return list({(known.provider, known.type, known.id): known for known in found}.values())

    def adopted(self, since: int) -> list[StateObject]:
        """What became ours after a serial without being made by us, as it was then."""
        with explained(self._path):
            found = list(read_objects(self._connection.execute(queries.ADOPTED, (since,))))
            earlier = {
                (known.provider, known.type, known.id)
                for known in read_objects(self._connection.execute(queries.EARLIER, (since,)))
            }
        return [known for known in found if (known.provider, known.type, known.id) not in earlier]

    def outputs(self, serial: int | None = None) -> dict[str, Value]:
        """The outputs at a serial, the latest by default; Digest for sensitive ones."""
        with explained(self._path):
            at = self._serial() if serial is None else self._kept(serial)
            return read_outputs(self._connection, self._path, at)

    def accounts(self) -> Mapping[str, Account]:
        """By provider key: whose accounts this state speaks of."""
        found = self._select("SELECT provider, id, name FROM account ORDER BY provider")
        return {provider: Account(id_, name) for provider, id_, name in found}

    def remember_account(self, provider: str, account: Account) -> None:
        """Bind the state to an account; raises WrongAccount when it is bound to another."""
        bound = self.accounts().get(provider)
        if bound == account:
            return
        if bound is not None and bound.id != account.id:
            raise WrongAccount(
                f"the state speaks of {bound.name} ({bound.id}), "
                f"but the credentials of {provider} belong to {account.name} ({account.id})",
                f"give {provider} the credentials for {bound.name}, or use another environment",
            )
        with self._writing() as connection:
            connection.execute(
                "INSERT INTO account (provider, id, name) VALUES (?, ?, ?) "
                "ON CONFLICT (provider) DO UPDATE SET name = excluded.name",
                (provider, account.id, account.name),
            )

    def runs(self) -> list[Run]:
        """All runs, oldest first."""
        found = self._select(rows.SELECT_RUNS)
        return [rows.read_run(row) for row in found]

    def begin(self, run: Run) -> None:
        """Record that a run starts."""
        with self._writing() as connection:
            connection.execute(rows.INSERT_RUN, rows.run_row(run))
        self._run = run.id

    def record(self, intents: Sequence[Intent] = (), results: Sequence[Committed | Failed] = ()) -> int:
        """Write results, then intents, in one transaction that is on disk when this returns.

        Every Committed takes one serial, in the order given. Returns the serial reached.
        """
        with self._writing() as connection:
            serial, now = self._serial(), self._clock.now()
            if serial < self._reached:
                raise StateDamaged(f"{self._path}: serials {serial + 1} to {self._reached} are gone", RESTORE)
            for result in results:
                if isinstance(result, Committed):
                    serial += 1
                    write_step(connection, result, serial, now)
                    check_step(connection, self._path, str(result.address), serial)
                    if result.is_whole:
                        remove_deferred(connection, result.address)
                else:
                    write_failure(connection, result)
            write_intents(connection, intents)
        self._reached = serial
        return serial

    def end(
        self,
        run: str,
        outcome: RunOutcome,
        when: datetime,
        outputs: Mapping[str, Value] | None = None,
        hold: Hold | None = None,
        deferred: Sequence[Deferred] = (),
        dropped: Collection[Address] = (),
    ) -> None:
        """Record how a run ended, its outputs (sealed), a configuration to hold back, and what it put off."""
        with self._writing() as connection:
            serial = self._serial()
            ended = connection.execute(queries.END_RUN, (outcome.value, when.isoformat(), run))
            if not ended.rowcount:
                raise StateError(f"{self._path}: there is no run {run!r} to end")
            if outputs is not None:
                write_outputs(connection, self._path, run, serial, outputs)
            if hold is not None:
                connection.execute(rows.REPLACE_HOLD, rows.hold_row(hold))
            for address in dropped:
                remove_deferred(connection, address)
            write_deferred(connection, deferred)
        if self._run == run:
            self._run = None

    def deferred(self) -> list[Deferred]:
        """The queue of deferred writes, in its order."""
        with explained(self._path):
            return select_deferred(self._connection)

    def drop(self, addresses: Collection[Address]) -> None:
        """Take the writes at these addresses out of the queue."""
        with self._writing() as connection:
            for address in addresses:
                remove_deferred(connection, address)

    def open_intents(self) -> list[Intent]:
        """The intents of earlier runs of which nobody knows whether they took effect, oldest first.

        Those of the run that this ledger has begun, and not ended, are not among them.
        """
        found = self._select(rows.SELECT_OPEN_INTENTS, (self._run,))
        return [rows.read_intent(row) for row in found]

    def holds(self) -> list[Hold]:
        """The configurations held back, oldest first."""
        found = self._select(rows.SELECT_HOLDS)
        return [rows.read_hold(row) for row in found]

    def hold(self, hold: Hold) -> None:
        """Hold a configuration back."""
        with self._writing() as connection:
            connection.execute(rows.REPLACE_HOLD, rows.hold_row(hold))

    def release(self, configuration: str) -> None:
        """Hold a configuration back no longer."""
        with self._writing() as connection:
            connection.execute("DELETE FROM hold WHERE configuration = ?", (configuration,))

    def restore(self, run: Run, lineage: str, objects: Sequence[StateObject]) -> int:
        """Begin a run with which this new state becomes the continuation of one that was lost.

        Its first object takes the serial after ``run.from_serial``; what was before the last is not known.
        """
        with self._writing() as connection:
            serial = write_restored(connection, run, lineage, objects, self._clock.now())
        self._run, self._lineage, self._kept_from = run.id, lineage, serial
        return serial

    def snapshots(self) -> list[Snapshot]:
        """All snapshots that are kept, oldest first: one for each serial."""
        found = self._select(rows.SELECT_SNAPSHOTS, (self._kept_from,))
        return [rows.read_snapshot(row) for row in found]

    def names(self) -> Mapping[str, SnapshotName]:
        """The names of snapshots, by name, the oldest snapshot first."""
        with explained(self._path):
            return select_names(self._connection)

    def name(self, name: str, serial: int, when: datetime, who: str) -> None:
        """Give a snapshot a name; raises Refused for what can be no name, and when another one has it."""
        with self._writing() as connection:
            write_name(connection, SnapshotName(name, self._kept(serial), when, who))

    def unname(self, name: str) -> None:
        """Forget a name; raises Refused when no snapshot has it."""
        with self._writing() as connection:
            remove_name(connection, name)

    def check_prunable(self, before: int) -> None:
        """Raises Refused or StateError as ``prune`` would; deletes nothing."""
        with explained(self._path):
            if before > self._kept_from:
                check_prunable(self._connection, self._kept(before))

    def prune(self, before: int) -> int:
        """Forget the past before a serial, in one transaction; returns how many versions were deleted.

        Raises Refused when somebody still needs it, and StateError for a serial that was not reached yet.
        """
        if before <= self._kept_from:
            return 0
        with explained(self._path):
            try:
                self._connection.execute("PRAGMA foreign_keys = OFF")  # see prune
                with self._writing() as connection:
                    gone = prune(connection, self._kept(before), self._run)
            finally:
                self._connection.execute("PRAGMA foreign_keys = ON")
        self._kept_from = before
        return gone

    def check(self) -> None:
        """Check the whole file, its history included; raises StateDamaged. Takes time with its size."""
        with explained(self._path):
            check_thoroughly(self._connection, self._path)

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction: all that happens inside is on disk afterwards, or, if it raises, nothing."""
        if self._read_only:
            raise StateError(f"{self._path}: the state was opened for reading only")
        with explained(self._path):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    def _select(self, statement: str, values: Sequence[object] = ()) -> list[rows.Row]:
        with explained(self._path):
            return self._connection.execute(statement, values).fetchall()

    def _serial(self) -> int:
        (last,) = self._connection.execute("SELECT max(from_serial) FROM version").fetchone()
        return max(last or 0, self._kept_from)

    def _kept(self, serial: int) -> int:
        """The serial, if its state can be told."""
        last = self._serial()
        if not self._kept_from <= serial <= last:
            raise StateError(
                f"there is no snapshot {serial}",
                f"the state has those from {self._kept_from} to {last}; `snapshot list` shows them",
            )
        return serial

    def _latest(self) -> Iterator[tuple[str, str]]:
        """Address and text of each object; the opening has checked them."""
        return self._connection.execute(queries.OBJECTS)

    def _at(self, serial: int) -> Iterator[tuple[str, str]]:
        found = self._connection.execute(queries.OBJECTS_AT, {"serial": self._kept(serial)})
        for began, address, waits_for, text, expected in found:
            if rows.checksum(began, address, waits_for, text) != expected:
                raise StateDamaged(
                    f"{self._path}: {address} (serial {began}) is not as it was written", RESTORE
                )
            yield address, text


@contextmanager
def _no_collection() -> Iterator[None]:
    """No search for garbage inside: where many objects come to be and none is garbage, it costs a third."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
