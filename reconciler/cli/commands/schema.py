"""``reconciler schema``."""

import click

from reconciler.cli import completing
from reconciler.cli.invocation import Invocation, pass_invocation
from reconciler.cli.options import accepts_json
from reconciler.cli.show import show_json
from reconciler.operations.editor_schema import editor_schema
from reconciler.operations.schemas import all_types, one_type
from reconciler.registry import Registry
from reconciler.views.line import columns


@click.command()
@click.argument("type_name", metavar="[TYPE]", required=False, shell_complete=completing.types)
@click.option("--editor", is_flag=True, help="Print one schema of whole stack files, for editors.")
@accepts_json
@pass_invocation
def command(invocation: Invocation, type_name: str | None, editor: bool) -> None:
    """Print the JSON Schema of a resource type, or list the types; with --json, all their schemas.

    Data types are called data.TYPE. With --editor, it is the schema of a stack's files, with all installed
    types and providers in it.
    """
    registry = Registry.installed()
    if editor:
        if type_name is not None:
            raise click.UsageError("--editor is about all types: leave TYPE out.")
        show_json(editor_schema(registry))
        return
    if type_name is not None:
        show_json(one_type(registry, type_name).schema)
        return
    known = all_types(registry)
    if invocation.is_json:
        show_json({found.name: found.schema for found in known})
    else:
        click.echo("\n".join(columns((found.name, found.summary) for found in known)))
