"""The state changed by hand: what the next plan, the next apply and a rollback make of it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reconciler.address import Address
from reconciler.apply.outcome import Outcome
from reconciler.config.stack import Stack
from reconciler.errors import Refused
from reconciler.operations.forgetting import forget
from reconciler.operations.moving import move
from reconciler.operations.transfer import pull, push
from reconciler.operations.workspace import Setting, Workspace
from reconciler.plan.action import Action
from reconciler.provider.objects import ObjectKey
from reconciler.state.model import Intent, Run
from reconciler.state.sqlite import SqliteLedger
from tests.lifecycle.lab import Lab

YAML = """
resources:
  memory_thing:
    {name}: {{name: a, text: first}}
  memory_part:
    lid: {{thing: "${{memory_thing.{name}.name}}", name: "lid of ${{memory_thing.{name}.name}}"}}
"""
BEFORE, AFTER = YAML.format(name="a"), YAML.format(name="b")
SECRET = """
resources:
  memory_thing:
    a: {name: a, secret: "${secret.WORD}"}
"""


def hands_on(lab: Lab) -> Workspace:
    """The lab as the state's commands see it: none of them asks a service."""
    setting = Setting(lab.directory, lab.registry, environ=lab.environ, clock=lab.clock)
    stack: Stack = lab.stack()
    return Workspace(stack, lab.registry, lab.ledger, connections=None, clock=lab.clock, setting=setting)  # type: ignore[arg-type]  # it is not to be used


def at(text: str) -> Address:
    return Address.parse(text)


def pushed(lab: Lab, document: Any) -> None:
    push(hands_on(lab), json.dumps(document).encode(), "document")


def calls(lab: Lab) -> int:
    return sum(lab.service.count(name) for name in ("create", "update", "delete"))


def start(lab: Lab, resources: str = BEFORE) -> Outcome:
    outcome = lab.apply(resources)
    assert outcome.is_complete
    return outcome


def test_after_a_move_the_same_move_in_the_files_leaves_nothing_to_do(lab: Lab) -> None:
    start(lab)
    before = calls(lab)
    move(hands_on(lab), at("memory_thing.a"), at("memory_thing.b"))
    plan = lab.plan(AFTER)
    assert not plan.has_changes
    assert not any(change.is_step for change in plan)
    assert lab.ledger.released() == []
    assert calls(lab) == before


def test_without_the_move_in_the_files_the_next_apply_moves_it_back(lab: Lab) -> None:
    start(lab)
    move(hands_on(lab), at("memory_thing.a"), at("memory_thing.b"))
    made = [found.id for found in lab.service.objects("memory_thing")]
    assert lab.apply().is_complete
    assert not lab.plan().has_changes
    assert [found.id for found in lab.service.objects("memory_thing")] == made
    assert at("memory_thing.b") not in lab.ledger.objects()


def test_a_rollback_gives_the_old_address_back(lab: Lab) -> None:
    start(lab)
    serial, before = lab.ledger.serial, lab.ledger.objects()
    made = lab.service.objects("memory_thing")
    move(hands_on(lab), at("memory_thing.a"), at("memory_thing.b"))
    assert lab.rollback(serial).is_complete
    assert lab.ledger.objects() == before
    assert lab.service.objects("memory_thing") == made
    assert not lab.plan().has_changes


def test_no_serial_of_a_move_leads_a_rollback_to_delete_the_object(lab: Lab) -> None:
    start(lab)
    first = lab.ledger.serial
    last = move(hands_on(lab), at("memory_thing.a"), at("memory_thing.b")).serial
    assert last == first + 3
    for serial in range(first, last + 1):
        actions = {change.action for change in lab.plan_for(lab.desired_at(serial))}
        assert actions <= {Action.NO_OP, Action.FORGET}


def test_what_was_forgotten_is_taken_back_while_it_is_declared(lab: Lab) -> None:
    start(lab)
    made = [found.id for found in lab.service.objects("memory_thing")]
    forget(hands_on(lab), [at("memory_thing.a")])
    plan = lab.plan()
    assert lab.actions(plan) == {"memory_thing.a": Action.NO_OP}
    assert lab.execute(plan).is_complete
    assert [found.id for found in lab.service.objects("memory_thing")] == made
    assert not lab.plan().has_changes


def test_what_was_forgotten_and_is_not_declared_stays_in_the_service(lab: Lab) -> None:
    start(lab)
    forget(hands_on(lab), [at("memory_thing.a"), at("memory_part.lid")])
    assert not lab.plan("resources: {}\n").has_changes
    assert lab.destroy().is_complete
    assert lab.names() == ["a"]


