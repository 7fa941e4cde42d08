"""``reconciler health``."""

import click

from reconciler.cli.exit_codes import ExitCode
from reconciler.cli.invocation import Invocation, pass_invocation
from reconciler.cli.logs import log_health
from reconciler.cli.options import accepts_json, variables
from reconciler.cli.show import show_json, show_lines, width
from reconciler.cli.stacks import setting_of
from reconciler.operations.drift import ask_health
from reconciler.operations.workspace import opened
from reconciler.views.health_json import health_document
from reconciler.views.health_text import health_lines
from reconciler.views.interrupted_text import NOTHING_CHANGED


@click.command()
@variables
@accepts_json
@pass_invocation
def command(invocation: Invocation, assignments: tuple[str, ...], variable_files: tuple[str, ...]) -> int:
    """Ask every configured provider's service how it is. The exit code is 1 when one is not well."""
    invocation.standing = NOTHING_CHANGED
    with opened(setting_of(invocation, assignments, variable_files)) as workspace:
        moment = workspace.clock.now()
        found = ask_health(workspace)
    log_health(found, invocation)
    if invocation.is_json:
        show_json(health_document(found, moment=moment))
    else:
        show_lines(health_lines(found, width=width()), invocation)
    return ExitCode.DONE if all(each.health.is_healthy for each in found) else ExitCode.ERROR
