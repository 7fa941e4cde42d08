"""What is opened is whole and ours, or it is refused; nothing is taken for a new start."""

import sqlite3
import stat
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from reconciler.errors import StateDamaged, StateError, StateTooNew
from reconciler.state import opening
from reconciler.state.model import Committed, RunOutcome, StateObject

Make = Callable[..., StateObject]


@pytest.fixture
def filled(files: Any, known: Make) -> Path:
    """A state with t.a, t.b (which depends on it), t.gone and five serials."""
    with files.open() as ledger:
        ledger.begin(files.run())
        objects = [known("t.a", v=1), known("t.b", "t.a"), known("t.gone"), known("t.a", v=2)]
        results = [Committed("run-1", step, made.address, made) for step, made in enumerate(objects)]
        ledger.record(results=[*results, Committed("run-1", 4, objects[2].address, None)])
        ledger.end("run-1", RunOutcome.DONE, files.clock.now())
    path: Path = files.path
    return path


def change(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        for statement in statements:
            connection.execute(statement)


def test_the_file_is_for_its_owner_alone_and_so_is_its_directory(filled: Path) -> None:
    assert stat.S_IMODE(filled.stat().st_mode) == 0o600
    assert stat.S_IMODE(filled.parent.stat().st_mode) == 0o700
    assert [found.name for found in filled.parent.iterdir()] == [filled.name]


def test_the_log_of_an_open_state_is_for_its_owner_alone(files: Any) -> None:
    files.open().begin(files.run())
    assert {stat.S_IMODE(found.stat().st_mode) for found in files.path.parent.iterdir()} == {0o600}
    assert files.path.with_name(files.path.name + "-wal").stat().st_size > 0


def test_every_commit_is_flushed_to_disk(files: Any) -> None:
    connection = files.open()._connection
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert connection.execute("PRAGMA synchronous").fetchone() == (2,)  # FULL
    assert connection.execute("PRAGMA foreign_keys").fetchone() == (1,)


def test_reading_what_is_not_there_gives_an_empty_state_and_creates_nothing(
    files: Any, tmp_path: Path
) -> None:
    with files.open(read_only=True) as ledger:
        assert (ledger.serial, ledger.lineage, ledger.objects(), ledger.runs()) == (0, "", {}, [])
        assert ledger.sealer.digest("x") == ledger.sealer.digest("x")
        with pytest.raises(StateError, match="reading only"):
            ledger.begin(files.run())
    assert list(tmp_path.iterdir()) == []


def test_a_reader_neither_waits_for_a_writer_nor_keeps_it_waiting(files: Any, known: Make) -> None:
    writer = files.open()
    writer.begin(files.run())
    writer.record(results=[Committed("run-1", 0, known("t.a").address, known("t.a"))])
    reader = files.open(read_only=True)
    writer._connection.execute("BEGIN IMMEDIATE")
    assert len(files.open(read_only=True).objects()) == 1
    writer._connection.execute("ROLLBACK")
    writer.record(results=[Committed("run-1", 1, known("t.b").address, known("t.b"))])
    assert (reader.serial, len(reader.objects())) == (1, 1)  # the moment at which it was opened
    assert files.open(read_only=True).serial == writer.serial == 2


def test_a_reader_changes_nothing(filled: Path, files: Any) -> None:
    before = filled.read_bytes()
    with files.open(read_only=True) as ledger:
        assert set(map(str, ledger.objects())) == {"t.a", "t.b"}
        with pytest.raises(StateError, match="reading only"):
            ledger.release("x")
    assert filled.read_bytes() == before


@pytest.mark.parametrize("read_only", [True, False])
@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", r"empty \(0 bytes\)"),
        (b"SQLite for", "not a state file"),
        (b'{"serial": 4, "resources": []}', "not a state file"),
        (b"SQLite format 3\0" + b"\0" * 84, "damaged"),
    ],
)
def test_a_file_that_is_no_state_is_never_taken_for_a_new_start(
    files: Any, content: bytes, why: str, read_only: bool
) -> None:
    files.path.parent.mkdir(parents=True)
    files.path.write_bytes(content)
    with pytest.raises(StateDamaged, match=why) as raised:
        files.open(read_only=read_only)
    assert str(files.path) in str(raised.value)
    assert "backup" in raised.value.remedy
    assert files.path.read_bytes() == content


@pytest.mark.parametrize("read_only", [True, False])
@pytest.mark.parametrize("kept", [0.4, 0.6, 0.9])
def test_a_half_written_file_is_damaged(filled: Path, files: Any, kept: float, read_only: bool) -> None:
    whole = filled.read_bytes()
    filled.write_bytes(whole[: int(len(whole) * kept)])
    with pytest.raises(StateDamaged):
        files.open(read_only=read_only)


@pytest.mark.parametrize("read_only", [True, False])
def test_a_directory_in_the_place_of_the_file_is_left_alone(files: Any, read_only: bool) -> None:
    files.path.mkdir(parents=True)
    with pytest.raises(StateError, match="Is a directory") as raised:
        files.open(read_only=read_only)
    assert "move what is in its place away" in raised.value.remedy
    assert files.path.is_dir()


def test_a_log_without_its_file_is_damaged_and_not_a_new_start(files: Any) -> None:
    files.open().begin(files.run())
    files.path.rename(files.path.with_name("elsewhere"))
    for read_only in (True, False):
        with pytest.raises(StateDamaged, match="is gone, but its log"):
            files.open(read_only=read_only)


@pytest.mark.parametrize("read_only", [True, False])
def test_a_database_of_another_program_is_left_alone(files: Any, read_only: bool) -> None:
    files.path.parent.mkdir(parents=True)
    change(files.path, "CREATE TABLE theirs (x)")
    before = files.path.read_bytes()
    with pytest.raises(StateError, match="belongs to another program"):
        files.open(read_only=read_only)
    assert files.path.read_bytes() == before


