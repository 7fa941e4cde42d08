"""``reconciler apply``."""

from pathlib import Path

import click

from reconciler.cli.destroying import destruction
from reconciler.cli.invocation import Invocation, pass_invocation
from reconciler.cli.options import accepts_json, approval, variables
from reconciler.cli.planning_options import plan_options
from reconciler.cli.runs import Request, carry_out
from reconciler.cli.saved import apply_file
from reconciler.cli.stacks import setting_of
from reconciler.config.stack import OnFailure
from reconciler.operations import holds
from reconciler.operations.deferring import moot
from reconciler.operations.plan_options import PlanOptions, make
from reconciler.operations.workspace import Workspace
from reconciler.operations.writing import opened_for
from reconciler.plan.action import Mode
from reconciler.views.interrupted_text import NOTHING_CHANGED


@click.command()
@click.argument("file", metavar="[PLANFILE]", required=False,
                type=click.Path(exists=True, dir_okay=False, path_type=Path))  # fmt: skip
@plan_options
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
    file: Path | None,
    options: PlanOptions,
    auto_approve: bool,
    on_failure: OnFailure | None,
    parallelism: int | None,
    again: bool,
    why: str,
    assignments: tuple[str, ...],
    variable_files: tuple[str, ...],
) -> int:
    """Bring the services to what the stack declares: plan, show, ask, do, verify.

    With PLANFILE, which `plan --out` has written: do just what is in there, without asking.
    """
    invocation.standing = NOTHING_CHANGED
    if file is not None:
        if options != PlanOptions():
            raise click.UsageError(
                "What PLANFILE does was decided when it was made: leave plan's options out."
            )
        return apply_file(
            file,
            invocation,
            on_failure=on_failure,
            parallelism=parallelism,
            again=again,
            why=why,
            assignments=assignments,
            variable_files=variable_files,
        )
    with opened_for("apply", setting_of(invocation, assignments, variable_files)) as workspace:
        if options.mode is Mode.NORMAL and not again:
            holds.check(workspace.ledger, workspace.stack.digest())
        prospect = make(workspace, options, parallelism=parallelism, defers=options.defers)
        request = _request(workspace, options, on_failure, auto_approve, parallelism, why)
        return carry_out(workspace, prospect, invocation, request)


def _request(
    workspace: Workspace,
    options: PlanOptions,
    on_failure: OnFailure | None,
    auto_approve: bool,
    parallelism: int | None,
    why: str,
) -> Request:
    if options.mode is Mode.DESTROY:
        return destruction(workspace, auto_approve, parallelism, why)
    if options.mode is Mode.REFRESH_ONLY:
        return Request(
            "refresh",
            is_approved=auto_approve,
            parallelism=parallelism,
            why=why,
            question="Do you want the state to take this over?",
            again="apply --refresh-only",
        )
    configuration = workspace.stack.digest()
    return Request(
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
    )
