"""A provider waits until those before it in the sequence are ready."""

from pathlib import Path

import pytest

from reconciler.errors import Refused
from reconciler.operations import planning, readiness
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


def check(desk: Desk, resources: str) -> None:
    with desk.open(resources) as workspace:
        prospect = planning.make(workspace, Desired.of(workspace.stack))
        readiness.check_ready(workspace, prospect)


def test_a_provider_that_is_not_ready_is_named_with_reason_remedy_and_what_it_holds_back(
    tmp_path: Path,
) -> None:
    with pytest.raises(Refused) as refused:
        check(Desk(tmp_path), STACK)
    (problem,) = refused.value.diagnostics
    assert problem.summary.startswith("memory.gate is not ready: memory: the token is wrong")
    assert "set the right token" in problem.advice
    assert "2 changes are held back (of memory.gate, and memory.middle, memory after it)" in problem.advice


def test_without_the_sequence_a_provider_waits_for_no_other(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.environ["INTEGRATION_SEQUENCE_ENABLED"] = "false"
    check(desk, STACK)


def test_what_nothing_waits_for_is_not_asked(tmp_path: Path) -> None:
    check(Desk(tmp_path), STACK.replace("  memory: {depends_on: [memory.middle]}", "  memory: {}"))


def test_a_provider_that_is_ready_lets_the_run_begin(tmp_path: Path) -> None:
    check(Desk(tmp_path), STACK.replace("{token: not-the-one}", "{}"))


def test_the_sequence_has_each_provider_after_what_it_waits_for(tmp_path: Path) -> None:
    with Desk(tmp_path).open(STACK) as workspace:
        assert list(readiness.sequence({"memory"}, workspace.stack.providers)) == [
            "memory.gate",
            "memory.middle",
            "memory",
        ]
