"""``reconciler plan``."""

from pathlib import Path

import click

from reconciler.cli.exit_codes import ExitCode
from reconciler.cli.invocation import Invocation, pass_invocation
from reconciler.cli.logs import log_held
from reconciler.cli.options import accepts_json, variables
from reconciler.cli.planning_options import plan_options
from reconciler.cli.plans import show_plan
from reconciler.cli.saved import check_can_save, prepare_state, save
from reconciler.cli.stacks import setting_of
from reconciler.operations.plan_options import PlanOptions, make
from reconciler.operations.workspace import opened
from reconciler.views.interrupted_text import NOTHING_CHANGED


@click.command()
@click.option("--detailed-exitcode", is_flag=True, help="Exit with 2 when there are changes.")
@plan_options
@click.option("--out", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path),
              help="Save the plan, for `reconciler apply FILE`.")  # fmt: skip
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
    out: Path | None,
    form: str | None,
    assignments: tuple[str, ...],
    variable_files: tuple[str, ...],
) -> int:
    """Show what apply would change. Nothing is changed, in the services or in the state."""
    invocation.standing = NOTHING_CHANGED
    setting = setting_of(invocation, assignments, variable_files)
    if out is not None:
        check_can_save(invocation)
        prepare_state(setting)
    with opened(setting) as workspace:
        is_only_shown = out is None
        prospect = make(
            workspace, options, to_be_shown=is_only_shown, defers=options.defers and is_only_shown
        )
        show_plan(prospect, workspace, invocation, form)
        if out is not None:
            save(out, workspace, prospect)
    log_held(prospect.plan.held, invocation)
    if prospect.plan.held or any(one.is_refusal for one in prospect.plan.checks):
        return ExitCode.ERROR
    return ExitCode.FOUND if detailed_exitcode and prospect.plan.has_changes else ExitCode.DONE
