"""``state mv`` and ``state rm``: what they record, and what they refuse."""

from collections.abc import Iterator, Mapping

import pytest

from reconciler.address import Address
from reconciler.errors import Refused
from reconciler.operations.forgetting import forget
from reconciler.operations.moving import move
from reconciler.operations.workspace import Workspace
from reconciler.operations.writing import new_run
from reconciler.state.model import Intent, RunOutcome
from tests.unit.operations.desk import Desk

STACK = """
resources:
  memory_thing:
    a: {name: a, with_default_part: true}
    other: {name: other}
  memory_part:
    lid: {thing: "${memory_thing.a.name}", name: "${'memory_thing.a'}"}
    box: {thing: other, name: box, depends_on: [memory_thing.a, memory_thing.other]}
"""


def at(text: str) -> Address:
    return Address.parse(text)


def cut_off_at(desk: Desk, steps: Mapping[str, str]) -> None:
    """A run that was killed in the middle of some steps: address to action."""
    desk.clock.sleep(1)
    with desk.open() as workspace:
        run = new_run(workspace, "apply")
        workspace.ledger.begin(run)
        workspace.ledger.record(
            intents=[
                Intent(run.id, step, at(address), action, "memory")
                for step, (address, action) in enumerate(steps.items())
            ]
        )


@pytest.fixture
def workspace(desk: Desk) -> Iterator[Workspace]:
    desk.apply(STACK)
    desk.service.calls.clear()
    with desk.open() as workspace:
        yield workspace
    assert desk.service.calls == []


def test_a_move_takes_a_serial_for_each_object_and_one_for_the_old_address(workspace: Workspace) -> None:
    ledger = workspace.ledger
    serial, before = ledger.serial, ledger.objects()
    moved = move(workspace, at("memory_thing.a"), at("memory_thing.b"))
    assert moved.serial == ledger.serial == serial + 4
    steps = [(snapshot.action, str(snapshot.address)) for snapshot in ledger.snapshots()[-4:]]
    assert steps == [
        ("move", "memory_thing.b"),
        ("no-op", "memory_part.box"),
        ("no-op", "memory_part.lid"),
        ("move", "memory_thing.a"),
    ]
    after = ledger.objects()
    assert after.keys() - before.keys() == {at("memory_thing.b")}
    assert after[at("memory_thing.b")].id == before[at("memory_thing.a")].id
    assert after[at("memory_thing.b")].side_effects == before[at("memory_thing.a")].side_effects != ()
    assert set(moved.rewritten) == {at("memory_part.box"), at("memory_part.lid")}
    run = ledger.runs()[-1]
    assert (run.command, run.outcome, run.to_serial) == ("mv", RunOutcome.DONE, moved.serial)


def test_all_that_refers_to_a_moved_object_follows_it(workspace: Workspace) -> None:
    move(workspace, at("memory_thing.a"), at("memory_thing.z"))
    after = workspace.ledger.objects()
    lid, box = after[at("memory_part.lid")], after[at("memory_part.box")]
    assert lid.depends_on == (at("memory_thing.z"),)
    assert lid.expressions["/thing"] == "${memory_thing.z.name}"
    assert lid.declared["name"] == "memory_thing.a"
    assert box.depends_on == (at("memory_thing.other"), at("memory_thing.z"))


@pytest.mark.parametrize(
    ("old", "new", "why", "advice"),
    [
        ("memory_thing.aa", "memory_thing.b", "nothing is recorded", "memory_thing."),
        ("memory_thing.a", "memory_thing.other", "another object has this address", "state rm"),
        ("memory_thing.a", "memory_part.b", "cannot become one of the type memory_part", "begins with"),
        ("memory_thing.a", "data.memory_thing.b", "never in a state", "data."),
        ("memory_thing.a", "memory_thing.a", "has this address already", "name the address"),
    ],
)
def test_a_move_that_cannot_be_is_refused_and_records_nothing(
    workspace: Workspace, old: str, new: str, why: str, advice: str
) -> None:
    serial, runs = workspace.ledger.serial, workspace.ledger.runs()
    with pytest.raises(Refused, match=why) as refused:
        move(workspace, at(old), at(new))
    assert advice in refused.value.diagnostics[0].advice
    assert (workspace.ledger.serial, workspace.ledger.runs()) == (serial, runs)


