"""The console for scripts: one expression a line, one answer a line."""

import io
import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from reconciler.state.lock import lock
from reconciler.testing import FakeClock, MemoryService
from tests.command_line import CommandLine, Result

STACK = """stack: lab
variables:
  region: {type: string, default: eu}
resources:
  memory_thing:
    a: {name: a, text: first}
    later: {name: later}
  reconciler_value:
    kept: {input: "${secret.TOKEN}", triggers: ["a\\tb", "\\e[2J"]}
"""

SCHEMA = Path(__file__).parents[3] / "schemas" / "console.schema.json"
CANARY = "canary-of-the-console"


class Talk:
    """The console, given lines on standard input."""

    def __init__(self, command: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
        self.command = command
        self._monkeypatch = monkeypatch

    def __call__(self, given: str | bytes, *arguments: str) -> Result:
        content = given if isinstance(given, bytes) else given.encode()
        self._monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content)))
        return self.command("console", *arguments)


@pytest.fixture
def talk(command: CommandLine, service: MemoryService, monkeypatch: pytest.MonkeyPatch) -> Talk:
    command.environ["TOKEN"] = CANARY
    command.write(STACK)
    return Talk(command, monkeypatch)


@pytest.fixture
def applied(talk: Talk, service: MemoryService) -> Talk:
    text = STACK.replace("    later: {name: later}\n", "")
    talk.command.write(text)
    assert talk.command("apply", "--auto-approve").code == 0
    talk.command.write(STACK)
    service.calls.clear()
    return talk


def test_each_line_is_answered_by_a_line_from_the_state(applied: Talk, service: MemoryService) -> None:
    told = applied(
        "memory_thing.a.text\n\nvar.region\n  ${memory_thing.later.id}\nmemory_thing.a.id is none\n"
    )
    assert told == Result(0, '"first"\n"eu"\n(known after apply)\nfalse\n', "")
    assert service.calls == []


def test_the_last_line_needs_no_end_and_no_line_is_no_question(applied: Talk) -> None:
    assert applied("1 + 1").out == "2\n"
    assert applied("") == Result(0, "", "")


def test_what_is_wrong_goes_to_standard_error_and_the_others_are_answered(applied: Talk) -> None:
    told = applied("1\nvar.regoin\n2\n")
    assert (told.code, told.out) == (1, "1\n2\n")
    assert "var has no 'regoin'" in told.err
    assert "did you mean 'region'?" in told.err


def test_expressions_can_be_given_as_options(applied: Talk) -> None:
    told = applied("this is not read", "--eval", "var.region", "--eval", "[1, var.region]")
    assert told == Result(0, '"eu"\n[1, "eu"]\n', "")
    assert applied("", "--eval", "nothing_there").code == 1


def test_variables_can_be_given(applied: Talk) -> None:
    assert applied("var.region", "--var", "region=us").out == '"us"\n'


def test_with_json_each_line_is_a_document(applied: Talk) -> None:
    told = applied("memory_thing.a.text\nsecret.TOKEN\nmemory_thing.later.id\nnothing_there\n[1]\n", "--json")
    lines = [json.loads(line) for line in told.out.splitlines()]
    assert told.code == 1
    wrong = lines.pop(3)
    assert wrong["error"]["exit_code"] == 1
    assert wrong["diagnostics"][0]["summary"] == "there is no 'nothing_there'"
    assert lines == [
        {"value": "first", "sensitive": False, "known": True},
        {"value": "(sensitive)", "sensitive": True, "known": True},
        {"value": None, "sensitive": False, "known": False},
        {"value": [1], "sensitive": False, "known": True},
    ]
    schema = Draft202012Validator(json.loads(SCHEMA.read_text()))
    for line in lines:
        schema.validate(line)


def test_no_secret_is_told_not_even_one_that_only_the_state_knows(applied: Talk) -> None:
    for arguments in ((), ("--json",)):
        told = applied(
            f"secret.TOKEN\nreconciler_value.kept\nreconciler_value.kept.input ~ 'x'\n'{CANARY}'\n"
            f"nothing('{CANARY}')\n{{'{CANARY}': 1}}\nenv.TOKEN | list\n",
            *arguments,
        )
        assert "(sensitive)" in told.out
        assert CANARY not in told.err
        assert CANARY not in told.out


def test_what_a_terminal_would_obey_is_escaped(applied: Talk) -> None:
    told = applied(b"'\x1b[2J'\nreconciler_value.kept.triggers\n'\xff\xfe'\n")
    assert told.code == 0
    assert "\x1b" not in told.out
    assert len(told.out.splitlines()) == 3


def test_a_line_without_end_is_refused_and_the_next_is_answered(applied: Talk) -> None:
    told = applied(b"1" * 250_000 + b"\n2\n")
    assert (told.code, told.out) == (1, "2\n")
    assert "the line has more than 100,000 bytes" in told.err


def test_the_console_works_beside_a_run_that_holds_the_lock(applied: Talk) -> None:
    state = applied.command.directory / ".reconciler" / "state" / "lab.default.db"
    with lock(state, who="somebody", command="apply", clock=FakeClock()):
        assert applied.command("state", "rm", "memory_thing.a").code == 5
        assert applied("memory_thing.a.text") == Result(0, '"first"\n', "")


def test_without_any_state_everything_declared_is_unknown_and_none_is_made(
    command: CommandLine, service: MemoryService, monkeypatch: pytest.MonkeyPatch
) -> None:
    command.write(STACK)
    told = Talk(command, monkeypatch)("memory_thing.a.id\nvar.region")
    assert told == Result(0, '(known after apply)\n"eu"\n', "")
    assert not (command.directory / ".reconciler").exists()


def test_a_broken_stack_is_told_before_anything_is_asked(applied: Talk) -> None:
    applied.command.write("stack: [")
    assert applied("1").code == 1
