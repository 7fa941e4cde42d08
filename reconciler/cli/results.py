"""What a run came to, as text or as the last line of JSON."""

from typing import Any

import click

from reconciler.cli.invocation import Invocation
from reconciler.operations.applying import Applied
from reconciler.operations.workspace import Workspace
from reconciler.views.escape import json_text


def show_event(document: dict[str, Any]) -> None:
    """Print one line of JSON."""
    click.echo(json_text(document, indent=None))


def show_applied(applied: Applied, workspace: Workspace, invocation: Invocation) -> None:
    """Print what was done, what was not and why."""
    outcome = applied.outcome
    click.echo(
        f"{outcome.outcome}: {len(outcome.done)} done, {len(outcome.failed)} failed, {outcome.calls}, verified {applied.verification.checked} {applied.verification.differing}"
    )
    for failure in outcome.failed:
        click.echo(f"{failure.change.address}: {failure.error}", err=True)