@pytest.mark.parametrize(
    ("old", "new"), [("memory_thing.a", "memory_thing.cut"), ("memory_thing.other", "memory_thing.b")]
)
def test_a_step_that_was_cut_off_stands_in_the_way_of_a_move(desk: Desk, old: str, new: str) -> None:
    desk.apply(STACK)
    cut_off_at(desk, {"memory_thing.cut": "create", "memory_thing.other": "update"})
    with desk.open() as workspace:
        with pytest.raises(Refused, match="was cut off") as refused:
            move(workspace, at(old), at(new))
        assert "reconciler apply" in refused.value.diagnostics[0].advice


def test_forgetting_takes_dependents_first_and_tells_how_to_take_each_back(workspace: Workspace) -> None:
    removal = forget(workspace, [at("memory_thing.a"), at("memory_part.lid"), at("memory_part.box")])
    steps = [(snapshot.action, str(snapshot.address)) for snapshot in workspace.ledger.snapshots()[-3:]]
    assert steps[-1] == ("forget", "memory_thing.a")
    assert {action for action, _ in steps} == {"forget"}
    assert removal.rewritten == ()
    assert [one.import_command for one in removal.forgotten] == [
        "reconciler import memory_thing.a a",
        "reconciler import memory_part.lid a:memory_thing.a",
        "reconciler import memory_part.box other:box",
    ]
    assert workspace.ledger.objects().keys() == {at("memory_thing.other")}
    assert workspace.ledger.runs()[-1].command == "rm"


def test_what_depends_on_something_forgotten_stays_and_waits_for_it_no_longer(workspace: Workspace) -> None:
    removal = forget(workspace, [at("memory_thing.a")])
    assert set(removal.rewritten) == {at("memory_part.box"), at("memory_part.lid")}
    after = workspace.ledger.objects()
    assert after[at("memory_part.lid")].depends_on == ()
    assert after[at("memory_part.box")].depends_on == (at("memory_thing.other"),)


def test_an_address_given_twice_is_forgotten_once(workspace: Workspace) -> None:
    removal = forget(workspace, [at("memory_part.box"), at("memory_part.box")])
    assert len(removal.forgotten) == 1


def test_a_misspelt_address_is_taken_for_one_of_its_own_type_before_any_other(workspace: Workspace) -> None:
    with pytest.raises(Refused, match="nothing is recorded") as refused:
        forget(workspace, [at("memory_part.boxx"), at("memory_parts.box")])
    first, second = refused.value.diagnostics
    assert first.advice == "did you mean 'memory_part.box'?"
    assert second.advice == "did you mean 'memory_part.box'?"


def test_when_one_address_is_unknown_all_are_kept(workspace: Workspace) -> None:
    serial = workspace.ledger.serial
    with pytest.raises(Refused, match="nothing is recorded") as refused:
        forget(workspace, [at("memory_part.box"), at("memory_part.lidd"), at("memory_thing.nothing")])
    assert len(refused.value.diagnostics) == 2
    assert "did you mean 'memory_part.lid'?" in refused.value.diagnostics[0].advice
    assert workspace.ledger.serial == serial


def test_a_step_that_was_cut_off_can_be_forgotten_without_an_object(desk: Desk) -> None:
    (desk.directory / "reconciler.yaml").write_text("stack: lab\n", encoding="utf-8")
    cut_off_at(desk, {"memory_thing.a": "create"})
    with desk.open() as workspace:
        assert workspace.ledger.open_intents()
        removal = forget(workspace, [at("memory_thing.a")])
        assert removal.forgotten[0].id is None
        assert workspace.ledger.open_intents() == []
        assert workspace.ledger.serial == removal.serial == 0
