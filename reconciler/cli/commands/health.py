"""``reconciler health``."""

import click

from reconciler.cli.exit_codes import ExitCode
from reconciler.cli.invocation import Invocation, pass_invocation
from reconciler.cli.logs import log_health
from reconciler.cli.options import accepts_json, variables
from reconciler.cli.show import show_json, show_lines, width
from reconciler.cli.stacks import setting_of
from reconciler.health.watching import transitions
from reconciler.operations import switches
from reconciler.operations.drift import ask_health
from reconciler.operations.workspace import Workspace, opened
from reconciler.views.escape import json_text
from reconciler.views.health_json import health_document, transition_document
from reconciler.views.health_text import health_lines
from reconciler.views.health_watch_text import transition_lines
from reconciler.views.interrupted_text import NOTHING_CHANGED

INTERVAL = "INTEGRATION_HEALTH_CHECK_INTERVAL"
_FIVE_MINUTES = 300.0


@click.command()
@click.option("--watch", is_flag=True, help="Go on asking, and print what changes, until interrupted.")
@click.option("--interval", type=click.FloatRange(min=0, min_open=True), metavar="SECONDS",
              help="With --watch: the time between two rounds, 300 if nothing is said.")  # fmt: skip
@click.option("--fresh", is_flag=True, help="Ask every service, also one that has just answered.")
@variables
@accepts_json
@pass_invocation
def command(
    invocation: Invocation,
    watch: bool,
    interval: float | None,
    fresh: bool,
    assignments: tuple[str, ...],
    variable_files: tuple[str, ...],
) -> int:
    """Ask every configured provider's service how it is. The exit code is 1 when one is not ready."""
    if interval is not None and not watch:
        raise click.UsageError("--interval goes with --watch.")
    invocation.standing = NOTHING_CHANGED
    with opened(setting_of(invocation, assignments, variable_files)) as workspace:
        if watch:
            _watch(workspace, invocation, interval)
        found = ask_health(workspace, is_fresh=fresh)
        moment = workspace.clock.now()
    log_health(found, invocation)
    if invocation.is_json:
        show_json(health_document(found, moment=moment))
    else:
        show_lines(health_lines(found, moment=moment, width=width()), invocation)
    return ExitCode.DONE if all(each.is_ready for each in found) else ExitCode.ERROR


def _watch(workspace: Workspace, invocation: Invocation, interval: float | None) -> None:
    """Print each service's state, and each change of it; ends only by interruption."""
    seconds = interval or switches.seconds(workspace.setting.environ, INTERVAL, otherwise=_FIVE_MINUTES)
    found = transitions(lambda: ask_health(workspace, is_fresh=True), workspace.clock, interval=seconds)
    for transition in found:
        if invocation.is_json:
            click.echo(json_text(transition_document(transition), indent=None))
        else:
            show_lines(transition_lines(transition, width()), invocation)
