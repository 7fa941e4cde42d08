"""What was deferred is done once the service is back: looked at first, and asked about where it differs."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from reconciler.errors import Rejected
from reconciler.operations import deferring
from tests.command_line import CommandLine, Result
from tests.two_services import STACK, TwoServices

SCHEMAS = Path(__file__).parents[3] / "schemas"
CHANGED = STACK.replace("name: there,", "name: there, text: new,")


@pytest.fixture
def lab(command: CommandLine, services: TwoServices) -> CommandLine:
    """Applied while the far service was down; it is back."""
    command.write(STACK)
    services.lose()
    assert command("apply", "--auto-approve").code == 3
    services.far.heal()
    return command


@pytest.fixture
def changed(command: CommandLine, services: TwoServices) -> CommandLine:
    """Applied, then changed while the far service was down; it is back."""
    command.write(STACK)
    assert command("apply", "--auto-approve").code == 0
    command.write(CHANGED)
    services.lose()
    assert command("apply", "--auto-approve").code == 3
    services.far.heal()
    return command


def queue(lab: CommandLine) -> list[str]:
    document = lab("sync", "--list", "--json").document
    schema = json.loads((SCHEMAS / "queue.schema.json").read_text())
    Draft202012Validator(schema).validate(document)
    return [one["address"] for one in document["deferred"]]


def events(result: Result) -> list[dict[str, Any]]:
    schema = Draft202012Validator(json.loads((SCHEMAS / "apply-event.schema.json").read_text()))
    for event in result.events:
        schema.validate(event)
    return result.events


def there(services: TwoServices) -> Any:
    (found,) = services.far.objects("memory_thing")
    return found


def test_sync_does_what_was_deferred_without_asking_and_ends_in_no_changes(lab: CommandLine) -> None:
    result = lab("sync")
    assert result.code == 0
    assert "Sync complete: 2 created" in result.out
    assert queue(lab) == []
    assert lab("plan", "--detailed-exitcode").code == 0
    assert [run["command"] for run in lab("state", "history", "--json").document["runs"]] == ["apply", "sync"]


def test_with_an_empty_queue_there_is_nothing_to_do(command: CommandLine, services: TwoServices) -> None:
    command.write(STACK)
    result = command("sync")
    assert (result.code, result.out) == (0, "Nothing is deferred.\n")
    assert events(command("--json", "sync"))[-1]["outcome"] == "no changes"
    assert command("sync", "--list").out == "Nothing is deferred.\n"


def test_while_the_service_is_still_down_all_stays_in_the_queue(
    lab: CommandLine, services: TwoServices
) -> None:
    before = lab("sync", "--list").out
    services.lose()
    assert lab("sync").code == 1
    assert lab("sync", "--list").out == before


def test_the_queue_shows_what_waits_why_and_until_when(lab: CommandLine) -> None:
    told = lab("sync", "--list").out
    assert "   1  create   memory_thing.there" in told
    assert "memory.far is not ready" in told
    assert "it waits for memory_thing.there" in told
    assert "; expires 20" in told
    assert "2 writes deferred." in told


def test_what_somebody_has_changed_meanwhile_is_shown_and_asked_about(
    changed: CommandLine, services: TwoServices
) -> None:
    services.far.change("memory_thing", there(services).id, text="by hand")
    result = changed("sync")
    assert result.code == 1
    told = " ".join(result.out.split())
    assert "somebody has changed it in the service since it was deferred: memory_thing.there" in told
    assert '~ text = "by hand" → "new"' in told
    assert "--auto-approve" in result.err
    assert there(services).attributes["text"] == "by hand"
    assert queue(changed) == ["memory_thing.there"]
    assert changed("sync", "--auto-approve").code == 0
    assert there(services).attributes["text"] == "new"
    assert queue(changed) == []


def test_what_still_holds_is_done_before_the_rest_is_asked_about(
    changed: CommandLine, services: TwoServices
) -> None:
    changed.write(CHANGED + "    more: {name: more, provider: memory.far}\n")
    services.lose()
    changed("apply", "--auto-approve")
    services.far.heal()
    services.far.change("memory_thing", there(services).id, text="by hand")
    told = events(changed("--json", "sync", "--auto-approve"))
    assert [event["address"] for event in told if event["event"] == "differs"] == ["memory_thing.there"]
    done = [[step["address"] for step in event["done"]] for event in told if event["event"] == "done"]
    assert done == [["memory_thing.more"], ["memory_thing.there"]]
    assert changed("plan", "--detailed-exitcode").code == 0


def test_with_json_nobody_is_asked(changed: CommandLine, services: TwoServices) -> None:
    services.far.change("memory_thing", there(services).id, text="by hand")
    result = changed("--json", "sync")
    assert result.code == 1
    assert "give --auto-approve too" in result.out


def test_what_is_declared_otherwise_by_now_is_asked_about(
    changed: CommandLine, services: TwoServices
) -> None:
    changed.write(STACK.replace("name: there,", "name: there, text: newer,"))
    result = changed("sync")
    assert result.code == 1
    assert "it is declared otherwise since it was deferred" in result.out
    assert there(services).attributes["text"] == ""


def test_an_object_that_is_gone_by_now_is_not_made_again_unasked(
    changed: CommandLine, services: TwoServices
) -> None:
    services.far.remove("memory_thing", there(services).id)
    result = changed("sync")
    assert result.code == 1
    assert "it was to update, and as things are it would create" in " ".join(result.out.split())
    assert services.far.objects("memory_thing") == []


def test_what_somebody_has_made_meanwhile_is_not_taken_for_ours(
    lab: CommandLine, services: TwoServices
) -> None:
    services.far.put("memory_thing", name="there")
    result = lab("sync", "--auto-approve")
    assert result.code == 1
    assert "reconciler import" in result.err
    assert queue(lab) == ["memory_thing.there", "memory_thing.after"]


def test_what_is_there_already_leaves_the_queue(changed: CommandLine, services: TwoServices) -> None:
    services.far.change("memory_thing", there(services).id, text="new")
    result = changed("sync")
    assert result.code == 0
    assert "Taken out of the queue, as nothing is left to do there: memory_thing.there." in result.out
    assert queue(changed) == []


def test_what_is_declared_and_recorded_no_more_leaves_the_queue(lab: CommandLine) -> None:
    lab.write(STACK.split("    there:")[0])
    result = lab("sync")
    assert result.code == 0
    assert "memory_thing.there, memory_thing.after" in " ".join(result.out.split())
    assert queue(lab) == []


def test_a_removal_that_was_deferred_is_carried_out(command: CommandLine, services: TwoServices) -> None:
    command.write(STACK)
    command("apply", "--auto-approve")
    command.write(STACK.split("    there:")[0])
    services.lose()
    assert command("apply", "--auto-approve").code == 3
    services.far.heal()
    assert command("sync").code == 0
    assert services.far.objects("memory_thing") == []
    assert queue(command) == []


def test_writes_can_be_taken_out_of_the_queue(lab: CommandLine, services: TwoServices) -> None:
    result = lab("sync", "--drop", "memory_thing.after")
    assert result.code == 0
    assert result.out == (
        "Taken out of the queue: memory_thing.after.\n1 left; `reconciler sync --list` shows them.\n"
    )
    document = lab("sync", "--drop", "all", "--json").document
    assert (document["dropped"], document["deferred"]) == (["memory_thing.there"], [])
    assert lab("sync").out == "Nothing is deferred.\n"
    assert services.far.objects("memory_thing") == []


def test_dropping_what_is_not_in_the_queue_is_refused_and_drops_nothing(lab: CommandLine) -> None:
    result = lab("sync", "--drop", "memory_thing.after", "--drop", "memory_thing.her")
    assert result.code == 1
    assert "nothing is deferred at this address" in result.err
    assert queue(lab) == ["memory_thing.there", "memory_thing.after"]


@pytest.mark.parametrize("arguments", [("--drop", "no address"), ("--list", "--drop", "all")])
def test_what_makes_no_sense_is_wrong_usage(lab: CommandLine, arguments: tuple[str, ...]) -> None:
    assert lab("sync", *arguments).code == 64


def test_what_has_expired_is_told_and_not_done_until_apply_plans_it_anew(
    command: CommandLine, services: TwoServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    command.write(STACK)
    services.lose()
    with monkeypatch.context() as quickly:
        quickly.setattr(deferring, "KEPT", timedelta(0))
        command("apply", "--auto-approve")
    services.far.heal()
    result = command("sync", "--auto-approve")
    assert result.code == 1
    assert "Expired, and not carried out:" in result.out
    assert "memory_thing.there (create)" in result.out
    assert services.far.objects("memory_thing") == []
    assert "2 expired." in command("sync", "--list").out
    assert {event["event"] for event in events(command("--json", "sync"))} == {"expired", "done"}
    services.lose()
    command("apply", "--auto-approve")
    services.far.heal()
    assert command("sync").code == 0
    assert command("plan", "--detailed-exitcode").code == 0


def test_a_step_of_sync_that_fails_stays_in_the_queue(lab: CommandLine, services: TwoServices) -> None:
    services.far.fail("create", Rejected)
    result = lab("sync")
    assert result.code == 3
    assert "then run `reconciler sync` again" in result.out
    assert queue(lab) == ["memory_thing.there", "memory_thing.after"]
    assert lab("sync").code == 0


def test_a_service_that_goes_down_during_sync_keeps_what_is_left_in_the_queue(
    lab: CommandLine, services: TwoServices
) -> None:
    services.far.on_call = lambda call: services.lose() if call.operation == "create" else None
    result = lab("sync")
    assert result.code == 3
    assert "2 deferred" in result.out
    assert queue(lab) == ["memory_thing.there", "memory_thing.after"]


def test_a_rollback_drops_what_the_runs_it_takes_back_had_deferred(
    lab: CommandLine, services: TwoServices
) -> None:
    result = lab("rollback", "--auto-approve")
    assert result.code == 0, result.out + result.err
    told = " ".join(result.out.split())
    assert (
        "Taken out of the queue, as nothing is left to do there: memory_thing.there, memory_thing.after"
        in told
    )
    assert queue(lab) == []


def test_a_destroy_empties_the_queue(lab: CommandLine) -> None:
    result = lab("destroy", "--auto-approve")
    assert result.code == 0
    assert "Taken out of the queue" in result.out
    assert queue(lab) == []


def test_a_configuration_that_was_rolled_back_is_not_brought_about_by_sync(
    changed: CommandLine, services: TwoServices
) -> None:
    changed.environ["LOCAL_STORAGE_FALLBACK"] = "false"
    services.lose()
    changed.write(CHANGED.replace("name: here", "name: elsewhere"))
    assert changed("apply", "--auto-approve").code == 3
    services.far.heal()
    del changed.environ["LOCAL_STORAGE_FALLBACK"]
    assert changed("rollback", "--auto-approve").code == 0
    assert queue(changed) == ["memory_thing.there"], "an earlier run put it there"
    result = changed("sync", "--auto-approve")
    assert result.code == 1
    assert "this very configuration was rolled back" in result.err
    changed.write(CHANGED)
    assert changed("sync").code == 0
    assert there(services).attributes["text"] == "new"


def test_a_sync_that_is_rolled_back_holds_its_configuration(lab: CommandLine) -> None:
    assert lab("sync").code == 0
    assert lab("rollback", "--auto-approve").code == 0
    result = lab("apply", "--auto-approve")
    assert result.code == 1
    assert "this very configuration was rolled back" in result.err


def test_a_rollback_takes_back_a_run_that_has_only_put_something_off(
    changed: CommandLine, services: TwoServices
) -> None:
    serial = changed("state", "history", "--json").document["runs"][0]["to_serial"]
    assert changed("rollback", "--to", "0", "--auto-approve").code == 0
    assert serial == 3
    assert queue(changed) == []
    result = changed("apply", "--auto-approve")
    assert result.code == 1
    assert "this very configuration was rolled back" in result.err


def test_the_second_half_of_a_replacement_that_an_outage_cut_in_two_is_done_unasked(
    command: CommandLine, services: TwoServices
) -> None:
    command.write(STACK)
    command("apply", "--auto-approve")
    command.write(STACK.replace("name: there,", "name: there, kind: fancy,"))
    services.far.on_call = lambda call: services.lose() if call.operation == "create" else None
    assert command("apply", "--auto-approve").code == 3
    assert services.far.objects("memory_thing") == []
    services.far.on_call = None
    services.far.heal()
    result = command("sync")
    assert result.code == 0, result.out + result.err
    assert there(services).attributes["kind"] == "fancy"
    assert queue(command) == []
    assert command("plan", "--detailed-exitcode").code == 0


def test_a_call_whose_answer_was_lost_as_the_outage_began_is_looked_up_and_not_made_again(
    command: CommandLine, services: TwoServices
) -> None:
    command.write(STACK)
    services.far.go_down("create", took_effect=True)
    result = command("apply", "--auto-approve")
    assert result.code == 3
    assert "2 deferred" in result.out
    assert command("apply", "--auto-approve").code in (1, 3), "the service is still down"
    services.far.heal()
    assert command("sync").code == 0
    assert there(services).attributes["name"] == "there"
    assert services.far.count("create") == 1
    assert command("plan", "--detailed-exitcode").code == 0


def test_a_failed_run_that_is_undone_leaves_nothing_in_the_queue(
    command: CommandLine, services: TwoServices
) -> None:
    command.write(STACK)
    services.lose()
    services.service.fail("create", Rejected)
    result = command("apply", "--auto-approve", "--on-failure", "rollback")
    services.far.heal()
    assert result.code == 4, result.out + result.err
    assert queue(command) == []
