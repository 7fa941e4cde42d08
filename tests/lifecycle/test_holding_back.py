"""What cannot be read or written now is held back with all that rests on it; the rest goes on."""

from collections.abc import Mapping

import pytest

from reconciler.errors import Call, Refused, Unreachable
from reconciler.plan.action import Action
from reconciler.plan.change import Cause, Plan
from reconciler.plan.holding import hold_back
from tests.lifecycle.lab import Lab

STACK = """
resources:
  memory_thing:
    a: {name: a}
    b: {name: b, text: "${memory_thing.a.id}"}
    c: {name: c, depends_on: [memory_thing.b]}
    free: {name: free}
"""
OUTPUTS = """
outputs:
  a: {value: "${memory_thing.a.id}"}
  free: {value: "${memory_thing.free.id}"}
"""


DOWN = {"memory": Cause("memory is not ready", Unreachable("no answer", call=Call("memory", "health check")))}


def planned(lab: Lab, resources: str | None = None, not_ready: Mapping[str, Cause] | None = None) -> Plan:
    if resources is not None:
        lab.write(resources)
    plan = lab.plan_for(lab.desired(), hold_unread=True)
    return hold_back(plan, lab.desired(), lab.ledger.objects(), lab.registry, not_ready or {})


def held(plan: Plan) -> list[str]:
    return sorted(str(found.address) for found in plan.held)


def blind(lab: Lab, name: str) -> None:
    (identity,) = [one.id for one in lab.service.objects("memory_thing") if one.attributes["name"] == name]
    lab.service.fail("read", Unreachable, subject=identity, times=None)


def test_a_plan_of_which_all_can_be_read_holds_nothing_back(lab: Lab) -> None:
    assert held(planned(lab, STACK)) == []


def test_what_rests_on_an_unread_object_is_held_back_and_the_rest_is_done(lab: Lab) -> None:
    lab.apply(STACK)
    blind(lab, "a")
    changed = STACK.replace("name: c,", "name: c, text: new,").replace("name: free", "name: free, text: new")
    plan = planned(lab, changed)
    assert held(plan) == ["memory_thing.a", "memory_thing.b", "memory_thing.c"]
    assert lab.actions(plan) == {"memory_thing.free": Action.UPDATE}
    reasons = {str(found.address): found.reason for found in plan.held}
    assert reasons["memory_thing.a"].startswith("it could not be read: ")
    assert reasons["memory_thing.b"] == "it waits for memory_thing.a"
    assert reasons["memory_thing.c"] == "it waits for memory_thing.b"
    assert lab.execute(plan).is_complete


def test_once_it_can_be_read_again_one_apply_does_what_was_held_back(lab: Lab) -> None:
    lab.apply(STACK)
    blind(lab, "a")
    changed = STACK.replace("name: c,", "name: c, text: new,")
    lab.execute(planned(lab, changed))
    lab.service.heal()
    plan = planned(lab)
    assert held(plan) == []
    assert lab.actions(plan) == {"memory_thing.c": Action.UPDATE}
    lab.execute(plan)
    assert not planned(lab).has_changes


def test_an_output_of_what_is_held_back_stays_as_it_is(lab: Lab) -> None:
    plan = planned(lab, STACK + OUTPUTS, DOWN)
    assert plan.outputs == ()
    assert not plan.has_changes


def test_what_belongs_to_a_provider_that_is_not_ready_is_named_with_its_reason(lab: Lab) -> None:
    more = STACK.replace("resources:", "resources:\n  reconciler_value:\n    v: {input: 1}")
    plan = planned(lab, more, DOWN)
    assert {found.reason for found in plan.held} == {"memory is not ready"}
    assert {found.error for found in plan.held} == {DOWN["memory"].error}
    assert lab.actions(plan) == {"reconciler_value.v": Action.CREATE}


def test_what_is_as_declared_needs_nothing_and_is_not_named(lab: Lab) -> None:
    lab.apply(STACK)
    plan = planned(lab, STACK.replace("name: free", "name: free, text: new"), DOWN)
    assert held(plan) == ["memory_thing.free"]


def test_what_cannot_be_read_of_a_provider_that_is_not_ready_has_its_reason(lab: Lab) -> None:
    lab.apply(STACK)
    lab.service.fail("read", Unreachable, times=None)
    plan = planned(lab, not_ready=DOWN)
    assert {found.reason for found in plan.held if found.because is None} == {"memory is not ready"}


def test_an_object_stays_while_something_unread_still_rests_on_it(lab: Lab) -> None:
    lab.apply(STACK)
    blind(lab, "b")
    plan = planned(lab, "resources:\n  memory_thing:\n    free: {name: free}\n")
    assert held(plan) == ["memory_thing.a", "memory_thing.b"]
    assert lab.actions(plan) == {"memory_thing.c": Action.DELETE}
    lab.execute(plan)
    assert lab.names() == ["a", "b", "free"]


def test_what_lives_in_an_unread_object_is_held_back_when_it_names_it_by_a_text(lab: Lab) -> None:
    lab.apply("resources:\n  memory_thing:\n    a: {name: a}\n")
    blind(lab, "a")
    part = "resources:\n  memory_thing:\n    a: {name: a}\n  memory_part:\n    lid: {thing: a, name: lid}\n"
    assert held(planned(lab, part)) == ["memory_part.lid", "memory_thing.a"]


def test_without_holding_back_what_cannot_be_read_is_refused(lab: Lab) -> None:
    lab.apply(STACK)
    blind(lab, "a")
    with pytest.raises(Refused):
        lab.plan()


def test_what_takes_the_name_of_an_unread_object_waits_for_that(lab: Lab) -> None:
    lab.apply("resources: {memory_thing: {a: {name: x}, b: {name: y}}}")
    blind(lab, "y")
    plan = planned(lab, "resources: {memory_thing: {a: {name: y}, b: {name: z}}}")
    assert held(plan) == ["memory_thing.a", "memory_thing.b"]
    assert {found.because for found in plan.held} == {None, plan.unread[0].address}
