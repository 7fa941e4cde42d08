"""``moved``: an object gets the address that its declaration has now, and no service is called for it."""

import pytest

from reconciler.address import Address
from reconciler.config.endpoints import Endpoint, Way
from reconciler.config.sections import Moved, Sections
from reconciler.diagnostics import Place
from reconciler.errors import Refused, Rejected
from reconciler.plan.action import Action
from reconciler.plan.desired import Desired
from reconciler.plan.refactoring import refactored
from reconciler.plan.world import PlanState
from reconciler.state.model import Committed, StateObject
from tests.lifecycle.lab import Lab
from tests.lifecycle.law_kills import MOMENTS, Kill, killed

NOTE = """
resources:
  memory_note:
    {name}: {{title: hello}}
  memory_thing:
    t: {{name: t, text: "${{memory_note.{name}.id}}"}}
{moved}
"""
BEFORE = NOTE.format(name="a", moved="")
AFTER = NOTE.format(name="b", moved="moved: [{from: memory_note.a, to: memory_note.b}]")
WRITES = ("create", "update", "delete", "write_many")


def at(text: str) -> Address:
    return Address.parse(text)


def writes(lab: Lab) -> int:
    return sum(lab.service.count(name) for name in WRITES)


def test_an_object_gets_its_new_address_and_no_service_is_called(lab: Lab) -> None:
    lab.apply(BEFORE)
    called, before = writes(lab), lab.recorded("memory_note.a")
    plan = lab.plan(AFTER)
    assert lab.actions(plan) == {"memory_note.b": Action.NO_OP}
    assert plan.by_address[at("memory_note.b")].moved_from == at("memory_note.a")
    outcome = lab.execute(plan)
    assert outcome.is_complete
    assert [str(change.address) for change in outcome.done if change.is_visible] == ["memory_note.b"]
    assert writes(lab) == called
    assert lab.recorded("memory_note.b") == before
    assert at("memory_note.a") not in lab.ledger.objects()
    known = lab.ledger.objects()[at("memory_thing.t")]
    assert known.depends_on == (at("memory_note.b"),)
    assert known.expressions == {"/text": "${memory_note.b.id}"}
    again = lab.plan()
    assert not again.has_changes
    assert not any(change.is_step for change in again)


def test_the_history_names_it_a_move_and_every_snapshot_has_the_object(lab: Lab) -> None:
    lab.apply(BEFORE)
    first = lab.ledger.serial
    lab.apply(AFTER)
    told = [(str(one.address), one.action) for one in lab.ledger.snapshots() if one.serial > first]
    assert told == [
        ("memory_note.b", "move"),
        ("memory_thing.t", "no-op"),
        ("memory_note.a", "move"),
    ]
    identity = lab.recorded("memory_note.b")["id"]
    for serial in range(first, lab.ledger.serial + 1):
        assert identity in {known.id for known in lab.ledger.objects(serial).values()}


def test_what_has_moved_can_change_in_the_same_run(lab: Lab) -> None:
    lab.apply(BEFORE)
    identity = lab.recorded("memory_note.a")["id"]
    lab.apply(AFTER.replace("title: hello", "title: hello, text: more"))
    assert lab.recorded("memory_note.b")["id"] == identity
    assert lab.recorded("memory_note.b")["text"] == "more"
    assert [note.id for note in lab.service.objects("memory_note")] == [identity]


def test_a_chain_of_moves_is_followed_from_wherever_the_object_is(lab: Lab) -> None:
    moved = "moved: [{from: memory_note.b, to: memory_note.c}, {from: memory_note.a, to: memory_note.b}]"
    chained = NOTE.format(name="c", moved=moved)
    for start in (BEFORE, AFTER):
        lab.apply(start)
        lab.apply(chained)
        assert len(lab.service.objects("memory_note")) == 1
        assert lab.recorded("memory_note.c")
        lab.destroy()


def test_what_moved_to_an_address_that_is_declared_no_more_is_deleted_at_that(lab: Lab) -> None:
    lab.apply(BEFORE)
    moved = "moved: [{from: memory_note.a, to: memory_note.b}]"
    plan = lab.plan(f"resources: {{}}\n{moved}\n")
    change = plan.by_address[at("memory_note.b")]
    assert (change.action, change.moved_from) == (Action.DELETE, at("memory_note.a"))
    lab.execute(plan)
    assert lab.service.objects("memory_note") == []
    assert lab.ledger.objects() == {}


