"""The past is forgotten up to a serial; what is left is as it was, and whole."""

import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.address import Address
from reconciler.clock import SystemClock
from reconciler.errors import Refused, StateError
from reconciler.state.model import Committed, Failed, Hold, Intent, Run, RunOutcome, StateObject
from reconciler.state.sqlite import SqliteLedger

Make = Callable[..., StateObject]
WHEN = datetime(2026, 1, 1, tzinfo=UTC)


def apply(ledger: SqliteLedger, name: str, *results: tuple[str, int | None], action: str = "") -> None:
    """A run that brings addresses to values, None for gone; each step has its intent."""
    run = Run(name, "apply", WHEN, "ada@host", ledger.serial, configuration=name)
    ledger.begin(run)
    intents, done = [], []
    for step, (text, value) in enumerate(results):
        address = Address.parse(text)
        deed = action or ("delete" if value is None else "update")
        intents.append(Intent(name, step, address, deed, "p"))
        after = None if value is None else StateObject(address, "p", f"id of {text}", {"v": value})
        done.append(Committed(name, step, address, after, deed))
    ledger.record(intents)
    ledger.record(results=done)
    ledger.end(name, RunOutcome.DONE, WHEN, {"told by": name})


@pytest.fixture
def ledger(files: Any) -> SqliteLedger:
    """Four runs, eight serials: a-run 1 to 3, b-run 4 to 5, c-run 6 to 7, d-run 8."""
    opened: SqliteLedger = files.open()
    apply(opened, "a-run", ("t.a", 1), ("t.b", 1), ("t.c", 1))
    apply(opened, "b-run", ("t.a", 2), ("t.b", 2))
    apply(opened, "c-run", ("t.a", 3), ("t.c", None))
    apply(opened, "d-run", ("t.a", 4))
    return opened


def count(ledger: SqliteLedger, table: str, where: str = "1") -> int:
    found: tuple[int] = ledger._connection.execute(f"SELECT count(*) FROM {table} WHERE {where}").fetchone()
    return found[0]


@pytest.mark.parametrize("before", range(9))
def test_every_state_since_the_serial_is_as_it_was(ledger: SqliteLedger, files: Any, before: int) -> None:
    objects = {serial: ledger.objects(serial) for serial in range(before, 9)}
    outputs = {serial: ledger.outputs(serial) for serial in range(before, 9)}
    ledger.prune(before)
    ledger.close()
    for read_only in (True, False):
        again = files.open(read_only=read_only)
        again.check()
        assert (again.kept_from, again.serial) == (before, 8)
        assert {serial: again.objects(serial) for serial in objects} == objects
        assert {serial: again.outputs(serial) for serial in outputs} == outputs
        assert [made.serial for made in again.snapshots()] == list(range(before + 1, 9))
        if before:
            with pytest.raises(StateError, match=f"no snapshot {before - 1}"):
                again.objects(before - 1)


def test_closed_versions_settled_intents_and_runs_that_made_nothing_that_is_left_are_deleted(
    ledger: SqliteLedger,
) -> None:
    assert ledger.prune(7) == 4  # of t.a those of 1 and 4, of t.b that of 2, of t.c that of 3
    assert [run.id for run in ledger.runs()] == ["b-run", "c-run", "d-run"]  # t.b is what b-run made of it
    assert count(ledger, "version") == 4
    assert count(ledger, "output") == 2
    assert count(ledger, "intent", "serial <= 7") == 0
    assert count(ledger, "intent") == 1


def test_pruning_everything_leaves_the_present_state_to_go_on_from(ledger: SqliteLedger, files: Any) -> None:
    present = ledger.objects()
    ledger.prune(8)
    assert ledger.snapshots() == []
    assert ledger.objects(8) == ledger.objects() == present
    apply(ledger, "e-run", ("t.a", 5), ("t.b", None))
    assert ledger.serial == 10
    ledger.prune(9)
    ledger.close()
    again = files.open()
    again.check()
    assert list(map(str, again.objects(9))) == ["t.a", "t.b"]
    assert list(map(str, again.objects(10))) == ["t.a"]


def test_what_was_pruned_already_is_nothing_to_do(ledger: SqliteLedger) -> None:
    ledger.prune(5)
    for before in (5, 4, 0, -1):
        assert ledger.prune(before) == 0
    assert ledger.kept_from == 5


def test_a_serial_that_was_not_reached_is_refused(ledger: SqliteLedger) -> None:
    for ask in (ledger.prune, ledger.check_prunable):
        with pytest.raises(StateError, match="there is no snapshot 9"):
            ask(9)
    assert ledger.kept_from == 0


