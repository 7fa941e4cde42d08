"""A file as version 1 wrote it: nothing of it is lost on the way to the version of today."""

import sqlite3
import threading
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from reconciler.address import Address
from reconciler.errors import StateError
from reconciler.provider.objects import Account, ObjectKey
from reconciler.state import opening, upgrades
from reconciler.state.model import RunOutcome
from reconciler.state.sqlite import SqliteLedger
from reconciler.state.tables import VERSION
from reconciler.values import Digest

SCRIPT = (Path(__file__).parent / "version_1.sql").read_text(encoding="utf-8")
REPOSITORY = Address.parse("github_repository.testx")
LABEL = Address.parse('github_issue_label.triage["bug"]')


@pytest.fixture
def old(files: Any) -> Path:
    path: Path = files.path
    path.parent.mkdir(parents=True, mode=0o700)
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(SCRIPT)
    return path


def version(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return upgrades.version_of(connection)


def backup(path: Path) -> Path:
    return path.with_name(f"{path.name}.v1.backup")


def dump(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        return list(connection.iterdump())


def holds_everything(ledger: SqliteLedger) -> None:
    assert (ledger.lineage, ledger.serial, ledger.kept_from) == ("b03fe7551023e7a69decb698ebfb5b28", 5, 0)
    assert set(ledger.objects()) == {REPOSITORY, LABEL}
    assert ledger.objects()[REPOSITORY].attributes["topics"] == ["qa"]
    assert ledger.objects()[REPOSITORY].attributes["token"] == Digest("ab12")
    assert ledger.objects()[LABEL].depends_on == (REPOSITORY,)
    assert [len(ledger.objects(serial)) for serial in range(6)] == [0, 1, 2, 3, 2, 2]
    assert [str(known.address) for known in ledger.released()] == ["slack_channel.old"]
    assert ledger.outputs() == {"url": "https://github.example/acme/testx"}
    assert ledger.accounts() == {"github": Account("O_1", "acme")}
    assert [(run.command, run.outcome, run.target) for run in ledger.runs()] == [
        ("apply", RunOutcome.DONE, None),
        ("rollback", RunOutcome.DONE, None),
        ("apply", RunOutcome.RUNNING, None),
    ]
    (intent,) = ledger.open_intents()
    assert (intent.key, intent.seen, intent.meant) == (
        ObjectKey("notion_page", ("Home",)),
        ("p1", "p2"),
        None,
    )
    assert [(hold.configuration, hold.why) for hold in ledger.holds()] == [
        ("c-20260102T030405-0e9a", "too early")
    ]
    assert ledger.names() == {}
    ledger.check()


def test_a_file_of_version_1_is_upgraded_and_a_copy_of_it_is_kept(old: Path, files: Any) -> None:
    before = dump(old)
    with files.open() as ledger:
        holds_everything(ledger)
        ledger.name("upgraded", 5, files.clock.now(), "ada")
        ledger.prune(2)
        ledger.check()
    assert (version(old), version(backup(old))) == (VERSION, 1)
    assert dump(backup(old)) == before
    assert sorted(found.name for found in old.parent.iterdir()) == [old.name, backup(old).name]


def test_its_tables_are_then_those_of_a_new_file(old: Path, files: Any, tmp_path: Path) -> None:
    def columns(path: Path) -> dict[str, Any]:
        with closing(sqlite3.connect(path)) as connection:
            names = [name for (name,) in connection.execute("SELECT name FROM sqlite_schema ORDER BY name")]
            return {name: connection.execute(f"PRAGMA table_xinfo({name})").fetchall() for name in names}

    files.open().close()
    new = tmp_path / "new.db"
    files.path = new
    files.open().close()
    assert columns(old) == columns(new)


def test_who_only_looks_leaves_it_as_it_was(old: Path, files: Any) -> None:
    before = old.read_bytes()
    with files.open(read_only=True) as ledger:
        holds_everything(ledger)
    assert old.read_bytes() == before
    assert not backup(old).exists()


def test_two_that_open_it_at_once_upgrade_it_once(
    old: Path, files: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    meet = threading.Barrier(2, timeout=30)
    upgrade = upgrades.upgrade
    found: list[SqliteLedger | Exception] = []

    def together(connection: sqlite3.Connection, *arguments: Any, **named: Any) -> None:
        assert upgrades.is_outdated(connection)
        meet.wait()
        upgrade(connection, *arguments, **named)

    def open_one() -> None:
        try:
            found.append(files.open())
        except StateError as error:
            found.append(error)

    monkeypatch.setattr(opening, "upgrade", together)
    threads = [threading.Thread(target=open_one) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    monkeypatch.undo()
    for ledger in found:
        assert isinstance(ledger, SqliteLedger), ledger
        holds_everything(ledger)
        ledger.close()
    assert (version(old), version(backup(old))) == (VERSION, 1)


def test_who_comes_while_another_upgrades_does_not_take_its_work_for_the_old_version(
    old: Path, files: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    back_up = upgrades._back_up

    def meanwhile(*arguments: Any) -> None:
        monkeypatch.undo()
        files.open().close()  # the other one is done before this one copies
        back_up(*arguments)

    before = dump(old)
    monkeypatch.setattr(upgrades, "_back_up", meanwhile)
    with files.open() as ledger:
        holds_everything(ledger)
    assert dump(backup(old)) == before
    assert sorted(found.name for found in old.parent.iterdir()) == [old.name, backup(old).name]


@pytest.mark.parametrize("what", ["copy", "file"])
def test_a_disk_that_is_full_during_the_upgrade_leaves_version_1(
    old: Path, files: Any, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    connect, before = sqlite3.connect, dump(old)

    def limited(name: Any, **named: Any) -> sqlite3.Connection:
        connection: sqlite3.Connection = connect(name, **named)
        is_copy = not str(name).startswith("file:")
        if is_copy and what == "copy":
            connection.execute("PRAGMA max_page_count = 3")
        elif not is_copy and what == "file":
            (pages,) = connection.execute("PRAGMA page_count").fetchone()
            connection.execute(f"PRAGMA max_page_count = {pages}")
        return connection

    with monkeypatch.context() as during:
        during.setattr(sqlite3, "connect", limited)
        with pytest.raises(StateError, match="disk is full") as raised:
            files.open()
    assert "free some disk space" in raised.value.remedy
    assert dump(old) == before
    assert version(old) == 1
    assert {found.name for found in old.parent.iterdir()} == {old.name, *[backup(old).name][: what == "file"]}
    with files.open() as ledger:
        holds_everything(ledger)
    assert version(old) == VERSION
