"""After a run that was cut off, the next command finds out what became of each of its last calls."""

from typing import Any

import pytest

from reconciler.address import Address
from reconciler.plan.action import Action
from tests.lifecycle.lab import Lab

THING = Address.parse("memory_thing.a")
ONE = "resources: {memory_thing: {a: {name: x, text: one}}}"


@pytest.mark.parametrize("took_effect", [True, False])
def test_a_create_is_recorded_under_its_run_or_found_undone(lab: Lab, took_effect: bool) -> None:
    lab.write(ONE)
    lab.cut_off("create", took_effect=took_effect)
    (settled,) = lab.settle().settled
    assert settled.took_effect is took_effect
    assert (THING in lab.ledger.objects()) is took_effect
    assert [step.run for step in lab.ledger.snapshots()] == ["run-1"] * took_effect
    assert lab.settle().settled == ()
    assert lab.plan().has_changes is not took_effect


def test_an_object_whose_declaration_is_gone_by_now_is_no_orphan(lab: Lab) -> None:
    lab.write(ONE)
    lab.cut_off("create", took_effect=True)
    plan = lab.plan("resources: {}")
    assert lab.actions(plan) == {"memory_thing.a": Action.DELETE}
    lab.execute(plan)
    assert lab.names() == []


def test_an_object_whose_declaration_has_another_name_by_now_gets_that_address(lab: Lab) -> None:
    lab.write(ONE)
    lab.cut_off("create", took_effect=True)
    lab.apply(ONE.replace("a: {", "b: {"))
    assert lab.names() == ["x"]
    assert [str(address) for address in lab.ledger.objects()] == ["memory_thing.b"]


@pytest.mark.parametrize("took_effect", [True, False])
def test_an_update_that_was_cut_off_is_no_drift(lab: Lab, took_effect: bool) -> None:
    lab.apply(ONE)
    lab.write(ONE.replace("one", "two"))
    lab.cut_off("update", took_effect=took_effect)
    plan = lab.plan()
    assert plan.drift == ()
    assert lab.recorded("memory_thing.a")["text"] == ("two" if took_effect else "one")
    assert plan.has_changes is not took_effect
    assert lab.plan(ONE).has_changes is took_effect


def test_a_secret_that_may_have_been_written_is_written_again(lab: Lab) -> None:
    lab.environ["TOKEN"] = "first"
    with_secret = 'resources: {memory_thing: {a: {name: x, secret: "${secret.TOKEN}"}}}'
    lab.apply(with_secret)
    lab.environ["TOKEN"] = "second"
    lab.cut_off("update", took_effect=True)
    lab.environ["TOKEN"] = "first"
    lab.apply()
    (thing,) = lab.service.objects("memory_thing")
    assert lab.service.secret_of(thing.id) == "first"
    assert not lab.plan().has_changes


def test_a_rename_that_was_cut_off_is_a_rename(lab: Lab) -> None:
    lab.apply(ONE)
    (before,) = lab.service.objects("memory_thing")
    lab.write(ONE.replace("name: x", "name: y"))
    lab.cut_off("update", took_effect=True)
    assert not lab.plan().has_changes
    assert lab.ledger.objects()[THING].id == before.id


@pytest.mark.parametrize("took_effect", [True, False])
def test_a_removal_is_recorded_or_done_once_more(lab: Lab, took_effect: bool) -> None:
    lab.apply(ONE)
    lab.write("resources: {}")
    lab.cut_off("delete", took_effect=took_effect)
    lab.settle()
    assert (THING in lab.ledger.objects()) is not took_effect
    lab.apply()
    assert lab.names() == []
    assert lab.ledger.objects() == {}


