"""``reconciler explain``."""

import dataclasses

import click

from reconciler.cli import completing
from reconciler.cli.invocation import Invocation, pass_invocation
from reconciler.cli.options import accepts_json
from reconciler.cli.show import show_json
from reconciler.operations import explaining
from reconciler.views.line import columns


@click.command()
@click.argument("code", metavar="[CODE]", required=False, shell_complete=completing.codes)
@accepts_json
@pass_invocation
def command(invocation: Invocation, code: str | None) -> None:
    """Print what an error's code means and what to do about it, or list the codes."""
    if code is not None:
        found = explaining.section(code)
        if invocation.is_json:
            show_json(dataclasses.asdict(found))
        else:
            click.echo(f"{found.code}: {found.title}\n\n{found.text}")
        return
    known = explaining.sections()
    if invocation.is_json:
        show_json(
            {"codes": [{"code": one.code, "title": one.title, "service": one.service} for one in known]}
        )
    else:
        click.echo("\n".join(columns((one.code, one.title) for one in known)))
