"""What a run does, while it does it: plain lines, or an event a line with ``--json``."""

from collections.abc import Iterator
from contextlib import contextmanager

import click

from reconciler.apply.outcome import Progress
from reconciler.cli.invocation import Invocation
from reconciler.errors import ReconcilerError
from reconciler.plan.change import Change, Plan


class _Lines:
    def started(self, change: Change) -> None:
        click.echo(f"{change.address}: {change.action} begins")

    def finished(self, change: Change, seconds: float) -> None:
        click.echo(f"{change.address}: {change.action} done in {seconds:.1f} s")

    def failed(self, change: Change, error: ReconcilerError) -> None:
        click.echo(f"{change.address}: {change.action} failed: {error}")

    def stopping(self, running: int) -> None:
        click.echo(f"Stopping: {running} steps still run.")


@contextmanager
def progress_of(plan: Plan, invocation: Invocation) -> Iterator[Progress]:
    """Whoever watches a run."""
    yield _Lines()
