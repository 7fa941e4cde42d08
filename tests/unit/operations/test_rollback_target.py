"""Where a rollback goes, and what it holds back."""

import threading

import pytest

from reconciler.address import Address
from reconciler.apply.executor import execute
from reconciler.errors import Refused
from reconciler.operations import applying, holds, planning, rollback
from reconciler.operations.workspace import Workspace
from reconciler.operations.writing import new_run
from reconciler.plan.desired import Desired
from reconciler.state.model import Hold, Run, RunOutcome
from tests.unit.operations.desk import Desk, Unwatched, order

ONE = "resources:\n  memory_thing: {a: {name: a, text: first}}\n"
TWO = ONE.replace("first", "second")


def go_back(workspace: Workspace, to: str | None = None) -> rollback.Target:
    where = rollback.target(workspace.ledger, to)
    prospect = rollback.prepare(workspace, where)
    run = order("rollback", configuration=where.configuration)
    applying.carry_out(workspace, prospect, run)
    return where


def half_way(desk: Desk, to: str | None, outcome: RunOutcome) -> Run:
    """A rollback that ended so after one step; RUNNING is how a process that was killed leaves it."""
    with desk.open() as workspace:
        where = rollback.target(workspace.ledger, to)
        prospect = rollback.prepare(workspace, where)
        stop, unwatched = threading.Event(), Unwatched()
        unwatched.finished = lambda change, seconds: stop.set()  # type: ignore[method-assign]  # the test's own
        run = new_run(workspace, "rollback", configuration=where.configuration, target=where.serial)
        workspace.ledger.begin(run)
        execute(
            prospect.plan,
            ledger=workspace.ledger,
            providers=prospect.providers,
            types=workspace.registry,
            clock=workspace.clock,
            run=run,
            progress=unwatched,
            stop=stop,
            parallelism=1,
        )
        if outcome is not RunOutcome.RUNNING:
            workspace.ledger.end(run.id, outcome, workspace.clock.now())
        return run


BOTH = "resources:\n  memory_thing: {a: {name: a, text: first}, b: {name: b, text: first}}\n"


@pytest.mark.parametrize(
    ("outcome", "word"),
    [
        (RunOutcome.RUNNING, "was cut off"),
        (RunOutcome.FAILED, "failed"),
        (RunOutcome.INTERRUPTED, "was interrupted"),
    ],
)
def test_after_a_rollback_that_did_not_arrive_the_next_one_goes_on_with_it(
    desk: Desk, outcome: RunOutcome, word: str
) -> None:
    desk.apply(BOTH)
    desk.apply(BOTH.replace("first", "second"))
    begun = half_way(desk, None, outcome)
    with desk.open() as workspace:
        where = rollback.target(workspace.ledger)
        assert where.serial == begun.target == 2
        assert rollback.headline(where).startswith(
            f"The rollback {begun.id} {word}; going on with it, back to"
        )
        held = rollback.hold(where, new_run(workspace, "rollback"), "")
        assert held is not None
        assert held.configuration == workspace.stack.digest()
        go_back(workspace)
        assert not rollback.prepare(workspace, where).plan.has_changes
    assert {found.attributes["text"] for found in desk.service.objects("memory_thing")} == {"first"}


def test_a_rollback_that_did_not_arrive_can_be_taken_back_too(desk: Desk) -> None:
    desk.apply(BOTH)
    desk.apply(BOTH.replace("first", "second"))
    half_way(desk, None, RunOutcome.INTERRUPTED)
    with desk.open() as workspace:
        where = go_back(workspace, "4")
        assert rollback.hold(where, new_run(workspace, "rollback"), "") is None
    assert {found.attributes["text"] for found in desk.service.objects("memory_thing")} == {"second"}


def test_after_an_apply_nothing_is_left_of_a_rollback_that_did_not_arrive(desk: Desk) -> None:
    desk.apply(BOTH)
    desk.apply(BOTH.replace("first", "second"))
    half_way(desk, None, RunOutcome.FAILED)
    desk.apply(BOTH.replace("first", "third"))
    with desk.open() as workspace:
        where = rollback.target(workspace.ledger)
        assert (where.serial, where.goes_on) == (5, None)
        assert rollback.headline(where).startswith("Back to serial 5, ")


