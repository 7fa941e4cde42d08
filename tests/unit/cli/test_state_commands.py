"""``state mv``, ``rm``, ``pull``, ``push`` and ``unlock`` as people and programs call them."""

import io
import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from reconciler.config.schemas import schema
from reconciler.state.location import state_path
from reconciler.state.lock import lock, lock_path
from reconciler.testing import FakeClock, MemoryService
from tests.command_line import CommandLine, Result

STACK = """stack: lab
resources:
  memory_thing:
    a: {name: a, text: first}
  memory_part:
    lid: {thing: "${memory_thing.a.name}", name: lid}
"""
BROKEN_YAML = "stack: lab\nresources: {\n"
BROKEN_NAMES = "stack: lab\nresources: {memory_thing: {a: {nome: a}}}\n"


@pytest.fixture
def applied(command: CommandLine, service: MemoryService) -> CommandLine:
    command.write(STACK)
    assert command("apply", "--auto-approve").code == 0
    return command


@pytest.fixture
def state(applied: CommandLine) -> Path:
    return state_path(applied.directory, "lab", "default", "real")


def valid(result: Result) -> Any:
    document = result.document
    Draft202012Validator(schema("state-command.schema.json")).validate(document)
    return document


def test_a_moved_object_is_told_of_with_what_followed_it(applied: CommandLine) -> None:
    result = applied("state", "mv", "memory_thing.a", "memory_thing.b")
    assert result.code == 0
    assert "memory_thing.a is memory_thing.b now" in result.out
    assert "Rewritten, for they refer to it: memory_part.lid." in result.out
    applied.write(STACK.replace("    a:", "    b:").replace("thing.a", "thing.b"))
    assert applied("plan", "--detailed-exitcode").code == 0
    document = valid(applied("state", "mv", "memory_thing.b", "memory_thing.c", "--json"))
    assert (document["from"], document["to"]) == ("memory_thing.b", "memory_thing.c")
    assert document["rewritten"] == ["memory_part.lid"]
    assert applied("snapshot", "list").code == 0
    assert {run["command"] for run in applied("snapshot", "list", "--json").document["runs"]} == {
        "apply",
        "mv",
    }


def test_a_move_that_is_refused_is_1_and_what_is_no_address_is_64(applied: CommandLine) -> None:
    refused = applied("state", "mv", "memory_thing.aa", "memory_thing.b")
    assert refused.code == 1
    assert "did you mean 'memory_thing.a'?" in refused.err
    for wrong in (
        ("mv", "memory_thing.a", "b"),
        ("mv", "memory_thing.a"),
        ("rm",),
        ("rm", "x"),
        ("rm", 'a.b["\\q"]'),
    ):
        assert applied("state", *wrong).code == 64


def test_what_is_forgotten_is_printed_with_the_command_that_takes_it_back(
    applied: CommandLine, service: MemoryService
) -> None:
    before = service.count("delete")
    result = applied("state", "rm", "memory_thing.a")
    assert result.code == 0
    assert "take it back with: reconciler import memory_thing.a a" in result.out
    assert "Warning: these depended on it, and stay:\n  memory_part.lid" in result.out
    assert service.count("delete") == before
    assert applied("import", "memory_thing.a", "a").code == 0
    document = valid(applied("state", "rm", "memory_thing.a", "memory_part.lid", "--json"))
    assert {one["address"] for one in document["forgotten"]} == {"memory_thing.a", "memory_part.lid"}
    assert applied("state", "list").out == ""


def test_a_state_goes_out_and_in_again_by_file_and_by_pipe(
    applied: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    pulled = applied("state", "pull")
    Draft202012Validator(schema("state-file.schema.json")).validate(pulled.document)
    assert applied("state", "pull", "--json").out == pulled.out
    applied.write(pulled.out, "state.json")
    result = applied("state", "push", str(applied.directory / "state.json"))
    assert (result.code, result.out) == (0, "The state is what the document says already (serial 2).\n")
    document = pulled.document
    document["objects"][0]["attributes"]["name"] = "cover"
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(json.dumps(document).encode())))
    pushed = valid(applied("state", "push", "-", "--json"))
    assert (pushed["changed"], pushed["serial"], pushed["recovered"]) == (["memory_part.lid"], 3, False)
    again = applied("state", "push", str(applied.directory / "state.json"))
    assert again.code == 1
    assert "the state has come to 3 since" in again.err
    assert "pull again" in again.err
    assert applied("rollback", "--to", "2", "--auto-approve").code == 0
    assert applied("plan", "--detailed-exitcode").code == 0


