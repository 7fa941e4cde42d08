"""The plain life of an object: made, left alone, changed in place, deleted."""

from reconciler.plan.action import Action
from reconciler.values import Unknown
from tests.lifecycle.lab import Lab

ONE = """
resources:
  memory_thing:
    a: {name: a, text: first, tags: [x, y]}
"""


def test_what_is_declared_is_created_and_then_left_alone(lab: Lab) -> None:
    plan = lab.plan(ONE)
    assert lab.actions(plan) == {"memory_thing.a": Action.CREATE}
    assert isinstance(plan.changes[0].after["id"], Unknown)
    outcome = lab.execute(plan)
    assert outcome.is_complete
    assert lab.names() == ["a"]
    calls = lab.service.count("create") + lab.service.count("update")
    assert not lab.plan().has_changes
    lab.apply()
    assert lab.service.count("create") + lab.service.count("update") == calls
    assert lab.ledger.serial == 1


def test_a_changed_attribute_is_one_update_that_names_only_what_changes(lab: Lab) -> None:
    lab.apply(ONE)
    plan = lab.plan(ONE.replace("first", "second"))
    assert lab.actions(plan) == {"memory_thing.a": Action.UPDATE}
    assert plan.changes[0].changed == {"text"}
    lab.execute(plan)
    assert lab.service.objects("memory_thing")[0].attributes["text"] == "second"
    assert not lab.plan().has_changes


def test_the_order_of_a_set_is_no_change(lab: Lab) -> None:
    lab.apply(ONE)
    assert not lab.plan(ONE.replace("[x, y]", "[y, x]")).has_changes


def test_what_the_service_will_make_of_a_value_is_no_change(lab: Lab) -> None:
    lab.apply(ONE.replace("text: first", 'text: "  first  "'))
    assert not lab.plan().has_changes


def test_what_is_no_longer_declared_of_an_object_is_left_alone(lab: Lab) -> None:
    lab.apply(ONE)
    assert not lab.plan(ONE.replace("text: first, ", "")).has_changes
    lab.apply()
    assert lab.service.objects("memory_thing")[0].attributes["text"] == "first"


def test_what_is_declared_no_more_is_deleted(lab: Lab) -> None:
    lab.apply(ONE)
    plan = lab.plan("")
    assert lab.actions(plan) == {"memory_thing.a": Action.DELETE}
    assert plan.changes[0].reason == "it is not declared any more"
    lab.execute(plan)
    assert lab.names() == []
    assert lab.ledger.objects() == {}
    assert not lab.plan().has_changes


def test_a_value_known_after_apply_reaches_what_depends_on_it(lab: Lab) -> None:
    lab.apply("""
    resources:
      memory_thing:
        b: {name: b, text: "see ${memory_thing.a.url}"}
        a: {name: a}
    outputs:
      where: {value: "${memory_thing.a.url}"}
    """)
    by_name = {found.attributes["name"]: found.attributes for found in lab.service.objects("memory_thing")}
    assert by_name["b"]["text"] == f"see {by_name['a']['url']}"
    assert lab.watcher.events.index(("finished", "memory_thing.a")) < lab.watcher.events.index(
        ("started", "memory_thing.b")
    )
    assert not lab.plan().changes[0].is_step
    assert lab.actions(lab.plan()) == {}
