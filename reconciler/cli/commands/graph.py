"""``reconciler graph``."""

import click

from reconciler.address import Address
from reconciler.cli.invocation import Invocation, pass_invocation
from reconciler.cli.options import accepts_json, targets, variables
from reconciler.cli.show import show_json
from reconciler.cli.stacks import setting_of
from reconciler.operations.drawing import nodes
from reconciler.operations.workspace import load
from reconciler.views.graph import MERMAID_ARROWS, dot, mermaid
from reconciler.views.graph_svg import svg


@click.command()
@click.option("--format", "form", type=click.Choice(["dot", "mermaid", "svg"]), default="dot",
              help="For Graphviz or Mermaid, or a picture.")  # fmt: skip
@targets
@variables
@accepts_json
@pass_invocation
def command(
    invocation: Invocation,
    form: str,
    targets: tuple[Address, ...],
    assignments: tuple[str, ...],
    variable_files: tuple[str, ...],
) -> None:
    """Draw what waits for what; calls no service."""
    setting = setting_of(invocation, assignments, variable_files)
    stack = load(setting, asks_services=False)
    drawn = nodes(stack, targets)
    if invocation.is_json:
        show_json({str(node.address): [str(target) for target in node.waits_for] for node in drawn})
        return
    if form == "svg":
        lines = svg(drawn, f"What waits for what in {stack.name} ({stack.environment})")
    else:
        lines = dot(drawn) if form == "dot" else mermaid(drawn)
    click.echo("\n".join(lines))
    if form == "mermaid" and sum(len(node.waits_for) for node in drawn) > MERMAID_ARROWS:
        click.echo(
            f"Mermaid draws no more than {MERMAID_ARROWS} arrows unless its page allows it: choose a part "
            "with --target ADDR, or another --format.",
            err=True,
        )
