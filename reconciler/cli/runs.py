"""A plan that is shown, approved and carried out: what apply, destroy and rollback have in common."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

import click

from reconciler import codes
from reconciler.address import Address
from reconciler.cli import undo
from reconciler.cli.exit_codes import ExitCode
from reconciler.cli.interruption import stop_requests
from reconciler.cli.invocation import Invocation
from reconciler.cli.logs import log_held
from reconciler.cli.plans import show_plan
from reconciler.cli.progress import progress_of
from reconciler.cli.prompts import confirm
from reconciler.cli.results import show_applied, show_nothing, show_settled
from reconciler.config.stack import OnFailure
from reconciler.diagnostics import Diagnostic
from reconciler.errors import Refused
from reconciler.operations import applying, readiness, rereading
from reconciler.operations.applying import Applied, Order
from reconciler.operations.planning import Prospect
from reconciler.operations.workspace import Workspace
from reconciler.plan.checks import refusals
from reconciler.state.model import Hold, Run, RunOutcome
from reconciler.views.interrupted_text import NOTHING_CHANGED, recorded, under_way


@dataclass(frozen=True)
class Request:
    """What the command line asks of a run.

    ``question`` comes before anything is done, unless it is approved already; ``insist`` asks once more.
    """

    command: str
    question: str
    is_approved: bool = False
    parallelism: int | None = None
    configuration: str = ""
    why: str = ""
    insist: Callable[[], bool] = lambda: True
    hold: Callable[[Run], Hold | None] = lambda run: None
    released: str = ""
    """A configuration that is held back no longer once the run has begun."""
    target: int | None = None
    """For a rollback of everything: the serial that it goes to."""
    on_failure: OnFailure = "stop"
    defers: bool = False
    """Whether what is put off goes into the queue."""
    renews: bool = True
    """Whether it does so although it is there already."""
    drops: Callable[[Prospect], Collection[Address]] = lambda prospect: ()
    """What its plan makes moot of the queue."""
    rereads: bool = False
    """Whether it carries out a saved plan: what was read a while ago is read again before it is changed."""
    again: str = ""
    """The command that goes on after an interruption or a failure; ``command`` itself if nothing is said."""


def carry_out(workspace: Workspace, prospect: Prospect, invocation: Invocation, request: Request) -> ExitCode:
    """Show a plan, ask, do it, and show what came of it."""
    if invocation.is_json:
        show_settled(prospect.recovery)
    else:
        show_plan(prospect, workspace, invocation)
    log_held(prospect.plan.held, invocation)
    puts_off = request.defers and any(found.deferral for found in prospect.plan.held)
    if not prospect.has_work and not (puts_off and request.renews):
        dropped = _dropped(workspace, request.drops(prospect))
        show_nothing(workspace.ledger.serial, prospect.plan.held, dropped, invocation)
        has_refusal = any(one.is_refusal for one in prospect.plan.checks)
        return ExitCode.ERROR if prospect.plan.held or has_refusal else ExitCode.DONE
    if refused := list(refusals(prospect.plan.checks)):
        raise Refused(refused)
    if request.command == "rollback":
        readiness.check_ready(prospect.ready, prospect.plan)
    if request.on_failure == "rollback":
        undo.warn(prospect.plan, invocation)
    is_asked = (prospect.plan.has_changes or puts_off) and not request.is_approved
    if is_asked and not _is_approved(invocation, request):
        click.echo(NOTHING_CHANGED, err=True)
        return ExitCode.ERROR
    rereading.check_unchanged(workspace, prospect)
    applied = _run(workspace, prospect, invocation, request)
    must_undo = request.on_failure == "rollback" and applied.outcome.outcome is RunOutcome.FAILED
    show_applied(applied, request.command, invocation, is_undone=must_undo, again=request.again)
    if must_undo:
        return undo.undo(workspace, applied, invocation, request.parallelism)
    if request.rereads and not any(change.is_visible for change in applied.outcome.done):
        return ExitCode.DONE if _is_all(applied, prospect) else ExitCode.ERROR
    return _exit_code(applied, prospect)


def _run(workspace: Workspace, prospect: Prospect, invocation: Invocation, request: Request) -> Applied:
    """Do what the plan says, with an answer at every moment to what holds if it is interrupted now."""
    with stop_requests() as requests, progress_of(prospect.plan, invocation, workspace.clock) as progress:

        def ended() -> None:
            invocation.standing = recorded(request.command)
            requests.ended()

        invocation.standing = under_way(request.again or request.command)
        order = Order(
            request.command,
            progress,
            requests.stop,
            request.parallelism,
            request.configuration,
            request.why,
            request.hold,
            request.released,
            request.target,
            request.defers,
            request.renews,
            request.drops(prospect),
            request.on_failure,
            ended,
            request.rereads,
        )
        return applying.carry_out(workspace, prospect, order)


def _dropped(workspace: Workspace, addresses: Collection[Address]) -> tuple[Address, ...]:
    """Take out of the queue what needs no run to be moot."""
    queued = {one.address for one in workspace.ledger.deferred()}
    dropped = tuple(address for address in addresses if address in queued)
    if dropped:
        workspace.ledger.drop(dropped)
    return dropped


def _is_approved(invocation: Invocation, request: Request) -> bool:
    if invocation.is_json:
        raise Refused(
            [Diagnostic("with --json nobody is asked", "give --auto-approve too", code=codes.NOBODY_ASKED)]
        )
    return confirm(request.question) and request.insist()


def _exit_code(applied: Applied, prospect: Prospect) -> ExitCode:
    if applied.outcome.outcome is RunOutcome.INTERRUPTED:
        return ExitCode.INTERRUPTED
    return ExitCode.DONE if _is_all(applied, prospect) else ExitCode.INCOMPLETE


def _is_all(applied: Applied, prospect: Prospect) -> bool:
    has_failed = any(one.is_refusal for one in applied.checks)
    return applied.outcome.is_complete and not (prospect.plan.held or applied.deferred or has_failed)
