"""Sentences that a newcomer reads: one thing is no plural, and a dead run is not called running."""

from datetime import UTC, datetime

from reconciler.state.model import Run, RunOutcome
from reconciler.views.state_text import run_lines
from tests.command_line import CommandLine


def test_one_resource_is_no_plural(command: CommandLine) -> None:
    command.write("stack: one\nresources: {reconciler_value: {a: {input: 1}}}\n")
    assert "valid: 1 resource, 0 data entries, 0 outputs." in command("validate").out


def test_a_description_goes_on_the_sentence_that_it_ends(command: CommandLine) -> None:
    command.write(
        "stack: one\n"
        "providers: {github: {owner: acme, token: t}}\n"
        "resources: {github_issue_label: {a: {repository: r, name: n, color: red}}}\n"
    )
    assert "it must be six hexadecimal digits" in command("validate").err


def test_a_run_that_has_no_end_may_have_been_cut_off() -> None:
    run = Run("r", "apply", datetime(2026, 1, 1, tzinfo=UTC), "ann", 0, outcome=RunOutcome.RUNNING)
    text = "\n".join(map(str, run_lines([run])))
    assert "running, or cut off" in text
