"""A provider waits until those before it in the sequence are ready."""

from pathlib import Path

import pytest

from reconciler.errors import Refused
from reconciler.operations import planning, readiness
from reconciler.operations.planning import Prospect
from reconciler.plan.desired import Desired
from tests.unit.operations.desk import Desk

STACK = """
providers:
  memory.gate: {token: not-the-one}
  memory.middle: {depends_on: [memory.gate]}
  memory: {depends_on: [memory.middle]}
resources:
  memory_thing:
    a: {name: a}
    b: {name: b}
"""


def make(desk: Desk, resources: str, *, as_a_whole: bool = False) -> Prospect:
    with desk.open(resources) as workspace:
        return planning.make(workspace, Desired.of(workspace.stack), as_a_whole=as_a_whole)


def test_a_provider_that_is_not_ready_holds_back_what_waits_for_it_with_the_reason(tmp_path: Path) -> None:
    plan = make(Desk(tmp_path), STACK).plan
    assert not plan.visible
    assert [str(found.address) for found in plan.held] == ["memory_thing.a", "memory_thing.b"]
    assert plan.held[0].reason.startswith(
        "memory waits for memory.gate, which is not ready: memory: the token is wrong"
    )


def test_what_must_be_done_as_a_whole_is_refused_with_reason_remedy_and_what_is_held_back(
    tmp_path: Path,
) -> None:
    prospect = make(Desk(tmp_path), STACK, as_a_whole=True)
    with pytest.raises(Refused) as refused:
        readiness.check_ready(prospect.ready, prospect.plan)
    (problem,) = refused.value.diagnostics
    assert problem.summary.startswith("memory.gate is not ready: memory: the token is wrong")
    assert "set the right token" in problem.advice
    assert "2 changes are held back (of memory.gate, and memory.middle, memory after it)" in problem.advice


def test_without_the_sequence_a_provider_waits_for_no_other(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.environ["INTEGRATION_SEQUENCE_ENABLED"] = "false"
    assert len(make(desk, STACK).plan.visible) == 2


def test_a_switch_that_says_neither_yes_nor_no_is_refused_and_not_taken_for_yes(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.environ["INTEGRATION_SEQUENCE_ENABLED"] = "maybe"
    with pytest.raises(Refused, match="INTEGRATION_SEQUENCE_ENABLED='maybe' says neither yes nor no"):
        make(desk, STACK)


def test_what_nothing_waits_for_is_not_asked(tmp_path: Path) -> None:
    independent = STACK.replace("  memory: {depends_on: [memory.middle]}", "  memory: {}")
    assert len(make(Desk(tmp_path), independent).plan.visible) == 2


def test_a_provider_that_is_ready_lets_the_run_begin(tmp_path: Path) -> None:
    assert not make(Desk(tmp_path), STACK.replace("{token: not-the-one}", "{}")).plan.held


def test_the_sequence_has_each_provider_after_what_it_waits_for(tmp_path: Path) -> None:
    with Desk(tmp_path).open(STACK) as workspace:
        assert list(readiness.sequence({"memory"}, workspace.stack.providers)) == [
            "memory.gate",
            "memory.middle",
            "memory",
        ]
