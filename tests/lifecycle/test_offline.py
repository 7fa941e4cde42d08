"""With --offline no service is called: what they have last said is all there is, and nothing is written."""

from pathlib import Path

import pytest

from reconciler.address import Address
from reconciler.errors import Refused, Unreachable
from reconciler.health.states import State
from reconciler.operations import planning
from reconciler.operations.drift import ask_health
from reconciler.operations.writing import opened_for
from reconciler.plan.action import Action
from reconciler.plan.desired import Desired
from tests.lifecycle.two_services import TwoServices, fails

STACK = """
resources:
  memory_thing:
    a: {name: a, text: old}
    b: {name: b, provider: memory.second, text: "${memory_thing.a.id}"}
outputs:
  a: {value: "${memory_thing.a.id}"}
"""
CHANGED = STACK.replace("text: old", "text: new")


@pytest.fixture
def two(tmp_path: Path) -> TwoServices:
    """What was applied an hour ago, with no fallback; every call from now on is a mistake."""
    found = TwoServices(tmp_path)
    found.settings = ""
    found.apply(STACK)
    found.later(1)
    found.first.calls.clear()
    found.second.calls.clear()
    return found


def test_a_plan_is_made_without_a_call(two: TwoServices) -> None:
    prospect = two.plan(CHANGED, is_offline=True)
    assert {str(change.address): change.action for change in prospect.plan.visible} == {
        "memory_thing.a": Action.UPDATE
    }
    assert {earlier.age for earlier in prospect.plan.cached.values()} == {3600.0}
    assert not prospect.plan.held
    assert not prospect.fell_back
    assert two.first.calls == two.second.calls == []


def test_nothing_to_do_is_told_so(two: TwoServices) -> None:
    assert not two.plan(is_offline=True).plan.has_changes


def test_what_is_new_is_not_known_to_be_absent(two: TwoServices) -> None:
    prospect = two.plan(STACK.replace("    a: {", "    new: {name: new}\n    a: {"), is_offline=True)
    (found,) = prospect.plan.held
    assert found.address == Address.parse("memory_thing.new")
    assert "--offline" in found.reason


def test_drift_is_told_without_a_call(two: TwoServices) -> None:
    (there,) = two.first.objects("memory_thing")
    two.first.change("memory_thing", there.id, text="by hand")
    assert two.drift().changed
    two.first.calls.clear()
    two.second.calls.clear()
    report = two.drift(is_offline=True)
    assert [str(found.address) for found in report.changed] == ["memory_thing.a"]
    assert not report.unhealthy
    assert two.first.calls == two.second.calls == []


def test_health_is_unknown_and_nobody_is_asked(two: TwoServices) -> None:
    with two.work(is_offline=True) as workspace:
        found = ask_health(workspace, is_fresh=True)
    assert {one.state for one in found} == {State.UNKNOWN}
    assert two.first.calls == two.second.calls == []


def test_what_writes_is_refused_with_the_reason_and_a_remedy(two: TwoServices) -> None:
    with (
        pytest.raises(Refused, match="apply writes") as refused,
        opened_for("apply", two.setting(is_offline=True)),
    ):
        pytest.fail("it was opened")
    assert "--offline" in refused.value.diagnostics[0].advice
    assert two.first.calls == two.second.calls == []


def test_it_is_refused_where_nothing_may_be_planned_from_a_cache(two: TwoServices) -> None:
    two.environ["OFFLINE_MODE_ENABLED"] = "false"
    with pytest.raises(Refused, match="OFFLINE_MODE_ENABLED"):
        two.plan(is_offline=True)


def test_the_fallback_of_the_providers_has_nothing_to_do_with_it(two: TwoServices) -> None:
    two.environ["INTEGRATION_FALLBACK_ENABLED"] = "false"
    assert two.plan(CHANGED, is_offline=True).plan.cached


def test_a_step_that_was_cut_off_stays_undecided(two: TwoServices) -> None:
    two.first.go_down("update", took_effect=True)
    two.apply(CHANGED)
    two.first.heal()
    two.first.calls.clear()
    prospect = two.plan(CHANGED, is_offline=True)
    assert not prospect.recovery.settled
    assert two.first.calls == []


def test_a_plan_that_was_made_offline_reads_afresh_when_it_is_made_again(two: TwoServices) -> None:
    two.plan(CHANGED, is_offline=True)
    assert not two.plan(CHANGED).plan.cached
    fails(two.first, Unreachable)
    with two.work(is_offline=True) as workspace:
        assert planning.make(workspace, Desired.of(workspace.stack), to_be_shown=True).plan.cached