def test_a_rollback_of_a_part_holds_the_configuration_that_it_took_something_back_of(desk: Desk) -> None:
    desk.apply(BOTH)
    desk.apply(BOTH.replace("first", "second"))
    with desk.open() as workspace:
        where = rollback.target(workspace.ledger)
        prospect = rollback.prepare(workspace, where, targets=[Address("memory_thing", "a")])
        assert [str(change.address) for change in prospect.plan.visible] == ["memory_thing.a"]
        held = rollback.hold(where, new_run(workspace, "rollback"), "")
        assert held is not None
        assert held.configuration == workspace.stack.digest()


def test_without_a_run_there_is_nothing_to_go_back_from(desk: Desk) -> None:
    with desk.open(ONE) as workspace, pytest.raises(Refused, match="no run to go back from"):
        rollback.target(workspace.ledger)


def test_a_rollback_goes_to_before_the_last_run(desk: Desk) -> None:
    desk.apply(ONE)
    desk.apply(TWO)
    with desk.open() as workspace:
        where = rollback.target(workspace.ledger)
        first, second = workspace.ledger.runs()
    assert where.serial == 1
    assert where.undone == (second,)
    assert where.before == first
    assert "apply" in rollback.describe(where)


def test_a_run_that_only_declared_one_more_attribute_is_the_last_run_too(desk: Desk) -> None:
    desk.apply("resources:\n  memory_thing: {a: {name: a}}\n")
    desk.apply(ONE)
    with desk.open() as workspace:
        assert go_back(workspace).serial == 1
    (found,) = desk.service.objects("memory_thing")
    assert found.attributes["text"] == ""


def test_the_first_run_is_taken_back_to_nothing(desk: Desk) -> None:
    desk.apply(ONE)
    with desk.open() as workspace:
        where = rollback.target(workspace.ledger)
        assert (where.serial, where.before) == (0, None)
        assert rollback.describe(where) == "before the first run"
        go_back(workspace)
    assert desk.service.objects("memory_thing") == []


def test_a_run_that_only_learnt_something_is_passed_over(desk: Desk) -> None:
    desk.apply(ONE)
    desk.apply(TWO)
    thing = desk.service.objects("memory_thing")[0]
    desk.service.change("memory_thing", thing.id, size=7)  # nobody declares it
    desk.apply(TWO + "    # the same\n")
    with desk.open() as workspace:
        assert rollback.target(workspace.ledger).serial == 1


def test_the_configuration_taken_back_is_held_and_the_one_gone_back_to_is_not(desk: Desk) -> None:
    desk.apply(ONE)
    desk.apply(TWO)
    with desk.open() as workspace:
        second = workspace.stack.digest()
        where = rollback.target(workspace.ledger)
        run = new_run(workspace, "rollback")
        held = rollback.hold(where, run, "too soon")
    assert held == Hold(second, run.id, run.started, run.who, "too soon")
    assert where.configuration != second


def test_going_back_past_a_destroy_holds_nothing(desk: Desk) -> None:
    desk.apply(ONE)
    with desk.open() as workspace:
        applying.carry_out(workspace, planning.make(workspace, Desired({})), order("destroy"))
    with desk.open() as workspace:
        where = rollback.target(workspace.ledger)
        assert rollback.hold(where, new_run(workspace, "rollback"), "") is None
        go_back(workspace)
    assert len(desk.service.objects("memory_thing")) == 1


def test_a_held_configuration_is_refused_with_who_when_and_why(desk: Desk) -> None:
    desk.apply(ONE)
    with desk.open() as workspace:
        configuration = workspace.stack.digest()
        run = new_run(workspace, "rollback")
        workspace.ledger.begin(run)
        hold = Hold(configuration, run.id, run.started, "ada@lovelace", "it broke the build")
        workspace.ledger.end(run.id, run.outcome, run.started, hold=hold)
        with pytest.raises(Refused, match=r"ada@lovelace, 2026-01-01 00:00:00 UTC.*it broke the build"):
            holds.check(workspace.ledger, configuration)
        holds.check(workspace.ledger, "another")
