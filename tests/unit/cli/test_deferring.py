"""With ``fallback: queue`` the writes of a service that is down wait, and what depends on them."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from reconciler.errors import Unauthorized, Unreachable
from tests.command_line import CommandLine
from tests.two_services import STACK, TwoServices

SCHEMAS = Path(__file__).parents[3] / "schemas"
SEQUENCE = STACK.replace("memory: {}", "memory: {depends_on: [memory.far]}")


@pytest.fixture
def lab(command: CommandLine, services: TwoServices) -> CommandLine:
    command.write(STACK)
    return command


def names(services: TwoServices) -> list[str]:
    things = [*services.service.objects("memory_thing"), *services.far.objects("memory_thing")]
    return sorted(str(found.attributes["name"]) for found in things)


def deferred(lab: CommandLine, *arguments: str) -> list[tuple[str, str]]:
    """What the last event of an apply says of the queue."""
    last = lab("--json", "apply", "--auto-approve", *arguments).events[-1]
    schema = json.loads((SCHEMAS / "apply-event.schema.json").read_text())
    Draft202012Validator(schema).validate(last)
    return [(one["address"], one["action"]) for one in last["deferred"]]


def test_what_can_be_done_is_done_and_the_account_names_what_was_deferred_and_the_command(
    lab: CommandLine, services: TwoServices
) -> None:
    services.lose()
    result = lab("apply", "--auto-approve")
    told = " ".join(result.out.split())
    assert result.code == 3
    assert names(services) == ["here"]
    assert "memory_thing.there (create)" in told
    assert "it waits for memory_thing.there: memory_thing.after (create)" in told
    assert "Apply done in part: 1 created · 2 deferred" in told
    assert "Once the services are back, run `reconciler sync`" in told


def test_the_last_event_tells_what_was_deferred_in_its_order(lab: CommandLine, services: TwoServices) -> None:
    services.lose()
    assert deferred(lab) == [("memory_thing.there", "create"), ("memory_thing.after", "create")]


def test_providers_that_wait_for_the_one_that_is_down_are_deferred_too(
    lab: CommandLine, services: TwoServices
) -> None:
    lab.write(SEQUENCE)
    services.lose()
    assert {address for address, _ in deferred(lab)} == {
        "memory_thing.here",
        "memory_thing.there",
        "memory_thing.after",
    }
    assert names(services) == []


def test_without_the_sequence_only_what_refers_to_its_resources_is_deferred(
    lab: CommandLine, services: TwoServices
) -> None:
    lab.write(SEQUENCE)
    lab.environ["INTEGRATION_SEQUENCE_ENABLED"] = "false"
    services.lose()
    assert {address for address, _ in deferred(lab)} == {"memory_thing.there", "memory_thing.after"}
    assert names(services) == ["here"]


@pytest.mark.parametrize("name", ["LOCAL_STORAGE_FALLBACK", "INTEGRATION_FALLBACK_ENABLED"])
def test_the_environment_can_switch_the_queue_off(lab: CommandLine, services: TwoServices, name: str) -> None:
    lab.environ[name] = "false"
    services.lose()
    result = lab("apply", "--auto-approve")
    assert result.code == 3
    assert "2 resources held back" in result.out
    assert "deferred" not in result.out
    assert names(services) == ["here"]


@pytest.mark.parametrize("name", ["LOCAL_STORAGE_FALLBACK", "INTEGRATION_FALLBACK_ENABLED"])
def test_a_switch_that_says_neither_yes_nor_no_is_refused(
    lab: CommandLine, services: TwoServices, name: str
) -> None:
    lab.environ[name] = "perhaps"
    services.lose()
    result = lab("apply", "--auto-approve")
    assert result.code == 1
    assert f"{name}='perhaps' says neither yes nor no" in result.err


def test_wrong_credentials_are_no_outage_and_what_they_hold_back_is_not_deferred(
    lab: CommandLine, services: TwoServices
) -> None:
    services.lose(Unauthorized)
    result = lab("apply", "--auto-approve")
    assert result.code == 3
    assert "2 resources held back" in result.out
    assert "deferred" not in result.out


def test_when_every_service_is_down_all_is_deferred(lab: CommandLine, services: TwoServices) -> None:
    lab.write(
        STACK.replace("    here: {name: here}\n", "").replace(
            "name: after,", "name: after, provider: memory.far,"
        )
    )
    services.lose()
    assert deferred(lab) == [("memory_thing.there", "create"), ("memory_thing.after", "create")]


def test_the_plan_tells_before_what_would_be_deferred(lab: CommandLine, services: TwoServices) -> None:
    services.lose()
    told = lab("plan")
    assert "To be deferred, until their service is there again:" in told.out
    assert "memory_thing.there (create)" in told.out
    assert "2 resources to be deferred" in told.out
    document = lab("plan", "--json").document
    Draft202012Validator(json.loads((SCHEMAS / "plan.schema.json").read_text())).validate(document)
    assert [one["deferred"] for one in document["reconciler"]["held"]] == ["create", "create"]


def test_without_a_terminal_nothing_is_deferred_unless_it_is_approved(
    lab: CommandLine, services: TwoServices
) -> None:
    lab.write(STACK.replace("    here: {name: here}\n", ""))
    services.lose()
    result = lab("apply")
    assert result.code == 1
    assert "--auto-approve" in result.err


def test_of_what_cannot_be_read_only_what_is_declared_otherwise_now_is_deferred(
    lab: CommandLine, services: TwoServices
) -> None:
    assert lab("apply", "--auto-approve").code == 0
    services.lose()
    assert deferred(lab) == []
    lab.write(STACK.replace("name: there,", "name: there, text: new,"))
    assert deferred(lab) == [("memory_thing.there", "update")]
    lab.write(STACK.split("    there:")[0])
    assert deferred(lab) == [("memory_thing.there", "delete")]


def test_a_service_that_fails_in_the_middle_of_a_run_has_the_rest_of_its_steps_deferred(
    lab: CommandLine, services: TwoServices
) -> None:
    lab.write(STACK + "    other: {name: other, provider: memory.far}\n")
    services.far.on_call = lambda call: services.lose() if call.operation == "create" else None
    result = lab("apply", "--auto-approve", "--parallelism", "1")
    assert result.code == 3
    told = " ".join(result.out.split())
    assert "Apply done in part: 1 created · 3 deferred" in told
    assert "Failed:" not in told
    assert names(services) == ["here"]


def test_one_step_that_fails_of_a_service_that_is_there_is_a_failure(
    lab: CommandLine, services: TwoServices
) -> None:
    services.far.fail("create", Unreachable, times=None)
    result = lab("apply", "--auto-approve", "--on-failure", "continue")
    assert result.code == 3
    assert "1 created, 1 failed, 1 not reached" in result.out
    assert "deferred" not in result.out


def test_apply_does_what_was_deferred_once_the_service_is_back_and_empties_the_queue(
    lab: CommandLine, services: TwoServices
) -> None:
    services.lose()
    lab("apply", "--auto-approve")
    services.far.heal()
    assert deferred(lab) == []
    assert names(services) == ["after", "here", "there"]
    assert lab("plan", "--detailed-exitcode").code == 0


def test_what_is_not_replaced_on_the_strength_of_a_cache_is_deferred_until_that_service_is_back(
    lab: CommandLine, services: TwoServices
) -> None:
    assert lab("apply", "--auto-approve").code == 0
    fancy = "${'fancy' if memory_thing.there.id else 'plain'}"
    lab.write(STACK.replace("name: after,", f'name: after, kind: "{fancy}",'))
    services.lose()
    assert "1 resource is to be deferred" in lab("plan").out
    assert deferred(lab) == [("memory_thing.after", "replace")]
    assert lab("sync").code == 1
    assert "memory_thing.after" in lab("sync", "--list").out
    services.far.heal()
    assert lab("sync").code == 0
    assert lab("plan", "--detailed-exitcode").code == 0
