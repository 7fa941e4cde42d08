"""Undoing a run that failed: the way back to before it, for what it has touched."""

from dataclasses import dataclass

from reconciler.apply.outcome import Outcome
from reconciler.apply.recovery import Recovery
from reconciler.apply.rollback import each_once
from reconciler.operations import rollback
from reconciler.operations.deferring import put_off_by
from reconciler.operations.planning import Prospect
from reconciler.operations.recovering import settle
from reconciler.operations.rollback import Target
from reconciler.operations.workspace import Workspace
from reconciler.plan.change import Change, Plan
from reconciler.state.model import Run, RunOutcome


@dataclass(frozen=True)
class Undo:
    """The way back to before a run; ``prospect`` is None when it had touched nothing."""

    run: Run
    where: Target
    recovery: Recovery
    prospect: Prospect | None = None

    @property
    def why(self) -> str:
        """What the books say of it."""
        return f"the {self.run.command} {self.run.id} failed"


def prepare(workspace: Workspace, outcome: Outcome, *, parallelism: int | None = None) -> Undo:
    """Plan the undoing of a run that has ended; calls of it whose outcome is unknown are looked up first.

    Raises as a rollback does: Refused where it cannot be undone, ProviderError, StateError.
    """
    ledger = workspace.ledger
    recovery = settle(workspace)
    run = next(run for run in ledger.runs() if run.id == outcome.run)
    where = rollback.target(ledger, str(run.from_serial))
    touched = {step.address for step in ledger.snapshots() if step.run == run.id and step.action != "record"}
    latest = ledger.objects()
    there = {*latest, *each_once(ledger, run.from_serial, latest)}
    if not touched & there:
        return Undo(run, where, recovery)
    prospect = rollback.prepare(workspace, where, targets=touched & there, parallelism=parallelism)
    return Undo(run, where, recovery, prospect)


def record(workspace: Workspace, undo: Undo) -> None:
    """Say in the books that a run was taken back; what it has put off is moot then."""
    ledger = workspace.ledger
    dropped = put_off_by(ledger, {undo.run.id})
    ledger.end(undo.run.id, RunOutcome.ROLLED_BACK, workspace.clock.now(), dropped=dropped)


def not_undoable(plan: Plan) -> tuple[Change, ...]:
    """The changes that could not be undone exactly if the run failed after them."""
    return tuple(change for change in plan.visible if change.irreversible)
