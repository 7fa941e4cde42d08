"""``reconciler state history``: the runs, and forgetting old ones."""

import click

from reconciler import codes
from reconciler.cli import completing
from reconciler.cli.exit_codes import ExitCode
from reconciler.cli.invocation import Invocation, pass_invocation
from reconciler.cli.options import accepts_json
from reconciler.cli.prompts import confirm
from reconciler.cli.show import show_json, show_lines
from reconciler.cli.stacks import setting_of
from reconciler.diagnostics import Diagnostic
from reconciler.errors import Refused
from reconciler.operations import pruning
from reconciler.operations.workspace import opened
from reconciler.operations.writing import opened_for
from reconciler.state.ledger import Ledger
from reconciler.views.history import history_document, history_lines, prospect_line, pruned_line


@click.command("history")
@click.option("--prune", is_flag=True, help="Remove old snapshots, and the runs that led to them.")
@click.option("--keep", metavar="N", type=click.IntRange(0),
              help="With --prune: the last N runs can still be taken back.")  # fmt: skip
@click.option(
    "--before",
    metavar="SERIAL|RUN|NAME",
    shell_complete=completing.states,
    help="With --prune: the oldest snapshot that stays.",
)
@click.option("--auto-approve", is_flag=True, help="Do not ask.")
@accepts_json
@pass_invocation
def history_command(
    invocation: Invocation, prune: bool, keep: int | None, before: str | None, auto_approve: bool
) -> ExitCode:
    """Show the runs: what, when, who, from which commit, how each ended, its serials, and why.

    --prune removes the past up to a snapshot, never the present state, nor what has a name.
    """
    _check_usage(prune, keep, before, auto_approve)
    if prune:
        return _prune(invocation, keep, before, auto_approve)
    with opened(setting_of(invocation), asks_services=False) as workspace:
        _show(workspace.ledger, invocation)
    return ExitCode.DONE


def _check_usage(prune: bool, keep: int | None, before: str | None, auto_approve: bool) -> None:
    if not prune and (keep is not None or before is not None or auto_approve):
        raise click.UsageError("--keep, --before and --auto-approve go with --prune.")
    if prune and (keep is None) == (before is None):
        raise click.UsageError("--prune needs --keep or --before, and not both.")


def _prune(invocation: Invocation, keep: int | None, before: str | None, is_approved: bool) -> ExitCode:
    with opened_for("state history --prune", setting_of(invocation), asks_services=False) as workspace:
        ledger = workspace.ledger
        goes = pruning.prepare(ledger, keep=keep, before=before)
        if not invocation.is_json:
            show_lines([prospect_line(goes)], invocation)
        if goes.snapshots:
            if not is_approved and not _is_approved(invocation):
                click.echo("Nothing has been removed.", err=True)
                return ExitCode.ERROR
            pruning.carry_out(ledger, goes)
        if invocation.is_json:
            show_json(history_document(ledger, pruned=goes.snapshots))
        elif goes.snapshots:
            show_lines([pruned_line(goes)], invocation)
    return ExitCode.DONE


def _is_approved(invocation: Invocation) -> bool:
    if invocation.is_json:
        raise Refused(
            [Diagnostic("with --json nobody is asked", "give --auto-approve too", code=codes.NOBODY_ASKED)]
        )
    return confirm("Do you want to remove them? They cannot be brought back.")


def _show(ledger: Ledger, invocation: Invocation) -> None:
    if invocation.is_json:
        show_json(history_document(ledger))
    else:
        show_lines(history_lines(ledger), invocation)
