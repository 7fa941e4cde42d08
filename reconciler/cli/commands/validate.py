"""``reconciler validate``."""

import click

from reconciler.cli.invocation import Invocation, pass_invocation
from reconciler.cli.options import accepts_json, variables
from reconciler.cli.show import show_json
from reconciler.cli.stacks import setting_of
from reconciler.operations.workspace import load
from reconciler.views.plan_summary import number


@click.command()
@variables
@accepts_json
@pass_invocation
def command(invocation: Invocation, assignments: tuple[str, ...], variable_files: tuple[str, ...]) -> None:
    """Check the stack's files. No service is called."""
    stack = load(setting_of(invocation, assignments, variable_files))
    counts = {
        "resources": len(stack.resources),
        "data": len(stack.data),
        "outputs": len(stack.outputs),
        "providers": len(stack.providers),
    }
    if invocation.is_json:
        show_json({"valid": True, "stack": stack.name, "environment": stack.environment, **counts})
    else:
        entries = "1 data entry" if counts["data"] == 1 else f"{counts['data']:,} data entries"
        resources, outputs = number(counts["resources"], "resource"), number(counts["outputs"], "output")
        click.echo(f"The stack {stack.name} is valid: {resources}, {entries}, {outputs}.")
