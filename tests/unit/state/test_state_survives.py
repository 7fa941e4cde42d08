"""Whatever happens while it is written, a state is as it was before a record or as it is after it."""

import errno
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from reconciler.errors import StateError
from reconciler.state import upgrades
from reconciler.state.model import Committed, Intent, RunOutcome, StateObject
from reconciler.state.tables import VERSION

Make = Callable[..., StateObject]

SETUP = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from reconciler.address import Address
from reconciler.clock import SystemClock
from reconciler.errors import StateError
from reconciler.state.model import Committed, Intent, Run, StateObject
from reconciler.state.sqlite import SqliteLedger

path = Path(sys.argv[1])

def opened(read_only=False):
    return SqliteLedger.open(
        path, stack="testx", environment="dev", realm="real", clock=SystemClock(), read_only=read_only
    )

def committed(step, name, value):
    address = Address("t", name)
    return Committed("run-1", step, address, StateObject(address, "github", "id of " + name, {"v": value}))
"""

KILLED = """
ledger = opened()
ledger.begin(Run("run-1", "apply", datetime.now(UTC), "ada@host", 0))
ledger.record([Intent("run-1", step, Address("t", "ab"[step]), "create", "github") for step in range(2)])
seen = 0

def count(statement):
    global seen
    if seen == int(sys.argv[2]):
        os.kill(os.getpid(), signal.SIGKILL)
    seen += 1

ledger._connection.set_trace_callback(count)
ledger.record([Intent("run-1", 2, Address("t", "c"), "create", "github")],
              [committed(0, "a", 1), committed(1, "b", 1)])
