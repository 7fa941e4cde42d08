"""A disk that is full at any write loses nothing, says what to do, and does no harm once there is room."""

import resource
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

import pytest

from reconciler.address import Address
from reconciler.clock import SystemClock
from reconciler.errors import StateError
from reconciler.registry import Registry
from reconciler.state.model import Committed, Intent, Run, StateObject
from reconciler.state.sqlite import SqliteLedger
from reconciler.testing import MemoryFactory, MemoryService
from tests.command_line import CommandLine

LONG = "x" * 6000
"""So long that whatever it is written with needs another page of the file."""

FIRST = f"""stack: lab
resources:
  memory_thing:
    a: {{name: a, text: one {LONG}}}
    b: {{name: b, text: {LONG}, kind: plain}}
    c: {{name: c, text: "${{memory_thing.a.text}}"}}
  memory_note:
    n: {{title: n, text: {LONG}}}
outputs: {{told: {{value: "${{memory_thing.a.text}}"}}}}
"""
SECOND = f"""stack: lab
resources:
  memory_thing:
    a: {{name: a, text: two {LONG}}}
    b: {{name: b, text: {LONG}, kind: fancy}}
    d: {{name: d, text: {LONG}}}
  memory_note:
    n: {{title: n, text: {LONG}}}
    m: {{title: m, text: {LONG}}}
outputs: {{told: {{value: "${{memory_thing.a.text}}"}}}}
"""
RUNS = ["--auto-approve", "--parallelism", "1", "--why", LONG]
JOURNEY = [
    (FIRST, ["apply", *RUNS]),
    (FIRST, ["snapshot", "name", "first"]),
    (SECOND, ["apply", *RUNS]),
    (SECOND, ["rollback", "--to", "first", *RUNS]),
    (FIRST, ["state", "history", "--prune", "--before", "first", "--auto-approve"]),
]


class Disk(Protocol):
    """Something that can be full."""

    directory: Path

    def fill(self, connection: sqlite3.Connection) -> None: ...

    def empty(self) -> None: ...


@dataclass
class PageLimit:
    """A file that may not grow, as far as SQLite is concerned; it forgets so with its connection."""

    directory: Path

    def fill(self, connection: sqlite3.Connection) -> None:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages}")

    def empty(self) -> None:
        pass


@dataclass
class SmallDisk:
    """A file system of its own, and a file that takes all the room that is left."""

    directory: Path

    def fill(self, connection: sqlite3.Connection) -> None:
        with (self.directory / "filler").open("ab", buffering=0) as filler, suppress(OSError):
            while filler.write(b"\0" * 4096):
                pass
        assert shutil.disk_usage(self.directory).free == 0

    def empty(self) -> None:
        (self.directory / "filler").unlink(missing_ok=True)


class Watched:
    """Lets the disk be full from one write to the state on: the first ``begin``, the seventh ``record``."""

    def __init__(self, disk: Disk, kind: str, number: int, monkeypatch: pytest.MonkeyPatch) -> None:
        self.disk = disk
        self.left = number
        self.is_full = False
        self.reached = 0
        """The serial after the last write that was done."""
        for name in ("remember_account", "begin", "record", "end", "name", "prune"):
            monkeypatch.setattr(SqliteLedger, name, self._watched(name, is_counted=name == kind))

    def _watched(self, name: str, *, is_counted: bool) -> Callable[..., Any]:
        method = getattr(SqliteLedger, name)

        def write(ledger: SqliteLedger, *arguments: Any, **named: Any) -> Any:
            self.left -= is_counted
            self.is_full = self.is_full or (is_counted and self.left == 0)
            if self.is_full:
                self.disk.fill(ledger._connection)
            answer = method(ledger, *arguments, **named)
            self.reached = ledger.serial
            return answer

        return write

    def empty(self) -> None:
        self.is_full = False
        self.disk.empty()


def opened(path: Path) -> SqliteLedger:
    return SqliteLedger.open(path, stack="lab", environment="default", realm="real", clock=SystemClock())


def journey_survives(watched: Watched, service: MemoryService, command: CommandLine) -> int:
    """Go the whole journey; where the disk is full, look, make room and take the same step again.

    Returns in how many of its steps the disk was full.
    """
    failed = 0
    for text, arguments in JOURNEY:
        command.write(text)
        result = command(*arguments)
        if result.code != 0:
            failed += 1
            assert (result.code, result.err.count("Traceback")) == (1, 0), result.err
            assert "free some disk space and run the same command again" in result.err
            watched.empty()
            with opened(state_of(command.directory)) as ledger:
                ledger.check()
                assert ledger.serial == watched.reached
            result = command(*arguments)
        assert result.code == 0, result.err
        with opened(state_of(command.directory)) as ledger:
            ledger.check()
            assert ledger.open_intents() == []
            recorded = {known.id for known in ledger.objects().values()}
        there = [*service.objects("memory_thing"), *service.objects("memory_note")]
        assert recorded == {found.id for found in there}
        assert len(recorded) == (5 if arguments is JOURNEY[2][1] else 4)
    command.write(FIRST)
    assert command("plan", "--detailed-exitcode").code == 0
    return failed