def test_a_snapshot_with_a_name_is_not_lost(ledger: SqliteLedger) -> None:
    ledger.name("release", 4, WHEN, "ada")
    for ask in (ledger.prune, ledger.check_prunable):
        with pytest.raises(Refused, match=r"would be lost: release \(4\)") as raised:
            ask(5)
        assert "prune before 4 at most" in raised.value.diagnostics[0].advice
        assert "snapshot name release --remove" in raised.value.diagnostics[0].advice
    assert (ledger.kept_from, count(ledger, "version")) == (0, 8)
    ledger.prune(4)
    assert list(ledger.names()) == ["release"]
    ledger.check()
    ledger.unname("release")
    ledger.prune(5)


def test_an_open_intent_stays_with_its_run_and_the_snapshot_that_a_rollback_goes_to(files: Any) -> None:
    ledger = files.open()
    apply(ledger, "a-run", ("t.a", 1), ("t.b", 1), ("t.a", 2))
    ledger.begin(Run("back", "rollback", WHEN, "ada@host", 3, target=2))
    ledger.record([Intent("back", 0, Address("t", "a"), "update", "p")])
    ledger.close()  # as if the process had died
    ledger = files.open()
    apply(ledger, "b-run", ("t.b", 2), ("t.b", 3))
    with pytest.raises(Refused, match="the rollback back has not arrived at snapshot 2"):
        ledger.prune(3)
    ledger.prune(2)
    ledger.record(results=[Failed("back", 0, "no", outcome_known=True)])
    ledger.record([Intent("back", 1, Address("t", "z"), "create", "p")])
    ledger._connection.execute("UPDATE run SET target = NULL")
    ledger.close()
    ledger = files.open()
    ledger.prune(5)
    ledger.check()
    assert [(found.run, found.step) for found in ledger.open_intents()] == [("back", 1)]
    assert "back" in [run.id for run in ledger.runs()]
    assert count(ledger, "intent") == 1


def test_a_run_that_is_named_by_what_was_settled_after_its_end_stays_until_that_is_gone(files: Any) -> None:
    ledger = files.open()
    apply(ledger, "a-run", ("t.a", 1))
    ledger.begin(Run("cut", "destroy", WHEN, "ada@host", 1))
    ledger.record([Intent("cut", 0, Address("t", "b"), "create", "p")])
    ledger.end("cut", RunOutcome.INTERRUPTED, WHEN)
    apply(ledger, "b-run", ("t.a", 2))
    found = StateObject(Address("t", "b"), "p", "b", {})
    assert ledger.record(results=[Committed("cut", 0, found.address, found)]) == 3
    apply(ledger, "c-run", ("t.a", 3), ("t.a", 4), ("t.a", 5), ("t.a", 6))
    for before in (2, 4, 6):
        ledger.prune(before)
        ledger.check()
        assert "cut" in [run.id for run in ledger.runs()]
    apply(ledger, "d-run", ("t.b", 1), ("t.a", 7), ("t.a", 8))
    ledger.prune(9)
    ledger.check()
    assert [run.id for run in ledger.runs()] == ["c-run", "d-run"]
    assert count(ledger, "intent", "run = 'cut'") == 0


def test_what_a_run_let_go_of_is_still_told(files: Any) -> None:
    ledger = files.open()
    apply(ledger, "a-run", ("t.a", 1), ("t.b", 1), ("t.b", 2))
    apply(ledger, "b-run", ("t.b", None), action="forget")
    apply(ledger, "c-run", ("t.a", None), action="delete")
    apply(ledger, "d-run", ("t.c", 1))
    released = ledger.released()
    assert [known.attributes for known in released] == [{"v": 2}]
    ledger.prune(6)
    ledger.check()
    assert ledger.released() == released
    apply(ledger, "e-run", ("t.b", 3))
    ledger.prune(7)
    ledger.check()
    assert ledger.released() == []
    assert count(ledger, "version", "address = 't.b'") == 1


@pytest.mark.parametrize("outcome", [RunOutcome.FAILED, RunOutcome.INTERRUPTED, RunOutcome.RUNNING])
def test_where_the_last_rollback_was_going_stays_until_it_has_arrived(
    ledger: SqliteLedger, outcome: RunOutcome
) -> None:
    for name, ended in (("first", outcome), ("second", RunOutcome.DONE)):
        ledger.begin(Run(name, "rollback", WHEN, "ada@host", 8, target=5))
        if ended is not RunOutcome.RUNNING:
            ledger.end(name, ended, WHEN)
        if name == "first":
            with pytest.raises(Refused, match="the rollback first has not arrived at snapshot 5"):
                ledger.prune(6)
            ledger.prune(5)
    ledger.prune(6)
    ledger.check()


def test_a_hold_stays_with_its_run(files: Any) -> None:
    ledger = files.open()
    apply(ledger, "a-run", ("t.a", 1))
    ledger.begin(Run("back", "rollback", WHEN, "ada@host", 1))
    held = Hold("a-run", "back", WHEN, "ada", "too early")
    ledger.end("back", RunOutcome.DONE, WHEN, hold=held)
    apply(ledger, "c-run", ("t.a", 2), ("t.a", 3))
    ledger.prune(3)
    assert ledger.holds() == [held]
    assert "back" in [run.id for run in ledger.runs()]


