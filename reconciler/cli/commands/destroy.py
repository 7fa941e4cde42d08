"""``reconciler destroy``."""

from dataclasses import replace

import click

from reconciler.cli.destroying import destruction
from reconciler.cli.invocation import Invocation, pass_invocation
from reconciler.cli.options import accepts_json, approval, variables
from reconciler.cli.planning_options import destroy_options
from reconciler.cli.runs import carry_out
from reconciler.cli.stacks import setting_of
from reconciler.operations.plan_options import PlanOptions, make
from reconciler.operations.writing import opened_for
from reconciler.plan.action import Mode
from reconciler.views.interrupted_text import NOTHING_CHANGED


@click.command()
@destroy_options
@approval
@click.option("--why", metavar="TEXT", default="", help="What is noted beside the run.")
@variables
@accepts_json
@pass_invocation
def command(
    invocation: Invocation,
    options: PlanOptions,
    auto_approve: bool,
    parallelism: int | None,
    why: str,
    assignments: tuple[str, ...],
    variable_files: tuple[str, ...],
) -> int:
    """Delete everything that the stack manages. Asks twice unless --auto-approve is given."""
    invocation.standing = NOTHING_CHANGED
    with opened_for("destroy", setting_of(invocation, assignments, variable_files)) as workspace:
        prospect = make(workspace, replace(options, mode=Mode.DESTROY), parallelism=parallelism)
        request = destruction(workspace, auto_approve, parallelism, why)
        return carry_out(workspace, prospect, invocation, request)
