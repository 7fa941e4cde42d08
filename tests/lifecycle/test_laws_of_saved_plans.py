"""Laws of saved plans over random stacks: what was saved is what is done, and a change by hand stays."""

import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from reconciler.errors import Refused
from reconciler.operations import applying, planning, saved_plans
from reconciler.operations.workspace import Workspace
from reconciler.plan.desired import Desired
from reconciler.plan.file import is_signed, read_document, write_document
from reconciler.plan.saved import SavedPlan
from reconciler.state.model import RunOutcome
from tests.faults_scale import scaled
from tests.lifecycle.law_stacks import FOREIGN, Stack, as_yaml, stacks
from tests.unit.operations.desk import Desk, order

LAW = settings(
    max_examples=scaled(20, 300),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)


def _desk(directory: str) -> Desk:
    desk = Desk(Path(directory))
    desk.environ["TOKEN"] = "one"
    desk.service.put("memory_thing", name=FOREIGN, text="theirs")
    return desk


def _through_a_file(workspace: Workspace) -> SavedPlan | None:
    """The plan of the stack, saved and read again; None where none can be made."""
    try:
        prospect = planning.make(workspace, Desired.of(workspace.stack))
    except Refused:
        return None
    sealer = workspace.ledger.sealer
    text = json.dumps(write_document(saved_plans.saved(workspace, prospect), sealer))
    document = json.loads(text)
    assert is_signed(document, sealer)
    assert write_document(read_document(document), sealer) == document
    return read_document(document)


def _applied(desk: Desk, stack: Stack) -> bool:
    """Whether a stack could be applied."""
    try:
        return desk.apply(as_yaml(stack)).outcome.outcome is RunOutcome.DONE
    except Refused:
        return False


@LAW
@given(first=stacks, second=stacks)
def test_what_was_saved_is_done_whole_and_then_nothing_is_left(first: Stack, second: Stack) -> None:
    with tempfile.TemporaryDirectory() as directory:
        desk = _desk(directory)
        _applied(desk, first)
        with desk.open(as_yaml(second)) as workspace:
            saved = _through_a_file(workspace)
            if saved is None:
                return
            meant = {(str(change.address), change.action) for change in saved.plan.visible}
            reviewed = saved_plans.review(workspace, saved)
            plan = reviewed.prospect.plan
            assert not plan.held, plan.held
            assert {(str(change.address), change.action) for change in plan.visible} == meant
            applied = applying.carry_out(workspace, reviewed.prospect, order())
            assert applied.outcome.is_complete, applied.outcome.failed
        with desk.open() as workspace:
            assert not planning.make(workspace, Desired.of(workspace.stack)).plan.has_changes


@LAW
@given(first=stacks, second=stacks, data=st.data())
def test_what_somebody_has_changed_is_left_to_them(first: Stack, second: Stack, data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as directory:
        desk = _desk(directory)
        if not _applied(desk, first):
            return
        with desk.open(as_yaml(second)) as workspace:
            saved = _through_a_file(workspace)
            things = [
                one for one in desk.service.objects("memory_thing") if one.attributes["name"] != FOREIGN
            ]
            if saved is None or not things:
                return
            thing = data.draw(st.sampled_from(things))
            desk.service.change("memory_thing", thing.id, text="by hand", size=12345)
            reviewed = saved_plans.review(workspace, saved)
            touched = [one for one in reviewed.prospect.plan.visible if one.live and one.live.id == thing.id]
            for change in touched:
                looked_at = {*change.planned, *(change.recorded.declared if change.recorded else ())}
                assert looked_at.isdisjoint({"text", "size"}), change
            applying.carry_out(workspace, reviewed.prospect, order())
        left = {one.id: one.attributes for one in desk.service.objects("memory_thing")}
        if thing.id in left and not touched:
            assert left[thing.id]["text"] == "by hand"


def test_the_laws_would_notice_a_step_that_nobody_has_reviewed(tmp_path: Path) -> None:
    desk = _desk(str(tmp_path))
    with desk.open("resources: {memory_thing: {a: {name: a}, b: {name: b}}}\n") as workspace:
        saved = _through_a_file(workspace)
        assert saved is not None
        reviewed = saved_plans.review(workspace, saved)
        assert {str(change.address) for change in reviewed.prospect.plan.visible} == {
            "memory_thing.a",
            "memory_thing.b",
        }
        assert (
            read_document(json.loads(json.dumps(write_document(saved, workspace.ledger.sealer)))).id
            == saved.id
        )
    with pytest.raises(Refused, match="configuration has changed"), desk.open("resources: {}\n") as workspace:
        saved_plans.review(workspace, saved)
