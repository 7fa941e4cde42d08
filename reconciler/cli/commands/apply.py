"""``reconciler apply``."""

import click

from reconciler.cli.invocation import Invocation, pass_invocation
from reconciler.cli.options import accepts_json, approval, variables
from reconciler.cli.runs import Request, carry_out
from reconciler.cli.stacks import setting_of
from reconciler.config.stack import OnFailure
from reconciler.operations import holds, planning
from reconciler.operations.deferring import moot
from reconciler.operations.writing import opened_for
from reconciler.plan.desired import Desired
from reconciler.views.interrupted_text import NOTHING_CHANGED


@click.command()
@approval
@click.option("--on-failure", type=click.Choice(["stop", "rollback", "continue"]),
              help="When a step fails: stop, undo the run, or go on.")  # fmt: skip
@click.option("--again", is_flag=True, help="Apply a configuration although it was rolled back.")
@click.option("--why", metavar="TEXT", default="", help="What is noted beside the run.")
@variables
@accepts_json
@pass_invocation
def command(
    invocation: Invocation,
    auto_approve: bool,
    on_failure: OnFailure | None,
    parallelism: int | None,
    again: bool,
    why: str,
    assignments: tuple[str, ...],
    variable_files: tuple[str, ...],
) -> int:
    """Bring the services to what the stack declares: plan, show, ask, do, verify."""
    invocation.standing = NOTHING_CHANGED
    with opened_for("apply", setting_of(invocation, assignments, variable_files)) as workspace:
        configuration = workspace.stack.digest()
        if not again:
            holds.check(workspace.ledger, configuration)
        prospect = planning.make(workspace, Desired.of(workspace.stack), parallelism=parallelism, defers=True)
        return carry_out(
            workspace,
            prospect,
            invocation,
            Request(
                "apply",
                is_approved=auto_approve,
                parallelism=parallelism,
                configuration=configuration,
                why=why,
                released=configuration,
                on_failure=on_failure or workspace.stack.apply.on_failure,
                defers=True,
                drops=lambda prospect: moot(workspace.ledger, prospect.plan),
                question="Do you want to apply these changes?",
            ),
        )
