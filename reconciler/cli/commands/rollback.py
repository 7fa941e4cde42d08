"""``reconciler rollback``."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from shlex import quote

import click

from reconciler.cli import completing
from reconciler.cli.exit_codes import ExitCode
from reconciler.cli.invocation import Invocation, pass_invocation
from reconciler.cli.options import accepts_json, approval, targets, variables
from reconciler.cli.plans import show_plan
from reconciler.cli.runs import Request, carry_out
from reconciler.cli.saved import save
from reconciler.cli.stacks import setting_of
from reconciler.operations import rollback
from reconciler.operations.deferring import put_off_by
from reconciler.operations.recovering import settle
from reconciler.operations.writing import opened_for
from reconciler.plan.selection import Selector
from reconciler.views.interrupted_text import NOTHING_CHANGED


@click.command()
@click.option("--to", metavar="SERIAL|RUN|NAME", shell_complete=completing.states,
              help="The state to go back to: a serial, a name, or what a run left.")  # fmt: skip
@targets
@approval
@click.option("--out", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path),
              help="Do nothing yet: save the plan, for `reconciler apply FILE`.")  # fmt: skip
@click.option("--why", metavar="TEXT", default="", help="Why; told to whoever applies the same again.")
@variables
@accepts_json
@pass_invocation
def command(
    invocation: Invocation,
    to: str | None,
    targets: tuple[Selector, ...],
    auto_approve: bool,
    parallelism: int | None,
    out: Path | None,
    why: str,
    assignments: tuple[str, ...],
    variable_files: tuple[str, ...],
) -> int:
    """Go back to an earlier state, by default to the one before the last run that changed anything.

    After a rollback that did not arrive, the default is to go on to where it was going.
    What is rolled back is held: the same configuration is not applied again without --again.
    """
    invocation.standing = NOTHING_CHANGED
    with opened_for("rollback", setting_of(invocation, assignments, variable_files)) as workspace:
        recovery = settle(workspace)
        where = rollback.target(workspace.ledger, to)
        prospect = rollback.prepare(workspace, where, targets=targets, parallelism=parallelism)
        prospect = replace(prospect, recovery=recovery)
        configuration = where.configuration if not targets else ""
        if not invocation.is_json:
            click.echo(f"{rollback.headline(where)}\n")
        if out is not None:
            show_plan(prospect, workspace, invocation)
            save(out, workspace, prospect, where=where)
            return ExitCode.DONE
        return carry_out(
            workspace,
            prospect,
            invocation,
            Request(
                "rollback",
                is_approved=auto_approve,
                parallelism=parallelism,
                configuration=configuration,
                why=why,
                released=configuration,
                again=_again(where.serial, targets),
                question="Do you want to go back?",
                hold=lambda run: rollback.hold(where, run, why),
                target=where.serial if not targets else None,
                drops=lambda prospect: put_off_by(
                    workspace.ledger, {run.id for run in where.undone}, prospect.plan.only
                ),
            ),
        )


def _again(serial: int, targets: Iterable[object]) -> str:
    """The command that goes on to the same place."""
    parts = (f"--target {quote(str(target))}" for target in targets)
    return " ".join((f"rollback --to {serial}", *parts))
