"""The sections and the lifecycle of what ``for_each`` and modules make: each speaks of its own instances."""

from textwrap import dedent

import pytest

from reconciler.address import Address
from reconciler.errors import InvalidConfiguration, Refused
from reconciler.plan.action import Action
from tests.lifecycle.lab import Lab

PLAIN = 'resources: {memory_note: {n: {title: "one"}}}\n'
EACH = 'resources: {memory_note: {n: {for_each: [one, two], title: "${each.key}"}}}\n'


def note(key: str) -> str:
    return f'memory_note.n["{key}"]'


def addresses(lab: Lab) -> set[str]:
    return set(map(str, lab.ledger.objects()))


def ids(lab: Lab) -> set[str]:
    return {one.id for one in lab.service.objects("memory_note")}


def module(lab: Lab, text: str, name: str) -> None:
    (lab.directory / name).mkdir(exist_ok=True)
    (lab.directory / name / "reconciler.yaml").write_text(dedent(text), encoding="utf-8")


def test_an_object_moves_into_for_each_and_back(lab: Lab) -> None:
    lab.apply(PLAIN)
    before = ids(lab)
    lab.apply(f"moved: [{{from: memory_note.n, to: '{note('one')}'}}]\n{EACH}")
    assert addresses(lab) == {note("one"), note("two")}
    assert before < ids(lab)
    kept = lab.recorded(note("one"))["id"]
    lab.apply(f"moved: [{{from: '{note('one')}', to: memory_note.n}}]\n{PLAIN}")
    assert ids(lab) == {kept} == before


def test_all_instances_move_with_their_keys(lab: Lab) -> None:
    lab.apply(EACH)
    before = ids(lab)
    plan = lab.plan("moved: [{from: memory_note.n, to: memory_note.m}]\n" + EACH.replace("{n:", "{m:"))
    assert set(lab.actions(plan).values()) == {Action.NO_OP}
    lab.execute(plan)
    assert addresses(lab) == {'memory_note.m["one"]', 'memory_note.m["two"]'}
    assert ids(lab) == before


def test_a_module_moves_with_all_in_it_and_says_what_moved_inside(lab: Lab) -> None:
    module(lab, PLAIN, "squad")
    lab.apply("modules: {red: {source: ./squad}}")
    before = ids(lab)
    module(lab, PLAIN.replace("{n:", "{m:") + "moved: [{from: memory_note.n, to: memory_note.m}]", "squad")
    crew = "modules: {crew: {source: ./squad, for_each: [a]}}\n"
    assert lab.apply(crew + "moved: [{from: module.red, to: 'module.crew[\"a\"]'}]").is_complete
    assert addresses(lab) == {'module.crew["a"].memory_note.m'}
    assert ids(lab) == before
    assert not lab.plan().has_changes


def test_one_instance_is_let_go_of(lab: Lab) -> None:
    lab.apply(EACH)
    before = ids(lab)
    lab.apply(f"removed: [{{from: '{note('two')}', destroy: false}}]\n{EACH.replace(', two', '')}")
    assert addresses(lab) == {note("one")}
    assert ids(lab) == before


def test_an_instance_that_is_declared_cannot_be_removed_nor_have_moved(lab: Lab) -> None:
    for section in (
        f"removed: [{{from: '{note('two')}', destroy: false}}]",
        "moved: [{from: memory_note.n, to: memory_note.m}]",
    ):
        with pytest.raises(InvalidConfiguration, match="is still declared"):
            lab.plan(f"{section}\n{EACH}")


def test_an_instance_takes_over_an_object(lab: Lab) -> None:
    there = lab.service.put("memory_note", title="two")
    lab.apply(f"imports: [{{to: '{note('two')}', id: two}}]\n{EACH}")
    assert lab.recorded(note("two"))["id"] == there.id
    with pytest.raises(InvalidConfiguration, match="there is no memory_note"):
        lab.plan(f"imports: [{{to: '{note('six')}', id: two}}]\n{EACH}")


def test_a_module_imports_and_checks_on_its_own(lab: Lab) -> None:
    there = lab.service.put("memory_note", title="one")
    module(
        lab,
        """
        variables: {id: {type: text}}
        imports: [{to: memory_note.n, id: "${var.id}"}]
        checks: [{name: named, assert: "${memory_note.n.title == 'two' or plan.creates > 7}", message: no}]
        """
        + PLAIN,
        "squad",
    )
    plan = lab.plan("modules: {red: {source: ./squad, inputs: {id: one}}}")
    (check,) = plan.checks
    assert (check.check.name, check.has_failed) == ("module.red.check.named", True)
    lab.execute(plan)
    assert lab.recorded("module.red.memory_note.n")["id"] == there.id


TRIGGERED = """
resources:
  memory_thing: {t: {for_each: {one: 1, two: TWO}, name: "${each.key}", size: "${each.value}"}}
  memory_note:
    all: {title: all, lifecycle: {replace_triggered_by: [memory_thing.t]}}
    one: {title: one, lifecycle: {replace_triggered_by: ['memory_thing.t["one"].size']}}
"""


def test_any_instance_triggers_unless_one_is_named(lab: Lab) -> None:
    lab.apply(TRIGGERED.replace("TWO", "2"))
    plan = lab.plan(TRIGGERED.replace("TWO", "3"))
    assert lab.actions(plan) == {
        'memory_thing.t["two"]': Action.UPDATE, "memory_note.all": Action.REPLACE,
    }  # fmt: skip


CONDITIONS = """
resources:
  memory_thing:
    t:
      for_each: {one: 1, two: TWO}
      name: ${each.key}
      size: ${each.value}
      lifecycle:
        precondition: {assert: "${each.value < 5}", message: "${each.key} is too large"}
        postcondition: {assert: "${self.size != 3}", message: "${self.name} is 3"}
"""


@pytest.mark.parametrize(("two", "problem"), [("6", "two is too large"), ("3", "two is 3")])
def test_each_instance_has_conditions_of_its_own(lab: Lab, two: str, problem: str) -> None:
    with pytest.raises(Refused) as refused:
        lab.plan(CONDITIONS.replace("TWO", two))
    (found,) = refused.value.diagnostics
    assert found.address == 'memory_thing.t["two"]'
    assert found.summary.endswith(problem)
    assert lab.apply(CONDITIONS.replace("TWO", "2")).is_complete


def test_instances_are_made_before_the_old_ones_go(lab: Lab) -> None:
    text = """
    resources:
      memory_thing:
        t:
          for_each: [one, two]
          name: "${each.key}NAME"
          kind: KIND
          lifecycle: {create_before_destroy: true}
    """
    lab.apply(text.replace("NAME", "").replace("KIND", "plain"))
    plan = lab.plan(text.replace("NAME", "2").replace("KIND", "fancy"))
    assert all(change.creates_first for change in plan.visible)
    assert lab.execute(plan).is_complete
    assert lab.names() == ["one2", "two2"]
    assert addresses(lab) == {'memory_thing.t["one"]', 'memory_thing.t["two"]'}
    assert Address.parse('memory_thing.t["one"]') in lab.ledger.objects()
