"""A file of an older version is brought up to date, one version at a time, with a copy kept."""

import sqlite3
import stat
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from reconciler.errors import StateError
from reconciler.state import upgrades


def first(connection: sqlite3.Connection) -> None:
    connection.execute("ALTER TABLE account RENAME COLUMN label TO name")


def second(connection: sqlite3.Connection) -> None:
    connection.execute("UPDATE account SET name = upper(name)")


def broken(connection: sqlite3.Connection) -> None:
    connection.execute("DELETE FROM account")
    connection.execute("ALTER TABLE nowhere RENAME TO something")


@pytest.fixture
def old(files: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A state file of version 1 as it might have been, where the tables are at version 3."""
    with files.open():
        pass
    path: Path = files.path
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("ALTER TABLE account RENAME COLUMN name TO label")
        connection.execute("INSERT INTO account VALUES ('github', 'O_1', 'acme')")
        connection.execute("PRAGMA user_version = 1")
    monkeypatch.setattr(upgrades, "VERSION", 3)
    monkeypatch.setattr(upgrades, "UPGRADES", {1: first, 2: second})
    return path


def version(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return upgrades.version_of(connection)


def test_each_version_is_passed_through_and_a_copy_of_the_old_one_is_kept(old: Path, files: Any) -> None:
    with files.open() as ledger:
        assert ledger.accounts()["github"].name == "ACME"
    assert version(old) == 3
    backup = old.with_name(old.name + ".v1.backup")
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    assert version(backup) == 1
    with closing(sqlite3.connect(backup)) as connection:
        assert connection.execute("SELECT label FROM account").fetchone() == ("acme",)
    assert sorted(found.name for found in old.parent.iterdir()) == [old.name, backup.name]


def test_a_file_that_is_up_to_date_is_not_copied(files: Any) -> None:
    for _ in range(2):
        files.open().close()
    assert [found.name for found in files.path.parent.iterdir()] == [files.path.name]


def test_a_reader_sees_the_upgraded_state_and_leaves_the_file_as_it_was(old: Path, files: Any) -> None:
    before = old.read_bytes()
    with files.open(read_only=True) as ledger:
        assert ledger.accounts()["github"].name == "ACME"
        with pytest.raises(StateError, match="reading only"):
            ledger.release("x")
    assert old.read_bytes() == before
    assert not list(old.parent.glob("*.backup"))


def test_an_upgrade_that_fails_leaves_the_version_before_it_and_the_copy(
    old: Path, files: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upgrades, "UPGRADES", {1: first, 2: broken})
    with pytest.raises(StateError, match="no such table: nowhere"):
        files.open()
    assert version(old) == 2
    with closing(sqlite3.connect(old)) as connection:
        assert connection.execute("SELECT name FROM account").fetchone() == ("acme",)
    assert version(old.with_name(old.name + ".v1.backup")) == 1
    monkeypatch.setattr(upgrades, "UPGRADES", {1: first, 2: second})
    assert files.open().accounts()["github"].name == "ACME"


def test_a_version_that_no_upgrade_leads_from_is_refused_and_left_alone(
    old: Path, files: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upgrades, "UPGRADES", {1: first})
    before = old.read_bytes()
    with pytest.raises(StateError, match="no upgrade is known for version 2"):
        files.open()
    assert old.read_bytes() == before
