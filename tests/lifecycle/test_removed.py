"""``removed``: what is declared no more is let go of, or deleted, as the entry says."""

import pytest

from reconciler.address import Address
from reconciler.config.endpoints import Endpoint
from reconciler.config.sections import Removed, Sections
from reconciler.diagnostics import Place
from reconciler.errors import Refused
from reconciler.plan.action import Action
from reconciler.plan.desired import Desired
from reconciler.plan.refactoring import refactored
from reconciler.plan.world import PlanState
from reconciler.state.model import StateObject
from tests.lifecycle.lab import Lab
from tests.lifecycle.law_kills import MOMENTS, Kill, killed

BEFORE = """
resources:
  memory_thing:
    a: {name: a LIFECYCLE}
    b: {name: b}
  memory_part:
    p: {thing: "${memory_thing.a.name}", name: p}
"""
PLAIN = BEFORE.replace(" LIFECYCLE", "")
AFTER = """
removed: [{from: memory_thing.a, destroy: DESTROY}, {from: memory_part.p, destroy: DESTROY}]
resources:
  memory_thing:
    b: {name: b}
"""
FORGOTTEN = AFTER.replace("DESTROY", "false")
DELETED = AFTER.replace("DESTROY", "true")


def at(text: str) -> Address:
    return Address.parse(text)


def test_an_object_stays_in_the_service_and_is_forgotten(lab: Lab) -> None:
    lab.apply(PLAIN)
    called = len(lab.service.calls)
    plan = lab.plan(FORGOTTEN)
    assert lab.actions(plan) == {"memory_thing.a": Action.FORGET, "memory_part.p": Action.FORGET}
    assert plan.by_address[at("memory_thing.a")].reason == "removed: says that its object stays"
    lab.execute(plan)
    assert lab.service.count("delete") == 0
    assert len(lab.service.calls) > called  # it was read, and no more
    assert lab.names() == ["a", "b"]
    assert set(map(str, lab.ledger.objects())) == {"memory_thing.b"}
    assert not lab.plan().has_changes


def test_what_is_said_to_be_destroyed_is_deleted(lab: Lab) -> None:
    lab.apply(PLAIN)
    lab.apply(DELETED)
    assert lab.names() == ["b"]
    assert set(map(str, lab.ledger.objects())) == {"memory_thing.b"}


def test_it_is_deleted_although_its_lifecycle_was_to_forget_it(lab: Lab) -> None:
    lab.apply(BEFORE.replace(" LIFECYCLE", ", lifecycle: {on_destroy: forget}"))
    lab.apply(DELETED)
    assert lab.names() == ["b"]


def test_what_must_not_be_destroyed_is_not_deleted_but_can_be_let_go_of(lab: Lab) -> None:
    lab.apply(BEFORE.replace(" LIFECYCLE", ", lifecycle: {prevent_destroy: true}"))
    with pytest.raises(Refused, match="prevent"):
        lab.plan(DELETED)
    lab.apply(FORGOTTEN)
    assert lab.names() == ["a", "b"]


def test_what_moved_and_is_removed_then_is_let_go_of(lab: Lab) -> None:
    lab.apply(PLAIN)
    moved = "moved: [{from: memory_thing.a, to: memory_thing.c}]\n"
    lab.apply(moved + FORGOTTEN.replace("memory_thing.a", "memory_thing.c").strip())
    assert lab.names() == ["a", "b"]
    assert set(map(str, lab.ledger.objects())) == {"memory_thing.b"}


def test_destroy_leaves_what_is_let_go_of(lab: Lab) -> None:
    lab.apply(PLAIN)
    lab.write(FORGOTTEN)
    lab.execute(lab.plan_for(Desired.nothing(lab.stack())), command="destroy")
    assert lab.names() == ["a"]
    assert lab.ledger.objects() == {}


def test_an_entry_whose_object_is_gone_does_nothing(lab: Lab) -> None:
    lab.apply("resources: {memory_thing: {b: {name: b}}}")
    assert not lab.plan(FORGOTTEN).has_changes
    assert not lab.plan(DELETED).has_changes


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_kill_at_any_moment_deletes_nothing(lab: Lab, moment: str) -> None:
    lab.apply(PLAIN)
    lab.write(FORGOTTEN)
    with killed(lab, Kill(moment, 1, True)):
        lab.apply()
    lab.apply()
    assert lab.names() == ["a", "b"]
    assert len(lab.service.objects("memory_part")) == 1
    assert set(map(str, lab.ledger.objects())) == {"memory_thing.b"}


@pytest.mark.parametrize(
    ("old", "gone"),
    [
        ("memory_thing.a", {"memory_thing.a", 'memory_thing.a["x"]'}),
        ('memory_thing.a["x"]', {'memory_thing.a["x"]'}),
        ("module.m", {"module.m.memory_thing.a", 'module.m["k"].memory_thing.a'}),
        ('module.m["k"]', {'module.m["k"].memory_thing.a'}),
    ],
)
def test_all_instances_one_of_them_or_a_module_is_meant(old: str, gone: set[str]) -> None:
    addresses = [
        "memory_thing.a", 'memory_thing.a["x"]', "memory_thing.b", "module.m.memory_thing.a",
        'module.m["k"].memory_thing.a',
    ]  # fmt: skip
    objects = {at(text): StateObject(at(text), "memory", text, {}) for text in addresses}
    sections = Sections(removed=(Removed(Endpoint.parse(old), False, Place("f", 1, 1)),))
    state = PlanState(objects, {}, 1, "", None)  # type: ignore[arg-type]  # nothing is sealed here
    desired, _ = refactored(Desired({}, sections=sections), state)
    assert set(map(str, desired.stays)) == gone
