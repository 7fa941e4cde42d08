"""Plans in files: written by ``plan --out`` and ``rollback --out``, carried out by ``apply FILE``."""

import functools
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import click

from reconciler.cli.exit_codes import ExitCode
from reconciler.cli.invocation import Invocation
from reconciler.cli.runs import Request, carry_out
from reconciler.cli.stacks import setting_of
from reconciler.config.stack import OnFailure
from reconciler.operations import plan_files, rollback, saved_plans
from reconciler.operations.deferring import moot, put_off_by, touched_by
from reconciler.operations.planning import Prospect
from reconciler.operations.saved_plans import Reviewed
from reconciler.operations.workspace import Setting, Workspace, opened
from reconciler.operations.writing import opened_for
from reconciler.plan.action import Mode
from reconciler.plan.file import write_document
from reconciler.plan.saved import SavedPlan


def check_can_save(invocation: Invocation) -> None:
    """Raises UsageError where no plan can be carried out that is made now."""
    if invocation.is_offline:
        raise click.UsageError(
            "--out and --offline cannot be given together: such a plan is only to look at."
        )


def prepare_state(setting: Setting) -> None:
    """Make sure that there is a state: a plan is signed with its key, and is of no use without it."""
    with opened(setting, asks_services=False) as workspace:
        is_new = not workspace.ledger.lineage
    if is_new:
        with opened_for("plan", setting, asks_services=False):
            pass


def save(
    file: Path,
    workspace: Workspace,
    prospect: Prospect,
    *,
    where: rollback.Target | None = None,
) -> None:
    """Write a plan to a file, and say on standard error how to carry it out. Raises OSError."""
    plan = saved_plans.saved(workspace, prospect, where=where)
    plan_files.write(file, write_document(plan, workspace.ledger.sealer))
    click.echo(f"Saved to {file}. To carry out just that: `reconciler apply {file}`", err=True)


def setting_for(
    file: Path, invocation: Invocation, assignments: Iterable[str], variable_files: Iterable[str]
) -> tuple[Setting, "functools.partial[SavedPlan]"]:
    """The stack that a file is for, with the variables of then, and how to get its plan from its workspace.

    Raises Refused, InvalidConfiguration and OSError.
    """
    setting = setting_of(invocation, assignments, variable_files)
    document = plan_files.read(file, setting)
    variables = {**plan_files.given_variables(document), **setting.variables}
    return replace(setting, variables=variables), functools.partial(plan_files.verified, document)


def apply_file(
    file: Path,
    invocation: Invocation,
    *,
    on_failure: OnFailure | None,
    parallelism: int | None,
    again: bool,
    why: str,
    assignments: tuple[str, ...],
    variable_files: tuple[str, ...],
) -> ExitCode:
    """Carry out what was saved, without asking: whoever gives the file has looked at it."""
    setting, plan_in = setting_for(file, invocation, assignments, variable_files)
    with opened_for("apply", setting) as workspace:
        saved = plan_in(workspace)
        reviewed = saved_plans.review(workspace, saved, again=again, parallelism=parallelism)
        request = _request(workspace, saved, reviewed, why)
        note = saved_plans.note(saved, reviewed)
        request = replace(
            request,
            is_approved=True,
            rereads=True,
            parallelism=parallelism,
            why=f"{why} ({note})" if why else note,
            on_failure=on_failure or workspace.stack.apply.on_failure,
        )
        return carry_out(workspace, reviewed.prospect, invocation, request)


def _request(workspace: Workspace, saved: SavedPlan, reviewed: Reviewed, why: str) -> Request:
    """What the run is called, and what it means for the books."""
    ledger, where = workspace.ledger, reviewed.where
    if where is not None and saved.way is not None:
        is_whole = saved.way.is_whole and not reviewed.prospect.plan.held
        configuration = where.configuration if is_whole else ""
        return Request(
            "rollback",
            "",
            configuration=configuration,
            released=configuration,
            hold=lambda run: rollback.hold(where, run, why),
            target=where.serial if is_whole else None,
            drops=lambda prospect: put_off_by(ledger, {run.id for run in where.undone}, prospect.plan.only),
            again=f"rollback --to {where.serial}",
        )
    if saved.plan.mode is Mode.DESTROY:
        return Request(
            "destroy", "", drops=lambda prospect: touched_by(ledger, prospect.plan), again="plan --destroy"
        )
    if saved.plan.mode is Mode.REFRESH_ONLY:
        return Request("refresh", "", again="plan --refresh-only")
    configuration = workspace.stack.digest()
    return Request(
        "apply",
        "",
        configuration=configuration,
        released=configuration,
        drops=lambda prospect: moot(ledger, prospect.plan),
        again="plan",
    )
