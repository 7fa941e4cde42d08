"""``reconciler_value``: a value that needs no service."""

from reconciler.plan.action import Action
from tests.lifecycle.lab import Lab

SECRET = """
resources:
  reconciler_value:
    a: {input: "${secret.TOKEN}"}
    b: {input: "${reconciler_value.a.output}"}
"""


def test_a_value_keeps_its_id_until_a_trigger_changes(lab: Lab) -> None:
    stack = "resources:\n  reconciler_value:\n    a: {input: 1, triggers: [x]}\n"
    lab.apply(stack)
    first = lab.recorded("reconciler_value.a")
    assert first["output"] == 1
    lab.apply(stack.replace("input: 1", "input: 2"))
    assert lab.recorded("reconciler_value.a")["id"] == first["id"]
    plan = lab.plan(stack.replace("[x]", "[y]"))
    assert lab.actions(plan) == {"reconciler_value.a": Action.REPLACE}
    lab.execute(plan)
    assert lab.recorded("reconciler_value.a")["id"] != first["id"]


def test_true_and_one_are_two_values(lab: Lab) -> None:
    stack = "resources:\n  reconciler_value:\n    a: {input: [true]}\n"
    lab.apply(stack)
    assert not lab.plan().has_changes
    assert lab.plan(stack.replace("true", "1")).has_changes


def test_a_secret_value_settles_although_nothing_tells_it_again(lab: Lab) -> None:
    lab.environ["TOKEN"] = "canary"
    lab.apply(SECRET)
    plan = lab.plan()
    assert not plan.has_changes
    assert plan.drift == ()
    lab.environ["TOKEN"] = "other"
    assert lab.actions(lab.plan()) == {
        "reconciler_value.a": Action.UPDATE,
        "reconciler_value.b": Action.UPDATE,
    }
    lab.apply()
    assert not lab.plan().has_changes
