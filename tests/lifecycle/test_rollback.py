"""The way back: a plan like any other, whose desired state is a snapshot."""

import pytest

from reconciler.errors import Refused
from reconciler.plan.action import Action
from tests.lifecycle.lab import Lab

FIRST = """
resources:
  memory_thing:
    a: {name: a, text: first}
    b: {name: b, text: "${memory_thing.a.id}"}
"""


def test_a_rollback_takes_back_exactly_what_the_run_did(lab: Lab) -> None:
    lab.apply(FIRST)
    serial = lab.ledger.serial
    lab.apply(FIRST.replace("first", "second") + "    c: {name: c}\n")
    plan = lab.plan_for(lab.desired_at(serial))
    assert lab.actions(plan) == {"memory_thing.a": Action.UPDATE, "memory_thing.c": Action.DELETE}
    lab.execute(plan, command="rollback")
    assert lab.names() == ["a", "b"]
    assert lab.service.objects("memory_thing")[0].attributes["text"] == "first"
    assert not lab.plan_for(lab.desired_at(serial)).has_changes


def test_an_attribute_that_only_the_later_run_declared_goes_back_too(lab: Lab) -> None:
    lab.apply(FIRST)
    serial = lab.ledger.serial
    lab.apply(FIRST.replace("text: first", "text: first, size: 7, tags: [x]"))
    lab.rollback(serial)
    attributes = lab.service.objects("memory_thing")[0].attributes
    assert (attributes["size"], attributes["tags"]) == (0, [])


def test_a_rollback_can_itself_be_rolled_back(lab: Lab) -> None:
    lab.apply(FIRST)
    first = lab.ledger.serial
    lab.apply(FIRST.replace("first", "second"))
    second = lab.ledger.serial
    lab.rollback(first)
    lab.rollback(second)
    assert lab.service.objects("memory_thing")[0].attributes["text"] == "second"
    assert not lab.plan().has_changes


def test_what_refers_to_a_recreated_object_gets_its_new_id(lab: Lab) -> None:
    lab.apply(FIRST)
    serial = lab.ledger.serial
    lab.apply("resources:\n  memory_thing:\n    b: {name: b, text: none}\n")
    lab.rollback(serial)
    things = {found.attributes["name"]: found for found in lab.service.objects("memory_thing")}
    assert things["b"].attributes["text"] == things["a"].id
    assert not lab.plan(FIRST).has_changes


def test_an_unchanged_secret_is_left_alone_and_asked_for_again_where_it_is_needed(lab: Lab) -> None:
    secret = """
    resources:
      memory_thing:
        a: {name: a, secret: "${secret.TOKEN}", text: first}
    """
    lab.environ["TOKEN"] = "one"
    lab.apply(secret)
    serial = lab.ledger.serial
    lab.apply("")
    lab.rollback(serial)
    (thing,) = lab.service.objects("memory_thing")
    assert lab.service.secret_of(thing.id) == "one"
    assert not lab.plan(secret).has_changes


def test_a_secret_that_has_changed_since_is_named_before_anything_is_done(lab: Lab) -> None:
    secret = """
    resources:
      memory_thing:
        a: {name: a, secret: "${secret.TOKEN}"}
    """
    lab.environ["TOKEN"] = "one"
    lab.apply(secret)
    serial = lab.ledger.serial
    lab.apply("")
    lab.environ["TOKEN"] = "two"
    with pytest.raises(Refused, match=r"secret came from \$\{secret.TOKEN\}"):
        lab.plan_for(lab.desired_at(serial))


def test_a_secret_rotated_later_does_not_hinder_the_rest(lab: Lab) -> None:
    secret = """
    resources:
      memory_thing:
        a: {name: a, secret: "${secret.TOKEN}", text: first}
    """
    lab.environ["TOKEN"] = "one"
    lab.apply(secret)
    serial = lab.ledger.serial
    lab.apply(secret.replace("first", "second"))
    lab.environ["TOKEN"] = "two"
    plan = lab.plan_for(lab.desired_at(serial))
    assert plan.changes[0].changed == {"text"}
    lab.execute(plan)
    (thing,) = lab.service.objects("memory_thing")
    assert lab.service.secret_of(thing.id) == "one"


