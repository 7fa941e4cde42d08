"""``reconciler output``."""

import click

from reconciler.cli import completing
from reconciler.cli.invocation import Invocation, pass_invocation
from reconciler.cli.options import accepts_json
from reconciler.cli.show import show_json, show_lines, width
from reconciler.cli.stacks import setting_of
from reconciler.operations.looking import output
from reconciler.operations.workspace import opened
from reconciler.views.outputs_text import output_text, outputs_document, outputs_lines


@click.command()
@click.argument("name", required=False, shell_complete=completing.outputs)
@accepts_json
@pass_invocation
def command(invocation: Invocation, name: str | None) -> None:
    """Show the outputs that the last run recorded, or one of them as a script wants it.

    What is sensitive is not shown.
    """
    with opened(setting_of(invocation), asks_services=False) as workspace:
        outputs = workspace.ledger.outputs()
        if name is not None:
            value = output(workspace.ledger, name)
            if invocation.is_json:
                show_json(outputs_document({name: value})[name]["value"])
            else:
                click.echo(output_text(value))
        elif invocation.is_json:
            show_json(outputs_document(outputs))
        else:
            show_lines(outputs_lines(outputs, width=width()), invocation)
