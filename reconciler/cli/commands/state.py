"""``reconciler state``: what is recorded of each object, and changes of the record alone."""

import click

from reconciler.address import Address
from reconciler.cli import completing
from reconciler.cli.commands.state_changes import CHANGES, tell
from reconciler.cli.commands.state_history import history_command
from reconciler.cli.invocation import Invocation, pass_invocation
from reconciler.cli.options import accepts_json, address_argument
from reconciler.cli.show import show_json, show_lines, width
from reconciler.cli.stacks import setting_of
from reconciler.operations.bookkeeping import books
from reconciler.operations.looking import recorded
from reconciler.views.state_json import object_document, state_document
from reconciler.views.state_text import state_list_lines, state_show_lines


@click.group()
def command() -> None:
    """Show what is recorded of each object, and change the record alone."""


command.add_command(history_command)


@command.command("list")
@accepts_json
@pass_invocation
def list_command(invocation: Invocation) -> None:
    """Show the addresses of all recorded objects; with --json, everything that is recorded."""
    with books(setting_of(invocation), tell) as workspace:
        ledger = workspace.ledger
        if invocation.is_json:
            show_json(
                state_document(
                    ledger.objects(),
                    ledger.outputs(),
                    workspace.registry,
                    serial=ledger.serial,
                    lineage=ledger.lineage,
                )
            )
        else:
            show_lines(state_list_lines(ledger.objects()), invocation)


@command.command("show")
@address_argument("address", "ADDR", offers=completing.recorded)
@accepts_json
@pass_invocation
def show_command(invocation: Invocation, address: Address) -> None:
    """Show all that is recorded of one object."""
    with books(setting_of(invocation), tell) as workspace:
        found = recorded(workspace.ledger, address)
        if invocation.is_json:
            show_json(object_document(found, workspace.registry))
        else:
            show_lines(state_show_lines(found, workspace.registry, width=width()), invocation)


for change in CHANGES:
    command.add_command(change)