@pytest.mark.parametrize("other", [{"stack": "other"}, {"environment": "prod"}, {"realm": "sandbox"}])
def test_the_state_of_something_else_is_refused(filled: Path, files: Any, other: dict[str, str]) -> None:
    for read_only in (True, False):
        with pytest.raises(
            StateError, match=r"stack 'testx' in environment 'dev' \(real\), not of"
        ) as raised:
            files.open(**other, read_only=read_only)
        assert next(iter(other.values())) in str(raised.value)


@pytest.mark.parametrize("read_only", [True, False])
def test_a_state_of_a_newer_version_is_refused(filled: Path, files: Any, read_only: bool) -> None:
    change(filled, "PRAGMA user_version = 99")
    with pytest.raises(StateTooNew, match=r"version 99; this one reads up to 3"):
        files.open(read_only=read_only)


@pytest.mark.parametrize(
    ("statements", "why"),
    [
        (
            ["UPDATE version SET object = replace(object, '2', '3') WHERE from_serial = 4"],
            "t.a .* not as it was",
        ),
        (["UPDATE version SET address = 't.c' WHERE from_serial = 2"], "t.c .*not as it was"),
        (["DELETE FROM version WHERE from_serial = 3"], "4 steps are recorded where serials 1 to 5"),
        (["DELETE FROM version WHERE from_serial = 5"], "4 steps are recorded where serials 1 to 5"),
        (["DELETE FROM version WHERE address = 't.a'"], "t.b depends on t.a, of which nothing is left"),
        (
            [
                "DROP INDEX latest_version",
                "UPDATE version SET to_serial = NULL",
                "CREATE INDEX latest_version ON version (address) WHERE to_serial IS NULL",
            ],
            "t.a is there twice",
        ),
        (["DELETE FROM ledger"], "does not say what it is the state of"),
        (["DROP TABLE version"], "no such"),
    ],
)
def test_what_was_changed_behind_its_back_is_found_at_opening(
    filled: Path, files: Any, statements: list[str], why: str
) -> None:
    change(filled, *statements)
    for read_only in (True, False):
        with pytest.raises(StateError, match=why):
            files.open(read_only=read_only)


def test_a_damaged_state_says_at_most_five_things_at_once(filled: Path, files: Any, known: Make) -> None:
    with files.open() as ledger:
        made = [known(f"t.x{number}") for number in range(9)]
        ledger.record(results=[Committed("run-1", 9, one.address, one) for one in made])
    change(filled, "UPDATE version SET checksum = checksum + 1")
    with pytest.raises(StateDamaged) as raised:
        files.open()
    assert str(raised.value).count("not as it was written") == 5
    assert str(raised.value).endswith("and more")


def test_a_dependency_that_this_state_never_had_is_no_damage(files: Any, known: Make) -> None:
    with files.open() as ledger:
        ledger.begin(files.run())
        imported = known("t.b", "t.not_imported_yet")
        ledger.record(results=[Committed("run-1", 0, imported.address, imported)])
    assert files.open().objects()[imported.address] == imported


def test_a_dependency_that_a_step_took_away_is_no_damage(filled: Path, files: Any, known: Make) -> None:
    with files.open() as ledger:
        ledger.record(results=[Committed("run-1", 9, known("t.a").address, None)])
    assert set(map(str, files.open().objects())) == {"t.b"}


def test_damage_to_the_past_is_found_when_the_past_is_asked_for(filled: Path, files: Any) -> None:
    change(filled, "UPDATE version SET object = replace(object, '1', '7') WHERE from_serial = 1")
    ledger = files.open()
    assert ledger.objects(4)
    with pytest.raises(StateDamaged, match=r"t\.a \(serial 1\)"):
        ledger.objects(1)
    with pytest.raises(StateDamaged, match=r"t\.a \(serial 1\)"):
        ledger.check()


def test_a_thorough_check_finds_a_history_that_does_not_join(filled: Path, files: Any) -> None:
    files.open().check()
    change(filled, "UPDATE version SET to_serial = 2 WHERE from_serial = 1")
    ledger = files.open()
    with pytest.raises(StateDamaged, match="ends at serial 2, which is not its own"):
        ledger.check()


def test_pruned_serials_are_no_gap_and_cannot_be_asked_for(filled: Path, files: Any) -> None:
    change(
        filled,
        "UPDATE ledger SET kept_from = 4, kept_versions = 3",
        "DELETE FROM version WHERE to_serial <= 4",
    )
    with files.open() as ledger:
        assert ledger.kept_from == 4
        assert [made.serial for made in ledger.snapshots()] == [5]
        assert set(map(str, ledger.objects(4))) == {"t.a", "t.b", "t.gone"}
        with pytest.raises(StateError, match="no snapshot 3"):
            ledger.objects(3)
    change(filled, "DELETE FROM version WHERE from_serial = 5")
    with pytest.raises(StateDamaged, match="3 steps are recorded where serials 5 to 5 and 3 older ones"):
        files.open()


def test_damaged_outputs_are_not_given_out(filled: Path, files: Any) -> None:
    change(filled, "INSERT INTO output VALUES (1, 0, 'run-1', '{}', 0)")
    with pytest.raises(StateDamaged, match="outputs"):
        files.open().outputs()


def test_two_that_create_the_same_state_at_once_share_the_first(files: Any, monkeypatch: Any) -> None:
    other = replace(files, opened=[])

    def meanwhile(path: Path) -> bool:
        monkeypatch.undo()
        files.lineage = other.open().lineage
        return False

    monkeypatch.setattr(opening, "_is_there", meanwhile)
    assert files.open().lineage == files.lineage
