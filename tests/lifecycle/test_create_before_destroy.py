"""``create_before_destroy``: the new object is there before the old one goes, and nothing is lost between."""

import pytest

from reconciler.address import Address
from reconciler.apply.steps import steps_of
from reconciler.errors import OutcomeUnknown, Refused, Rejected
from reconciler.plan.action import Action
from reconciler.plan.change import Plan
from reconciler.state.deposed import deposed, origin
from tests.lifecycle.lab import Lab
from tests.lifecycle.law_kills import MOMENTS, Kill, killed

STACK = """
resources:
  memory_thing:
    a: {name: NAME, kind: KIND, lifecycle: {create_before_destroy: true}}
    b: {name: b, text: "${memory_thing.a.id}"}
"""
BEFORE = STACK.replace("NAME", "one").replace("KIND", "plain")
AFTER = STACK.replace("NAME", "two").replace("KIND", "fancy")
A = Address.parse("memory_thing.a")


def order(plan: Plan) -> list[tuple[str, str]]:
    """The steps in an order in which they can be done."""
    steps, waits = steps_of(plan)
    done: list[int] = []
    while len(done) < len(steps):
        done.append(
            next(one.number for one in steps if one.number not in done and waits[one.number] <= {*done})
        )
    return [(str(steps[number].change.address), steps[number].action) for number in done]


def things(lab: Lab) -> dict[str, str]:
    return {str(one.attributes["name"]): one.id for one in lab.service.objects("memory_thing")}


def check_settled(lab: Lab) -> None:
    """Nothing is orphaned, nothing left over, and the state says what is there."""
    found = things(lab)
    assert set(found) == {"two", "b"}
    assert {known.id for known in lab.ledger.objects().values()} == set(found.values())
    assert set(map(str, lab.ledger.objects())) == {"memory_thing.a", "memory_thing.b"}
    (b,) = (one for one in lab.service.objects("memory_thing") if one.attributes["name"] == "b")
    assert b.attributes["text"] == found["two"]
    assert not lab.plan().has_changes
    assert lab.ledger.open_intents() == []


def test_the_new_object_is_made_then_what_depends_follows_then_the_old_one_goes(lab: Lab) -> None:
    lab.apply(BEFORE)
    plan = lab.plan(AFTER)
    change = plan.by_address[A]
    assert (change.action, change.creates_first) == (Action.REPLACE, True)
    assert order(plan) == [
        ("memory_thing.a", "create"), ("memory_thing.b", "update"), ("memory_thing.a", "delete"),
    ]  # fmt: skip
    assert lab.execute(plan).is_complete
    check_settled(lab)


def test_the_old_object_has_an_address_as_long_as_it_is_there(lab: Lab) -> None:
    lab.apply(BEFORE)
    old = lab.recorded("memory_thing.a")["id"]
    first = lab.ledger.serial
    lab.apply(AFTER)
    told = [(str(one.address), one.action) for one in lab.ledger.snapshots() if one.serial > first]
    left = str(deposed(A, str(old)))
    assert told == [
        ("memory_thing.a", "create"), (left, "depose"), ("memory_thing.b", "update"), (left, "delete"),
    ]  # fmt: skip


def test_a_failed_create_leaves_all_as_it_was(lab: Lab) -> None:
    lab.apply(BEFORE)
    before = things(lab)
    lab.service.fail("create", Rejected)
    assert not lab.apply(AFTER).is_complete
    assert things(lab) == before
    assert lab.recorded("memory_thing.a")["id"] == before["one"]
    lab.apply(AFTER)
    check_settled(lab)


def test_what_could_not_be_removed_is_removed_by_the_next_run(lab: Lab) -> None:
    lab.apply(BEFORE)
    old = things(lab)["one"]
    lab.service.fail("delete", Rejected)
    assert not lab.apply(AFTER).is_complete
    left = deposed(A, old)
    assert lab.ledger.objects()[left].id == old
    plan = lab.plan()
    assert lab.actions(plan) == {str(left): Action.DELETE}
    assert "did not come to remove the old one" in plan.by_address[left].reason
    lab.execute(plan)
    check_settled(lab)


@pytest.mark.parametrize("took_effect", [True, False])
@pytest.mark.parametrize("operation", ["create", "update", "delete"])
def test_a_lost_answer_is_looked_up(lab: Lab, operation: str, took_effect: bool) -> None:
    lab.apply(BEFORE)
    lab.service.fail(operation, OutcomeUnknown, took_effect=took_effect)
    lab.apply(AFTER)
    lab.apply(AFTER)
    check_settled(lab)


