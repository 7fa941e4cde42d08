"""``imports``: what exists already is taken over by its id, as a step of a plan like any other."""

import pytest

from reconciler.address import Address
from reconciler.errors import Refused, Unreachable
from reconciler.plan.action import Action
from reconciler.plan.change import Plan
from reconciler.views.change_text import what_happens
from reconciler.views.plan_summary import counts
from tests.lifecycle.lab import Lab
from tests.lifecycle.law_kills import MOMENTS, Kill, killed

IMPORTED = """
variables: {which: {type: string, default: old}}
imports: [{to: memory_thing.a, id: "${var.which}"}]
resources:
  memory_thing:
    a: {name: old, text: TEXT}
  memory_note:
    n: {title: "${memory_thing.a.id}"}
"""
SAME = IMPORTED.replace("TEXT", "theirs")
OTHER = IMPORTED.replace("TEXT", "ours")
A = Address.parse("memory_thing.a")


def refused(lab: Lab, resources: str) -> str:
    with pytest.raises(Refused) as caught:
        lab.plan(resources)
    (problem,) = caught.value.diagnostics
    assert problem.place is not None, "it has no place"
    assert problem.advice
    return problem.summary


def what(plan: Plan) -> str:
    return what_happens(plan.by_address[A])


def test_an_object_is_taken_over_as_it_is(lab: Lab) -> None:
    there = lab.service.put("memory_thing", name="old", text="theirs")
    plan = lab.plan(SAME)
    change = plan.by_address[A]
    assert (change.action, change.import_id) == (Action.NO_OP, "old")
    assert what(plan) == "will be imported (id old)"
    assert counts(plan)["import"] == 1
    assert lab.execute(plan).is_complete
    assert lab.service.count("update") == 0
    assert lab.recorded("memory_thing.a")["id"] == there.id
    assert [note.attributes["title"] for note in lab.service.objects("memory_note")] == [there.id]
    actions = {str(one.address): one.action for one in lab.ledger.snapshots()}
    assert actions["memory_thing.a"] == "import"
    assert not lab.plan().has_changes


def test_what_differs_is_changed_in_the_same_step(lab: Lab) -> None:
    there = lab.service.put("memory_thing", name="old", text="theirs")
    plan = lab.plan(OTHER)
    assert plan.by_address[A].action is Action.UPDATE
    assert what(plan) == "will be imported (id old) and updated"
    lab.execute(plan)
    (thing,) = lab.service.objects("memory_thing")
    assert (thing.id, thing.attributes["text"]) == (there.id, "ours")


def test_the_id_decides_whatever_the_declaration_calls_it(lab: Lab) -> None:
    there = lab.service.put("memory_thing", name="old", text="theirs")
    lab.apply(SAME.replace("name: old", "name: new"))
    (thing,) = lab.service.objects("memory_thing")
    assert (thing.id, thing.attributes["name"]) == (there.id, "new")


def test_an_id_that_nothing_has_is_an_error_with_its_place(lab: Lab) -> None:
    assert refused(lab, SAME) == "the service has no memory_thing 'old'"


def test_several_objects_of_the_id_are_named(lab: Lab) -> None:
    ids = [lab.service.put("memory_note", title="same").id for _ in range(2)]
    problem = refused(
        lab,
        'imports: [{to: memory_note.n, id: "same"}]\nresources: {memory_note: {n: {title: same}}}',
    )
    assert problem == f"'same' names several objects: {ids[0]}, {ids[1]}"


def test_what_is_in_the_state_at_that_address_is_done_already(lab: Lab) -> None:
    lab.service.put("memory_thing", name="old", text="theirs")
    lab.apply(SAME)
    lab.service.fail("find", Unreachable, times=None)  # nobody is asked for it again
    assert not lab.plan(SAME).has_changes


def test_an_object_that_another_address_has_is_not_taken_from_it(lab: Lab) -> None:
    lab.apply("resources: {memory_thing: {b: {name: old}}}")
    both = SAME.replace("a: {", "b: {name: old}\n    a: {").replace("a: {name: old", "a: {name: new")
    assert refused(lab, both) == "memory_thing.b stands for this object already"


def test_an_object_is_not_taken_over_twice_under_two_ids(lab: Lab) -> None:
    lab.service.put("memory_thing", name="old")
    twice = """
    imports: [{to: memory_thing.a, id: old}, {to: memory_thing.b, id: " old"}]
    resources: {memory_thing: {a: {name: x}, b: {name: y}}}
    """
    assert refused(lab, twice) == "another resource takes over the same object"


def test_what_would_have_to_be_replaced_is_not_imported(lab: Lab) -> None:
    lab.service.put("memory_thing", name="old", kind="plain")
    problem = refused(lab, SAME.replace("text: theirs", "kind: fancy"))
    assert problem == "it exists already, and taking it over would replace it (kind)"


def test_what_cannot_be_looked_up_is_not_created_instead(lab: Lab) -> None:
    lab.service.put("memory_thing", name="old", text="theirs")
    lab.service.fail("find", Unreachable, times=None)
    with pytest.raises(Refused, match="could not be read"):
        lab.plan(SAME)


def test_a_rollback_lets_go_of_what_was_imported_and_leaves_it(lab: Lab) -> None:
    there = lab.service.put("memory_thing", name="old", text="theirs")
    lab.apply(OTHER)
    lab.rollback(0)
    (thing,) = lab.service.objects("memory_thing")
    assert thing.id == there.id
    assert lab.ledger.objects() == {}


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("nth", [1, 2])
def test_a_kill_at_any_moment_is_made_good_by_the_next_run(lab: Lab, moment: str, nth: int) -> None:
    there = lab.service.put("memory_thing", name="old", text="theirs")
    lab.write(OTHER)
    with killed(lab, Kill(moment, nth, True)):
        lab.apply()
    assert lab.apply().is_complete
    (thing,) = lab.service.objects("memory_thing")
    assert (thing.id, thing.attributes["text"]) == (there.id, "ours")
    assert len(lab.service.objects("memory_note")) == 1
    assert not lab.plan().has_changes
