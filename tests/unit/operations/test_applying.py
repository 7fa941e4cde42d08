"""A plan carried out: what goes into the books, and what the second look finds."""

from dataclasses import replace

import pytest

from reconciler.errors import Refused, Rejected, Unreachable
from reconciler.operations import applying, planning, rereading
from reconciler.operations.writing import new_run
from reconciler.plan.desired import Desired
from reconciler.state.model import RunOutcome
from reconciler.testing import MemoryCall
from reconciler.values import Digest
from tests.unit.operations.desk import Desk, order

ONE = "resources:\n  memory_thing: {a: {name: a, text: first}}\n"


def test_a_run_is_recorded_with_who_when_and_what(desk: Desk) -> None:
    desk.environ = {"GITHUB_ACTOR": "ada", "GITHUB_REF": "refs/pull/7/merge"}
    applied = desk.apply(ONE)
    with desk.open() as workspace:
        (run,) = workspace.ledger.runs()
        assert run.configuration == workspace.stack.digest()
    assert run.id == applied.outcome.run
    assert run.id.startswith("20260101T000000-")
    assert (run.command, run.who, run.pull_request) == ("apply", "ada (GitHub Actions)", "#7")
    assert (run.from_serial, run.to_serial, run.outcome) == (0, 1, RunOutcome.DONE)


def test_ids_of_runs_differ_even_in_the_same_second(desk: Desk) -> None:
    with desk.open(ONE) as workspace:
        assert len({new_run(workspace, "apply").id for _ in range(20)}) > 1


def test_the_state_is_bound_to_the_account_by_the_first_run(desk: Desk) -> None:
    with desk.open(ONE) as workspace:
        planning.make(workspace, Desired.of(workspace.stack))
        assert workspace.ledger.accounts() == {}
    desk.apply()
    with desk.open() as workspace:
        assert workspace.ledger.accounts()["memory"].name == "Memory Lane"


def test_outputs_are_recorded_with_values_that_only_the_service_told(desk: Desk) -> None:
    desk.apply(ONE + "outputs:\n  id: {value: '<${memory_thing.a.id}>'}\n  s: {value: x, sensitive: true}\n")
    identity = desk.service.objects("memory_thing")[0].id
    with desk.open() as workspace:
        outputs = workspace.ledger.outputs()
    assert outputs["id"] == f"<{identity}>"
    assert isinstance(outputs["s"], Digest)


def test_after_a_failure_an_output_that_cannot_be_known_stays_as_it_was(desk: Desk) -> None:
    outputs = "outputs:\n  url: {value: '${memory_thing.a.url}'}\n"
    desk.apply(ONE + outputs)
    with desk.open() as workspace:
        before = workspace.ledger.outputs()
    assert before["url"]
    desk.service.fail("create", Rejected)
    failed = desk.apply(ONE.replace("a: {name: a", "b: {name: b") + outputs.replace("thing.a", "thing.b"))
    assert failed.outcome.outcome is RunOutcome.FAILED
    with desk.open() as workspace:
        assert workspace.ledger.outputs() == before


def test_a_write_that_does_not_last_is_found_by_the_second_look(desk: Desk) -> None:
    def undo(call: MemoryCall) -> None:
        if call.operation == "create":
            created = desk.service.objects("memory_thing")[0]
            desk.service.change("memory_thing", created.id, text="somebody else's")

    desk.service.on_answer = undo
    applied = desk.apply(ONE)
    assert applied.outcome.is_complete
    (found,) = applied.verification.differing
    assert found.attributes == ("text",)


def test_a_second_look_that_fails_is_told_and_ends_nothing(desk: Desk) -> None:
    with desk.open(ONE) as workspace:
        prospect = planning.make(workspace, Desired.of(workspace.stack))
        desk.service.fail("read", Unreachable, times=None)
        applied = applying.carry_out(workspace, prospect, order())
    assert applied.outcome.is_complete
    assert [str(found.address) for found in applied.verification.unread] == ["memory_thing.a"]


def test_a_plan_is_carried_out_at_once_without_reading_again(desk: Desk) -> None:
    desk.apply(ONE)
    with desk.open(ONE.replace("first", "second")) as workspace:
        prospect = planning.make(workspace, Desired.of(workspace.stack))
        before = desk.service.count("read")
        desk.clock.advance(rereading.FRESH)
        rereading.check_unchanged(workspace, prospect)
        assert desk.service.count("read") == before


