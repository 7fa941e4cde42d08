"""``reconciler plan``."""

import click

from reconciler.cli.exit_codes import ExitCode
from reconciler.cli.invocation import Invocation, pass_invocation
from reconciler.cli.logs import log_held
from reconciler.cli.options import accepts_json, variables
from reconciler.cli.planning_options import plan_options
from reconciler.cli.plans import show_plan
from reconciler.cli.stacks import setting_of
from reconciler.operations.plan_options import PlanOptions, make
from reconciler.operations.workspace import opened
from reconciler.views.interrupted_text import NOTHING_CHANGED


@click.command()
@click.option("--detailed-exitcode", is_flag=True, help="Exit with 2 when there are changes.")
@plan_options
@click.option(
    "--format", "form", type=click.Choice(["text", "json", "markdown", "html"]), help="How to show it."
)
@variables
@accepts_json
@pass_invocation
def command(
    invocation: Invocation,
    options: PlanOptions,
    detailed_exitcode: bool,
    form: str | None,
    assignments: tuple[str, ...],
    variable_files: tuple[str, ...],
) -> int:
    """Show what apply would change. Nothing is changed, and no state is written."""
    invocation.standing = NOTHING_CHANGED
    with opened(setting_of(invocation, assignments, variable_files)) as workspace:
        prospect = make(workspace, options, to_be_shown=True, defers=options.defers)
        show_plan(prospect, workspace, invocation, form)
    log_held(prospect.plan.held, invocation)
    if prospect.plan.held:
        return ExitCode.ERROR
    return ExitCode.FOUND if detailed_exitcode and prospect.plan.has_changes else ExitCode.DONE
