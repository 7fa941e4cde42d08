"""``reconciler plan``."""

import click

from reconciler.cli.exit_codes import ExitCode
from reconciler.cli.invocation import Invocation, pass_invocation
from reconciler.cli.logs import log_held
from reconciler.cli.options import accepts_json, variables
from reconciler.cli.plans import show_plan
from reconciler.cli.stacks import setting_of
from reconciler.operations import planning
from reconciler.operations.workspace import opened
from reconciler.plan.desired import Desired
from reconciler.views.interrupted_text import NOTHING_CHANGED


@click.command()
@click.option("--detailed-exitcode", is_flag=True, help="Exit with 2 when there are changes.")
@click.option("--destroy", is_flag=True, help="Plan to delete everything that the stack manages.")
@click.option(
    "--format", "form", type=click.Choice(["text", "json", "markdown", "html"]), help="How to show it."
)
@variables
@accepts_json
@pass_invocation
def command(
    invocation: Invocation,
    detailed_exitcode: bool,
    destroy: bool,
    form: str | None,
    assignments: tuple[str, ...],
    variable_files: tuple[str, ...],
) -> int:
    """Show what apply would change. Nothing is changed, and no state is written."""
    invocation.standing = NOTHING_CHANGED
    with opened(setting_of(invocation, assignments, variable_files)) as workspace:
        desired = Desired.nothing(workspace.stack) if destroy else Desired.of(workspace.stack)
        prospect = planning.make(workspace, desired, to_be_shown=True, defers=not destroy)
        show_plan(prospect, workspace, invocation, form)
    log_held(prospect.plan.held, invocation)
    if prospect.plan.held or any(one.is_refusal for one in prospect.plan.checks):
        return ExitCode.ERROR
    return ExitCode.FOUND if detailed_exitcode and prospect.plan.has_changes else ExitCode.DONE
