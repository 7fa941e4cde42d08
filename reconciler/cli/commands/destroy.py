"""``reconciler destroy``."""

import click

from reconciler.cli.invocation import Invocation, pass_invocation
from reconciler.cli.options import accepts_json, approval, variables
from reconciler.cli.prompts import confirm_by_name
from reconciler.cli.runs import Request, carry_out
from reconciler.cli.stacks import setting_of
from reconciler.operations import planning
from reconciler.operations.writing import opened_for
from reconciler.plan.desired import Desired
from reconciler.views.interrupted_text import NOTHING_CHANGED


@click.command()
@approval
@click.option("--why", metavar="TEXT", default="", help="What is noted beside the run.")
@variables
@accepts_json
@pass_invocation
def command(
    invocation: Invocation,
    auto_approve: bool,
    parallelism: int | None,
    why: str,
    assignments: tuple[str, ...],
    variable_files: tuple[str, ...],
) -> int:
    """Delete everything that the stack manages. Asks twice unless --auto-approve is given."""
    invocation.standing = NOTHING_CHANGED
    with opened_for("destroy", setting_of(invocation, assignments, variable_files)) as workspace:
        prospect = planning.make(workspace, Desired.nothing(workspace.stack), parallelism=parallelism)
        name = workspace.stack.name
        return carry_out(
            workspace,
            prospect,
            invocation,
            Request(
                "destroy",
                is_approved=auto_approve,
                parallelism=parallelism,
                why=why,
                question="Do you want to delete all this?",
                drops=lambda _: [one.address for one in workspace.ledger.deferred()],
                insist=lambda: confirm_by_name("It cannot be brought back as it was.", name),
            ),
        )