def test_the_run_whose_configuration_held_at_the_serial_stays(files: Any) -> None:
    ledger = files.open()
    apply(ledger, "a-run", ("t.a", 1), ("t.b", 1))
    apply(ledger, "b-run", ("t.a", 2), ("t.a", 3))
    apply(ledger, "c-run", ("t.a", 4), ("t.b", 2), ("t.a", 5))
    ledger.prune(6)
    assert [run.id for run in ledger.runs()] == ["b-run", "c-run"]


def test_the_run_that_is_under_way_stays(files: Any, known: Make) -> None:
    ledger = files.open()
    apply(ledger, "a-run", ("t.a", 1))
    ledger.begin(Run("now", "apply", WHEN, "ada@host", 1))
    ledger.record(results=[Committed("now", 0, Address("t", "a"), known("t.a"))])
    ledger.prune(2)
    ledger.end("now", RunOutcome.DONE, WHEN)
    assert "now" in [run.id for run in ledger.runs()]


def test_a_reader_prunes_nothing(ledger: SqliteLedger, files: Any) -> None:
    with pytest.raises(StateError, match="reading only"):
        files.open(read_only=True).prune(3)
    assert count(ledger, "version") == 8


def test_foreign_keys_are_watched_again_afterwards(ledger: SqliteLedger) -> None:
    ledger.prune(5)
    with pytest.raises(StateError, match="FOREIGN KEY"):
        ledger.record([Intent("no-run", 0, Address("t", "a"), "update", "p")])
    ledger.name("kept", 5, WHEN, "ada")
    with pytest.raises(Refused):
        ledger.prune(6)
    with pytest.raises(StateError, match="FOREIGN KEY"):
        ledger.record([Intent("no-run", 0, Address("t", "a"), "update", "p")])


@pytest.mark.parametrize(
    ("statement", "why"),
    [
        ("DELETE FROM run WHERE id = 'd-run'", "row 8 of version belongs to a run that is not there"),
        ("UPDATE output SET outputs = '{}' WHERE position = 1", "outputs told at place 1 are not"),
        (
            "INSERT INTO snapshot_name VALUES ('x', 9, '', '')",
            "snapshot 9, which has the name x, is not there",
        ),
        (
            "INSERT INTO snapshot_name VALUES ('x', 3, '', '')",
            "snapshot 3, which has the name x, is not there",
        ),
    ],
)
def test_what_does_not_belong_together_afterwards_is_found_by_a_thorough_check(
    ledger: SqliteLedger, files: Any, statement: str, why: str
) -> None:
    ledger.prune(4) if "3" in statement else None
    ledger.close()
    with closing(sqlite3.connect(files.path)) as connection, connection:
        connection.execute(statement)
    with pytest.raises(StateError, match=why):
        files.open().check()


ADDRESSES = ["t.a", 't.b["k"]', "t.c"]
STEPS = st.tuples(st.sampled_from(ADDRESSES), st.none() | st.integers(0, 2))
RUNS = st.lists(st.tuples(st.lists(STEPS, max_size=4), st.sampled_from(["", "forget"])), max_size=5)


def released(ledger: SqliteLedger) -> list[StateObject]:
    """What was let go of and whose address has had no other object since: that is never pruned."""
    return [known for known in ledger.released() if known.address not in ledger.objects()]


def possible(steps: list[tuple[str, int | None]], there: set[str]) -> list[tuple[str, int | None]]:
    """Without the removal of what is not there: no run does that."""
    found = []
    for address, value in steps:
        if value is not None or address in there:
            found.append((address, value))
            (there.discard if value is None else there.add)(address)
    return found


@settings(max_examples=20, deadline=None)
@given(RUNS, RUNS, st.data())
def test_whatever_was_recorded_pruning_changes_nothing_since_the_serial(
    first: Any, second: Any, data: st.DataObject
) -> None:
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "s.db"

        def opened() -> SqliteLedger:
            return SqliteLedger.open(path, stack="s", environment="e", realm="real", clock=SystemClock())

        for half, runs in enumerate((first, second)):
            with opened() as ledger:
                for number, (drawn, action) in enumerate(runs):
                    steps = possible(drawn, {str(address) for address in ledger.objects()})
                    gone = action if all(value is None for _, value in steps) else ""
                    apply(ledger, f"run-{half}-{number}", *steps, action=gone)
            with opened() as ledger:
                before = data.draw(st.integers(ledger.kept_from, ledger.serial))
                kept = range(before, ledger.serial + 1)
                states = [(ledger.objects(serial), ledger.outputs(serial)) for serial in kept]
                told = (
                    released(ledger),
                    ledger.serial,
                    [made for made in ledger.snapshots() if made.serial > before],
                )
                ledger.prune(before)
                assert (released(ledger), ledger.serial, ledger.snapshots()) == told
            with opened() as ledger:
                ledger.check()
                assert [(ledger.objects(serial), ledger.outputs(serial)) for serial in kept] == states
