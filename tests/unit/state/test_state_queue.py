"""The queue of deferred writes: kept with the run that put them off, gone with the step that does them."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from reconciler.address import Address
from reconciler.errors import StateError
from reconciler.state import upgrades
from reconciler.state.model import Committed, Deferred, RunOutcome, StateObject
from reconciler.state.tables import VERSION

Known = Callable[..., StateObject]


@pytest.fixture
def put_off(files: Any) -> Callable[..., Deferred]:
    def make(text: str, action: str = "create", **more: Any) -> Deferred:
        when = files.clock.now()
        address = Address.parse(text)
        return Deferred(
            address, action, "slack", "slack is down", "run-1", when, when + timedelta(days=7), **more
        )

    return make


def end(ledger: Any, files: Any, *deferred: Deferred, dropped: tuple[Address, ...] = ()) -> None:
    ledger.end("run-1", RunOutcome.DONE, files.clock.now(), deferred=deferred, dropped=dropped)


def queue(ledger: Any) -> list[tuple[str, str]]:
    return [(str(one.address), one.action) for one in ledger.deferred()]


def test_what_a_run_put_off_is_there_after_it_in_order_and_as_it_was(files: Any, put_off: Any) -> None:
    first, second = put_off("slack_channel.b", declared="d1", seen="s1"), put_off("slack_channel.a", "update")
    with files.open() as ledger:
        ledger.begin(files.run())
        end(ledger, files, first, second)
    with files.open(read_only=True) as ledger:
        assert ledger.deferred() == [replace(first, position=1), replace(second, position=2)]


def test_an_address_that_is_put_off_again_has_one_entry_at_the_end(files: Any, put_off: Any) -> None:
    with files.open() as ledger:
        ledger.begin(files.run())
        end(ledger, files, put_off("slack_channel.a"), put_off("slack_channel.b"))
        end(ledger, files, put_off("slack_channel.a", "update"))
        assert queue(ledger) == [("slack_channel.b", "create"), ("slack_channel.a", "update")]


def test_the_step_that_does_it_takes_it_out_of_the_queue_and_half_a_step_does_not(
    files: Any, put_off: Any, known: Known
) -> None:
    with files.open() as ledger:
        ledger.begin(files.run())
        end(ledger, files, put_off("slack_channel.a", "replace"), put_off("slack_channel.b"))
        ledger.begin(files.run("run-2"))
        address = Address.parse("slack_channel.a")
        ledger.record(results=[Committed("run-2", 0, address, None, "delete")])
        assert len(ledger.deferred()) == 2
        ledger.record(results=[Committed("run-2", 1, address, known("slack_channel.a"), is_whole=True)])
        assert queue(ledger) == [("slack_channel.b", "create")]


def test_a_step_that_cannot_be_recorded_leaves_the_queue_as_it_was(
    files: Any, put_off: Any, known: Known
) -> None:
    address, other = Address.parse("slack_channel.a"), Address.parse("slack_channel.b")
    with files.open() as ledger:
        ledger.begin(files.run())
        end(ledger, files, put_off("slack_channel.a"))
        done = Committed("run-1", 0, address, known("slack_channel.a"), is_whole=True)
        wrong = Committed("run-1", 1, other, known("slack_channel.a"), is_whole=True)
        with pytest.raises(StateError, match="nothing was recorded"):
            ledger.record(results=[done, wrong])
        assert queue(ledger) == [("slack_channel.a", "create")]


def test_a_run_can_drop_what_it_made_moot_and_so_can_somebody(files: Any, put_off: Any) -> None:
    a, b, c = map(Address.parse, ("slack_channel.a", "slack_channel.b", "slack_channel.c"))
    with files.open() as ledger:
        ledger.begin(files.run())
        end(ledger, files, *map(put_off, map(str, (a, b, c))))
        end(ledger, files, dropped=(b,))
        assert [one.address for one in ledger.deferred()] == [a, c]
        ledger.drop([a])
        assert [one.address for one in ledger.deferred()] == [c]


def test_pruning_keeps_the_queue(files: Any, put_off: Any, known: Known) -> None:
    with files.open() as ledger:
        ledger.begin(files.run())
        ledger.record(
            results=[Committed("run-1", 0, Address.parse("slack_channel.z"), known("slack_channel.z"))]
        )
        end(ledger, files, put_off("slack_channel.a"))
        ledger.begin(files.run("run-2", 1))
        changed = known("slack_channel.z", topic="new")
        ledger.record(results=[Committed("run-2", 0, changed.address, changed)])
        ledger.end("run-2", RunOutcome.DONE, files.clock.now())
        ledger.prune(2)
        assert queue(ledger) == [("slack_channel.a", "create")]
        ledger.check()


def test_a_file_of_version_2_gets_an_empty_queue_and_a_copy_is_kept(files: Any, put_off: Any) -> None:
    files.open().close()
    with closing(sqlite3.connect(files.path)) as connection, connection:
        connection.execute("DROP TABLE deferral")
        connection.execute("PRAGMA user_version = 2")
    with files.open(read_only=True) as ledger:
        assert ledger.deferred() == []
    with files.open() as ledger:
        ledger.begin(files.run())
        end(ledger, files, put_off("slack_channel.a"))
        assert queue(ledger) == [("slack_channel.a", "create")]
        ledger.check()
    backup = files.path.with_name(files.path.name + ".v2.backup")
    found = []
    for path in (files.path, backup):
        with closing(sqlite3.connect(path)) as connection:
            found.append(upgrades.version_of(connection))
    assert found == [VERSION, 2]
