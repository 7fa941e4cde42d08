"""``reconciler state mv | rm | pull | push | unlock``: what is done to the state alone."""

import click

from reconciler.address import Address
from reconciler.cli import completing
from reconciler.cli.invocation import Invocation, pass_invocation
from reconciler.cli.options import accepts_json, address_argument
from reconciler.cli.show import show_json, show_lines, width
from reconciler.cli.stacks import setting_of
from reconciler.operations.bookkeeping import books, books_for, stack_of
from reconciler.operations.forgetting import forget
from reconciler.operations.json_text import LARGEST
from reconciler.operations.moving import move
from reconciler.operations.transfer import pull, push
from reconciler.operations.workspace import path_of
from reconciler.state.lock import check_free
from reconciler.views.state_command_json import (
    moved_document,
    pushed_document,
    removal_document,
    unlocked_document,
)
from reconciler.views.state_command_text import moved_lines, pushed_lines, removal_lines, unlocked_lines


def tell(sentence: str) -> None:
    """Say what was assumed, where it is in nobody's way."""
    click.echo(sentence, err=True)


@click.command("mv")
@address_argument("old", "FROM", offers=completing.recorded)
@address_argument("new", "TO")
@accepts_json
@pass_invocation
def mv_command(invocation: Invocation, old: Address, new: Address) -> None:
    """Give the object at the address FROM the address TO, with all that refers to it.

    For a resource that got another name in the stack's files. No service is called.
    """
    with books_for("state mv", setting_of(invocation), tell) as workspace:
        moved = move(workspace, old, new)
    if invocation.is_json:
        show_json(moved_document(moved))
    else:
        show_lines(moved_lines(moved, width=width()), invocation)


@click.command("rm")
@address_argument("addresses", "ADDR...", nargs=-1, offers=completing.recorded)
@accepts_json
@pass_invocation
def rm_command(invocation: Invocation, addresses: tuple[Address, ...]) -> None:
    """Forget objects. They stay as they are in the services; nothing is asked, and no service is called.

    Also settles a step on ADDR that was cut off, for who has looked what became of it.
    """
    with books_for("state rm", setting_of(invocation), tell) as workspace:
        removal = forget(workspace, addresses)
    if invocation.is_json:
        show_json(removal_document(removal))
    else:
        show_lines(removal_lines(removal, width=width()), invocation)


@click.command("pull")
@accepts_json
@pass_invocation
def pull_command(invocation: Invocation) -> None:
    """Print the whole state as JSON. Secrets are in it as keyed digests, and the key is not."""
    with books(setting_of(invocation), tell) as workspace:
        show_json(pull(workspace))


@click.command("push")
@click.argument("file", metavar="FILE|-", type=click.Path(exists=True, dir_okay=False, allow_dash=True))
@accepts_json
@pass_invocation
def push_command(invocation: Invocation, file: str) -> None:
    """Make the state what the document in FILE says, or the one on standard input (-).

    FILE is what `state pull` printed. Another lineage is refused, and so is a document that is older than
    the state. A new, empty state takes over the document's lineage and serial. No service is called.
    """
    content, called = _content(file)
    with books_for("state push", setting_of(invocation), tell) as workspace:
        pushed = push(workspace, content, called)
    if invocation.is_json:
        show_json(pushed_document(pushed))
    else:
        show_lines(pushed_lines(pushed, width=width()), invocation)


@click.command("unlock")
@accepts_json
@pass_invocation
def unlock_command(invocation: Invocation) -> None:
    """Say who is writing this state, with exit code 5, or that nobody is.

    A lock ends with the process that holds it, so one that is there is in use, and is not taken away.
    """
    setting = setting_of(invocation)
    check_free(path_of(setting, stack_of(setting, tell)), setting.clock)
    if invocation.is_json:
        show_json(unlocked_document())
    else:
        show_lines(unlocked_lines(width=width()), invocation)


def _content(file: str) -> tuple[bytes, str]:
    """At most a byte more than is allowed, and what messages call it."""
    with click.open_file(file, "rb") as stream:
        return stream.read(LARGEST + 1), "standard input" if file == "-" else file


CHANGES: tuple[click.Command, ...] = (mv_command, rm_command, pull_command, push_command, unlock_command)
