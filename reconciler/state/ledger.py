"""What a store of state can do. SQLite is one; the interface is narrow enough for a second."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from reconciler.address import Address
from reconciler.provider.objects import Account
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
from reconciler.values import Sealer, Value


class Ledger(Protocol):
    """The state of one stack in one environment, as a ledger.

    Each committed step closes the old version of one object and opens the new one, so that the state at
    any serial is a query. Every method raises StateError. One thread uses a ledger.
    """

    @property
    def lineage(self) -> str:
        """The identity of this state's history."""
        ...

    @property
    def is_read_only(self) -> bool:
        """Whether it was opened to be looked at only."""
        ...

    @property
    def serial(self) -> int:
        """How many steps have been committed; 0 for a new state."""
        ...

    @property
    def kept_from(self) -> int:
        """The oldest serial whose state can still be asked for."""
        ...

    @property
    def sealer(self) -> Sealer:
        """Makes the digests that this state compares sensitive values by."""
        ...

    def objects(self, serial: int | None = None) -> dict[Address, StateObject]:
        """The objects at a serial, the latest by default."""
        ...

    def released(self) -> list[StateObject]:
        """Objects that a run of ours let go of without deleting them: forgotten, archived, disabled.

        As they were before. Their address may have, or have had, another object by now; then it is told only
        until that past is pruned. One that was moved to another address was not let go of.
        """
        ...

    def adopted(self, since: int) -> list[StateObject]:
        """Objects that became ours after a serial without being made by us, as they were then.

        Neither what was ours already at an earlier time nor what has only got another address is among them.
        """
        ...

    def outputs(self, serial: int | None = None) -> dict[str, Value]:
        """The outputs at a serial, the latest by default; Digest for sensitive ones."""
        ...

    def accounts(self) -> Mapping[str, Account]:
        """By provider key: whose accounts this state speaks of."""
        ...

    def remember_account(self, provider: str, account: Account) -> None:
        """Bind the state to an account; raises WrongAccount when it is bound to another."""
        ...

    def runs(self) -> list[Run]:
        """All runs, oldest first."""
        ...

    def begin(self, run: Run) -> None:
        """Record that a run starts."""
        ...

    def record(self, intents: Sequence[Intent] = (), results: Sequence[Committed | Failed] = ()) -> int:
        """Write results, then intents, in one transaction that is on disk when this returns.

        Every Committed takes one serial, in the order given; one that is whole takes what was deferred of its
        address out of the queue. Returns the serial reached.
        """
        ...

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
        """Record how a run ended, in one transaction.

        With the stack's outputs (sealed), a configuration to hold back, what it put off (at the end of the
        queue, in the order given, in place of earlier entries for these addresses), and the addresses of
        which nothing is to be done later any more.
        """
        ...

    def deferred(self) -> list[Deferred]:
        """The queue of deferred writes, in its order."""
        ...

    def drop(self, addresses: Collection[Address]) -> None:
        """Take the writes at these addresses out of the queue, in one transaction."""
        ...

    def open_intents(self) -> list[Intent]:
        """The intents of earlier runs of which nobody knows whether they took effect."""
        ...

    def holds(self) -> list[Hold]:
        """The configurations held back."""
        ...

    def hold(self, hold: Hold) -> None:
        """Hold a configuration back."""
        ...

    def release(self, configuration: str) -> None:
        """Hold a configuration back no longer."""
        ...

    def restore(self, run: Run, lineage: str, objects: Sequence[StateObject]) -> int:
        """Begin a run with which this new state becomes the continuation of one that was lost.

        It takes over the lineage. Each object takes a serial, in the order given (each after those that it
        depends on), the first the one after ``run.from_serial``; snapshots before the last cannot be told.
        Returns the serial reached. Raises StateError when anything was recorded here before.
        """
        ...

    def snapshots(self) -> list[Snapshot]:
        """All snapshots that are kept, oldest first: one for each serial."""
        ...

    def names(self) -> Mapping[str, SnapshotName]:
        """The names of snapshots, by name, the oldest snapshot first."""
        ...

    def name(self, name: str, serial: int, when: datetime, who: str) -> None:
        """Give a snapshot a name.

        Raises Refused for what can be no name (see ``reconciler.state.names``), and when another snapshot
        has it; the one that has it already keeps it.
        """
        ...

    def unname(self, name: str) -> None:
        """Forget a name; raises Refused when no snapshot has it."""
        ...

    def check_prunable(self, before: int) -> None:
        """Raises what ``prune`` would raise; deletes nothing."""
        ...

    def prune(self, before: int) -> int:
        """Forget the past before a serial, which becomes ``kept_from``; 0 when it was pruned already.

        Deletes closed versions, and the runs and settled intents that are done with. The states at the serial
        and since stay as they are, and so does all that ``released``, ``open_intents`` and ``holds`` tell;
        a run stays while something that is left names it. Returns how many versions were deleted.

        Raises Refused when a snapshot with a name would be lost, or one that a rollback is on its way to, and
        StateError for a serial that was not reached yet.
        """
        ...

    def check(self) -> None:
        """Look through all of it; raises StateDamaged with everything that is wrong."""
        ...

    def close(self) -> None:
        """Let go of the file."""
        ...
