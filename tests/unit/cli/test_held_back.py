"""A run while one of several services is not ready: what is held back is named, the rest is done."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from reconciler.errors import Unreachable
from reconciler.testing import MemoryService
from tests.command_line import CommandLine

SCHEMA = Path(__file__).parents[3] / "schemas" / "plan.schema.json"
STACK = """stack: lab
resources:
  memory_thing:
    a: {name: a, text: "${reconciler_value.v.output}"}
    b: {name: b}
  reconciler_value:
    v: {input: one}
outputs:
  text: {value: "${memory_thing.a.text}"}
providers:
  memory: {}
  memory.gate: {token: not-the-one}
"""
WAITING = STACK.replace("memory: {}", "memory: {depends_on: [memory.gate]}")


@pytest.fixture
def lab(command: CommandLine, service: MemoryService) -> CommandLine:
    command.write(STACK)
    return command


def test_apply_does_the_rest_names_what_it_held_back_and_ends_with_3(
    lab: CommandLine, service: MemoryService
) -> None:
    lab.write(WAITING)
    result = lab("apply", "--auto-approve")
    assert result.code == 3
    assert "memory_thing.a, memory_thing.b" in result.out
    assert "memory waits for memory.gate, which is not ready: memory: the token is wrong" in result.out
    assert "Apply done in part: 1 created · 2 resources held back" in result.out
    assert service.objects("memory_thing") == []
    lab.write(STACK)
    assert lab("apply", "--auto-approve").code == 0
    assert len(service.objects("memory_thing")) == 2


def test_when_all_that_is_left_is_held_back_there_is_no_run_and_the_code_is_1(lab: CommandLine) -> None:
    lab.write(WAITING)
    lab("apply", "--auto-approve")
    runs = len(lab("snapshot", "list", "--json").document["runs"])
    result = lab("apply", "--auto-approve")
    assert result.code == 1
    assert "No changes planned, but 2 resources are held back." in result.out
    assert len(lab("snapshot", "list", "--json").document["runs"]) == runs


def test_a_plan_that_holds_something_back_names_it_and_is_never_taken_for_a_whole_one(
    lab: CommandLine,
) -> None:
    lab.write(WAITING)
    lab("apply", "--auto-approve")
    told = lab("plan")
    assert told.code == 1
    assert "[MEMORY-AUTH-001]" in told.out
    assert "→ set the right token" in told.out
    assert lab("plan", "--detailed-exitcode").code == 1
    document = lab("plan", "--json").document
    Draft202012Validator(json.loads(SCHEMA.read_text())).validate(document)
    assert document["complete"] is False
    assert [found["address"] for found in document["reconciler"]["held"]] == [
        "memory_thing.a",
        "memory_thing.b",
    ]
    assert {found["error"]["code"] for found in document["reconciler"]["held"]} == {"MEMORY-AUTH-001"}


def test_as_a_log_each_cause_is_a_line_with_code_address_and_remedy(lab: CommandLine) -> None:
    lab.write(WAITING)
    told = [json.loads(line) for line in lab("--log-format", "json", "plan").err.splitlines()]
    assert [(one["code"], one["address"]) for one in told] == [
        ("MEMORY-AUTH-001", "memory_thing.a"),
        ("MEMORY-AUTH-001", "memory_thing.b"),
    ]
    assert "set the right token" in told[0]["remedy"]


def test_the_last_event_tells_what_was_held_back(lab: CommandLine) -> None:
    lab.write(WAITING)
    last = lab("--json", "apply", "--auto-approve").events[-1]
    assert [found["address"] for found in last["held"]] == ["memory_thing.a", "memory_thing.b"]


def test_the_verification_says_that_the_services_were_asked_again(lab: CommandLine) -> None:
    result = lab("apply", "--auto-approve")
    assert "Looked again: 3 objects as planned.\nAsked again, and ready: memory.\n" in result.out


def test_when_no_service_answers_at_all_there_is_no_rest_to_go_on_with(
    lab: CommandLine, service: MemoryService
) -> None:
    service.fail("account", Unreachable, times=None)
    assert lab("apply", "--auto-approve").code == 1


def test_a_rollback_is_done_as_a_whole_or_refused(lab: CommandLine, service: MemoryService) -> None:
    lab("apply", "--auto-approve")
    lab.write(WAITING.replace("name: b", "name: b, text: new"))
    result = lab("rollback", "--auto-approve")
    assert result.code == 1
    assert "memory.gate is not ready" in result.err
    assert len(service.objects("memory_thing")) == 2