def test_a_rollback_takes_back_what_was_forgotten(lab: Lab) -> None:
    start(lab)
    serial, before = lab.ledger.serial, lab.ledger.objects()
    forget(hands_on(lab), [at("memory_part.lid"), at("memory_thing.a")])
    assert lab.rollback(serial).is_complete
    assert lab.ledger.objects() == before


def test_a_dependent_of_what_was_forgotten_can_be_destroyed_alone(lab: Lab) -> None:
    start(lab)
    forget(hands_on(lab), [at("memory_thing.a")])
    assert lab.destroy().is_complete
    assert lab.names("memory_part") == []
    assert lab.names() == ["a"]


def test_a_create_that_was_cut_off_is_settled_by_forgetting_it(lab: Lab) -> None:
    lab.write("resources: {memory_thing: {a: {name: a}}}\n")
    lab.ledger.begin(Run("run-1", "apply", lab.clock.now(), "tester", 0))
    key = ObjectKey("memory_thing", ("a",))
    cut_off = Intent("run-1", 0, at("memory_thing.a"), "create", "memory", key=key, seen_absent=True)
    lab.ledger.record(intents=[cut_off])
    lab.reopen()
    assert lab.ledger.open_intents() == [cut_off]
    forget(hands_on(lab), [at("memory_thing.a")])
    lab.reopen()
    assert lab.ledger.open_intents() == []
    lab.service.put("memory_thing", name="a")
    with pytest.raises(Refused, match="exists already"):
        lab.plan()


def test_a_state_that_is_pulled_and_pushed_is_the_same_and_nothing_is_planned(lab: Lab) -> None:
    lab.environ["WORD"] = "open sesame"
    start(
        lab,
        SECRET
        + "outputs:\n  id: {value: '${memory_thing.a.id}'}\n"
        + "  word: {value: '${secret.WORD}', sensitive: true}\n",
    )
    assert lab.ledger.outputs().keys() == {"id", "word"}
    serial, runs = lab.ledger.serial, lab.ledger.runs()
    pushed(lab, pull(hands_on(lab)))
    assert (lab.ledger.serial, lab.ledger.runs()) == (serial, runs)
    assert not lab.plan().has_changes


def test_an_address_that_was_changed_in_a_pushed_document_is_a_move(lab: Lab) -> None:
    start(lab)
    before = lab.ledger.serial
    text = json.dumps(pull(hands_on(lab))).replace("memory_thing.a", "memory_thing.b")
    pushed(lab, json.loads(text))
    assert lab.ledger.serial == before + 3
    assert not lab.plan(AFTER).has_changes
    assert lab.rollback(before).is_complete
    assert not lab.plan(BEFORE).has_changes


Recovery = Callable[[Lab, Any], None]


@pytest.fixture
def recover(tmp_path: Path) -> Recovery:
    """The state's file is lost; a new one gets the document."""

    def lose(lab: Lab, document: Any) -> None:
        lab.ledger.close()
        for file in tmp_path.glob("state.db*"):
            file.unlink()
        lab.ledger = SqliteLedger.open(
            tmp_path / "state.db", stack="lab", environment="default", realm="real", clock=lab.clock
        )
        pushed(lab, document)
        lab.reopen()

    return lose


def test_a_lost_state_is_recovered_from_what_was_pulled(lab: Lab, recover: Recovery) -> None:
    start(lab)
    document, before = pull(hands_on(lab)), lab.ledger.objects()
    recover(lab, document)
    assert lab.ledger.objects() == before
    assert lab.ledger.lineage == document["lineage"]
    assert lab.ledger.serial == document["serial"]
    lab.ledger.check()
    assert not lab.plan().has_changes
    pushed(lab, document)
    assert lab.ledger.serial == document["serial"]


def test_a_recovered_state_goes_on_and_is_rolled_back_no_further_than_to_itself(
    lab: Lab, recover: Recovery
) -> None:
    start(lab)
    recover(lab, pull(hands_on(lab)))
    recovered = lab.ledger.serial
    assert lab.ledger.kept_from == recovered
    assert lab.apply(BEFORE.replace("first", "second")).is_complete
    assert lab.rollback(recovered).is_complete
    assert lab.recorded("memory_thing.a")["text"] == "first"
    lab.reopen()
    lab.ledger.check()


def test_after_a_recovery_secrets_are_written_again_and_then_known(lab: Lab, recover: Recovery) -> None:
    lab.environ["WORD"] = "open sesame"
    start(lab, SECRET)
    document = pull(hands_on(lab))
    assert "open sesame" not in json.dumps(document)
    recover(lab, document)
    plan = lab.plan()
    assert lab.actions(plan) == {"memory_thing.a": Action.UPDATE}
    assert lab.execute(plan).is_complete
    assert not lab.plan().has_changes
