"""A parent that gets another name keeps what lives in it."""

from reconciler.errors import ServiceFailed
from reconciler.plan.action import Action
from tests.lifecycle.lab import Lab

FAMILY = """
resources:
  memory_thing:
    a: {name: a}
  memory_part:
    p: {thing: "${memory_thing.a.name}", name: p}
    q: {thing: a, name: q, text: "${memory_thing.a.id}"}
"""


def test_a_rename_is_one_update_and_the_children_follow(lab: Lab) -> None:
    lab.apply(FAMILY)
    ids = {found.id for found in lab.service.objects("memory_part")}
    plan = lab.plan(FAMILY.replace("name: a}", "name: b}").replace("thing: a,", "thing: b,"))
    assert lab.actions(plan) == {"memory_thing.a": Action.UPDATE}
    calls = lab.service.count("update")
    lab.execute(plan)
    assert lab.service.count("update") == calls + 1
    assert {found.id for found in lab.service.objects("memory_part")} == ids
    assert lab.recorded("memory_part.p")["thing"] == "b"
    assert not lab.plan().has_changes
    assert lab.plan().drift == ()


def test_a_child_changed_in_the_same_run_is_updated_under_the_new_name(lab: Lab) -> None:
    lab.apply(FAMILY)
    lab.apply(FAMILY.replace("name: a}", "name: b}").replace("thing: a, name: q", "thing: b, name: r"))
    assert lab.names("memory_part") == ["p", "r"]
    assert {found.attributes["thing"] for found in lab.service.objects("memory_part")} == {"b"}
    assert not lab.plan().has_changes


def test_a_rename_behind_our_back_is_drift_of_the_parent_and_named(lab: Lab) -> None:
    lab.apply(FAMILY)
    thing = lab.service.objects("memory_thing")[0]
    lab.service.change("memory_thing", thing.id, name="other")
    plan = lab.plan()
    assert "memory_thing.a" in {str(found.address) for found in plan.drift}
    assert lab.actions(plan) == {"memory_thing.a": Action.UPDATE}
    lab.execute(plan)
    assert lab.names() == ["a"]
    assert not lab.plan().has_changes
    assert lab.plan().drift == ()


def test_what_the_service_computes_from_the_parents_name_is_read_again_in_one_call(lab: Lab) -> None:
    family = FAMILY + "  memory_note:\n    n: {title: '${memory_part.p.url}'}\n"
    lab.apply(family)
    lab.service.calls.clear()
    lab.apply(family.replace("name: a}", "name: b}").replace("thing: a,", "thing: b,"))
    assert lab.service.objects("memory_note")[0].attributes["title"] == "memory://things/b/parts/p"
    assert lab.recorded("memory_part.p")["url"] == "memory://things/b/parts/p"
    operations = [call.operation for call in lab.service.calls if call.type == "memory_part"]
    assert operations == ["read", "read"]
    assert not any(change.is_step for change in lab.plan())


def test_a_child_that_cannot_be_read_again_is_recorded_by_the_next_apply(lab: Lab) -> None:
    lab.apply(FAMILY)
    lab.service.fail("read", ServiceFailed, type="memory_part", nth=2)
    outcome = lab.apply(FAMILY.replace("name: a}", "name: b}").replace("thing: a,", "thing: b,"))
    assert {str(failure.change.address) for failure in outcome.failed} == {"memory_part.p", "memory_part.q"}
    assert not lab.plan().has_changes
    assert lab.apply().is_complete
    assert lab.recorded("memory_part.p")["thing"] == "b"
