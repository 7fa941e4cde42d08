"""``reconciler import``."""

import click

from reconciler.address import Address, AddressSyntaxError
from reconciler.cli.invocation import Invocation, pass_invocation
from reconciler.cli.options import accepts_json, variables
from reconciler.cli.plans import show_plan
from reconciler.cli.stacks import setting_of
from reconciler.operations import planning
from reconciler.operations.adopt import adopt
from reconciler.operations.workspace import opened
from reconciler.plan.desired import Desired


class _AddressType(click.ParamType[Address]):
    name = "address"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> Address:
        """Read an address."""
        try:
            return Address.parse(value)
        except AddressSyntaxError as error:
            self.fail(str(error), param, ctx)


@click.command("import")
@click.argument("address", metavar="ADDR", type=_AddressType())
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
