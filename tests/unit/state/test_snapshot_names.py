"""Names of snapshots: what may be one, and what they are good for."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from reconciler.errors import Refused, StateError
from reconciler.state.history import resolve
from reconciler.state.model import Committed, SnapshotName, StateObject
from reconciler.state.sqlite import SqliteLedger

Make = Callable[..., StateObject]
WHEN = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)


@pytest.fixture
def ledger(files: Any, known: Make) -> SqliteLedger:
    """Three serials of one run, ``20260102T030405-0e9a``."""
    opened: SqliteLedger = files.open()
    run = files.run("20260102T030405-0e9a")
    opened.begin(run)
    made = [known(f"t.{letter}") for letter in "abc"]
    opened.record(results=[Committed(run.id, step, one.address, one) for step, one in enumerate(made)])
    return opened


def test_names_come_back_with_who_gave_them_the_oldest_snapshot_first(
    ledger: SqliteLedger, files: Any
) -> None:
    ledger.name("later", 3, WHEN, "ada")
    ledger.name("empty", 0, WHEN, "bob")
    ledger.close()
    again = files.open(read_only=True)
    assert list(again.names().items()) == [
        ("empty", SnapshotName("empty", 0, WHEN, "bob")),
        ("later", SnapshotName("later", 3, WHEN, "ada")),
    ]


@pytest.mark.parametrize(
    "name", ["a", "v1.0", "release/2026-03", "Before_the_move", "2026-03-04", "x" * 100, "1.5"]
)
def test_plain_names_are_taken_wherever_a_serial_is(ledger: SqliteLedger, name: str) -> None:
    ledger.name(name, 2, WHEN, "ada")
    assert resolve(ledger, name) == 2


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("", "cannot be the name"),
        ("x" * 101, "cannot be the name"),
        ("two words", "cannot be the name"),
        ("line\n", "cannot be the name"),
        ("é", "cannot be the name"),
        ("--remove", "cannot be the name"),
        ("4", "is a serial"),
        ("007", "is a serial"),
        ("20260102T030405-0e9a", "how the id of a run begins"),
        ("20260102T03", "how the id of a run begins"),
        ("20991231T", "how the id of a run begins"),
    ],
)
def test_what_could_be_taken_for_something_else_is_no_name(ledger: SqliteLedger, name: str, why: str) -> None:
    with pytest.raises(Refused, match=why) as raised:
        ledger.name(name, 1, WHEN, "ada")
    assert raised.value.diagnostics[0].advice
    assert ledger.names() == {}


def test_the_beginning_of_a_run_that_is_there_is_no_name(ledger: SqliteLedger, files: Any) -> None:
    ledger.begin(files.run("apply-a", 3))
    with pytest.raises(Refused, match="how the id of a run begins"):
        ledger.name("apply", 1, WHEN, "ada")
    ledger.name("apple", 1, WHEN, "ada")


def test_a_name_given_twice_is_refused_unless_it_means_the_same_snapshot(ledger: SqliteLedger) -> None:
    ledger.name("good", 1, WHEN, "ada")
    ledger.name("good", 1, WHEN, "bob")
    with pytest.raises(Refused, match="'good' is the name of snapshot 1 already") as raised:
        ledger.name("good", 2, WHEN, "bob")
    assert "snapshot name good --remove" in raised.value.diagnostics[0].advice
    assert ledger.names() == {"good": SnapshotName("good", 1, WHEN, "ada")}
    ledger.name("fine", 1, WHEN, "bob")
    assert [given.serial for given in ledger.names().values()] == [1, 1]


def test_only_what_is_a_snapshot_gets_a_name(ledger: SqliteLedger) -> None:
    with pytest.raises(StateError, match="there is no snapshot 4"):
        ledger.name("beyond", 4, WHEN, "ada")
    assert ledger.names() == {}


def test_a_name_taken_away_is_free_again_and_a_misspelt_one_is_not_taken_away(ledger: SqliteLedger) -> None:
    ledger.name("release", 1, WHEN, "ada")
    with pytest.raises(Refused, match="no snapshot has the name 'relaese'") as raised:
        ledger.unname("relaese")
    assert raised.value.diagnostics[0].advice == "did you mean 'release'?"
    ledger.unname("release")
    ledger.name("release", 2, WHEN, "ada")
    assert resolve(ledger, "release") == 2


@pytest.mark.parametrize(
    ("which", "near"), [("relase", "'release'"), ("20260102T030504-0e9a", "'20260102T030405-0e9a'")]
)
def test_what_is_misspelt_is_compared_with_names_and_runs(
    ledger: SqliteLedger, which: str, near: str
) -> None:
    ledger.name("release", 1, WHEN, "ada")
    with pytest.raises(Refused, match="neither a serial nor a name nor a run") as raised:
        resolve(ledger, which)
    assert raised.value.diagnostics[0].advice == f"did you mean {near}?"


def test_a_reader_gives_no_names(ledger: SqliteLedger, files: Any) -> None:
    reader = files.open(read_only=True)
    with pytest.raises(StateError, match="reading only"):
        reader.name("x", 1, WHEN, "ada")
    with pytest.raises(StateError, match="reading only"):
        reader.unname("x")