def test_two_objects_never_get_one_address(lab: Lab) -> None:
    lab.apply("resources: {memory_note: {a: {title: one}, b: {title: two}}}")
    lab.write(
        "resources: {memory_note: {b: {title: two}}}\nmoved: [{from: memory_note.a, to: memory_note.b}]"
    )
    with pytest.raises(Refused) as refused:
        lab.plan()
    (problem,) = refused.value.diagnostics
    assert problem.address == "memory_note.b"
    assert "memory_note.a is said to have moved here, and another object has this address" in problem.summary
    assert "state rm" in problem.advice
    assert problem.place is not None
    assert problem.place.line == 3


def test_an_address_that_is_left_over_of_a_move_is_only_forgotten(lab: Lab) -> None:
    lab.apply(BEFORE)
    known = lab.ledger.objects()[at("memory_note.a")]
    again = StateObject(at("memory_note.b"), known.provider, known.id, known.attributes, known.declared)
    lab.ledger.record(results=[Committed("run-1", 9, again.address, again)])
    plan = lab.plan(AFTER)
    assert lab.actions(plan) == {"memory_note.a": Action.FORGET}
    lab.execute(plan)
    assert [note.id for note in lab.service.objects("memory_note")] == [known.id]


def test_a_run_that_fails_after_the_move_has_moved_it(lab: Lab) -> None:
    lab.apply(BEFORE)
    lab.service.fail("update", Rejected)
    outcome = lab.apply(AFTER.replace("title: hello", "title: other"))
    assert not outcome.is_complete
    assert lab.recorded("memory_note.b")["title"] == "hello"
    assert lab.apply().is_complete
    assert [note.attributes["title"] for note in lab.service.objects("memory_note")] == ["other"]


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("nth", [1, 2, 3])
def test_a_kill_at_any_moment_loses_nothing(lab: Lab, moment: str, nth: int) -> None:
    lab.apply(BEFORE)
    identity = lab.recorded("memory_note.a")["id"]
    lab.write(AFTER.replace("title: hello", "title: other"))
    with killed(lab, Kill(moment, nth, True)):
        lab.apply()
    assert lab.apply().is_complete
    assert [note.id for note in lab.service.objects("memory_note")] == [identity]
    assert {known.id for known in lab.ledger.objects().values()} >= {identity}
    assert set(map(str, lab.ledger.objects())) == {"memory_note.b", "memory_thing.t"}
    assert not lab.plan().has_changes


def test_a_rollback_gives_the_old_address_back(lab: Lab) -> None:
    lab.apply(BEFORE)
    serial, before = lab.ledger.serial, lab.ledger.objects()
    called = writes(lab)
    lab.apply(AFTER)
    assert lab.rollback(serial).is_complete
    assert writes(lab) == called
    assert set(lab.ledger.objects()) == set(before)
    assert not lab.plan_for(lab.desired_at(serial)).has_changes


def test_a_rollback_gives_an_object_its_address_back_without_any_service(lab: Lab) -> None:
    lab.apply("resources: {reconciler_value: {a: {input: 1}, c: {input: '${reconciler_value.a.id}'}}}")
    serial, before = lab.ledger.serial, lab.ledger.objects()
    lab.apply(
        """
        moved: [{from: reconciler_value.a, to: 'reconciler_value.b["k"]'}]
        resources:
          reconciler_value: {b: {for_each: [k], input: 1}, c: {input: "${reconciler_value.b['k'].id}"}}
        """
    )
    back = lab.plan_for(lab.desired_at(serial))
    assert back.by_address[at("reconciler_value.a")].moved_from == at('reconciler_value.b["k"]')
    assert lab.rollback(serial).is_complete
    assert lab.ledger.objects() == before


def test_a_rollback_tells_an_object_from_the_one_that_has_its_old_address_now(lab: Lab) -> None:
    lab.apply("resources: {reconciler_value: {a: {input: 1}, b: {input: 2}}}")
    serial, before = lab.ledger.serial, lab.ledger.objects()
    lab.apply(
        """
        moved: [{from: reconciler_value.b, to: reconciler_value.c}]
        resources: {reconciler_value: {a: {input: 1}, c: {input: 2}}}
        """
    )
    lab.apply(
        """
        moved: [{from: reconciler_value.a, to: reconciler_value.b}]
        resources: {reconciler_value: {b: {input: 1}, c: {input: 2}}}
        """
    )
    lab.apply("resources: {reconciler_value: {a: {input: 3}, b: {input: 1}, c: {input: 2}}}")
    assert lab.rollback(serial).is_complete
    assert lab.ledger.objects() == before
    assert not lab.plan_for(lab.desired_at(serial)).has_changes


