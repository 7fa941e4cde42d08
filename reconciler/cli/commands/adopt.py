"""``reconciler import``."""

import click

from reconciler.address import Address
from reconciler.cli.invocation import Invocation, pass_invocation
from reconciler.cli.options import accepts_json, address, variables
from reconciler.cli.plans import document_of, show_plan
from reconciler.cli.show import show_json, show_lines
from reconciler.cli.stacks import setting_of
from reconciler.diagnostics import Diagnostic
from reconciler.errors import DiagnosedError
from reconciler.operations import planning
from reconciler.operations.adopt import adopt
from reconciler.operations.writing import opened_for
from reconciler.plan.desired import Desired
from reconciler.views.diagnostics import diagnostic_document, diagnostics_lines


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
    with opened_for("import", setting_of(invocation, assignments, variable_files)) as workspace:
        adopted = adopt(workspace, address, import_id)
        problems: tuple[Diagnostic, ...] = ()
        prospect = None
        try:
            prospect = planning.make(workspace, Desired.of(workspace.stack))
        except DiagnosedError as error:
            problems = error.diagnostics  # it is imported all the same; more imports may have to follow
        if invocation.is_json:
            show_json(
                {
                    "address": str(address),
                    "id": adopted.id,
                    "plan": document_of(prospect, workspace) if prospect else None,
                    "diagnostics": [diagnostic_document(problem) for problem in problems],
                }
            )
            return
        shown = workspace.ledger.sealer.hide(import_id)
        click.echo(f"{address} stands for {shown} now (id {adopted.id}).\n")
        if prospect is not None:
            show_plan(prospect, workspace, invocation)
        else:
            click.echo("There is no plan yet:", err=True)
            show_lines(diagnostics_lines(problems), invocation, err=True)