def test_an_object_that_changed_while_somebody_thought_is_refused_by_name_and_attribute(desk: Desk) -> None:
    desk.apply(ONE)
    with desk.open(ONE.replace("first", "second")) as workspace:
        prospect = planning.make(workspace, Desired.of(workspace.stack))
        desk.clock.advance(rereading.FRESH + 1)
        rereading.check_unchanged(workspace, prospect)
        thing = desk.service.objects("memory_thing")[0]
        desk.service.change("memory_thing", thing.id, text="third")
        with pytest.raises(Refused) as refused:
            rereading.check_unchanged(workspace, prospect)
    (found,) = refused.value.diagnostics
    assert found.address == "memory_thing.a"
    assert found.summary.endswith(": text")


def test_an_object_that_went_away_while_somebody_thought_is_refused(desk: Desk) -> None:
    desk.apply(ONE)
    with desk.open(ONE.replace("first", "second")) as workspace:
        prospect = planning.make(workspace, Desired.of(workspace.stack))
        desk.clock.advance(rereading.FRESH + 1)
        desk.service.remove("memory_thing", desk.service.objects("memory_thing")[0].id)
        with pytest.raises(Refused, match="not there any more"):
            rereading.check_unchanged(workspace, prospect)


def test_an_object_that_came_to_be_while_somebody_thought_is_not_taken_for_our_own(desk: Desk) -> None:
    with desk.open(ONE) as workspace:
        prospect = planning.make(workspace, Desired.of(workspace.stack))
        desk.clock.advance(rereading.FRESH + 1)
        rereading.check_unchanged(workspace, prospect)
        desk.service.put("memory_thing", name="a", text="somebody else's")
        with pytest.raises(Refused, match="exists in the service by now") as refused:
            rereading.check_unchanged(workspace, prospect)
    assert [found.address for found in refused.value.diagnostics] == ["memory_thing.a"]


def test_what_cannot_be_read_again_is_not_taken_for_gone(desk: Desk) -> None:
    desk.apply(ONE)
    with desk.open(ONE.replace("first}", "second}, b: {name: b}")) as workspace:
        prospect = planning.make(workspace, Desired.of(workspace.stack))
        desk.clock.advance(rereading.FRESH + 1)
        desk.service.fail("read", Unreachable, times=None)
        desk.service.fail("find", Unreachable, times=None)
        with pytest.raises(Refused) as refused:
            rereading.check_unchanged(workspace, prospect)
    told = {found.address: found.summary for found in refused.value.diagnostics}
    assert set(told) == {"memory_thing.a", "memory_thing.b"}
    assert all("cannot be read again" in summary for summary in told.values())


def test_a_run_that_has_ended_is_told_even_if_the_second_look_is_interrupted(desk: Desk) -> None:
    def interrupt(call: MemoryCall) -> None:
        if call.operation == "read":
            raise KeyboardInterrupt

    with desk.open(ONE) as workspace:
        prospect = planning.make(workspace, Desired.of(workspace.stack))
        ended: list[RunOutcome | None] = []
        desk.service.on_call = interrupt
        asked = replace(order(), ended=lambda: ended.append(workspace.ledger.runs()[-1].outcome))
        applied = applying.carry_out(workspace, prospect, asked)
    assert ended == [RunOutcome.DONE]
    assert applied.outcome.is_complete
    assert applied.verification.checked == 0


def test_who_has_asked_to_stop_waits_for_no_second_look(desk: Desk) -> None:
    with desk.open(ONE) as workspace:
        prospect = planning.make(workspace, Desired.of(workspace.stack))
        asked = order()
        desk.service.on_answer = lambda call: asked.stop.set() if call.operation == "create" else None
        before = desk.service.count("read")
        applied = applying.carry_out(workspace, prospect, asked)
    assert applied.outcome.outcome is RunOutcome.DONE
    assert desk.service.count("read") == before


def test_what_a_plan_costs_is_estimated_with_the_services_own_latency(desk: Desk) -> None:
    with desk.open(ONE) as workspace:
        prospect = planning.make(workspace, Desired.of(workspace.stack))
    assert prospect.cost.calls == {"memory": 1}


def test_a_plan_without_changes_asks_nobody_about_health(desk: Desk) -> None:
    desk.apply(ONE)
    before = desk.service.count("health")
    with desk.open() as workspace:
        assert not planning.make(workspace, Desired.of(workspace.stack)).plan.has_changes
    assert desk.service.count("health") == before
