"""``reconciler completion``."""

import click

from reconciler.cli.shells import SHELLS, script


@click.command()
@click.argument("shell", type=click.Choice(SHELLS))
@click.pass_context
def command(context: click.Context, shell: str) -> None:
    """Print a script that lets a shell complete commands, options, addresses and more.

    For bash, put this into ~/.bashrc: eval "$(reconciler completion bash)"
    """
    click.echo(script(shell, context.find_root().command))