def state_of(directory: Path) -> Path:
    return directory / ".reconciler" / "state" / "lab.default.db"


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> MemoryService:
    service = MemoryService()
    registry = Registry({"memory": MemoryFactory(service)})
    monkeypatch.setattr(Registry, "installed", lambda: registry)
    return service


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[SmallDisk]:
    """A file system of 2 MiB, where one may be mounted."""
    directory = tmp_path / "disk"
    directory.mkdir()
    mount, umount = shutil.which("mount"), shutil.which("umount")
    if mount is None or umount is None:
        pytest.skip("there is no mount here")
    mounted = subprocess.run(
        [mount, "-t", "tmpfs", "-o", "size=2m", "tmpfs", directory], capture_output=True, text=True
    )
    if mounted.returncode != 0:
        pytest.skip(f"no file system can be mounted here: {mounted.stderr.strip()}")
    yield SmallDisk(directory)
    subprocess.run([umount, "--lazy", directory], check=True)


@pytest.mark.parametrize(
    ("kind", "number"),
    [
        ("remember_account", 1),
        *(("begin", number) for number in (1, 2, 3)),
        *(("record", number) for number in range(1, 19)),
        *(("end", number) for number in (1, 2, 3)),
        ("name", 1),
    ],
)
def test_a_file_that_cannot_grow_from_any_write_of_a_journey_on_loses_nothing(
    tmp_path: Path,
    service: MemoryService,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    kind: str,
    number: int,
) -> None:
    watched = Watched(PageLimit(tmp_path), kind, number, monkeypatch)
    assert journey_survives(watched, service, CommandLine(tmp_path, capsys)) == 1


@pytest.mark.parametrize(
    ("kind", "number"),
    [
        ("remember_account", 1),
        ("begin", 1),
        *(("record", number) for number in (1, 2, 5, 6, 9, 11, 13, 16)),
        ("end", 1),
        ("end", 3),
        ("name", 1),
        ("prune", 1),
    ],
)
def test_a_disk_that_is_full_from_any_write_of_a_journey_on_loses_nothing(
    small_disk: SmallDisk,
    service: MemoryService,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    kind: str,
    number: int,
) -> None:
    watched = Watched(small_disk, kind, number, monkeypatch)
    assert journey_survives(watched, service, CommandLine(small_disk.directory, capsys)) == 1


def committed(name: str, text: str) -> Committed:
    address = Address("t", name)
    return Committed("run-1", 0, address, StateObject(address, "p", f"id of {name}", {"text": text}))


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[SqliteLedger]:
    """A file of some 200 KiB with a serial, whose log begins anew."""
    path = state_of(tmp_path)
    with opened(path) as first:
        first.begin(Run("run-1", "apply", datetime(2026, 1, 2, tzinfo=UTC), "ada", 0))
        first.record(results=[committed("large", "x" * 200_000)])
    with opened(path) as ledger:
        yield ledger


@contextmanager
def no_file_larger_than(size: int) -> Iterator[None]:
    """What the process writes beyond fails, with EFBIG."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


def log_of(directory: Path) -> Path:
    path = state_of(directory)
    return path.with_name(path.name + "-wal")


def test_a_log_that_cannot_grow_is_told_and_nothing_is_lost(ledger: SqliteLedger, tmp_path: Path) -> None:
    ledger.record(results=[committed("a", "small")])
    size = log_of(tmp_path).stat().st_size
    for beyond in (0, 1, 24, 4096, 3 * 4120):
        with no_file_larger_than(size + beyond):
            with pytest.raises(StateError, match="writing the state failed") as raised:
                ledger.record([intent("b")], [committed("a", LONG * 3)])
            assert "check the disk" in raised.value.remedy
        assert ledger.serial == 2
        assert ledger.objects()[Address("t", "a")].attributes == {"text": "small"}
    assert ledger.record([intent("b")], [committed("a", LONG * 3)]) == 3
    ledger.close()
    with opened(state_of(tmp_path)) as again:
        again.check()
        assert (again.serial, len(again.open_intents())) == (3, 1)


def test_a_checkpoint_that_fails_is_no_failure_of_the_commit(ledger: SqliteLedger, tmp_path: Path) -> None:
    path = state_of(tmp_path)
    ledger._connection.execute("PRAGMA wal_autocheckpoint = 1")
    size = path.stat().st_size
    with no_file_larger_than(size):
        for number in range(5):
            ledger.record(results=[committed(f"x{number}", LONG)])
        assert path.stat().st_size == size
        assert ledger.serial == 6
        ledger.close()  # it tries once more, in vain
        assert log_of(tmp_path).stat().st_size > 0
        with SqliteLedger.open(
            path, stack="lab", environment="default", realm="real", clock=SystemClock(), read_only=True
        ) as reader:
            assert reader.serial == 6
    with opened(path) as again:
        again.check()
        assert again.serial == 6
    assert path.stat().st_size > size
    assert not log_of(tmp_path).exists()


def intent(name: str) -> Intent:
    return Intent("run-1", 1, Address("t", name), "create", "p")


def test_names_are_given_until_the_disk_is_full_and_all_of_them_are_kept(
    ledger: SqliteLedger, tmp_path: Path
) -> None:
    PageLimit(tmp_path).fill(ledger._connection)
    asked: list[int] = []

    def name_on_and_on() -> None:
        for number in range(1000):
            asked.append(number)
            ledger.name(f"{'n' * 90}-{number}", 1, datetime(2026, 1, 2, tzinfo=UTC), "ada")

    with pytest.raises(StateError, match="disk is full"):
        name_on_and_on()
    given = asked[-1]
    assert 0 < given < 1000
    assert len(ledger.names()) == given
    ledger.close()
    with opened(state_of(tmp_path)) as again:
        again.check()
        assert len(again.names()) == given
