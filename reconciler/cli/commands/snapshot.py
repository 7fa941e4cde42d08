"""``reconciler snapshot``: the states of the past."""

import click

from reconciler.cli import completing
from reconciler.cli.exit_codes import ExitCode
from reconciler.cli.invocation import Invocation, pass_invocation
from reconciler.cli.logs import log_unread
from reconciler.cli.options import accepts_json, variables
from reconciler.cli.show import show_json, show_lines, width
from reconciler.cli.stacks import setting_of
from reconciler.operations import naming
from reconciler.operations.comparing import with_live
from reconciler.operations.workspace import opened
from reconciler.operations.writing import opened_for
from reconciler.state.history import difference, resolve
from reconciler.views.state_json import (
    names_document,
    snapshot_difference_document,
    snapshots_document,
    state_document,
)
from reconciler.views.state_text import (
    run_lines,
    snapshot_difference_lines,
    snapshot_list_lines,
    snapshot_show_lines,
)


@click.group()
def command() -> None:
    """Show, compare and name the states of the past. There is one before every step, at no cost."""


@command.command("list")
@click.option("--runs", is_flag=True, help="The runs alone, with who, when and why.")
@accepts_json
@pass_invocation
def list_command(invocation: Invocation, runs: bool) -> None:
    """List the snapshots, under the runs that led to them."""
    with opened(setting_of(invocation), asks_services=False) as workspace:
        ledger = workspace.ledger
        if invocation.is_json:
            show_json(snapshots_document(ledger.snapshots(), ledger.runs(), ledger.names().values()))
        elif runs:
            show_lines(run_lines(ledger.runs(), ledger.holds()), invocation)
        else:
            names = ledger.names().values()
            show_lines(snapshot_list_lines(ledger.snapshots(), ledger.runs(), names), invocation)


@command.command("show")
@click.argument("which", metavar="SERIAL|RUN|NAME", shell_complete=completing.states)
@accepts_json
@pass_invocation
def show_command(invocation: Invocation, which: str) -> None:
    """Show the state at a serial, by its name, or as a run left it."""
    with opened(setting_of(invocation), asks_services=False) as workspace:
        ledger = workspace.ledger
        serial = resolve(ledger, which)
        objects, outputs = ledger.objects(serial), ledger.outputs(serial)
        if invocation.is_json:
            show_json(
                state_document(objects, outputs, workspace.registry, serial=serial, lineage=ledger.lineage)
            )
        else:
            show_lines(snapshot_show_lines(serial, objects, outputs, width=width()), invocation)


@command.command("diff")
@click.argument("before", metavar="[SERIAL|RUN|NAME]", required=False, shell_complete=completing.states)
@click.argument("after", metavar="[SERIAL|RUN|NAME]", required=False, shell_complete=completing.states)
@click.option("--live", is_flag=True, help="Compare with what the services say now.")
@variables
@accepts_json
@pass_invocation
def diff_command(
    invocation: Invocation,
    before: str | None,
    after: str | None,
    live: bool,
    assignments: tuple[str, ...],
    variable_files: tuple[str, ...],
) -> int:
    """Show what differs between two snapshots, or between one and the services.

    Without the second, it is the latest one; without both, it is what the last run has changed. With --live
    it is one snapshot, by default the latest; the exit code is 1 when something could not be read.
    """
    if live and after is not None:
        raise click.UsageError("--live takes one snapshot: the other side is what the services say now.")
    setting = setting_of(invocation, assignments, variable_files)
    with opened(setting, asks_services=live) as workspace:
        ledger = workspace.ledger
        if live:
            found = with_live(workspace, ledger.serial if before is None else resolve(ledger, before))
        else:
            old = resolve(ledger, before)
            found = difference(ledger, old, resolve(ledger, after) if after is not None else ledger.serial)
        if invocation.is_json:
            show_json(snapshot_difference_document(found, workspace.registry))
        else:
            show_lines(
                snapshot_difference_lines(
                    found, workspace.registry, width=width(), shows_all=invocation.is_verbose
                ),
                invocation,
            )
        log_unread(found.unread.items(), invocation)
    return ExitCode.ERROR if found.unread else ExitCode.DONE


@command.command("name")
@click.argument("name", metavar="NAME", shell_complete=completing.names)
@click.argument("which", metavar="[SERIAL|RUN|NAME]", required=False, shell_complete=completing.states)
@click.option("--remove", is_flag=True, help="Take the name away; the snapshot stays.")
@accepts_json
@pass_invocation
def name_command(invocation: Invocation, name: str, which: str | None, remove: bool) -> None:
    """Give a snapshot a name, by default the latest one; a named one is not pruned.

    A name is taken wherever a serial is. It has 1 to 100 letters, digits and any of . _ / -
    """
    if remove and which is not None:
        raise click.UsageError("--remove takes the name alone.")
    with opened_for("snapshot name", setting_of(invocation), asks_services=False) as workspace:
        if remove:
            naming.remove(workspace, name)
            told = f"No snapshot has the name {name} any more."
        else:
            given = naming.give(workspace, name, which)
            told = f"Snapshot {given.serial} has the name {given.name}."
        if invocation.is_json:
            show_json(names_document(workspace.ledger.names().values()))
        else:
            click.echo(told)
