"""``reconciler cache``: what the services have last said, for the time in which they say nothing."""

import click

from reconciler.address import Address
from reconciler.cli.commands.state_changes import tell
from reconciler.cli.invocation import Invocation, pass_invocation
from reconciler.cli.options import accepts_json, optional_address
from reconciler.cli.show import show_json, show_lines, width
from reconciler.cli.stacks import setting_of
from reconciler.operations.bookkeeping import books, stack_of
from reconciler.operations.remembered import clear, remembered
from reconciler.views.cache_list import cache_document, cache_list_lines, cache_show_lines
from reconciler.views.plan_summary import number


@click.group()
def command() -> None:
    """Show or clear what is kept of the services' answers."""


@command.command("show")
@optional_address
@accepts_json
@pass_invocation
def show_command(invocation: Invocation, address: Address | None) -> None:
    """Show what is kept and how old it is; with ADDR, what was told for that resource or data entry."""
    with books(setting_of(invocation), tell) as workspace:
        report = remembered(workspace, address)
        types = workspace.registry
    if invocation.is_json:
        show_json(cache_document(report, types, is_whole=address is not None))
    elif address is None:
        show_lines(cache_list_lines(report), invocation)
    else:
        show_lines(cache_show_lines(report, types, width=width()), invocation)


@command.command("clear")
@accepts_json
@pass_invocation
def clear_command(invocation: Invocation) -> None:
    """Forget all that is kept, of this environment; a cache that is damaged goes too."""
    setting = setting_of(invocation)
    count = clear(setting, stack_of(setting, tell))
    if invocation.is_json:
        show_json({"removed": count})
    else:
        click.echo(f"The cache is cleared: {number(count, 'answer')} removed.")