@pytest.mark.parametrize("others", [True, False])
@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("nth", range(1, 7))
def test_a_kill_at_any_moment_leaves_nothing_orphaned(lab: Lab, moment: str, nth: int, others: bool) -> None:
    lab.apply(BEFORE)
    lab.write(AFTER)
    with killed(lab, Kill(moment, nth, others)):
        lab.apply()
    lab.settle()
    known = {one.id for one in lab.ledger.objects().values()}
    assert set(things(lab).values()) <= known, "an orphan"
    assert lab.apply().is_complete
    check_settled(lab)


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("nth", range(1, 6))
def test_a_kill_can_be_rolled_back(lab: Lab, moment: str, nth: int) -> None:
    lab.apply(BEFORE)
    serial = lab.ledger.serial
    lab.write(AFTER)
    with killed(lab, Kill(moment, nth, True)):
        lab.apply()
    lab.settle()
    assert lab.rollback(serial).is_complete
    assert set(things(lab)) == {"one", "b"}
    assert {one.id for one in lab.ledger.objects().values()} == set(things(lab).values())
    assert not lab.plan_for(lab.desired_at(serial)).has_changes


def test_any_snapshot_of_the_run_can_be_gone_back_to(lab: Lab) -> None:
    lab.apply(BEFORE)
    first = lab.ledger.serial
    lab.apply(AFTER)
    for serial in range(lab.ledger.serial, first - 1, -1):
        assert lab.rollback(serial).is_complete
        assert not lab.plan_for(lab.desired_at(serial)).has_changes
        assert {one.id for one in lab.ledger.objects().values()} == set(things(lab).values())


def test_a_name_that_both_would_have_is_refused_at_plan(lab: Lab) -> None:
    lab.apply(BEFORE)
    with pytest.raises(Refused) as refused:
        lab.plan(BEFORE.replace("plain", "fancy"))
    (problem,) = refused.value.diagnostics
    assert problem.address == "memory_thing.a"
    assert "would make a second object of the same name beside the old one" in problem.summary
    assert problem.advice == "change name too, or take create_before_destroy out"


NEEDS = """
resources:
  memory_thing:
    base: {name: BASE, kind: KIND}
    top: {name: TOP, kind: KIND, text: "${memory_thing.base.id}", lifecycle: {create_before_destroy: true}}
"""
NEEDS_BEFORE = NEEDS.replace("BASE", "base").replace("TOP", "top").replace("KIND", "plain")
NEEDS_AFTER = NEEDS.replace("BASE", "base2").replace("TOP", "top2").replace("KIND", "fancy")


def test_what_it_depends_on_is_made_first_too(lab: Lab) -> None:
    lab.apply(NEEDS_BEFORE)
    plan = lab.plan(NEEDS_AFTER)
    assert all(change.creates_first for change in plan.visible)
    assert order(plan) == [
        ("memory_thing.base", "create"), ("memory_thing.top", "create"),
        ("memory_thing.top", "delete"), ("memory_thing.base", "delete"),
    ]  # fmt: skip
    lab.execute(plan)
    assert lab.names() == ["base2", "top2"]


def test_a_refusal_names_what_needs_it_to_be_made_first(lab: Lab) -> None:
    lab.apply(NEEDS_BEFORE)
    with pytest.raises(Refused) as refused:
        lab.plan(NEEDS_AFTER.replace("base2", "base"))
    (problem,) = refused.value.diagnostics
    assert problem.address == "memory_thing.base"
    assert "(memory_thing.top depends on it, and says so)" in problem.summary


def test_what_lives_in_it_gets_a_place_in_the_new_one(lab: Lab) -> None:
    parts = '  memory_part: {p: {thing: "${memory_thing.a.name}", name: p}}\n'
    lab.apply(BEFORE + parts)
    lab.apply(AFTER + parts)
    check_settled_parts(lab)


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("nth", range(1, 8))
@pytest.mark.parametrize("first", ["", ", lifecycle: {create_before_destroy: true}"])
def test_a_kill_leaves_no_part_behind(lab: Lab, moment: str, nth: int, first: str) -> None:
    parts = '  memory_part: {p: {thing: "${memory_thing.a.name}", name: p' + first + "}}\n"
    lab.apply(BEFORE + parts)
    lab.write(AFTER + parts)
    with killed(lab, Kill(moment, nth, True)):
        lab.apply()
    assert lab.apply().is_complete
    check_settled_parts(lab)


def check_settled_parts(lab: Lab) -> None:
    (part,) = lab.service.objects("memory_part")
    assert part.attributes["thing"] == "two"
    assert set(map(str, lab.ledger.objects())) == {"memory_thing.a", "memory_thing.b", "memory_part.p"}
    assert lab.names() == ["b", "two"]
    assert not lab.plan().has_changes


@pytest.mark.parametrize("text", ["thing.a", 'thing.a["key"]', 'thing.a[""]', 'module.m["x"].thing.a["a b"]'])
def test_the_address_of_what_was_replaced_tells_the_one_it_had(text: str) -> None:
    address = Address.parse(text)
    left = deposed(address, "id-1")
    assert left != deposed(address, "id-2")
    assert Address.parse(str(left)) == left
    assert origin(left) == address
    assert origin(address) is None
