"""Data: looked up, held against what is expected, never managed."""

import pytest

from reconciler.errors import Refused
from tests.lifecycle.lab import Lab

LOOKUP = """
data:
  memory_thing:
    other: {name: other, expect: {kind: fancy}}
resources:
  memory_note:
    n: {title: "${data.memory_thing.other.url}"}
"""


def test_what_is_looked_up_reaches_resources(lab: Lab) -> None:
    other = lab.service.put("memory_thing", name="other", kind="fancy")
    lab.apply(LOOKUP)
    assert lab.service.objects("memory_note")[0].attributes["title"] == other.attributes["url"]
    assert not lab.plan().has_changes


def test_an_expectation_that_fails_stops_the_plan_and_says_what_it_found(lab: Lab) -> None:
    lab.service.put("memory_thing", name="other", kind="plain")
    with pytest.raises(Refused, match='expected kind to be "fancy", but it is "plain"'):
        lab.plan(LOOKUP)
    plan = lab.plan_for(lab.desired(), allow_unread=True)
    assert [failed.attribute for failed in plan.failed_expectations] == ["kind"]


def test_nothing_to_look_up_is_a_problem_with_its_place(lab: Lab) -> None:
    with pytest.raises(Refused, match="nothing answers") as refused:
        lab.plan(LOOKUP)
    assert refused.value.diagnostics[0].place is not None


def test_a_lookup_may_rest_on_a_resource(lab: Lab) -> None:
    stack = """
    resources:
      memory_thing:
        a: {name: a}
      memory_note:
        n: {title: "${data.memory_thing.same.id}"}
    data:
      memory_thing:
        same: {name: "${memory_thing.a.name}", depends_on: [memory_thing.a]}
    """
    lab.service.put("memory_thing", name="b")
    lab.apply(stack.replace("name: a}", "name: a}"))
    assert not lab.plan().has_changes