@pytest.mark.parametrize("took_effect", [True, False])
def test_a_group_is_settled_step_by_step(lab: Lab, took_effect: bool) -> None:
    lab.write("resources: {memory_member: {k: {name: k}, l: {name: l}}}")
    lab.cut_off("write_many", took_effect=took_effect)
    lab.service.calls.clear()
    assert [found.took_effect for found in lab.settle().settled] == [took_effect] * 2
    assert len(lab.service.calls) == 1, "looked up in bulk"
    lab.apply()
    assert lab.names("memory_member") == ["k", "l"]
    assert not lab.plan().has_changes


def test_a_reader_plans_from_what_it_finds_and_records_nothing(lab: Lab) -> None:
    lab.write(ONE)
    lab.cut_off("create", took_effect=True)
    recovery = lab.settled_only()
    assert THING in recovery.applied_to(lab.ledger.objects())
    assert lab.ledger.serial == 0
    assert len(lab.ledger.open_intents()) == 1


def test_a_create_whose_name_is_known_only_now_looks_first(lab: Lab) -> None:
    lab.service.put("memory_thing", name="thing-1", text="theirs")
    lab.apply("""
    resources:
      memory_thing:
        a: {name: a}
        b: {name: "${memory_thing.a.id}"}
    """)
    made: Any = lab.ledger.objects()[Address.parse("memory_thing.a")]
    other = lab.service.put("memory_thing", name="later", text="theirs")
    lab.write("""
    resources:
      memory_thing:
        a: {name: a}
        b: {name: "${memory_thing.a.id}"}
        c: {name: "${memory_thing.d.kind}"}
        d: {name: d}
    """)
    taken = lab.service.put("memory_thing", name="plain", text="theirs")
    outcome = lab.apply()
    (failure,) = outcome.failed
    assert "exists already, and no run of ours made it" in str(failure.error)
    assert f"reconciler import 'memory_thing.c' '{taken.id}'" in failure.error.remedy  # type: ignore[attr-defined]  # an error of a provider
    assert {taken.id, other.id, made.id} <= {found.id for found in lab.service.objects("memory_thing")}


ADOPTED = "resources: {memory_thing: {a: {name: x, text: ours, lifecycle: {on_exists: adopt}}}}"


@pytest.mark.parametrize("took_effect", [True, False])
def test_what_was_being_taken_over_is_ours_whatever_became_of_the_call(lab: Lab, took_effect: bool) -> None:
    theirs = lab.service.put("memory_thing", name="x", text="theirs")
    lab.write(ADOPTED)
    lab.cut_off("update", took_effect=took_effect)
    lab.settle()
    assert lab.ledger.objects()[THING].id == theirs.id
    assert lab.recorded("memory_thing.a")["text"] == ("ours" if took_effect else "theirs")
    lab.apply()
    assert not lab.plan().has_changes
    assert lab.names() == ["x"]


def test_what_was_taken_over_and_changed_can_be_brought_back_as_it_was(lab: Lab) -> None:
    lab.service.put("memory_thing", name="x", text="theirs")
    lab.apply(ADOPTED)
    (as_it_was,) = [step.serial for step in lab.ledger.snapshots() if step.action == "adopt"]
    lab.rollback(as_it_was)
    assert [thing.attributes["text"] for thing in lab.service.objects("memory_thing")] == ["theirs"]
    lab.rollback(0)
    assert lab.names() == ["x"], "and let go of"
    assert lab.ledger.objects() == {}


ARCHIVED = "resources: {memory_thing: {a: {name: x, lifecycle: {on_destroy: archive}}}}"


@pytest.mark.parametrize("took_effect", [True, False])
def test_an_archiving_that_was_cut_off_is_told_by_the_switch_that_it_turned(
    lab: Lab, took_effect: bool
) -> None:
    lab.apply(ARCHIVED)
    lab.write("resources: {}")
    lab.cut_off("delete", took_effect=took_effect)
    lab.settle()
    assert (THING in lab.ledger.objects()) is not took_effect
    assert [one.address for one in lab.ledger.released()] == [THING] * took_effect
    lab.apply()
    (thing,) = lab.service.objects("memory_thing")
    assert thing.attributes["archived"] is True
    assert not lab.plan().has_changes
