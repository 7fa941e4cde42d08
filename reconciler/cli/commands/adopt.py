"""``reconciler import``."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reconciler.address import Address
from reconciler.cli.exit_codes import ExitCode
from reconciler.cli.invocation import Invocation, pass_invocation
from reconciler.cli.options import accepts_json, optional_address, variables
from reconciler.cli.plans import document_of, show_plan
from reconciler.cli.show import show_json, show_lines
from reconciler.cli.stacks import setting_of
from reconciler.diagnostics import Diagnostic
from reconciler.errors import DiagnosedError
from reconciler.operations import planning
from reconciler.operations.adopt import adopt
from reconciler.operations.workspace import Setting, Workspace, check_may_write, opened
from reconciler.operations.writing import opened_for
from reconciler.plan.desired import Desired
from reconciler.views.diagnostics import diagnostic_document, diagnostics_lines

if TYPE_CHECKING:
    from reconciler.operations.adopting_all import Survey


@click.command("import")
@optional_address
@click.argument("import_id", metavar="[ID]", required=False)
@click.option("--all", "provider", metavar="PROVIDER", help="Write YAML for all that is in no state.")
@click.option("--tfstate", "state_file", metavar="FILE", type=click.Path(path_type=Path),
              help="Write YAML for what this Terraform state knows.")  # fmt: skip
@click.option("--type", "types", metavar="TYPE", multiple=True,
              help="With --all: only objects of this type; may be repeated.")  # fmt: skip
@click.option("--generate", "file", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path),
              help="Where to write the YAML; printed when not given.")  # fmt: skip
@click.option("--overwrite", is_flag=True, help="Write FILE although it is there.")
@variables
@accepts_json
@pass_invocation
def command(
    invocation: Invocation,
    address: Address | None,
    import_id: str | None,
    provider: str | None,
    state_file: Path | None,
    types: tuple[str, ...],
    file: Path | None,
    overwrite: bool,
    assignments: tuple[str, ...],
    variable_files: tuple[str, ...],
) -> ExitCode:
    """Let the resource ADDR, which the stack declares, stand for the object ID that exists already.

    Nothing is changed in the service. What a plan would change then is shown. With --all and
    --tfstate YAML is written that declares and adopts what there is.
    """
    setting = setting_of(invocation, assignments, variable_files)
    if sum((address is not None, provider is not None, state_file is not None)) > 1:
        raise click.UsageError("Give ADDR and ID, or --all PROVIDER, or --tfstate FILE: not two of them.")
    if types and provider is None:
        raise click.UsageError("--type goes with --all.")
    if provider is not None:
        return _write(setting, invocation, partial(_survey, provider, types), file, overwrite)
    if state_file is not None:
        return _write(setting, invocation, partial(_survey_state, state_file), file, overwrite)
    if address is None or import_id is None:
        raise click.UsageError("Give ADDR and ID, or --all PROVIDER --generate FILE.")
    if file is not None or overwrite:
        raise click.UsageError("--generate and --overwrite go with --all and --tfstate.")
    _adopt_one(setting, invocation, address, import_id)
    return ExitCode.DONE


def _adopt_one(setting: Setting, invocation: Invocation, address: Address, import_id: str) -> None:
    with opened_for("import", setting) as workspace:
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


def _survey(provider: str, types: tuple[str, ...], workspace: Workspace) -> "Survey":
    from reconciler.operations.adopting_all import survey

    return survey(workspace, provider, types)


def _survey_state(file: Path, workspace: Workspace) -> "Survey":
    from reconciler.operations.adopting_terraform import survey_state

    return survey_state(workspace, file)


def _write(
    setting: Setting,
    invocation: Invocation,
    look: "Callable[[Workspace], Survey]",
    file: Path | None,
    overwrite: bool,
) -> ExitCode:
    from reconciler.operations.adopting_all import write_file

    check_may_write("import", setting)
    with opened(setting) as workspace:
        found = look(workspace)
        if file is not None and found.generated.resources:
            write_file(file, found.generated.text, workspace, may_replace=overwrite)
    _show(found, invocation, file)
    return ExitCode.ERROR if found.failed else ExitCode.DONE


def _show(found: "Survey", invocation: Invocation, file: Path | None) -> None:
    from reconciler.cli.show import width
    from reconciler.views.adoption_json import adoption_document
    from reconciler.views.adoption_text import adoption_lines

    generated = found.generated
    written = str(file) if file is not None and generated.resources else None
    if invocation.is_json:
        show_json(
            adoption_document(
                found.provider,
                generated,
                found=found.found,
                file=written,
                unlisted=dict(found.unlisted),
                failed=dict(found.failed),
                skipped=list(found.skipped),
                notes=list(found.notes),
            )
        )
    else:
        if file is None:
            click.echo(generated.text, nl=False)
        lines = adoption_lines(
            generated,
            file=written,
            unlisted=found.unlisted,
            failed=found.failed,
            skipped=found.skipped,
            notes=found.notes,
            width=width(),
        )
        show_lines(lines, invocation, err=file is None)
