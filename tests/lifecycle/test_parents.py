"""What lives in another object: it waits for it, follows it, and does not vanish with it unseen."""

import pytest

from reconciler.errors import Refused
from reconciler.plan.action import Action
from tests.lifecycle.lab import Lab

CHILD_FIRST = """
resources:
  memory_part:
    c: {thing: p, name: c, text: x}
  memory_thing:
    p: {name: p}
"""


def test_a_part_that_names_its_parent_by_a_plain_text_waits_for_it(lab: Lab) -> None:
    assert lab.apply(CHILD_FIRST, parallelism=1).is_complete
    assert not lab.plan().has_changes


def test_a_part_that_is_declared_before_its_parent_follows_its_new_name(lab: Lab) -> None:
    lab.apply(CHILD_FIRST)
    ids = [part.id for part in lab.service.objects("memory_part")]
    plan = lab.plan(CHILD_FIRST.replace("thing: p", "thing: q").replace("name: p}", "name: q}"))
    assert lab.actions(plan) == {"memory_thing.p": Action.UPDATE}
    assert lab.execute(plan).is_complete
    assert [part.id for part in lab.service.objects("memory_part")] == ids
    assert not lab.plan().has_changes


def test_a_parent_that_refers_to_its_part_is_left_as_it_is(lab: Lab) -> None:
    lab.service.put("memory_thing", name="p")
    outcome = lab.apply("""
    resources:
      memory_part:
        c: {thing: p, name: c}
      memory_thing:
        p: {name: p, text: "${memory_part.c.id}", lifecycle: {on_exists: adopt}}
    """)
    assert outcome.is_complete
    assert not lab.plan().has_changes


@pytest.mark.parametrize("text", ["x", "changed"])
def test_a_parent_is_not_deleted_while_a_part_of_it_is_declared(lab: Lab, text: str) -> None:
    lab.apply(CHILD_FIRST)
    with pytest.raises(Refused, match=r"it lives in memory_thing\.p") as refused:
        lab.plan(f"resources: {{memory_part: {{c: {{thing: p, name: c, text: {text}}}}}}}")
    assert refused.value.diagnostics[0].place is not None


def test_a_part_that_moves_to_another_parent_lets_the_first_one_go(lab: Lab) -> None:
    lab.apply(CHILD_FIRST)
    outcome = lab.apply(CHILD_FIRST.replace("thing: p", "thing: q").replace("p: {name: p}", "q: {name: q}"))
    assert outcome.is_complete
    assert lab.names() == ["q"]
    assert lab.service.objects("memory_part")[0].attributes["thing"] == "q"
    assert not lab.plan().has_changes
