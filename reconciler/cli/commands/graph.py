"""``reconciler graph``."""

import click

from reconciler.cli.invocation import Invocation, pass_invocation
from reconciler.cli.options import accepts_json, variables
from reconciler.cli.show import show_json
from reconciler.cli.stacks import setting_of
from reconciler.operations.drawing import edges
from reconciler.operations.workspace import load
from reconciler.views.graph import dot, mermaid

_DRAWINGS = {"dot": dot, "mermaid": mermaid}


@click.command()
@click.option("--format", "form", type=click.Choice(list(_DRAWINGS)), default="dot", help="The language.")
@variables
@accepts_json
@pass_invocation
def command(
    invocation: Invocation, form: str, assignments: tuple[str, ...], variable_files: tuple[str, ...]
) -> None:
    """Draw what waits for what, for Graphviz or Mermaid."""
    setting = setting_of(invocation, assignments, variable_files)
    drawn = edges(load(setting, asks_services=False))
    if invocation.is_json:
        show_json({str(address): [str(target) for target in targets] for address, targets in drawn.items()})
    else:
        click.echo("\n".join(_DRAWINGS[form](drawn)))
