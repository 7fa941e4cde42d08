"""What one commit to the state costs, and whether that depends on how much is in it.

    python -m tests.benchmarks.commits

Each is a step as an apply writes it: an intent, flushed; then its result, flushed.
"""

import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from reconciler.address import Address
from reconciler.clock import SystemClock
from reconciler.state.model import Committed, Intent, Run, RunOutcome, StateObject
from reconciler.state.sqlite import SqliteLedger

SIZES = ((100, 10), (100, 1_000), (10_000, 10), (10_000, 1_000))
"""Resources, and snapshots taken since they were made."""

_STEPS = 200
_WHEN = datetime(2026, 1, 1, tzinfo=UTC)


def thing(number: int, value: int) -> StateObject:
    """A resource that waits for the one before it."""
    address = Address("thing", f"n{number}")
    before = (Address("thing", f"n{number - 1}"),) if number else ()
    attributes = {"name": f"n{number}", "value": value, "text": "some hundred characters " * 8}
    return StateObject(address, "provider", f"id-{number}", attributes, attributes, depends_on=before)


def committed(run: str, things: Sequence[StateObject]) -> list[Committed]:
    """Their steps."""
    return [Committed(run, step, made.address, made) for step, made in enumerate(things)]


@contextmanager
def filled(path: Path, resources: int, snapshots: int) -> Iterator[SqliteLedger]:
    """A state with so many resources, so many snapshots since they were made, and a run that has begun."""
    with SqliteLedger.open(path, stack="s", environment="e", realm="real", clock=SystemClock()) as ledger:
        ledger.begin(Run("made", "apply", _WHEN, "ada", 0))
        ledger.record(results=committed("made", [thing(number, 0) for number in range(resources)]))
        ledger.end("made", RunOutcome.DONE, _WHEN, {"url": "u"})
        ledger.begin(Run("changed", "apply", _WHEN, "ada", resources))
        changes = [thing(number % resources, number) for number in range(snapshots)]
        ledger.record(results=committed("changed", changes))
        ledger.end("changed", RunOutcome.DONE, _WHEN, {"url": "v"})
        ledger.begin(Run("measured", "apply", _WHEN, "ada", resources + snapshots))
        yield ledger


def step(ledger: SqliteLedger, number: int, value: int) -> None:
    """One step of the run ``measured``."""
    made = thing(number, value)
    ledger.record([Intent("measured", number, made.address, "update", "provider", made.id)])
    ledger.record(results=[Committed("measured", number, made.address, made)])


def print_commits() -> None:
    """Measure and print. The states take turns, so that whatever slows the disk slows all of them."""
    print("\none commit (intent and result, each flushed), and its ratio to the smallest state's")
    with tempfile.TemporaryDirectory() as folder, ExitStack() as opened:
        ledgers = [
            opened.enter_context(filled(Path(folder) / f"{number}.db", *size))
            for number, size in enumerate(SIZES)
        ]
        turns = [
            [_seconds(ledger, number % SIZES[0][0], number) for ledger in ledgers] for number in range(_STEPS)
        ]
    times = [statistics.median(each) for each in zip(*turns, strict=True)]
    for (resources, snapshots), took in zip(SIZES, times, strict=True):
        size = f"{resources:>6,} resources, {snapshots:>5,} snapshots"
        print(f"  {size} {took * 1e6:8.0f} µs {took / times[0]:5.2f} x")


def _seconds(ledger: SqliteLedger, number: int, value: int) -> float:
    started = time.perf_counter()
    step(ledger, number, value)
    return time.perf_counter() - started


if __name__ == "__main__":
    print_commits()
