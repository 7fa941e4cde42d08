"""A run: while it lasts, and what it came to."""

import io
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from rich.console import Console

from reconciler.address import Address
from reconciler.apply.outcome import Outcome, Progress
from reconciler.diagnostics import Diagnostic
from reconciler.errors import Call, InvalidConfiguration, Rejected, StateDamaged
from reconciler.plan.action import Action
from reconciler.plan.change import Change, Drift, Plan
from reconciler.state.model import RunOutcome
from reconciler.views.apply_json import nothing_document, outcome_document
from reconciler.views.apply_text import Checked, headline, outcome_lines
from reconciler.views.escape import json_text
from reconciler.views.line import plain
from reconciler.views.progress import JsonProgress, PlainProgress
from reconciler.views.progress_live import TerminalProgress

Golden = Callable[[str, str], None]
SCHEMA = Path(__file__).parents[3] / "schemas" / "apply-event.schema.json"


@pytest.fixture(scope="session")
def schema() -> Draft202012Validator:
    return Draft202012Validator(json.loads(SCHEMA.read_text()))


class Hands:
    """A clock that tests move."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment
        self.seconds = 0.0

    def now(self) -> datetime:
        return self.moment

    def monotonic(self) -> float:
        return self.seconds

    def sleep(self, seconds: float, until: Callable[[], bool] | None = None) -> None:
        self.seconds += seconds


def play(progress: Progress, plan: Plan) -> None:
    """A short run: one step done, one failed, one recorded without a call, and somebody stops it."""
    repository, label, *_ = plan.changes
    kept = next(change for change in plan if not change.is_visible)
    error = Rejected("Validation\nFailed", call=Call("github", "POST /labels"), remedy="choose another name")
    progress.started(repository)
    progress.finished(repository, 0.41)
    progress.started(kept)
    progress.finished(kept, 0.0)
    progress.started(label)
    progress.stopping(1)
    progress.failed(label, error)
    progress.stopping(0)


def test_a_log_gets_a_line_for_each_event(plan: Plan, golden: Golden) -> None:
    rows: list[str] = []
    play(PlainProgress(rows.append), plan)
    golden("views/progress.txt", "".join(f"{row}\n" for row in rows))


def test_a_program_gets_a_valid_event_for_each_event(
    plan: Plan, now: datetime, schema: Draft202012Validator, golden: Golden
) -> None:
    rows: list[str] = []
    play(JsonProgress(rows.append, lambda: now), plan)
    for row in rows:
        schema.validate(json.loads(row))
    golden("views/progress.jsonl", "".join(f"{row}\n" for row in rows))


def terminal() -> Console:
    return Console(file=io.StringIO(), force_terminal=True, width=80, color_system=None)


def shown(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_a_terminal_lists_what_has_ended_and_what_runs(plan: Plan, now: datetime) -> None:
    console, hands = terminal(), Hands(now)
    with TerminalProgress(12, hands, console) as progress:
        progress.started(plan.changes[3])
        hands.sleep(3)
        play(progress, plan)
    text = shown(console)
    assert "✓ github_repository.testx: created after 0.4 s" in text
    assert '✗ github_issue_label.triage["bug"]: creating failed: github: Validation\\nFailed' in text
    assert "! Stopping: no new steps" in text
    assert "github_repository.docs: updating, 3 s" in text
    assert "3 of 12" in text


def test_an_interruption_gives_the_terminal_its_cursor_back(plan: Plan, now: datetime) -> None:
    console = terminal()

    def run() -> None:
        with TerminalProgress(12, Hands(now), console) as progress:
            progress.started(plan.changes[0])
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run()
    hide, show = "\x1b[?25l", "\x1b[?25h"
    assert shown(console).rfind(show) > shown(console).rfind(hide) >= 0


def test_of_many_steps_a_terminal_names_only_a_few_and_lists_only_failures(now: datetime) -> None:
    console, hands = terminal(), Hands(now)
    steps = [Change(Address("a_thing", f"n{index}"), Action.CREATE, "a") for index in range(500)]
    with TerminalProgress(len(steps), hands, console) as progress:
        for each in steps[:20]:
            progress.started(each)
        progress.finished(steps[0], 1.0)
        progress.failed(steps[1], StateDamaged("the file is gone"))
    text = shown(console)
    assert "n0: created" not in text
    assert "n1: creating failed: the file is gone" in text
    assert "and 10 more" in text


def test_a_failed_run_says_what_was_done_what_was_not_and_why(
    failed_outcome: Outcome, golden: Golden
) -> None:
    golden("views/outcome_failed_80.txt", plain(outcome_lines(failed_outcome, width=80)))


def test_a_run_that_is_complete_says_so_in_a_line(good_outcome: Outcome, golden: Golden) -> None:
    text = plain(outcome_lines(good_outcome, checked=Checked(5)))
    golden("views/outcome_done.txt", text)


def test_what_differs_right_after_it_was_written_is_named(good_outcome: Outcome) -> None:
    topic = Drift(Address("slack_channel", "a"), "slack", {"topic": "a"}, {"topic": "b"}, ("topic",))
    gone = Drift(Address("slack_channel", "b"), "slack", {}, None)
    text = plain(outcome_lines(good_outcome, checked=Checked(5, (topic, gone))))
    assert "! slack_channel.a differs in topic, though it was just written" in text
    assert "! slack_channel.b is missing" in text
    assert "Looked again: 5 objects, 3 as planned." in text
    assert "`reconciler plan`" in text


@pytest.mark.parametrize(
    ("outcome", "command", "begins", "says"),
    [
        (RunOutcome.INTERRUPTED, "apply", "Apply interrupted: ", "No step was cut off"),
        (RunOutcome.FAILED, "destroy", "Destroy failed part-way: ", "run `reconciler destroy` again"),
    ],
)
def test_every_ending_says_what_to_do_next(
    failed_outcome: Outcome, outcome: RunOutcome, command: str, begins: str, says: str
) -> None:
    ended = replace(failed_outcome, outcome=outcome)
    assert headline(ended, command).startswith(begins)
    assert says in plain(outcome_lines(ended, command=command))


def test_a_run_with_nothing_done_says_so(failed_outcome: Outcome) -> None:
    empty = replace(
        failed_outcome, outcome=RunOutcome.INTERRUPTED, done=(), failed=(), not_reached=(), calls={}
    )
    assert headline(empty) == "Apply interrupted: nothing was done · 6 s · serial 44 · run r8f2a"


def test_the_last_event_has_everything_and_is_valid(
    failed_outcome: Outcome, schema: Draft202012Validator, golden: Golden
) -> None:
    missing = Drift(Address("slack_channel", "a"), "slack", {}, None)
    document = outcome_document(failed_outcome, Checked(3, (missing,)))
    schema.validate(document)
    schema.validate(outcome_document(failed_outcome))
    schema.validate(nothing_document(7))
    golden("views/outcome_failed.json", json_text(document) + "\n")


def test_a_step_that_cannot_be_evaluated_is_explained_by_its_diagnostic(failed_outcome: Outcome) -> None:
    error: Any = InvalidConfiguration([Diagnostic("no such attribute: urll", "did you mean 'url'?")])
    failure = replace(failed_outcome.failed[0], error=error)
    text = plain(outcome_lines(replace(failed_outcome, failed=(failure,))))
    assert "no such attribute: urll [RC-CONF-001]\n" in text
    assert "→ did you mean 'url'?" in text


def test_the_last_line_counts_the_retries(failed_outcome: Outcome) -> None:
    assert "retr" not in headline(replace(failed_outcome, retries={}))
    assert " · 1 retry · " in headline(replace(failed_outcome, retries={"github": 1}))
    assert " · 3 retries · " in headline(replace(failed_outcome, retries={"github": 1, "slack": 2}))
