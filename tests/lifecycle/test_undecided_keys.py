"""Where a natural key does not decide (a note's title), the ids that were there before a call do."""

import pytest

from reconciler.errors import OutcomeUnknown, Refused
from reconciler.plan.action import Action
from reconciler.testing.failures import MemoryCall
from tests.lifecycle.lab import Lab

NOTE = """
resources:
  memory_note:
    n: {title: hello, text: ours}
"""


def texts(lab: Lab) -> list[str]:
    return sorted(str(found.attributes["text"]) for found in lab.service.objects("memory_note"))


def test_what_others_have_with_the_same_key_does_not_matter(lab: Lab) -> None:
    lab.service.put("memory_note", title="hello", text="theirs")
    plan = lab.plan(NOTE)
    assert lab.actions(plan) == {"memory_note.n": Action.CREATE}
    lab.execute(plan)
    assert texts(lab) == ["ours", "theirs"]
    assert not lab.plan().has_changes


def test_a_lost_answer_is_told_from_what_was_there_before(lab: Lab) -> None:
    lab.service.put("memory_note", title="hello", text="theirs")
    lab.service.go_down("create", took_effect=True)
    assert lab.apply(NOTE).failed
    lab.service.heal()
    lab.reopen()
    assert not lab.plan().has_changes
    lab.apply()
    assert texts(lab) == ["ours", "theirs"]
    assert not lab.plan().has_changes
    assert lab.ledger.open_intents() == []


def test_a_call_that_never_arrived_is_made_again(lab: Lab) -> None:
    lab.service.put("memory_note", title="hello", text="theirs")
    lab.service.go_down("create", took_effect=False)
    assert lab.apply(NOTE).failed
    lab.service.heal()
    lab.apply()
    assert texts(lab) == ["ours", "theirs"]


def test_where_nothing_decides_the_candidates_are_listed_with_a_command_each(lab: Lab) -> None:
    lab.service.go_down("create", took_effect=True)
    assert lab.apply(NOTE).failed
    lab.service.heal()
    other = lab.service.put("memory_note", title="hello", text="theirs")
    with pytest.raises(Refused, match="nothing tells which it made") as refused:
        lab.plan()
    advice = refused.value.diagnostics[0].advice
    assert f"reconciler import 'memory_note.n' '{other.id}'" in advice
    assert "reconciler state rm 'memory_note.n'" in advice


def test_where_nothing_decides_during_the_run_the_step_stops_and_stays_open(lab: Lab) -> None:
    def somebody_else(call: MemoryCall) -> None:
        if call.operation == "create":
            lab.service.on_call = None
            lab.service.put("memory_note", title="hello", text="theirs")

    lab.service.on_call = somebody_else
    lab.service.fail("create", OutcomeUnknown, took_effect=True)
    (failure,) = lab.apply(NOTE).failed
    assert "nothing tells which it made" in str(failure.error)
    assert texts(lab) == ["ours", "theirs"]
    assert len(lab.ledger.open_intents()) == 1


def test_two_alike_are_two_objects(lab: Lab) -> None:
    lab.apply(NOTE + "    m: {title: hello, text: second}\n")
    assert texts(lab) == ["ours", "second"]
    assert not lab.plan().has_changes


def test_one_that_gets_another_address_is_not_made_twice(lab: Lab) -> None:
    lab.apply(NOTE)
    plan = lab.plan(NOTE.replace("n: {", "m: {"))
    assert lab.actions(plan) == {"memory_note.n": Action.FORGET}
    lab.execute(plan)
    assert texts(lab) == ["ours"]
    assert not lab.plan().has_changes


def test_adoption_takes_the_only_one_and_asks_among_several(lab: Lab) -> None:
    adopt = NOTE.replace("text: ours", "text: ours, lifecycle: {on_exists: adopt}")
    lab.service.put("memory_note", title="hello", text="theirs")
    lab.apply(adopt)
    assert texts(lab) == ["ours"]
    lab.apply("resources: {}")
    for text in ("one", "two"):
        lab.service.put("memory_note", title="hello", text=text)
    with pytest.raises(Refused, match="nothing tells which is meant"):
        lab.plan(adopt)


def test_two_lost_calls_for_the_same_do_not_take_one_object(lab: Lab) -> None:
    two = NOTE + "    m: {title: hello, text: ours}\n"
    lab.service.fail("create", OutcomeUnknown, times=1, took_effect=True)
    lab.service.fail("create", OutcomeUnknown, times=1)
    assert lab.apply(two).is_complete
    assert texts(lab) == ["ours", "ours"]
    assert not lab.plan().has_changes
    assert len({recorded.id for recorded in lab.ledger.objects().values()}) == 2


def test_a_run_that_is_cut_off_between_two_alike_takes_the_one_that_was_made(lab: Lab) -> None:
    two = NOTE + "    m: {title: hello, text: ours}\n"
    lab.service.go_down("create", took_effect=True, nth=2)
    assert lab.apply(two, on_failure="continue").failed
    lab.service.heal()
    assert texts(lab) == ["ours", "ours"]
    lab.reopen()
    lab.apply()
    assert texts(lab) == ["ours", "ours"]
    assert len({recorded.id for recorded in lab.ledger.objects().values()}) == 2
    assert lab.ledger.open_intents() == []
