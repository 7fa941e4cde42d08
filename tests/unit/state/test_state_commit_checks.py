"""What a step writes is read back before it is committed; what does not fit undoes the whole record."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest

from reconciler.errors import StateDamaged, StateError
from reconciler.state.model import Committed, Intent, RunOutcome, StateObject
from reconciler.state.sqlite import SqliteLedger

Make = Callable[..., StateObject]


@pytest.fixture
def ledger(files: Any, known: Make) -> SqliteLedger:
    """Serials 1 to 3: t.a, t.b which depends on it, and t.c."""
    opened: SqliteLedger = files.open()
    opened.begin(files.run())
    made = [known("t.a"), known("t.b", "t.a"), known("t.c")]
    opened.record(results=[Committed("run-1", step, one.address, one) for step, one in enumerate(made)])
    return opened


def step(made: StateObject) -> Committed:
    return Committed("run-1", 9, made.address, made)


SPOILT = "CREATE TRIGGER spoilt AFTER INSERT ON version BEGIN UPDATE version SET {} ; END"


@pytest.mark.parametrize(
    ("statements", "why"),
    [
        (
            [SPOILT.format("object = replace(object, 'new', 'old') WHERE from_serial = new.from_serial")],
            r"t\.b \(serial 4\) does not read as it was written",
        ),
        (
            [SPOILT.format("waits_for = '' WHERE from_serial = new.from_serial")],
            r"t\.b \(serial 4\) does not read as it was written",
        ),
        (
            [SPOILT.format("address = 't.z' WHERE from_serial = new.from_serial")],
            r"t\.b \(serial 4\) does not read as it was written",
        ),
        (
            [
                "DROP INDEX latest_version",
                "CREATE INDEX latest_version ON version (address) WHERE to_serial IS NULL",
                SPOILT.format("to_serial = NULL WHERE from_serial = 2"),
            ],
            "t.b has 2 latest versions",
        ),
        (["DELETE FROM version WHERE from_serial = 1"], r"t\.b depends on t\.a, of which nothing is left"),
        (["DELETE FROM version WHERE from_serial = 3"], "serials 3 to 3 are gone"),
    ],
)
def test_what_does_not_fit_is_not_committed(
    ledger: SqliteLedger, known: Make, statements: list[str], why: str
) -> None:
    for statement in statements:
        ledger._connection.execute(statement)
    objects, serial = ledger.objects(), ledger.serial
    with pytest.raises(StateDamaged, match=why) as raised:
        ledger.record(
            [Intent("run-1", 10, known("t.c").address, "update", "p")], [step(known("t.b", "t.a", v="new"))]
        )
    assert "backup" in raised.value.remedy
    assert (ledger.objects(), ledger.serial, ledger.open_intents()) == (objects, serial, [])


def test_a_dependency_that_vanished_is_found_also_when_the_step_no_longer_names_it(
    ledger: SqliteLedger, known: Make
) -> None:
    ledger._connection.execute("DELETE FROM version WHERE from_serial = 1")
    with pytest.raises(StateDamaged, match=r"t\.b depends on t\.a"):
        ledger.record(results=[step(known("t.b"))])


def test_a_dependency_that_went_with_an_earlier_step_of_the_same_record_is_no_damage(
    ledger: SqliteLedger, known: Make
) -> None:
    gone = Committed("run-1", 8, known("t.a").address, None)
    assert ledger.record(results=[gone, step(known("t.b", "t.a"))]) == 5


def test_outputs_that_do_not_read_as_they_were_written_do_not_end_the_run(
    ledger: SqliteLedger, files: Any
) -> None:
    ledger._connection.execute(
        "CREATE TRIGGER spoilt AFTER INSERT ON output BEGIN UPDATE output SET outputs = '{}'; END"
    )
    with pytest.raises(StateDamaged, match="outputs"):
        ledger.end("run-1", RunOutcome.DONE, files.clock.now(), {"x": 1})
    assert ledger.runs()[0].outcome is RunOutcome.RUNNING


@pytest.mark.parametrize("address", ["t.a", "t.c"])
def test_a_row_that_vanished_is_found_at_opening_before_and_after_pruning(
    ledger: SqliteLedger, files: Any, known: Make, address: str
) -> None:
    ledger.record(results=[step(known("t.c", v=1)), step(known("t.c", v=2))])
    for before in (0, 4, 5):
        ledger.prune(before)
        ledger.close()
        whole = files.path.read_bytes()
        with closing(sqlite3.connect(files.path)) as connection, connection:
            connection.execute("DELETE FROM version WHERE address = ? AND to_serial IS NULL", (address,))
        for read_only in (True, False):
            with pytest.raises(StateError, match="steps are recorded where"):
                files.open(read_only=read_only)
        files.path.write_bytes(whole)
        ledger = files.open()
