"""``doctor``: what a run needs, one by one, and how to mend it."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from reconciler.errors import Unreachable
from reconciler.state.lock import lock
from reconciler.testing import FakeClock, MemoryService
from tests.command_line import CommandLine, Result

SCHEMA = Path(__file__).parents[3] / "schemas" / "doctor.schema.json"
STACK = """stack: lab
providers:
  memory: {token: "${secret.MEMORY_TOKEN}", depends_on: [memory.gate]}
  memory.gate: {}
resources:
  memory_thing:
    a: {name: a}
"""


@pytest.fixture
def lab(command: CommandLine, service: MemoryService) -> CommandLine:
    command.environ["MEMORY_TOKEN"] = service.token
    command.write(STACK)
    return command


def verdicts(result: Result) -> dict[str, str]:
    document = json.loads(result.out)
    Draft202012Validator(json.loads(SCHEMA.read_text())).validate(document)
    return {f"{one['subject']} {one['check']}": one["verdict"] for one in document["prerequisites"]}


def test_a_stack_that_is_ready_is_told_so_with_its_providers_in_sequence(lab: CommandLine) -> None:
    result = lab("doctor")
    assert result.code == 0
    assert result.out.index("memory.gate  reachable") < result.out.index("memory       reachable")
    assert "waits for memory.gate; secret: token" in result.out
    assert result.out.endswith("Everything is ready for a run.\n")
    assert lab.environ["MEMORY_TOKEN"] not in result.out


def test_files_that_are_wrong_are_named_with_place_and_remedy(lab: CommandLine) -> None:
    lab.write(STACK.replace("memory_thing", "memory_thnig"))
    result = lab("doctor")
    assert result.code == 1
    assert "reconciler.yaml:6: " in result.out
    assert "did you mean 'memory_thing'?" in result.out


def test_a_secret_that_is_not_set_is_named_and_its_service_not_asked(
    lab: CommandLine, service: MemoryService
) -> None:
    del lab.environ["MEMORY_TOKEN"]
    result = lab("doctor", "--json")
    assert result.code == 1
    found = verdicts(result)
    assert found["stack files"] == "fine"
    assert found["stack secrets"] == "wrong"
    assert found["memory health"] == "not checked"
    assert service.count("health") == 0


def test_a_service_that_does_not_answer_and_one_that_refuses_are_told_apart(
    lab: CommandLine, service: MemoryService
) -> None:
    service.fail("health", Unreachable, times=1)
    lab.environ["MEMORY_TOKEN"] = "not-the-one"
    result = lab("doctor", "--json")
    found = verdicts(result)
    assert result.code == 1
    assert found["memory.gate reachable"] == "wrong"
    assert found["memory.gate authenticated"] == "not checked"
    assert found["memory authenticated"] == "wrong"
    assert "not-the-one" not in result.out


def test_scopes_that_are_missing_come_with_their_names(lab: CommandLine, service: MemoryService) -> None:
    service.missing_scopes = ("write",)
    result = lab("doctor")
    assert result.code == 1
    assert "→ give the credentials these scopes too: write" in result.out


def test_a_state_that_somebody_writes_is_a_warning_and_a_damaged_one_must_be_mended(
    lab: CommandLine,
) -> None:
    lab("apply", "--auto-approve")
    (state,) = (lab.directory / ".reconciler" / "state").glob("*.db")
    with lock(state, who="ada", command="apply", clock=FakeClock()):
        result = lab("doctor", "--json")
    assert result.code == 0
    assert verdicts(result)["state lock"] == "warning"
    state.write_bytes(state.read_bytes()[:5000])
    result = lab("doctor", "--json")
    assert result.code == 1
    assert verdicts(result)["state file"] == "wrong"


def test_a_switch_that_says_nothing_clear_must_be_mended(lab: CommandLine) -> None:
    lab.environ["INTEGRATION_SEQUENCE_ENABLED"] = "maybe"
    result = lab("doctor")
    assert result.code == 1
    assert "INTEGRATION_SEQUENCE_ENABLED='maybe' says neither yes nor no" in result.out
