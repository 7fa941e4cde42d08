"""What a run came to: a summary, or the last line of JSON."""

from collections.abc import Sequence

import click

from reconciler.address import Address
from reconciler.apply.recovery import Recovery
from reconciler.cli.invocation import Invocation
from reconciler.cli.logs import log_failure
from reconciler.cli.show import show_lines, width
from reconciler.operations.applying import Applied
from reconciler.plan.change import Held
from reconciler.state.model import RunOutcome
from reconciler.views.apply_json import nothing_document, outcome_document
from reconciler.views.apply_text import Checked, outcome_lines
from reconciler.views.escape import json_text
from reconciler.views.queue_text import dropped_lines
from reconciler.views.recovery_text import recovery_document


def show_nothing(
    serial: int, held: Sequence[Held], dropped: Sequence[Address], invocation: Invocation
) -> None:
    """Say that there was nothing to do; the plan's text has said so already, but for what was dropped."""
    if invocation.is_json:
        click.echo(json_text(nothing_document(serial, held, dropped), indent=None))
    else:
        show_lines(dropped_lines(dropped, width()), invocation)


def show_settled(recovery: Recovery) -> None:
    """Tell as events what became of the last calls of runs that were cut off."""
    for found in recovery_document(recovery):
        click.echo(json_text({"event": "settled", **found}, indent=None))


def show_applied(
    applied: Applied, command: str, invocation: Invocation, *, is_undone: bool = False, again: str = ""
) -> None:
    """Say what was done, what was not and why.

    ``is_undone`` when all of it is taken back next; ``again`` is the command that goes on, if it is another.
    """
    for failure in applied.outcome.failed:
        log_failure(failure.change.address, failure.error, applied.outcome.run, invocation)
    verified = applied.verification
    checked = Checked(
        verified.checked,
        verified.differing,
        verified.unread,
        [found for found in verified.held if found.deferral is None],
        verified.health,
        applied.deferred,
        applied.dropped,
        applied.checks,
    )
    if invocation.is_json:
        click.echo(json_text(outcome_document(applied.outcome, checked), indent=None))
    else:
        lines = outcome_lines(
            applied.outcome,
            command=command,
            checked=checked,
            width=width(),
            is_undone=is_undone,
            again=again,
        )
        show_lines(lines, invocation)
    invocation.has_told = invocation.has_told or applied.outcome.outcome is RunOutcome.INTERRUPTED