def test_a_push_says_what_it_changed_and_how_to_take_it_back(applied: CommandLine) -> None:
    document = applied("state", "pull").document
    del document["objects"][0]
    document["outputs"] = {"x": 1}
    applied.write(json.dumps(document), "state.json")
    result = applied("state", "push", str(applied.directory / "state.json"))
    assert "  - memory_part.lid\n  ~ outputs\n" in result.out
    assert "`reconciler rollback` takes the push back" in result.out


def test_a_lost_state_is_recovered_and_it_is_said_what_that_means(applied: CommandLine, state: Path) -> None:
    applied.environ["WORD"] = "open sesame"
    applied.write(STACK.replace("text: first", "secret: '${secret.WORD}'"))
    assert applied("apply", "--auto-approve").code == 0
    pulled = applied("state", "pull").out
    applied.write(pulled, "state.json")
    for file in state.parent.glob("*.db*"):
        file.unlink()
    result = applied("state", "push", str(applied.directory / "state.json"))
    assert result.code == 0
    assert "The state has been recovered at serial 3: 2 objects." in result.out
    assert "writes them again" in " ".join(result.out.split())
    assert applied("state", "pull").out == pulled
    back = applied("rollback", "--auto-approve")
    assert back.code == 1
    assert "there is no run to go back from" in back.err
    assert "update 1" in applied("plan").out
    assert applied("apply", "--auto-approve").code == 0
    assert applied("plan", "--detailed-exitcode").code == 0
    assert applied("snapshot", "diff").code == 0


@pytest.mark.parametrize("text", ["", "[" * 100_000, "{", '{"format_version": 9}', '{"lineage": 1}'])
def test_nonsense_that_is_pushed_is_1_and_no_bug(applied: CommandLine, text: str) -> None:
    applied.write(text, "state.json")
    result = applied("state", "push", str(applied.directory / "state.json"), "--json")
    assert result.code == 1
    assert result.document["error"]["kind"] in ("Refused", "StateTooNew")
    assert all(one["advice"] for one in result.document["diagnostics"])


def test_nobody_holds_the_lock(applied: CommandLine, state: Path) -> None:
    result = applied("state", "unlock")
    assert result.code == 0
    assert "Nobody holds the lock" in result.out
    assert valid(applied("state", "unlock", "--json"))["locked"] is False
    lock_path(state).unlink()
    assert applied("state", "unlock").code == 0
    assert not lock_path(state).exists()


def test_who_holds_the_lock_is_named_and_keeps_it(applied: CommandLine, state: Path) -> None:
    clock = FakeClock(datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC))
    with lock(state, who="ada@host", command="apply", clock=clock):
        for arguments in (("unlock",), ("mv", "memory_thing.a", "memory_thing.b"), ("rm", "memory_thing.a")):
            result = applied("state", *arguments)
            assert result.code == 5
            assert "ada@host runs `reconciler apply`" in result.err
            assert f"(process {os.getpid()})" in result.err
            assert "its lock ends with its process" in result.err
        assert applied("state", "unlock", "--json").document["error"]["exit_code"] == 5
        assert applied("state", "list").code == 0
    assert applied("state", "unlock").code == 0


@pytest.mark.parametrize(
    ("broken", "reason"),
    [(BROKEN_NAMES, "as reconciler.yaml calls it"), (BROKEN_YAML, "the only one that is kept here")],
)
def test_the_state_can_be_used_while_the_files_are_broken(
    applied: CommandLine, broken: str, reason: str
) -> None:
    applied.write(broken)
    assert applied("plan").code == 1
    listed = applied("state", "list")
    assert (listed.code, listed.out) == (0, "memory_part.lid\nmemory_thing.a\n")
    assert "this is the state of the stack 'lab'" in listed.err
    assert reason in listed.err
    assert applied("state", "show", "memory_thing.a").code == 0
    assert applied("state", "pull").document["stack"] == "lab"
    assert applied("state", "rm", "memory_part.lid").code == 0
    assert applied("state", "mv", "memory_thing.a", "memory_thing.b").code == 0
    assert applied("state", "unlock").code == 0
    assert applied("state", "list").out == "memory_thing.b\n"


def test_what_is_wrong_with_the_files_is_said_when_no_state_is_theirs(
    command: CommandLine, service: MemoryService
) -> None:
    command.write(STACK)
    command("apply", "--auto-approve")
    for text in (BROKEN_NAMES.replace("lab", "other"), "stack: lab\nenvironments: {prod: {}}\n"):
        command.write(text)
        result = command("--environment", "nowhere", "state", "list")
        assert result.code == 1
        assert "nowhere" in result.err
    command.write(BROKEN_YAML)
    state = state_path(command.directory, "lab", "default", "real")
    state.with_name("second.default.db").write_bytes(state.read_bytes())
    assert command("state", "list").code == 1
