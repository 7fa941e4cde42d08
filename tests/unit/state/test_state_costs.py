"""What a commit costs does not depend on how much is in the state.

Counted in instructions of SQLite's virtual machine and in pages of its log, which are the same each time, and
not in seconds, which are not. ``tests/benchmarks/commits.py`` prints the seconds.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from reconciler.state.model import Committed, Failed, Hold, Intent, Run, RunOutcome
from reconciler.state.sqlite import SqliteLedger
from tests.benchmarks.commits import SIZES, filled, step, thing

WHEN = datetime(2026, 1, 1, tzinfo=UTC)
FRAME = 4096 + 24
"""Bytes of a page in the log."""

DEEPER = 8
"""Pages that a larger state may add to a commit, where one of its trees has just a full page to divide."""

Count = dict[str, tuple[int, int]]


@contextmanager
def counted(ledger: SqliteLedger, into: Count, name: str) -> Iterator[None]:
    """Counts instructions and pages of what is done inside."""
    instructions = 0

    def count() -> int:
        nonlocal instructions
        instructions += 1
        return 0

    log = ledger._path.with_name(ledger._path.name + "-wal")
    before = log.stat().st_size
    ledger._connection.set_progress_handler(count, 1)
    yield
    ledger._connection.set_progress_handler(None, 1)
    into[name] = (instructions, (log.stat().st_size - before) // FRAME)


def costs(path: Path, resources: int, snapshots: int) -> Count:
    """What each kind of write costs in a state of this size."""
    found: Count = {}
    writes: dict[str, Callable[[SqliteLedger], object]] = {
        "step": lambda ledger: step(ledger, 50, -1),
        "removal": lambda ledger: ledger.record(
            results=[Committed("measured", 7, thing(51, 0).address, None)]
        ),
        "failure": lambda ledger: ledger.record(
            [Intent("measured", 9, thing(53, 0).address, "update", "p")], [Failed("measured", 8, "no")]
        ),
        "end": lambda ledger: ledger.end(
            "measured", RunOutcome.FAILED, WHEN, {"url": "w"}, Hold("c", "measured", WHEN, "ada")
        ),
        "begin": lambda ledger: ledger.begin(Run("next", "apply", WHEN, "ada", ledger.serial)),
        "name": lambda ledger: ledger.name("release", ledger.serial, WHEN, "ada"),
    }
    with filled(path, resources, snapshots) as ledger:
        # A log that begins anew, so that no checkpoint falls into what is counted.
        ledger._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        step(ledger, 49, -1)
        for name, write in writes.items():
            with counted(ledger, found, name):
                write(ledger)
    return found


@pytest.fixture(scope="module")
def smallest(tmp_path_factory: pytest.TempPathFactory) -> Count:
    return costs(tmp_path_factory.mktemp("smallest") / "s.db", *SIZES[0])


@pytest.mark.parametrize(("resources", "snapshots"), SIZES[1:])
def test_every_write_takes_as_many_instructions_and_pages_as_in_a_small_state(
    tmp_path: Path, smallest: Count, resources: int, snapshots: int
) -> None:
    found = costs(tmp_path / "s.db", resources, snapshots)
    assert {name: count[0] for name, count in found.items()} == {
        name: count[0] for name, count in smallest.items()
    }
    for name, (_, pages) in found.items():
        assert 0 < pages <= smallest[name][1] + DEEPER


@pytest.mark.parametrize("resources", [1_000, 3_000])
def test_pruning_takes_as_many_instructions_as_in_a_small_state(tmp_path: Path, resources: int) -> None:
    found: dict[int, Count] = {}
    for size in (100, resources):
        with filled(tmp_path / f"{size}.db", size, 40) as ledger:
            with counted(ledger, found.setdefault(size, {}), "prune"):
                assert ledger.prune(size + 30) == 30
            ledger.check()
    assert found[resources]["prune"][0] == found[100]["prune"][0]