def test_a_deleted_object_that_others_lived_in_comes_back_with_them(lab: Lab) -> None:
    lab.apply("""
    resources:
      memory_thing:
        a: {name: a, with_default_part: true}
      memory_part:
        p: {thing: "${memory_thing.a.name}", name: p}
        d: {thing: "${memory_thing.a.name}", name: default, text: mine}
    """)
    serial = lab.ledger.serial
    stack = lab.desired()
    lab.destroy()
    lab.rollback(serial)
    assert lab.names("memory_part") == ["default", "p"]
    assert not lab.plan_for(stack).has_changes


def test_outputs_of_what_comes_back_are_worked_out_again(lab: Lab) -> None:
    lab.apply(FIRST + 'outputs:\n  where: {value: "${memory_thing.a.id}"}\n')
    serial = lab.ledger.serial
    lab.destroy()
    lab.rollback(serial)
    things = {found.attributes["name"]: found.id for found in lab.service.objects("memory_thing")}
    assert lab.ledger.outputs()["where"] == things["a"]
    assert not lab.plan().has_changes


def test_a_rollback_records_nothing_of_what_it_leaves_alone(lab: Lab) -> None:
    lab.service.put("memory_thing", name="other", text="seen")
    stack = FIRST + (
        '  memory_note:\n    n: {title: "${data.memory_thing.other.text}"}\n'
        "data:\n  memory_thing:\n    other: {name: other}\n"
    )
    lab.apply(stack)
    serial = lab.ledger.serial
    lab.apply(stack.replace("first", "second"))
    lab.rollback(serial)
    assert lab.ledger.serial == serial + 2


def test_what_was_taken_over_since_is_let_go_of_and_never_deleted(lab: Lab) -> None:
    found = lab.service.put("memory_thing", name="x", text="theirs")
    one = "resources: {memory_thing: {o: {name: o}}}"
    lab.apply(one)
    serial = lab.ledger.serial
    lab.apply("""
    resources:
      memory_thing:
        o: {name: o}
        a: {name: x, text: ours, lifecycle: {on_exists: adopt}}
    """)
    plan = lab.plan_for(lab.desired_at(serial))
    assert lab.actions(plan) == {"memory_thing.a": Action.FORGET}
    assert "no run of ours made it" in plan.visible[0].reason
    lab.execute(plan, command="rollback")
    assert found.id in {thing.id for thing in lab.service.objects("memory_thing")}
    assert not lab.plan_for(lab.desired_at(serial)).has_changes


def test_what_a_run_made_in_something_taken_over_is_removed_when_that_is_let_go_of(lab: Lab) -> None:
    thing = lab.service.put("memory_thing", name="a")
    lab.apply("""
    resources:
      memory_thing: {a: {name: a, lifecycle: {on_exists: adopt}}}
      memory_part: {p: {thing: "${memory_thing.a.name}", name: p}}
    """)
    assert lab.rollback(0).is_complete
    assert lab.service.objects("memory_part") == []
    assert [found.id for found in lab.service.objects("memory_thing")] == [thing.id]
    assert lab.ledger.objects() == {}


def test_what_was_let_go_of_and_taken_back_is_let_go_of_again_in_the_same_way(lab: Lab) -> None:
    archiving = "resources: {memory_thing: {a: {name: a, lifecycle: {on_destroy: archive}}}}"
    lab.apply(archiving)
    lab.apply("resources: {}")
    serial = lab.ledger.serial
    lab.apply(archiving)
    plan = lab.plan_for(lab.desired_at(serial))
    assert lab.actions(plan) == {"memory_thing.a": Action.DELETE}
    assert plan.visible[0].how == "archive"