print("recorded", flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def child(script: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", SETUP + script, *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.mark.parametrize("statements", [0, 1, 3, 6, 9, 10, 11, 99])
def test_a_kill_at_any_statement_leaves_the_state_before_or_after(files: Any, statements: int) -> None:
    killed = child(KILLED, files.path, statements)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    ledger = files.open()
    ledger.check()
    names = [str(address) for address in ledger.objects()]
    still_open = [str(found.address) for found in ledger.open_intents()]
    if killed.stdout == "recorded\n":
        assert (ledger.serial, names, still_open) == (2, ["t.a", "t.b"], ["t.c"])
        assert statements == 99
    else:
        assert (ledger.serial, names, still_open) == (0, [], ["t.a", "t.b"])
        assert statements < 99


def test_a_kill_while_the_file_is_made_leaves_no_file_or_a_whole_one(files: Any) -> None:
    script = """
import reconciler.state.opening as opening
def killed(*arguments, **named):
    os.kill(os.getpid(), signal.SIGKILL)
setattr(opening, sys.argv[2], killed)
opened()
"""
    for moment, is_there in [("create_tables", False), ("flush_directory", True)]:
        assert child(script, files.path, moment).returncode == -signal.SIGKILL
        assert files.path.exists() is is_there
        with files.open() as ledger:
            assert (ledger.serial, len(ledger.lineage)) == (0, 32)
        files.path.unlink()


@pytest.mark.parametrize("room", range(6))
def test_a_full_disk_loses_nothing_and_says_what_to_do(files: Any, known: Make, room: int) -> None:
    ledger = files.open()
    ledger.begin(files.run())
    first, large = known("t.a", v=1), known("t.b", v="x" * 40_000)
    ledger.record(
        [Intent("run-1", 1, large.address, "create", "github")], [Committed("run-1", 0, first.address, first)]
    )
    (pages,) = ledger._connection.execute("PRAGMA page_count").fetchone()
    ledger._connection.execute(f"PRAGMA max_page_count = {pages + room}")
    with pytest.raises(StateError, match="disk is full") as raised:
        ledger.record(results=[Committed("run-1", 1, large.address, large)])
    assert "free some disk space" in raised.value.remedy
    with pytest.raises(StateError, match="disk is full"):
        ledger.end("run-1", RunOutcome.DONE, files.clock.now(), {"large": "x" * 40_000})
    assert (ledger.serial, list(ledger.objects())) == (1, [first.address])
    assert ledger.runs()[0].outcome is RunOutcome.RUNNING
    ledger.close()
    later = files.open()  # there is room again
    later.check()
    assert [found.address for found in later.open_intents()] == [large.address]
    assert later.record(results=[Committed("run-1", 1, large.address, large)]) == 2
    assert later.objects()[large.address] == large


def test_a_disk_that_is_full_when_the_state_is_made_leaves_nothing_behind(
    files: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect = sqlite3.connect

    def small(*arguments: Any, **named: Any) -> sqlite3.Connection:
        connection: sqlite3.Connection = connect(*arguments, **named)
        connection.execute("PRAGMA max_page_count = 5")
        return connection

    monkeypatch.setattr(sqlite3, "connect", small)
    with pytest.raises(StateError, match="disk is full"):
        files.open()
    assert list(files.path.parent.iterdir()) == []


def test_a_directory_that_cannot_be_made_is_told_with_what_to_do(files: Any, tmp_path: Path) -> None:
    (tmp_path / ".reconciler").write_text("a file in the way")
    with pytest.raises(StateError, match="cannot be used") as raised:
        files.open()
    assert "writable" in raised.value.remedy
    assert files.open(read_only=True).objects() == {}


def test_a_busy_file_is_told_and_not_waited_for_without_end(files: Any) -> None:
    first, second = files.open(), files.open()
    second._connection.execute("PRAGMA busy_timeout = 0")
    first._connection.execute("BEGIN IMMEDIATE")
    with pytest.raises(StateError, match="busy"):
        second.begin(files.run())
    first._connection.execute("ROLLBACK")
    second.begin(files.run())
    assert len(first.runs()) == 1


UNPRIVILEGED = """
if os.geteuid() == 0:  # root may write everywhere, so it becomes somebody who may not
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
try:
    with opened(read_only=sys.argv[2] == "reader") as ledger:
        print(len(ledger.runs()))
except StateError as error:
    print(error, "|", error.remedy)
"""


@pytest.mark.parametrize(
    ("mode", "who", "expected"),
    [
        (0o555, "reader", "1\n"),
        (0o555, "writer", "writable for this user"),
        (0o000, "reader", "writable for this user"),
    ],
)
def test_in_a_folder_one_may_not_write_a_reader_reads_and_a_writer_is_told(
    files: Any, mode: int, who: str, expected: str
) -> None:
    with tempfile.TemporaryDirectory() as directory:
        Path(directory).chmod(0o755)
        there = replace(files, path=Path(directory) / "state" / "testx.dev.db", opened=[])
        with there.open() as ledger:
            ledger.begin(files.run())
        there.path.chmod(0o444)
        there.path.parent.chmod(mode)
        answered = child(UNPRIVILEGED, there.path, who)
        there.path.parent.chmod(0o700)
    assert expected in answered.stdout, answered.stderr


def test_a_file_system_without_hard_links_will_do(files: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", unknown)
    with files.open() as ledger:
        lineage = ledger.lineage
    assert files.open().lineage == lineage
    assert not list(files.path.parent.glob(f".{files.path.name}.*"))


def test_a_file_system_that_is_full_is_told_as_a_full_disk(
    files: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StateError, match="No space left") as raised:
        files.open()
    assert "free some disk space" in raised.value.remedy


def test_a_text_that_is_not_unicode_is_refused_and_nothing_of_it_stays(files: Any, known: Make) -> None:
    ledger = files.open()
    ledger.begin(files.run())
    whole, broken = known("t.a"), known('t.b["\ud800"]')
    with pytest.raises(StateError, match="not Unicode"):
        ledger.record(results=[Committed("run-1", 0, one.address, one) for one in (whole, broken)])
    assert ledger.serial == 0


def test_a_disk_that_fills_up_during_a_backup_leaves_the_old_version_alone(
    files: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    files.open().close()
    monkeypatch.setattr(upgrades, "VERSION", VERSION + 1)
    monkeypatch.setattr(upgrades, "UPGRADES", {VERSION: lambda _: None})
    with monkeypatch.context() as during:
        during.setattr(os, "replace", full)
        with pytest.raises(StateError, match="No space left"):
            files.open()
    assert [found.name for found in files.path.parent.iterdir()] == [files.path.name]
    assert files.open().serial == 0


@pytest.mark.parametrize(
    ("code", "remedy"),
    [
        (errno.EDQUOT, "free some disk space"),
        (errno.EIO, "check the disk"),
        (errno.EFBIG, "check the disk"),
        (errno.EROFS, "writable for this user"),
        (errno.EACCES, "writable for this user"),
    ],
)
def test_what_the_file_system_refuses_is_told_with_the_remedy_that_fits(
    files: Any, monkeypatch: pytest.MonkeyPatch, code: int, remedy: str
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(StateError, match="cannot be used") as raised:
        files.open()
    assert remedy in raised.value.remedy
