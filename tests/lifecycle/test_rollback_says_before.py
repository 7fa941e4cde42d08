"""What a rollback cannot bring back as it was is in its plan: in text, JSON and markdown."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from reconciler.plan.change import Change, Plan
from reconciler.views.line import plain
from reconciler.views.plan_json import plan_document
from reconciler.views.plan_markdown import plan_markdown
from reconciler.views.plan_text import plan_lines
from tests.lifecycle.lab import Lab

SCHEMA = Path(__file__).parents[2] / "schemas" / "plan.schema.json"

STACK = """
data: {memory_thing: {other: {name: other}}}
resources:
  memory_thing:
    a: {name: a, secret: "${secret.TOKEN}", text: "${data.memory_thing.other.id}", size: 1}
  memory_note:
    n: {title: "about ${memory_thing.a.id}"}
"""


@pytest.fixture
def past(lab: Lab) -> int:
    """The serial at which all was there."""
    lab.environ["TOKEN"] = "canary-4711"
    lab.service.put("memory_thing", name="other")
    lab.apply(STACK)
    return lab.ledger.serial


def texts(lab: Lab, plan: Plan) -> tuple[str, Any, str]:
    """A plan as text in wide lines, as JSON that its schema allows, and as markdown."""
    document = plan_document(plan, lab.registry, moment=datetime(2026, 1, 1, tzinfo=UTC))
    Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8"))).validate(document)
    ours = {change["address"]: change["reconciler"]["way_back"] for change in document["resource_changes"]}
    text = plain(plan_lines(plan, lab.registry, width=200))
    return text, ours, plan_markdown(plan, lab.registry)


def of(plan: Plan, address: str) -> Change:
    return next(change for change in plan if str(change.address) == address)


def test_an_object_that_is_made_anew_has_a_new_id_and_says_what_is_lost(lab: Lab, past: int) -> None:
    note = lab.service.objects("memory_note")[0].id
    lab.apply("resources: {}")
    plan = lab.plan_for(lab.desired_at(past))
    text, document, markdown = texts(lab, plan)
    said = f"comes back as a new object with a new id, in place of {note}; the loss is not undone: "
    assert f"! {said}" in text
    assert said in markdown
    assert "Cannot be restored exactly:" in markdown
    assert document["memory_note.n"] == {
        "recreated": True,
        "id": note,
        "lost": "a deleted note comes back with another id",
        "asked_again": {},
        "kept": {},
        "left_alone": [],
    }


def test_a_secret_that_is_asked_for_again_is_named_and_not_shown(lab: Lab, past: int) -> None:
    lab.apply("resources: {}")
    plan = lab.plan_for(lab.desired_at(past))
    text, document, markdown = texts(lab, plan)
    assert "! asked for again, since no snapshot has secrets: secret (${secret.TOKEN})" in text
    assert document["memory_thing.a"]["asked_again"] == {"secret": "${secret.TOKEN}"}
    assert "asked for again" in markdown
    for form in (text, json.dumps(document), markdown):
        assert "canary" not in form


def test_a_value_that_came_from_data_is_written_as_it_was_and_said(lab: Lab, past: int) -> None:
    lab.apply("resources: {}")
    text, document, markdown = texts(lab, lab.plan_for(lab.desired_at(past)))
    assert "! written as it was then, and not worked out again: text (${data.memory_thing.other.id})" in text
    assert document["memory_thing.a"]["kept"] == {"text": "${data.memory_thing.other.id}"}
    assert "not worked out again" in markdown


def test_the_end_of_the_text_counts_what_is_not_as_it_was(lab: Lab, past: int) -> None:
    lab.apply("resources: {}")
    text, *_ = texts(lab, lab.plan_for(lab.desired_at(past)))
    assert (
        "\nNot exactly as it was: 2 objects come back with new ids, 1 secret is asked for again, "
        "1 value is not worked out again.\n\nPlan: "
    ) in text


def test_a_rotated_secret_that_stays_is_said(lab: Lab, past: int) -> None:
    lab.apply(STACK.replace("size: 1", "size: 2"))
    lab.environ["TOKEN"] = "canary-4712"
    text, document, _ = texts(lab, lab.plan_for(lab.desired_at(past)))
    assert "! left as it is, since only a keyed hash is known: secret" in text
    assert document["memory_thing.a"]["left_alone"] == ["secret"]
    assert not document["memory_thing.a"]["recreated"]


def test_an_update_that_restores_all_says_nothing(lab: Lab, past: int) -> None:
    lab.apply(STACK.replace("size: 1", "size: 2"))
    plan = lab.plan_for(lab.desired_at(past))
    assert of(plan, "memory_thing.a").way_back is None
    assert "! " not in texts(lab, plan)[0]


def test_what_was_only_archived_is_no_new_object(lab: Lab) -> None:
    stack = "resources: {memory_thing: {a: {name: a, lifecycle: {on_destroy: archive}}}}"
    lab.apply(stack)
    past = lab.ledger.serial
    lab.destroy()
    assert of(lab.plan_for(lab.desired_at(past)), "memory_thing.a").way_back is None


def test_a_plan_forward_speaks_of_no_way_back(lab: Lab, past: int) -> None:
    lab.apply("resources: {}")
    assert all(change.way_back is None for change in lab.plan(STACK))


def test_a_replacement_on_the_way_back_has_a_new_id_too(lab: Lab) -> None:
    stack = "resources: {memory_thing: {a: {name: a, kind: plain}}}"
    lab.apply(stack)
    past, was = lab.ledger.serial, lab.service.objects("memory_thing")[0].id
    lab.apply(stack.replace("plain", "fancy"))
    found = of(lab.plan_for(lab.desired_at(past)), "memory_thing.a").way_back
    assert found is not None
    assert (found.is_recreated, found.id) == (True, was)
