"""``reconciler version``."""

import click

from reconciler import __version__
from reconciler.cli.invocation import Invocation, pass_invocation
from reconciler.cli.options import accepts_json


@click.command()
@accepts_json
@pass_invocation
def command(invocation: Invocation) -> None:
    """Print the version."""
    if invocation.is_json:
        click.echo(f'{{"reconciler": "{__version__}"}}')
    else:
        click.echo(f"reconciler {__version__}")
