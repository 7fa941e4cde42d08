"""``reconciler sync``."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import click

from reconciler.address import Address, AddressSyntaxError
from reconciler.cli import completing
from reconciler.cli.exit_codes import ExitCode
from reconciler.cli.invocation import Invocation, pass_invocation
from reconciler.cli.options import accepts_json, approval, variables
from reconciler.cli.results import show_nothing
from reconciler.cli.runs import Request, carry_out
from reconciler.cli.show import show_json, show_lines, width
from reconciler.cli.stacks import setting_of
from reconciler.operations import holds, syncing
from reconciler.operations.syncing import Look
from reconciler.operations.workspace import Setting, Workspace, opened
from reconciler.operations.writing import opened_for
from reconciler.views.escape import json_text
from reconciler.views.interrupted_text import NOTHING_CHANGED
from reconciler.views.queue_text import dropped_lines, queue_document, queue_lines
from reconciler.views.sync_text import differing_events, differing_lines, expired_events, expired_lines

_ALL = "all"


def _parsed(context: click.Context, parameter: click.Parameter, texts: tuple[str, ...]) -> tuple[str, ...]:
    for text in texts:
        try:
            if text != _ALL:
                Address.parse(text)
        except AddressSyntaxError as error:
            raise click.BadParameter(str(error)) from None
    return texts


@click.command()
@click.option("--list", "is_list", is_flag=True, help="Show what is deferred; does nothing.")
@click.option("--drop", "dropped", metavar="ADDR|all", multiple=True, callback=_parsed,
              shell_complete=completing.deferred,
              help="Take a write out of the queue, or all; may be repeated.")  # fmt: skip
@approval
@click.option("--why", metavar="TEXT", default="", help="What is noted beside the run.")
@variables
@accepts_json
@pass_invocation
def command(
    invocation: Invocation,
    is_list: bool,
    dropped: tuple[str, ...],
    auto_approve: bool,
    parallelism: int | None,
    why: str,
    assignments: tuple[str, ...],
    variable_files: tuple[str, ...],
) -> int:
    """Do what was deferred while a service was down.

    Each object is looked at again first. What still holds is done; what is not what was deferred any more is
    shown as a plan, and asked about.
    """
    if is_list and dropped:
        raise click.UsageError("--list and --drop are two commands: give one of them.")
    setting = setting_of(invocation, assignments, variable_files)
    if is_list:
        return _list(setting, invocation)
    if dropped:
        return _drop(setting, dropped, invocation)
    invocation.standing = NOTHING_CHANGED
    with opened_for("sync", setting) as workspace:
        configuration = workspace.stack.digest()
        request = Request(
            "sync",
            is_approved=auto_approve,
            parallelism=parallelism,
            configuration=configuration,
            why=why,
            defers=True,
            renews=False,
            question="Do you want to apply these changes?",
        )
        if workspace.ledger.deferred():
            holds.check(workspace.ledger, configuration)
        return _sync(workspace, invocation, request)


def _sync(workspace: Workspace, invocation: Invocation, request: Request) -> ExitCode:
    queue, expired = syncing.sorted_by_age(workspace)
    _tell(invocation, expired_lines(expired, width()), expired_events(expired))
    found = syncing.look(workspace, queue, parallelism=request.parallelism)
    gone = syncing.gone(workspace, queue)
    if found is None:
        if gone:
            workspace.ledger.drop(gone)
        _tell(invocation, dropped_lines(gone, width()), ())
        _nothing(workspace, gone, bool(queue or expired), invocation)
        return ExitCode.ERROR if expired else ExitCode.DONE
    found = replace(found, settled=(*found.settled, *gone))
    code = _carry_out(workspace, found, invocation, request)
    return ExitCode.ERROR if expired and code is ExitCode.DONE else code


def _carry_out(workspace: Workspace, found: Look, invocation: Invocation, request: Request) -> ExitCode:
    """What still holds first, then what does not, if there is any and somebody says yes."""
    differing, code = found.differing, ExitCode.DONE
    holding = syncing.still_holding(workspace, found, request.parallelism)
    first = replace(request, is_approved=True, drops=lambda _: found.settled)
    if holding.has_work or not differing:
        code = carry_out(workspace, holding, invocation, first)
        if not differing or code is ExitCode.INTERRUPTED:
            return code
        left, _ = syncing.sorted_by_age(workspace)
        again = syncing.look(workspace, left, parallelism=request.parallelism)
        if again is None or not again.differing:
            return code
        found = again
    _tell(invocation, differing_lines(found.differing, width()), differing_events(found.differing))
    settled = found.settled
    rest = carry_out(workspace, found.prospect, invocation, replace(request, drops=lambda _: settled))
    return max(code, rest)


def _nothing(
    workspace: Workspace, gone: tuple[Address, ...], was_something: bool, invocation: Invocation
) -> None:
    if invocation.is_json:
        show_nothing(workspace.ledger.serial, (), gone, invocation)
    elif not was_something:
        click.echo("Nothing is deferred.")


def _tell(invocation: Invocation, lines: Iterable[Any], events: Iterable[dict[str, Any]]) -> None:
    if not invocation.is_json:
        show_lines(lines, invocation)
        return
    for event in events:
        click.echo(json_text(event, indent=None))


def _list(setting: Setting, invocation: Invocation) -> ExitCode:
    with opened(setting, asks_services=False) as workspace:
        queue, now = workspace.ledger.deferred(), workspace.clock.now()
    if invocation.is_json:
        show_json(queue_document(queue, now))
    else:
        show_lines(queue_lines(queue, now, width()), invocation)
    return ExitCode.DONE


def _drop(setting: Setting, texts: tuple[str, ...], invocation: Invocation) -> ExitCode:
    with opened_for("sync --drop", setting, asks_services=False) as workspace:
        addresses = None if _ALL in texts else {Address.parse(text) for text in texts}
        dropped = syncing.drop(workspace.ledger, addresses)
        queue, now = workspace.ledger.deferred(), workspace.clock.now()
    if invocation.is_json:
        show_json(queue_document(queue, now, dropped))
        return ExitCode.DONE
    names = ", ".join(map(str, dropped))
    click.echo(f"Taken out of the queue: {names}." if dropped else "Nothing is deferred.")
    if queue:
        click.echo(f"{len(queue):,} left; `reconciler sync --list` shows them.")
    return ExitCode.DONE
