"""``replace_triggered_by``: an object is made anew because another one changes."""

import pytest

from reconciler.address import Address
from reconciler.plan.action import Action
from tests.lifecycle.lab import Lab
from tests.lifecycle.law_kills import MOMENTS, Kill, killed

STACK = """
resources:
  memory_thing:
    a: {name: a, text: TEXT, size: SIZE, kind: KIND}
  memory_note:
    n: {title: note, lifecycle: {replace_triggered_by: [TRIGGER]}}
"""
NOTE = Address.parse("memory_note.n")


def stack(trigger: str = "memory_thing.a", *, text: str = "one", size: int = 1, kind: str = "plain") -> str:
    return (
        STACK.replace("TEXT", text)
        .replace("SIZE", str(size))
        .replace("KIND", kind)
        .replace("TRIGGER", trigger)
    )


def actions(lab: Lab, after: str) -> Action | None:
    plan = lab.plan(after)
    change = plan.by_address.get(NOTE)
    return change.action if change and change.is_visible else None


def test_a_change_of_what_is_named_replaces_it(lab: Lab) -> None:
    lab.apply(stack())
    before = lab.recorded("memory_note.n")["id"]
    plan = lab.plan(stack(text="two"))
    change = plan.by_address[NOTE]
    assert (change.action, change.triggered_by) == (Action.REPLACE, ("memory_thing.a",))
    assert change.reason == "memory_thing.a changes"
    lab.execute(plan)
    assert lab.recorded("memory_note.n")["id"] != before
    assert len(lab.service.objects("memory_note")) == 1
    assert not lab.plan().has_changes


def test_a_replacement_of_what_is_named_replaces_it(lab: Lab) -> None:
    lab.apply(stack())
    assert actions(lab, stack(kind="fancy")) is Action.REPLACE


def test_nothing_happens_while_nothing_changes(lab: Lab) -> None:
    lab.apply(stack())
    assert actions(lab, stack()) is None


def test_the_first_creation_of_what_is_named_changes_nothing(lab: Lab) -> None:
    lab.apply("resources: {memory_note: {n: {title: note}}}")
    assert actions(lab, stack()) is None


def test_what_is_named_and_must_be_made_again_replaces_it(lab: Lab) -> None:
    lab.apply(stack())
    lab.service.remove("memory_thing", str(lab.recorded("memory_thing.a")["id"]))
    assert actions(lab, stack()) is Action.REPLACE


@pytest.mark.parametrize(
    ("after", "expected"), [({"text": "two"}, None), ({"size": 2}, Action.REPLACE), ({"kind": "fancy"}, None)]
)
def test_only_the_attribute_that_is_named_counts(
    lab: Lab, after: dict[str, str], expected: Action | None
) -> None:
    trigger = "memory_thing.a.size"
    lab.apply(stack(trigger))
    assert actions(lab, stack(trigger, **after)) is expected  # type: ignore[arg-type]  # as the keywords are


def test_an_attribute_that_only_the_service_will_tell_may_change(lab: Lab) -> None:
    lab.apply(stack("memory_thing.a.revision"))
    assert actions(lab, stack("memory_thing.a.revision", text="two")) is Action.REPLACE


def test_it_waits_for_what_it_names(lab: Lab) -> None:
    lab.apply(stack())
    assert lab.ledger.objects()[NOTE].depends_on == (Address.parse("memory_thing.a"),)


def test_it_can_be_made_before_the_old_one_goes(lab: Lab) -> None:
    first = stack().replace("replace_triggered", "create_before_destroy: true, replace_triggered")
    lab.apply(first)
    plan = lab.plan(first.replace("text: one", "text: two"))
    assert plan.by_address[NOTE].creates_first
    lab.execute(plan)
    assert len(lab.service.objects("memory_note")) == 1
    assert not lab.plan().has_changes


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("nth", range(1, 5))
def test_a_kill_at_any_moment_leaves_one_object_that_was_made_anew(lab: Lab, moment: str, nth: int) -> None:
    lab.apply(stack())
    before = lab.recorded("memory_note.n")["id"]
    lab.write(stack(text="two"))
    with killed(lab, Kill(moment, nth, True)):
        lab.apply()
    assert lab.apply().is_complete
    (note,) = lab.service.objects("memory_note")
    assert note.id != before
    assert lab.recorded("memory_note.n")["id"] == note.id
