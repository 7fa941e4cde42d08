"""How the codes about the state and its lock happen."""

import errno
import os
import sqlite3
from collections.abc import Callable

from reconciler.state.location import state_path
from reconciler.state.lock import lock
from reconciler.testing import FakeClock, MemoryService
from tests.command_line import Result
from tests.unit.codes.bench import ONE, OTHER, Bench, Scenarios

makes = Scenarios()


@makes("RC-LOCK-001")
def somebody_else_writes(bench: Bench) -> Result:
    bench.memory()
    bench.applied(ONE)
    path = state_path(bench.directory, "lab", "default", "real")
    with lock(path, who="ada@lovelace", command="apply", clock=FakeClock()):
        return bench.apply(OTHER)


def _applied_state(bench: Bench) -> tuple[MemoryService, str]:
    service = bench.memory()
    bench.applied(ONE)
    return service, str(state_path(bench.directory, "lab", "default", "real"))


@makes("RC-STATE-001")
def file_of_another_program(bench: Bench) -> Result:
    _, path = _applied_state(bench)
    os.unlink(path)
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE recipes (name TEXT)")
    other.close()
    return bench.json("state", "list")


@makes("RC-STATE-002")
def damaged_file(bench: Bench) -> Result:
    _, path = _applied_state(bench)
    with open(path, "r+b") as file:
        file.write(b"no database" * 100)
    return bench.json("state", "list")


@makes("RC-STATE-003")
def file_of_a_newer_version(bench: Bench) -> Result:
    _, path = _applied_state(bench)
    with sqlite3.connect(path) as newer:
        newer.execute("PRAGMA user_version = 999")
    newer.close()
    return bench.json("state", "list")


@makes("RC-STATE-004")
def credentials_of_another_account(bench: Bench) -> Result:
    service, _ = _applied_state(bench)
    service.account = type(service.account)("memory-2", "Another Lane")
    return bench.json("plan")


def _failing_flush(number: int) -> Callable[[int], None]:
    def fail(_: int) -> None:
        raise OSError(number, os.strerror(number))

    return fail


@makes("RC-STATE-005")
def full_disk(bench: Bench) -> Result:
    bench.memory()
    bench.monkeypatch.setattr(os, "fsync", _failing_flush(errno.ENOSPC))
    return bench.apply(ONE)


@makes("RC-STATE-006")
def read_only_file_system(bench: Bench) -> Result:
    bench.memory()
    bench.monkeypatch.setattr(os, "fsync", _failing_flush(errno.EROFS))
    return bench.apply(ONE)


@makes("RC-STATE-007")
def document_of_another_state(bench: Bench) -> Result:
    _applied_state(bench)
    pulled = bench.command("state", "pull").out.replace('"lab"', '"other"')
    file = bench.directory / "pulled.json"
    file.write_text(pulled, encoding="utf-8")
    return bench.json("state", "push", str(file))
