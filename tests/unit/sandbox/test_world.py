"""The store behind the emulators."""

import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from reconciler.sandbox.world import Shelf, World

INDEXES = {"label": ("repository_id", "name"), "team": ()}


def shelf_of(world: World) -> Shelf:
    return world.shelf("service", INDEXES)


def test_a_document_is_found_by_its_key() -> None:
    shelf = shelf_of(World())
    shelf.put("label", 1, {"name": "bug"})
    assert shelf.get("label", 1) == {"name": "bug"}
    assert shelf.get("label", 2) is None


def test_documents_are_found_by_several_indexed_fields_in_order_of_creation() -> None:
    shelf = shelf_of(World())
    for key, (repository, name) in enumerate([(5, "bug"), (6, "bug"), (5, "epic"), (5, None)]):
        shelf.put("label", key, {"repository_id": repository, "name": name, "key": key})
    assert [found["key"] for found in shelf.find("label", repository_id=5)] == [0, 2, 3]
    assert [found["key"] for found in shelf.find("label", repository_id=5, name="bug")] == [0]
    assert [found["key"] for found in shelf.find("label", name=None)] == [3]
    assert shelf.find("label", repository_id="5") == []
    assert shelf.count("label", repository_id=5) == 3
    assert shelf.count("label") == 4


def test_a_document_put_again_is_found_by_its_new_values_only_and_keeps_its_place() -> None:
    shelf = shelf_of(World())
    shelf.put("label", 1, {"name": "bug"})
    shelf.put("label", 2, {"name": "epic"})
    shelf.put("label", 1, {"name": "defect"})
    assert shelf.find("label", name="bug") == []
    assert [found["name"] for found in shelf.find("label")] == ["defect", "epic"]


def test_a_lookup_by_a_field_without_an_index_is_refused() -> None:
    shelf = shelf_of(World())
    with pytest.raises(LookupError, match="color"):
        shelf.find("label", color="red")
    with pytest.raises(LookupError, match="issue"):
        shelf.get("issue", 1)


def test_what_is_deleted_leaves_no_entry_behind() -> None:
    shelf = shelf_of(World())
    for key in range(3):
        shelf.put("label", key, {"repository_id": 5, "name": str(key)})
    assert shelf.delete("label", 0) is True
    assert shelf.delete("label", 0) is False
    assert shelf.delete_all("label", repository_id=5) == 2
    assert shelf.find("label") == []
    assert shelf.world.execute("SELECT count(*) FROM entry") == [(0,)]


def test_a_transaction_that_fails_leaves_nothing() -> None:
    world = World()
    shelf = shelf_of(world)

    def fail() -> None:
        with world.transaction():
            shelf.put("team", 1, {})
            with world.transaction():
                shelf.next_id()
            raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011 (raised just above)
        fail()
    assert shelf.get("team", 1) is None
    assert shelf.next_id() == 1


def test_services_do_not_see_each_other() -> None:
    world = World()
    one, other = world.shelf("one", INDEXES), world.shelf("other", INDEXES)
    one.put("team", 1, {"of": "one"})
    other.put("team", 1, {"of": "other"})
    one.next_id()
    one.clear()
    assert one.find("team") == []
    assert other.find("team") == [{"of": "other"}]
    assert (one.next_id(100), one.next_id(), other.next_id()) == (100, 101, 1)


def test_a_world_on_disk_lasts_and_is_shared_by_two_connections(tmp_path: Path) -> None:
    first, second = World(tmp_path / "deep" / "world.db"), World(tmp_path / "deep" / "world.db")
    shelf_of(first).put("team", 1, {"name": "qa"})
    assert shelf_of(second).get("team", 1) == {"name": "qa"}
    first.close()
    second.close()
    assert shelf_of(World(tmp_path / "deep" / "world.db")).get("team", 1) == {"name": "qa"}


def test_many_threads_on_two_connections_lose_no_write(tmp_path: Path) -> None:
    worlds = [World(tmp_path / "world.db") for _ in range(2)]

    def count_up(world: World) -> None:
        shelf = shelf_of(world)
        for _ in range(20):
            with world.transaction():
                document = shelf.get("team", 1) or {"count": 0}
                shelf.put("team", 1, {"count": document["count"] + 1})

    threads = [threading.Thread(target=count_up, args=(worlds[number % 2],)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert shelf_of(worlds[0]).get("team", 1) == {"count": 160}


def test_time_comes_from_the_clock_it_is_given() -> None:
    moment = datetime(2026, 1, 2, tzinfo=UTC)
    assert World(clock=lambda: moment).now() == moment
