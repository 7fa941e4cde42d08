"""What cannot be changed in place is deleted and made anew, in an order that nothing is lost by."""

from reconciler.plan.action import Action
from tests.lifecycle.lab import Lab

THING = """
resources:
  memory_thing:
    a: {name: a, kind: plain}
  memory_part:
    p: {thing: "${memory_thing.a.name}", name: p}
"""


def test_an_attribute_that_forces_it_is_named_and_parts_are_replaced_with_their_parent(lab: Lab) -> None:
    lab.apply(THING)
    before = lab.service.objects("memory_thing")[0].id
    plan = lab.plan(THING.replace("plain", "fancy"))
    assert lab.actions(plan) == {"memory_thing.a": Action.REPLACE, "memory_part.p": Action.REPLACE}
    thing, part = (plan.by_address[change.address] for change in plan.visible)
    assert thing.forced_by == ("kind",)
    assert part.goes_with == thing.address
    deletes = lab.service.count("delete")
    lab.execute(plan)
    assert lab.service.count("delete") == deletes + 1
    assert lab.service.objects("memory_thing")[0].id != before
    assert lab.names("memory_part") == ["p"]
    assert not lab.plan().has_changes


def test_what_depends_on_a_replaced_object_is_updated_with_its_new_values(lab: Lab) -> None:
    notes = THING + "  memory_note:\n    n: {title: n, text: '${memory_thing.a.id}'}\n"
    lab.apply(notes)
    lab.apply(notes.replace("plain", "fancy"))
    thing = lab.service.objects("memory_thing")[0]
    assert lab.service.objects("memory_note")[0].attributes["text"] == thing.id
    assert not lab.plan().has_changes
