"""Who watches a run: a live picture on a terminal, lines elsewhere, an event a line with ``--json``."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from reconciler.apply.outcome import Progress
from reconciler.cli.invocation import Invocation
from reconciler.clock import Clock
from reconciler.plan.change import Plan
from reconciler.views.progress import JsonProgress, PlainProgress


@contextmanager
def progress_of(plan: Plan, invocation: Invocation, clock: Clock) -> Iterator[Progress]:
    """Show the steps of a plan while the block lasts."""
    if invocation.is_json:
        yield JsonProgress(click.echo, clock.now)
    elif invocation.has_color(sys.stdout):
        from reconciler.views.progress_live import TerminalProgress

        with TerminalProgress(sum(change.is_step for change in plan), clock) as progress:
            yield progress
    else:
        yield PlainProgress(click.echo)
