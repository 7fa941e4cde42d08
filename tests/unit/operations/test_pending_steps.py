"""Steps of a cut-off run whose provider does not answer hold back its resources, and no others."""

from pathlib import Path

import pytest

from reconciler.address import Address
from reconciler.errors import Refused, Unreachable
from reconciler.operations import applying, planning, rollback
from reconciler.operations.drift import find_drift
from reconciler.plan.desired import Desired
from reconciler.testing import MemoryService
from reconciler.testing.failures import MemoryCall
from tests.unit.operations.desk import Desk, order

STACK = """
providers:
  memory: {}
  memory.other: {}
resources:
  memory_thing:
    near: {name: near}
    far: {name: far, provider: memory.other}
    further: {name: further, provider: memory.other, text: "${memory_thing.far.id}"}
    rests: {name: rests, text: "${memory_thing.far.name}"}
    free: {name: free, text: one}
"""
SILENT = STACK.replace("memory.other: {}", "memory.other: {token: not-the-one}")
GROUND, FAR = Address.parse("memory_thing.near"), Address.parse("memory_thing.far")


def stop_at(service: MemoryService, name: str, *, took_effect: bool) -> None:
    def hook(call: MemoryCall) -> None:
        if call.operation == "create" and call.subject == name:
            raise KeyboardInterrupt

    if took_effect:
        service.on_answer = hook
    else:
        service.on_call = hook


def names(service: MemoryService) -> list[str]:
    return sorted(one.attributes["name"] for one in service.objects("memory_thing"))


@pytest.fixture(params=[True, False], ids=["it took effect", "it did not"])
def cut_off(desk: Desk, request: pytest.FixtureRequest) -> Desk:
    """A run was killed while it created ``far``, before anything else but ``near``."""
    desk.apply(STACK.split("    far:")[0])
    stop_at(desk.service, "far", took_effect=request.param)
    with pytest.raises(KeyboardInterrupt):
        desk.apply(STACK)
    desk.service.on_answer = desk.service.on_call = None
    return desk


def test_the_rest_is_done_and_one_apply_settles_them_when_it_answers_again(cut_off: Desk) -> None:
    silent = SILENT.replace("text: one", "text: two")
    with cut_off.open(silent) as workspace:
        (intent,) = [one for one in workspace.ledger.open_intents() if one.address == FAR]
        prospect = planning.make(workspace, Desired.of(workspace.stack))
        reasons = {str(held.address): held.reason for held in prospect.plan.held}
        assert reasons.keys() == {"memory_thing.far", "memory_thing.further", "memory_thing.rests"}
        assert f"what became of its create in run {intent.run} could not be looked up" in str(reasons)
        assert applying.carry_out(workspace, prospect, order()).outcome.is_complete
        assert intent in workspace.ledger.open_intents()
    assert {"near", "free"} <= set(names(cut_off.service))
    cut_off.apply(STACK.replace("text: one", "text: two"))
    assert names(cut_off.service) == ["far", "free", "further", "near", "rests"]
    with cut_off.open() as workspace:
        assert workspace.ledger.open_intents() == []
        assert not planning.make(workspace, Desired.of(workspace.stack)).plan.has_changes


def test_where_only_the_look_at_it_failed_it_is_not_taken_for_somebody_elses(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    two = STACK.split("    further:")[0]
    desk.apply(two.split("    far:")[0])
    stop_at(desk.service, "far", took_effect=True)
    with pytest.raises(KeyboardInterrupt):
        desk.apply(two)
    desk.service.on_answer = None
    desk.service.fail("find", Unreachable)
    with desk.open(two) as workspace:
        plan = planning.make(workspace, Desired.of(workspace.stack)).plan
    assert [held.address for held in plan.held] == [FAR]
    assert not plan.visible
    desk.apply(two)
    assert names(desk.service) == ["far", "near"]


def test_what_the_step_was_to_rest_on_stays_until_it_is_settled(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    resting = STACK.replace("name: far,", 'name: far, text: "${memory_thing.near.id}",')
    desk.apply(resting.split("    far:")[0])
    stop_at(desk.service, "far", took_effect=True)
    with pytest.raises(KeyboardInterrupt):
        desk.apply(resting)
    desk.service.on_answer = None
    with desk.open(SILENT.split("    near:")[0] + "    free: {name: free}\n") as workspace:
        plan = planning.make(workspace, Desired.of(workspace.stack)).plan
    assert {GROUND, FAR} <= {held.address for held in plan.held}
    assert not any(change.action.removes for change in plan.visible)


def test_drift_tells_of_them_as_unread(cut_off: Desk) -> None:
    with cut_off.open(SILENT) as workspace:
        report = find_drift(workspace)
    assert FAR in {found.address for found in report.unread}
    assert report.changed == ()


def test_a_rollback_is_refused_and_names_each(cut_off: Desk) -> None:
    with cut_off.open(SILENT) as workspace, pytest.raises(Refused) as refused:
        rollback.prepare(workspace, rollback.target(workspace.ledger))
    assert "memory_thing.far" in {problem.address for problem in refused.value.diagnostics}
    assert {problem.code for problem in refused.value.diagnostics} == {"MEMORY-AUTH-001"}


def test_a_cut_off_run_left_what_it_reached_before_the_next_whatever_is_settled_later(cut_off: Desk) -> None:
    cut_off.apply(SILENT.replace("text: one", "text: two"))
    with cut_off.open() as workspace:
        begun = workspace.ledger.runs()
    cut_off.apply(STACK)
    with cut_off.open() as workspace:
        where = rollback.target(workspace.ledger, begun[1].id)
    assert where.serial <= begun[2].from_serial
