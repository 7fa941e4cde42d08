"""``reconciler sandbox``: the embedded services."""

from pathlib import Path

import click

from reconciler.cli import completing
from reconciler.cli.durations import Duration
from reconciler.cli.invocation import Invocation, pass_invocation
from reconciler.cli.options import accepts_json
from reconciler.cli.show import show_json
from reconciler.operations import outages, sandboxes
from reconciler.sandbox.outages import MODES, Mode
from reconciler.sandbox.serving import Ready, serve
from reconciler.state.location import ROOM
from reconciler.views.line import columns
from reconciler.views.outages import outage_lines


@click.group()
def command() -> None:
    """Run, empty, fill or show the embedded services, or let them falter."""


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
@click.argument("service", required=False, shell_complete=completing.services)
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


@command.command("outage")
@click.argument("service", required=False, shell_complete=completing.services)
@click.option("--mode", type=click.Choice(MODES), help="How the service falters.")
@click.option(
    "--for", "lasts", metavar="TIME", type=Duration(), help="How long: 500ms, 30s, 2m; default: until --end."
)
@click.option("--at", metavar="TIME", type=Duration(), default=0.0, help="From when on; default: now.")
@click.option(
    "--rate",
    type=click.FloatRange(0, 1),
    help="The share of calls that are hit; default: 1, but for flaky and clock-skew 0.2.",
)
@click.option("--seed", type=int, default=0, help="What everything random is drawn from; default: 0.")
@click.option(
    "--script", metavar="FILE", type=click.Path(exists=True, dir_okay=False), help="Outages from a YAML file."
)
@click.option("--list", "lists", is_flag=True, help="Show what is set.")
@click.option("--end", "ends", is_flag=True, help="End the outages of SERVICE, or all.")
@click.option(
    "--db", metavar="FILE", type=click.Path(dir_okay=False), help="Another world than the stack's own."
)
@accepts_json
@pass_invocation  # fmt: skip
def outage_command(
    invocation: Invocation,
    service: str | None,
    mode: Mode | None,
    lasts: float | None,
    at: float,
    rate: float | None,
    seed: int,
    script: str | None,
    lists: bool,
    ends: bool,
    db: str | None,
) -> None:
    """Let SERVICE falter, with --sandbox as with `sandbox serve`, also while they run.

    What was set for the service before ends. Calls are counted from the outage's beginning: the same calls
    with the same seed meet the same fate.
    """
    if [mode is not None, script is not None, lists, ends].count(True) != 1:
        raise click.UsageError("Give one of --mode, --script, --list and --end.")
    if (mode is None) == (service is not None) and not ends:
        raise click.UsageError("Give SERVICE with --mode or --end, and with nothing else.")
    world = Path(db) if db else sandboxes.prepared(Path(invocation.directory))
    if ends:
        number = outages.end_outages(world, service)
        click.echo(f"{number} ended." if number else "There was no outage.", err=True)
        return
    if lists:
        shown = outages.list_outages(world)
    elif script is not None:
        shown = outages.set_outages(world, outages.read_script(Path(script)))
    elif service is not None and mode is not None:
        shown = outages.set_outages(world, [outages.Wish(service, mode, at, lasts, rate, seed)])
    if invocation.is_json:
        show_json(shown)
    else:
        click.echo("\n".join(outage_lines(shown)))


def _announce(ready: Ready) -> None:
    show_json(ready)
