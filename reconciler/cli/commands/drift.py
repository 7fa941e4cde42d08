"""``reconciler drift``."""

import click

from reconciler.cli.exit_codes import ExitCode
from reconciler.cli.invocation import Invocation, pass_invocation
from reconciler.cli.logs import log_health, log_unread
from reconciler.cli.options import accepts_json, variables
from reconciler.cli.show import show_json, show_lines, width
from reconciler.cli.stacks import setting_of
from reconciler.operations.drift import find_drift
from reconciler.operations.workspace import opened
from reconciler.views.drift_json import drift_document
from reconciler.views.drift_text import report_lines
from reconciler.views.interrupted_text import NOTHING_CHANGED


@click.command()
@click.option("--unmanaged", is_flag=True, help="Look for objects too that no state knows.")
@variables
@accepts_json
@pass_invocation
def command(
    invocation: Invocation,
    unmanaged: bool,
    assignments: tuple[str, ...],
    variable_files: tuple[str, ...],
) -> int:
    """Compare the services with what the last run left there, and ask how they are.

    Nothing is changed. The exit code is 2 when anything needs attention.
    """
    invocation.standing = NOTHING_CHANGED
    with opened(setting_of(invocation, assignments, variable_files)) as workspace:
        moment = workspace.clock.now()
        report = find_drift(workspace, with_unmanaged=unmanaged)
        log_health(report.health, invocation)
        log_unread(((one.address, one.error) for one in report.unread), invocation)
        if invocation.is_json:
            show_json(drift_document(report, workspace.registry, moment=moment))
        else:
            show_lines(
                report_lines(report, workspace.registry, width=width(), shows_all=invocation.is_verbose),
                invocation,
            )
    return ExitCode.FOUND if report.has_drift else ExitCode.DONE
