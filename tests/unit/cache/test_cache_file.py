"""The file of the cache: whatever is wrong with it is told once, and no command fails."""

import logging
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from reconciler.cache.store import Store
from tests.unit.cache.conftest import Shelf, keep, read, thing

COUNT = 10_000


def _noise(path: Path) -> None:
    path.write_bytes(b"this is no database " * 500)


def _foreign(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE orders (number INTEGER)")
    connection.close()


def _newer(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()


def _cut(path: Path) -> None:
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])


def _overwritten(path: Path) -> None:
    whole = bytearray(path.read_bytes())
    whole[4096:] = b"\x5a" * (len(whole) - 4096)
    path.write_bytes(whole)


@pytest.mark.parametrize("spoil", [_noise, _foreign, _newer, _cut, _overwritten])
def test_a_spoilt_file_is_told_of_once_and_worked_without(
    shelf: Shelf, spoil: Callable[[Path], None], caplog: pytest.LogCaptureFixture
) -> None:
    keep(shelf.memory(), *map(thing, range(200)))
    if spoil is _foreign:
        shelf.path.unlink()
    spoil(shelf.path)
    memory = shelf.memory()
    with caplog.at_level(logging.WARNING):
        assert read(memory, thing(1)) == {}
        keep(memory, thing(1))
        assert read(memory, thing(1)) == {}
    (told,) = caplog.messages
    assert str(shelf.path) in told
    assert "cache clear" in told


def test_a_foreign_file_is_left_as_it_is(shelf: Shelf) -> None:
    shelf.path.parent.mkdir()
    _foreign(shelf.path)
    before = shelf.path.read_bytes()
    keep(shelf.memory(), thing(1))
    assert shelf.path.read_bytes() == before


def test_clearing_removes_a_spoilt_file_and_the_next_read_is_kept_again(shelf: Shelf) -> None:
    keep(shelf.memory(), thing(1))
    _noise(shelf.path)
    assert Store(shelf.path).clear() == 0
    keep(shelf.memory(), thing(1))
    assert read(shelf.memory(), thing(1))
    assert Store(shelf.path).clear() == 1
    assert Store(shelf.path).clear() == 0


def test_a_file_that_cannot_be_written_is_still_read(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    keep(shelf.memory(), thing(1))
    connect = sqlite3.connect

    def read_only(path: Path, **options: object) -> sqlite3.Connection:
        return connect(f"file:{path}?mode=ro", uri=True, **options)  # type: ignore[call-overload,no-any-return]  # as given

    monkeypatch.setattr(sqlite3, "connect", read_only)
    memory = shelf.memory()
    keep(memory, thing(1), thing(2))
    keep(memory, thing(2))
    assert list(read(memory, thing(1), thing(2))) == ["id-1"]
    assert len(caplog.messages) == 1
    assert "readonly" in caplog.messages[0]


def test_a_directory_in_its_place_is_no_crash(shelf: Shelf) -> None:
    shelf.path.mkdir(parents=True)
    memory = shelf.memory()
    keep(memory, thing(1))
    assert read(memory, thing(1)) == {}


def test_an_answer_that_makes_no_sense_is_not_used(shelf: Shelf) -> None:
    keep(shelf.memory(), thing(1), thing(2))
    with sqlite3.connect(shelf.path) as connection:
        connection.execute("UPDATE answer SET text = '{\"id\": 3}' WHERE name = 'id-1'")
        connection.execute("UPDATE answer SET text = '[' WHERE name = 'id-2'")
    connection.close()
    assert read(shelf.memory(), thing(1), thing(2)) == {}


def test_where_there_is_no_room_nothing_is_made(tmp_path: Path, shelf: Shelf) -> None:
    fresh = Shelf(tmp_path / "fresh" / ".reconciler" / "cache" / "lab.db", shelf.clock, shelf.sealer)
    keep(fresh.memory(), thing(1))
    assert not (tmp_path / "fresh").exists()


def test_it_is_for_this_user_alone(shelf: Shelf) -> None:
    keep(shelf.memory(), thing(1))
    assert shelf.path.stat().st_mode & 0o777 == 0o600
    assert shelf.path.parent.stat().st_mode & 0o777 == 0o700


def test_readers_and_writers_at_once_see_whole_answers_and_none_fails(
    shelf: Shelf, caplog: pytest.LogCaptureFixture
) -> None:
    things = [*map(thing, range(60))]
    keep(shelf.memory(), *things)
    seen: list[set[int]] = []

    def write(version: int) -> None:
        memory = shelf.memory()
        for turn in range(5):
            keep(memory, *[thing(number, size=version * 100 + turn) for number in range(60)])

    def look() -> None:
        memory = shelf.memory()
        for _ in range(10):
            found = read(memory, *things)
            seen.append({one.attributes["size"] for one in found.values()})
            assert len(found) == 60

    workers = [threading.Thread(target=write, args=(version,)) for version in (1, 2, 3)]
    workers += [threading.Thread(target=look) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    first = set(range(60))
    assert len(seen) == 30
    assert all(len(sizes) == 1 or sizes == first for sizes in seen)
    assert not caplog.messages


def test_what_has_not_changed_is_not_written_again(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    things = [*map(thing, range(COUNT))]
    keep(shelf.memory(), *things)
    written: list[str] = []
    connect = sqlite3.connect

    def traced(path: Path, **options: object) -> sqlite3.Connection:
        connection = connect(path, **options)  # type: ignore[call-overload]  # as given
        connection.set_trace_callback(written.append)
        return connection  # type: ignore[no-any-return]  # as given

    monkeypatch.setattr(sqlite3, "connect", traced)
    shelf.clock.advance(60)
    keep(shelf.memory(), *things)
    changes = [text for text in written if text.startswith(("INSERT", "UPDATE", "DELETE"))]
    assert len(changes) == 1
    assert changes[0].startswith("UPDATE sweep")
    assert sum(text.startswith("BEGIN") for text in written) == 1
