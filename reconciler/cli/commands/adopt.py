"""``reconciler import``."""

import click

from reconciler.address import Address
from reconciler.cli.invocation import Invocation, pass_invocation
from reconciler.cli.options import accepts_json, address, variables
from reconciler.cli.plans import show_plan
from reconciler.cli.stacks import setting_of
from reconciler.operations import planning
from reconciler.operations.adopt import adopt
from reconciler.operations.workspace import opened
from reconciler.plan.desired import Desired


@click.command("import")
@address
@click.argument("import_id", metavar="ID")
@variables
@accepts_json
@pass_invocation
def command(
    invocation: Invocation,
    address: Address,
    import_id: str,
    assignments: tuple[str, ...],
    variable_files: tuple[str, ...],
) -> None:
    """Let the resource ADDR, which the stack declares, stand for the object ID that exists already.

    Nothing is changed in the service. What a plan would change then is shown.
    """
    with opened(setting_of(invocation, assignments, variable_files), command="import") as workspace:
        adopted = adopt(workspace, address, import_id)
        if not invocation.is_json:
            click.echo(f"{address} stands for {import_id} now (id {adopted.id}).\n")
        show_plan(planning.make(workspace, Desired.of(workspace.stack)), workspace, invocation)
