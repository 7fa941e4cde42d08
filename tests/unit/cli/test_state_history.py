"""``state history``: the runs, and forgetting old ones."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from reconciler.cli.commands import state_history
from reconciler.testing import MemoryService
from tests.command_line import CommandLine

STACK = "stack: lab\nresources:\n  memory_thing:\n    a: {name: a, text: %s}\n"
SCHEMA = Path(__file__).parents[3] / "schemas" / "state-history.schema.json"


def valid(document: Any) -> Any:
    Draft202012Validator(json.loads(SCHEMA.read_text())).validate(document)
    return document


@pytest.fixture
def lab(command: CommandLine, service: MemoryService) -> CommandLine:
    """Four applies of one step each: one, two, three, four."""
    for text in ("one", "two", "three", "four"):
        command.write(STACK % text)
        assert command("apply", "--auto-approve", "--why", f"because of {text}").code == 0
    return command


def test_the_runs_are_told_with_their_serials_and_why(lab: CommandLine) -> None:
    text = lab("state", "history").out
    assert text.count("apply 20") == 4
    assert "serial 1 → 2" in text
    assert "because: because of two" in text
    assert text.endswith("Snapshots 0 to 4 can be gone back to.\n")
    document = valid(lab("state", "history", "--json").document)
    assert [run["to_serial"] for run in document["runs"]] == [1, 2, 3, 4]
    assert (document["kept_from"], document["serial"], document["pruned"]) == (0, 4, None)


def test_a_state_without_runs_says_so(command: CommandLine, service: MemoryService) -> None:
    command.write(STACK % "one")
    assert command("state", "history").out == "No runs: nothing has been changed yet.\n"
    assert valid(command("state", "history", "--json").document)["runs"] == []
    assert not (command.directory / ".reconciler").exists()


def test_pruning_tells_what_goes_and_leaves_the_last_runs_to_be_taken_back(
    lab: CommandLine, service: MemoryService
) -> None:
    result = lab("state", "history", "--prune", "--keep", "1", "--auto-approve")
    assert result.out == (
        "3 snapshots would be removed (0 to 2), with the runs that led to them; 3 to 4 would stay.\n"
        "Removed 3 snapshots; the oldest one is 3 now.\n"
    )
    assert [run["to_serial"] for run in lab("state", "history", "--json").document["runs"]] == [3, 4]
    assert lab("plan", "--detailed-exitcode").code == 0
    assert lab("rollback", "--auto-approve").code == 0
    assert service.objects("memory_thing")[0].attributes["text"] == "three"


def test_the_oldest_snapshot_to_keep_can_be_a_name_a_serial_or_a_run(lab: CommandLine) -> None:
    lab("snapshot", "name", "good", "1")
    first = lab("state", "history", "--json").document["runs"][0]["id"]
    for which, pruned in ((first, 1), ("good", 0), ("1", 0)):
        result = lab("state", "history", "--prune", "--before", which, "--auto-approve", "--json")
        document = valid(result.document)
        assert (document["kept_from"], document["pruned"]) == (1, pruned)
    assert "before all of these  [good]" in lab("snapshot", "list").out


def test_a_snapshot_with_a_name_is_not_pruned(lab: CommandLine) -> None:
    lab("snapshot", "name", "good", "1")
    result = lab("state", "history", "--prune", "--keep", "0", "--auto-approve")
    assert result.code == 1
    assert "would be lost: good (1)" in result.err
    assert lab("snapshot", "show", "0").code == 0


def test_when_all_is_pruned_there_is_nothing_to_go_back_to(lab: CommandLine) -> None:
    lab("state", "history", "--prune", "--keep", "0", "--auto-approve")
    result = lab("rollback")
    assert result.code == 1
    assert "there is no run to go back from" in result.err
    assert "since snapshot 4" in result.err
    for arguments in (["snapshot", "diff"], ["snapshot", "list"], ["state", "history"], ["drift"]):
        assert "Traceback" not in lab(*arguments).err
    assert "Nothing to remove" in lab("state", "history", "--prune", "--keep", "0").out


def test_nobody_is_asked_without_a_terminal_and_nothing_is_removed(lab: CommandLine) -> None:
    for arguments in ([], ["--json"]):
        result = lab("state", "history", "--prune", "--keep", "1", *arguments)
        assert result.code == 1
        assert "--auto-approve" in result.out + result.err
    assert lab("snapshot", "show", "0").code == 0


def test_an_answer_other_than_yes_removes_nothing(lab: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(state_history, "confirm", lambda question: False)
    result = lab("state", "history", "--prune", "--keep", "1")
    assert (result.code, result.err) == (1, "Nothing has been removed.\n")
    assert lab("snapshot", "show", "0").code == 0


@pytest.mark.parametrize(
    "arguments",
    [("--prune",), ("--prune", "--keep", "1", "--before", "2"), ("--keep", "1"), ("--before", "1"),
     ("--auto-approve",), ("--prune", "--keep", "-1")],
)  # fmt: skip
def test_wrong_usage_is_64(lab: CommandLine, arguments: tuple[str, ...]) -> None:
    assert lab("state", "history", *arguments).code == 64


def test_more_runs_to_keep_than_there_are_keeps_all(lab: CommandLine) -> None:
    assert "Nothing to remove" in lab("state", "history", "--prune", "--keep", "9").out
    assert "Nothing to remove" in lab("state", "history", "--prune", "--keep", "4").out


def test_a_run_stays_listed_while_something_is_still_as_it_left_it(lab: CommandLine) -> None:
    lab.write(STACK % "four" + "    b: {name: b}\n")
    lab("apply", "--auto-approve")
    for text in ("five", "six"):
        lab.write(STACK % text + "    b: {name: b}\n")
        lab("apply", "--auto-approve")
    lab("state", "history", "--prune", "--keep", "0", "--auto-approve")
    assert "serial 4 → 5 (pruned; something is still as it left it)" in lab("state", "history").out
