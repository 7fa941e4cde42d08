"""What exists already is ours only where that was said, or where our own call made it."""

import pytest

from reconciler.errors import Refused
from reconciler.plan.action import Action
from tests.lifecycle.lab import Lab

ONE = """
resources:
  memory_thing:
    a: {name: a, text: ours}
"""


def test_an_object_that_is_there_already_stops_the_plan_and_names_the_import_command(lab: Lab) -> None:
    lab.service.put("memory_thing", name="a", text="theirs")
    with pytest.raises(Refused) as refused:
        lab.plan(ONE)
    (problem,) = refused.value.diagnostics
    assert problem.address == "memory_thing.a"
    assert "reconciler import 'memory_thing.a' 'a'" in problem.advice
    assert problem.place is not None
    assert lab.service.objects("memory_thing")[0].attributes["text"] == "theirs"


def test_on_exists_adopt_takes_it_and_updates_what_differs(lab: Lab) -> None:
    theirs = lab.service.put("memory_thing", name="a", text="theirs", size=3)
    plan = lab.plan(ONE.replace("text: ours}", "text: ours, lifecycle: {on_exists: adopt}}"))
    assert plan.changes[0].takes_over
    assert plan.changes[0].action is Action.UPDATE
    lab.execute(plan)
    (found,) = lab.service.objects("memory_thing")
    assert (found.id, found.attributes["text"], found.attributes["size"]) == (theirs.id, "ours", 3)
    assert not lab.plan().has_changes


def test_adopting_what_is_as_declared_makes_no_call_but_is_seen_in_the_plan(lab: Lab) -> None:
    lab.service.put("memory_thing", name="a", text="ours")
    plan = lab.plan(ONE.replace("text: ours}", "text: ours, lifecycle: {on_exists: adopt}}"))
    assert lab.actions(plan) == {"memory_thing.a": Action.NO_OP}
    assert plan.has_changes
    lab.execute(plan)
    assert lab.service.count("update") == 0
    assert not lab.plan().has_changes


def test_what_the_service_made_with_a_parent_of_ours_is_claimed_not_refused(lab: Lab) -> None:
    lab.apply("""
    resources:
      memory_thing:
        a: {name: a, with_default_part: true}
      memory_part:
        d: {thing: "${memory_thing.a.name}", name: default, text: changed}
    """)
    (part,) = lab.service.objects("memory_part")
    assert part.attributes["text"] == "changed"
    assert lab.service.count("create", "memory_part") == 0
    assert not lab.plan().has_changes


def test_what_the_service_made_in_an_earlier_run_is_claimed_too(lab: Lab) -> None:
    parent = """
    resources:
      memory_thing:
        a: {name: a, with_default_part: true}
    """
    lab.apply(parent)
    plan = lab.plan(parent + "  memory_part:\n        d: {thing: a, name: default, text: changed}\n")
    assert lab.actions(plan) == {"memory_part.d": Action.UPDATE}
    lab.execute(plan)
    assert lab.service.objects("memory_part")[0].attributes["text"] == "changed"


def test_what_the_service_made_with_a_parent_is_claimed_when_that_gets_another_name(
    lab: Lab,
) -> None:
    parent = "resources:\n  memory_thing:\n    a: {name: a, with_default_part: true}\n"
    part = "  memory_part:\n    d: {thing: '${memory_thing.a.name}', name: default}\n"
    lab.apply(parent)
    lab.apply(parent.replace("name: a", "name: b"))
    assert lab.apply(parent.replace("name: a", "name: c") + part).is_complete
    assert lab.names("memory_part") == ["default"]
    lab.apply("")
    lab.apply(parent)
    lab.apply(parent.replace("name: a", "name: b"))
    plan = lab.plan(parent.replace("name: a", "name: b") + part)
    assert plan.by_address[plan.visible[0].address].takes_over
    assert lab.execute(plan).is_complete
    assert not lab.plan().has_changes


def test_a_resource_that_gets_another_address_keeps_its_object(lab: Lab) -> None:
    lab.apply(ONE)
    before = lab.service.objects("memory_thing")[0].id
    plan = lab.plan(ONE.replace("a: {", "better_name: {"))
    assert lab.actions(plan) == {"memory_thing.a": Action.FORGET}
    lab.execute(plan)
    assert [found.id for found in lab.service.objects("memory_thing")] == [before]
    assert [str(address) for address in lab.ledger.objects()] == ["memory_thing.better_name"]
    assert not lab.plan().has_changes


def test_two_resources_that_turn_out_to_own_one_object_are_refused(lab: Lab) -> None:
    first = "resources:\n  memory_thing:\n    label: {name: label}\n"
    lab.apply(first)
    second = first + f"    a: {{name: {lab.service.objects('memory_thing')[0].id}}}\n"
    lab.apply(second)
    with pytest.raises(Refused, match="same object"):
        lab.plan(second + "    b: {name: '${memory_thing.label.id}'}\n")


def test_what_is_adopted_is_never_replaced(lab: Lab) -> None:
    theirs = lab.service.put("memory_thing", name="a", kind="fancy")
    adopt = "resources:\n  memory_thing:\n    a: {name: a, kind: plain, lifecycle: {on_exists: adopt}}\n"
    with pytest.raises(Refused, match=r"taking it over would replace it \(kind\)") as refused:
        lab.plan(adopt)
    assert refused.value.diagnostics[0].place is not None
    assert lab.service.objects("memory_thing") == [theirs]
