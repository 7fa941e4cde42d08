"""Secrets reach the service, and nothing else."""

from pathlib import Path

from reconciler.plan.action import Action
from reconciler.values import Digest, Sensitive
from tests.lifecycle.lab import Lab

CANARY = "canary-5f2e"


def test_a_secret_is_in_no_plan_and_in_no_file_of_the_state(lab: Lab, tmp_path: Path) -> None:
    lab.environ["TOKEN"] = CANARY
    plan = lab.plan("""
    resources:
      memory_thing:
        a: {name: a, text: "${secret.TOKEN}", secret: "${secret.TOKEN}", tags: ["x-${secret.TOKEN}"]}
      memory_note:
        n: {title: "${memory_thing.a.text}"}
    outputs:
      text: {value: "${memory_thing.a.text}", sensitive: true}
    """)
    assert CANARY not in repr(plan.changes[0].after)
    lab.execute(plan)
    thing = lab.service.objects("memory_thing")[0]
    assert thing.attributes["text"] == CANARY
    assert lab.service.objects("memory_note")[0].attributes["title"] == CANARY
    assert isinstance(lab.recorded("memory_note.n")["title"], Digest)
    lab.ledger.close()
    for file in tmp_path.rglob("*"):
        if file.is_file():
            assert CANARY.encode() not in file.read_bytes(), file
    lab.reopen()
    again = lab.plan()
    assert not again.has_changes
    assert isinstance(again.changes[0].before["text"], Sensitive)


def test_a_rotated_secret_is_an_update_that_shows_neither_value(lab: Lab) -> None:
    lab.environ["TOKEN"] = CANARY
    stack = """
    resources:
      memory_thing:
        a: {name: a, secret: "${secret.TOKEN}"}
    """
    lab.apply(stack)
    lab.environ["TOKEN"] = "rotated"
    plan = lab.plan()
    assert lab.actions(plan) == {"memory_thing.a": Action.UPDATE}
    assert plan.changes[0].changed == {"secret"}
    assert CANARY not in repr(plan)
    assert "rotated" not in repr(plan.changes[0].planned)
    lab.execute(plan)
    assert lab.service.secret_of(lab.service.objects("memory_thing")[0].id) == "rotated"
    assert not lab.plan().has_changes


def test_a_resource_with_a_secret_may_have_a_lifecycle_and_dependencies(lab: Lab) -> None:
    lab.environ["TOKEN"] = CANARY
    outcome = lab.apply("""
    resources:
      memory_thing:
        a: {name: a, secret: "${secret.TOKEN}", depends_on: [memory_thing.b], lifecycle: {on_exists: adopt}}
        b: {name: b}
    """)
    assert outcome.is_complete
    assert not lab.plan().has_changes
