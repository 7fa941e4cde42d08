"""When a step fails: what is done stands, what was not is named, and the next apply goes on from there."""

from typing import Any

import pytest

from reconciler.errors import InvalidConfiguration, Rejected
from reconciler.plan.action import Action
from reconciler.state.model import RunOutcome
from tests.lifecycle.lab import Lab

CHAIN = """
resources:
  memory_thing:
    a: {name: a}
    b: {name: b, text: "${memory_thing.a.id}"}
    c: {name: c, text: "${memory_thing.b.id}"}
    z: {name: z}
"""


def test_a_failure_says_what_was_done_what_was_not_and_because_of_whom(lab: Lab) -> None:
    lab.service.fail("create", Rejected, subject="b")
    outcome = lab.apply(CHAIN, parallelism=1, on_failure="continue")
    assert outcome.outcome is RunOutcome.FAILED
    assert {str(change.address) for change in outcome.done} == {"memory_thing.a", "memory_thing.z"}
    assert [str(failure.change.address) for failure in outcome.failed] == ["memory_thing.b"]
    (left,) = outcome.not_reached
    assert (str(left.change.address), str(left.because)) == ("memory_thing.c", "memory_thing.b")
    lab.service.heal()
    assert lab.actions(lab.plan()) == {"memory_thing.b": Action.CREATE, "memory_thing.c": Action.CREATE}
    lab.apply()
    assert lab.names() == ["a", "b", "c", "z"]


def test_after_a_failure_nothing_new_starts_by_default(lab: Lab) -> None:
    lab.service.fail("create", Rejected, subject="a")
    outcome = lab.apply(CHAIN, parallelism=1)
    assert lab.names() == []
    assert {str(left.change.address) for left in outcome.not_reached} == {
        "memory_thing.b",
        "memory_thing.c",
        "memory_thing.z",
    }


def test_a_lost_answer_leaves_the_intent_open_and_the_object_is_ours_next_time(lab: Lab) -> None:
    lab.service.go_down("create", took_effect=True)
    outcome = lab.apply(CHAIN, parallelism=1)
    assert [str(failure.change.address) for failure in outcome.failed] == ["memory_thing.a"]
    assert lab.names() == ["a"]
    lab.service.heal()
    lab.reopen()
    plan = lab.plan()
    assert "memory_thing.a" not in lab.actions(plan)
    lab.execute(plan)
    assert lab.names() == ["a", "b", "c", "z"]
    assert not lab.plan().has_changes
    assert lab.ledger.open_intents() == []


def test_a_value_that_turns_out_wrong_fails_its_step_before_any_call(lab: Lab) -> None:
    outcome = lab.apply("""
    resources:
      memory_thing:
        a: {name: a}
        b: {name: b, size: "${memory_thing.a.id}"}
    """)
    (failure,) = outcome.failed
    assert isinstance(failure.error, InvalidConfiguration)
    assert failure.error.diagnostics[0].place is not None
    assert lab.names() == ["a"]


def test_a_bug_in_a_provider_loses_nothing_that_was_done(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    provider: Any = lab.providers["memory"]
    create = provider.create

    def faulty(type_name: str, desired: Any) -> Any:
        if desired["name"] == "z":
            raise ZeroDivisionError
        return create(type_name, desired)

    monkeypatch.setattr(provider, "create", faulty)
    with pytest.raises(ZeroDivisionError):
        lab.apply(CHAIN)
    recorded = {str(address).rpartition(".")[2] for address in lab.ledger.objects()}
    assert recorded == set(lab.names())


def test_a_stop_lets_running_steps_finish_and_starts_no_more(lab: Lab) -> None:
    finished = lab.watcher.finished

    def stop_after_first(change: Any, seconds: float) -> None:
        finished(change, seconds)
        lab.stop.set()

    lab.watcher.finished = stop_after_first  # type: ignore[method-assign]  # the test's own watcher
    outcome = lab.apply(CHAIN, parallelism=1)
    assert outcome.outcome is RunOutcome.INTERRUPTED
    assert len(outcome.done) == 1
    assert len(outcome.not_reached) == 3
    lab.watcher.finished = finished  # type: ignore[method-assign]
    lab.stop.clear()
    assert lab.apply().is_complete
    assert lab.names() == ["a", "b", "c", "z"]
