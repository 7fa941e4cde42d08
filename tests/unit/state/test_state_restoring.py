"""A lost state continued in a new file; holds; and what was moved, which nobody let go of."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from reconciler.address import Address
from reconciler.errors import StateError
from reconciler.state.model import Committed, Hold, RunOutcome, StateObject
from tests.unit.state.conftest import Files

Known = Callable[..., StateObject]


def test_a_new_state_continues_a_lost_one_at_its_serial(files: Files, known: Known) -> None:
    ledger = files.open()
    objects = [known("github_repository.a"), known("github_issue_label.b", "github_repository.a")]
    run = files.run("run-9", from_serial=5)
    assert ledger.restore(run, "ab" * 16, objects) == 7
    assert (ledger.lineage, ledger.serial, ledger.kept_from) == ("ab" * 16, 7, 7)
    ledger.end("run-9", RunOutcome.DONE, files.clock.now(), {"x": 1})
    ledger.close()
    again = files.open()
    again.check()
    assert (again.lineage, again.serial, again.kept_from) == ("ab" * 16, 7, 7)
    assert list(again.objects(7).values()) == sorted(objects, key=lambda one: str(one.address))
    assert again.outputs() == {"x": 1}
    assert again.snapshots() == []
    with pytest.raises(StateError, match="no snapshot 6"):
        again.objects(6)
    again.begin(files.run("run-10", from_serial=7))
    assert again.record(results=[Committed("run-10", 0, objects[1].address, None)]) == 8
    again.check()


def test_a_state_without_objects_goes_on_at_its_serial(files: Files) -> None:
    assert files.open().restore(files.run(from_serial=41), "ab" * 16, []) == 41
    again = files.open()
    assert again.serial == 41
    again.check()


def test_a_state_with_a_history_takes_over_no_other(files: Files, known: Known) -> None:
    ledger = files.open()
    lineage = ledger.lineage
    ledger.begin(files.run())
    with pytest.raises(StateError, match="history of its own"):
        ledger.restore(files.run("run-2"), "ab" * 16, [known("github_repository.a")])
    assert (ledger.lineage, ledger.serial, len(ledger.runs())) == (lineage, 0, 1)


def test_what_was_moved_was_not_let_go_of(files: Files, known: Known) -> None:
    ledger = files.open()
    ledger.begin(files.run())
    before = known("github_repository.a")
    after = replace(before, address=Address.parse("github_repository.b"))
    ledger.record(results=[Committed("run-1", 0, before.address, before)])
    ledger.record(
        results=[
            Committed("run-1", 1, after.address, after, "move"),
            Committed("run-1", 2, before.address, None, "move"),
        ]
    )
    assert ledger.released() == []
    ledger.record(results=[Committed("run-1", 3, after.address, None, "forget")])
    assert ledger.released() == [after]


def test_a_configuration_can_be_held_back_and_released(files: Files) -> None:
    ledger = files.open()
    hold = Hold("digest-1", "run-1", files.clock.now(), "ada@host", "too early")
    ledger.hold(hold)
    assert ledger.holds() == [hold]
    ledger.release("digest-1")
    assert ledger.holds() == []
