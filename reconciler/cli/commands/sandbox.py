"""``reconciler sandbox``: the embedded services."""

from pathlib import Path

import click

from reconciler.cli.invocation import Invocation, pass_invocation
from reconciler.cli.options import accepts_json
from reconciler.cli.show import show_json
from reconciler.operations import sandboxes
from reconciler.sandbox.serving import Ready, serve
from reconciler.state.location import ROOM
from reconciler.views.line import columns


@click.group()
def command() -> None:
    """Run, empty, fill or show the embedded services."""


@command.command("serve")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=0, help="Where to listen; default: a free one."
)
@click.option(
    "--ready-file", metavar="FILE", type=click.Path(dir_okay=False), help="Where to write the addresses."
)
@click.option(
    "--db", metavar="FILE", type=click.Path(dir_okay=False), help="Another world than the stack's own."
)
@accepts_json
@pass_invocation
def serve_command(invocation: Invocation, port: int, ready_file: str | None, db: str | None) -> None:
    """Serve them on loopback until Ctrl-C, for any client.

    The world is that of --sandbox in this directory: what a client changes, the next command sees.
    """
    world = Path(db) if db else sandboxes.prepared(Path(invocation.directory))
    serve(port=port, db=world, ready_file=Path(ready_file) if ready_file else None, on_ready=_announce)


@command.command("reset")
@pass_invocation
def reset_command(invocation: Invocation) -> None:
    """Empty the world. The state that was made against it stays.

    Remove .reconciler/sandbox/state as well to begin anew.
    """
    directory = Path(invocation.directory)
    sandboxes.reset(directory)
    click.echo("The sandbox is empty.", err=True)
    if any((state := directory / ROOM / "sandbox" / "state").glob("*.db")):
        click.echo(f"State still knows what was there; to begin anew, remove {state} too.", err=True)


@command.command("seed")
@click.argument("file", type=click.Path(exists=True, dir_okay=False))
@pass_invocation
def seed_command(invocation: Invocation, file: str) -> None:
    """Add one's own organisation, users and more from a YAML or JSON file."""
    sandboxes.seed(Path(invocation.directory), Path(file))
    click.echo("The sandbox has been filled.", err=True)


@command.command("show")
@click.argument("service", required=False)
@accepts_json
@pass_invocation
def show_command(invocation: Invocation, service: str | None) -> None:
    """Show what there is: how many of each kind, or all of it with --json."""
    world = sandboxes.show(Path(invocation.directory), service)
    if invocation.is_json:
        show_json(world)
        return
    rows = [
        (name, kind, str(len(found)))
        for name, kinds in world.items()
        for kind, found in kinds.items()
        if found
    ]
    click.echo("\n".join(columns(rows)) if rows else "The sandbox is empty.")


def _announce(ready: Ready) -> None:
    show_json(ready)
