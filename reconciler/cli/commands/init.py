"""``reconciler init``."""

from pathlib import Path

import click

from reconciler.cli.invocation import Invocation, pass_invocation
from reconciler.cli.options import accepts_json
from reconciler.cli.show import show_json
from reconciler.operations.starting import TEMPLATES, start


@click.command()
@click.option("--template", type=click.Choice(TEMPLATES), default="empty", help="What to start from.")
@accepts_json
@pass_invocation
def command(invocation: Invocation, template: str) -> None:
    """Write a commented starter stack, .env.example and .gitignore."""
    started = start(Path(invocation.directory), template)
    if invocation.is_json:
        show_json(
            {"written": [str(file) for file in started.written], "kept": [str(file) for file in started.kept]}
        )
        return
    for file in started.written:
        click.echo(f"wrote {file}")
    for file in started.kept:
        click.echo(f"kept {file}, which was there already")
    click.echo("\nNext: reconciler --sandbox plan")
