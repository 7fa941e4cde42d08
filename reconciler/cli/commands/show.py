"""``reconciler show``."""

from pathlib import Path

import click

from reconciler.cli.invocation import Invocation, pass_invocation
from reconciler.cli.options import accepts_json, variables
from reconciler.cli.plans import show_saved
from reconciler.cli.saved import setting_for
from reconciler.cli.show import show_json, show_lines, width
from reconciler.cli.stacks import setting_of
from reconciler.operations.workspace import Setting, opened
from reconciler.views.state_json import state_document
from reconciler.views.state_text import snapshot_show_lines


@click.command()
@click.argument("file", metavar="[PLANFILE]", required=False,
                type=click.Path(exists=True, dir_okay=False, path_type=Path))  # fmt: skip
@click.option(
    "--format", "form", type=click.Choice(["text", "json", "markdown", "html"]), help="How to show it."
)
@variables
@accepts_json
@pass_invocation
def command(
    invocation: Invocation,
    file: Path | None,
    form: str | None,
    assignments: tuple[str, ...],
    variable_files: tuple[str, ...],
) -> None:
    """Show a plan that `plan --out` has saved; without one, the state as it is. Asks no service."""
    if file is None:
        _show_state(setting_of(invocation, assignments, variable_files), invocation, form)
        return
    setting, plan_in = setting_for(file, invocation, assignments, variable_files)
    with opened(setting, asks_services=False) as workspace:
        show_saved(plan_in(workspace), workspace, invocation, form)


def _show_state(setting: Setting, invocation: Invocation, form: str | None) -> None:
    if form in ("markdown", "html"):
        raise click.UsageError(f"A state is shown as text or JSON; {form} is for plans.")
    with opened(setting, asks_services=False) as workspace:
        ledger = workspace.ledger
        serial, objects, outputs = ledger.serial, ledger.objects(), ledger.outputs()
        if form == "json" or (form is None and invocation.is_json):
            show_json(
                state_document(objects, outputs, workspace.registry, serial=serial, lineage=ledger.lineage)
            )
        else:
            show_lines(snapshot_show_lines(serial, objects, outputs, width=width()), invocation)