def test_what_is_to_be_destroyed_is_destroyed_wherever_it_is(lab: Lab) -> None:
    lab.apply(BEFORE)
    lab.write(AFTER)
    lab.execute(lab.plan_for(Desired.nothing(lab.stack())), command="destroy")
    assert lab.ledger.objects() == {}
    assert lab.service.objects("memory_note") == []


@pytest.mark.parametrize(
    ("old", "new", "address", "there"),
    [
        ("thing.a", "thing.b", "thing.a", "thing.b"),
        ("thing.a", "thing.b", 'thing.a["x"]', 'thing.b["x"]'),
        ("thing.a", 'thing.b["k"]', "thing.a", 'thing.b["k"]'),
        ("thing.a", 'thing.a["k"]', 'thing.a["x"]', None),
        ('thing.a["k"]', "thing.a", 'thing.a["k"]', "thing.a"),
        ('thing.a["k"]', 'thing.a["l"]', 'thing.a["x"]', None),
        ("thing.a", "thing.b", "part.a", None),
        ("thing.a", "thing.b", "module.m.thing.a", None),
        ("thing.a", "module.m.thing.a", "thing.a", "module.m.thing.a"),
        ("module.m.thing.a", "thing.b", 'module.m.thing.a["x"]', 'thing.b["x"]'),
        ("module.m", "module.n", "module.m.thing.a", "module.n.thing.a"),
        ("module.m", "module.n", 'module.m["x"].thing.a["y"]', 'module.n["x"].thing.a["y"]'),
        ("module.m", 'module.m["k"]', "module.m.thing.a", 'module.m["k"].thing.a'),
        ("module.m", 'module.m["k"]', 'module.m["x"].thing.a', None),
        ('module.m["k"]', "module.n", 'module.m["k"].module.o.thing.a', "module.n.module.o.thing.a"),
        ("module.m.module.o", "module.p", "module.m.module.o.thing.a", "module.p.thing.a"),
        ("module.m.module.o", "module.p", "module.m.thing.a", None),
    ],
)
def test_resources_instances_and_modules_move(old: str, new: str, address: str, there: str | None) -> None:
    way = Way(Endpoint.parse(old), Endpoint.parse(new))
    found = way.leads(at(address))
    assert (None if found is None else str(found)) == there


def state_of(*addresses: str) -> PlanState:
    objects = {at(text): StateObject(at(text), "memory", f"id-{text}", {}) for text in addresses}
    return PlanState(objects, {}, 1, "", None)  # type: ignore[arg-type]  # nothing is sealed here


def moved(*pairs: tuple[str, str]) -> Desired:
    here = Place("reconciler.yaml", 1, 1)
    moves = (Moved(Way(Endpoint.parse(old), Endpoint.parse(new)), here, here) for old, new in pairs)
    return Desired({}, sections=Sections(tuple(moves)))


def test_a_whole_resource_moves_with_all_instances_into_a_module_and_on_with_it() -> None:
    desired = moved(("module.m", "module.n"), ("thing.a", "module.m.thing.b"))
    _, state = refactored(desired, state_of('thing.a["x"]', 'thing.a["y"]', "thing.c"))
    assert set(map(str, state.objects)) == {
        'module.n.thing.b["x"]', 'module.n.thing.b["y"]', "thing.c",
    }  # fmt: skip
    assert {known.address for known in state.objects.values()} == set(state.objects)


def test_what_is_moved_on_its_own_does_not_go_with_its_module() -> None:
    desired = moved(
        ("module.m", "module.n"), ("module.m.thing.a", "thing.a"), ('module.m.thing.b["x"]', "thing.x")
    )
    _, state = refactored(
        desired, state_of("module.m.thing.a", 'module.m.thing.b["x"]', 'module.m.thing.b["y"]')
    )
    assert set(map(str, state.objects)) == {"thing.a", "thing.x", 'module.n.thing.b["y"]'}


def test_two_instances_do_not_become_one() -> None:
    desired, state = refactored(
        moved(("thing.a", "thing.c"), ("thing.b", "thing.c")), state_of("thing.a", "thing.b")
    )
    assert set(map(str, state.objects)) == {"thing.c", "thing.b"}
    assert set(map(str, desired.problems)) == {"thing.c"}
