"""``--on-failure rollback``: what is said before, and undoing a run that failed."""

import click

from reconciler import codes
from reconciler.cli.exit_codes import ExitCode
from reconciler.cli.failures import report
from reconciler.cli.interruption import stop_requests
from reconciler.cli.invocation import Invocation
from reconciler.cli.logs import log_problem
from reconciler.cli.progress import progress_of
from reconciler.cli.results import show_applied, show_settled
from reconciler.cli.show import show_lines, width
from reconciler.diagnostics import Diagnostic
from reconciler.errors import ReconcilerError
from reconciler.operations import applying, rollback, undoing
from reconciler.operations.applying import Applied, Order
from reconciler.operations.deferring import put_off_by
from reconciler.operations.undoing import Undo
from reconciler.operations.workspace import Workspace
from reconciler.plan.change import Plan
from reconciler.state.model import RunOutcome
from reconciler.views.escape import json_text
from reconciler.views.interrupted_text import under_way
from reconciler.views.undo_text import irreversible_document, irreversible_lines, undone_lines


def warn(plan: Plan, invocation: Invocation) -> None:
    """Before the run: name what could not be undone exactly if it failed."""
    changes = undoing.not_undoable(plan)
    if not invocation.is_json:
        show_lines(irreversible_lines(changes, width=width()), invocation)
        return
    for document in irreversible_document(changes):
        click.echo(json_text(document, indent=None))


def undo(workspace: Workspace, applied: Applied, invocation: Invocation, parallelism: int | None) -> ExitCode:
    """Take back what a failed run has done; its own failure has been told."""
    outcome = applied.outcome
    try:
        way = undoing.prepare(workspace, outcome, parallelism=parallelism)
        if invocation.is_json:
            show_settled(way.recovery)
        undone = _carry_out(workspace, way, invocation, parallelism)
    except ReconcilerError as error:
        report(error, invocation)
        serial = next(run.from_serial for run in workspace.ledger.runs() if run.id == outcome.run)
        _say_what_is_left(f"once that is mended: `reconciler rollback --to {serial}`", invocation)
        return ExitCode.INCOMPLETE
    if undone is not None:
        show_applied(undone, "rollback", invocation, again=f"rollback --to {way.where.serial}")
        if undone.outcome.outcome is RunOutcome.INTERRUPTED:
            return ExitCode.INTERRUPTED
        if not undone.outcome.is_complete:
            return ExitCode.INCOMPLETE
    undoing.record(workspace, way)
    if not invocation.is_json:
        show_lines(undone_lines(way.run, way.where.serial), invocation)
    return ExitCode.ROLLED_BACK


def _say_what_is_left(remedy: str, invocation: Invocation) -> None:
    if invocation.log_format == "json":
        log_problem(Diagnostic("it is not undone", remedy, code=codes.REFUSED), invocation)
    else:
        click.echo(f"It is not undone. {remedy[:1].upper()}{remedy[1:]}.", err=True)


def _carry_out(
    workspace: Workspace, way: Undo, invocation: Invocation, parallelism: int | None
) -> Applied | None:
    prospect = way.prospect
    if prospect is None or not prospect.has_work:
        return None
    invocation.standing = under_way(f"rollback --to {way.where.serial}")
    with stop_requests() as requests, progress_of(prospect.plan, invocation, workspace.clock) as progress:
        order = Order(
            "rollback",
            progress,
            requests.stop,
            parallelism,
            way.where.configuration,
            way.why,
            lambda run: rollback.hold(way.where, run, way.why),
            drops=put_off_by(workspace.ledger, {way.run.id}),
            target=way.where.serial,
            on_failure="continue",
            ended=requests.ended,
        )
        return applying.carry_out(workspace, prospect, order)
