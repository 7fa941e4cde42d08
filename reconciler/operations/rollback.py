"""The way back: where to, which plan leads there, and which configuration is held back afterwards."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace

from reconciler import codes
from reconciler.address import Address
from reconciler.apply.rollback import desired_at
from reconciler.diagnostics import Diagnostic
from reconciler.errors import Refused
from reconciler.operations import planning, targeting
from reconciler.operations.planning import Prospect
from reconciler.operations.workspace import Workspace
from reconciler.plan.selection import Chosen
from reconciler.state.history import resolve, why_none
from reconciler.state.ledger import Ledger
from reconciler.state.model import Hold, Run, RunOutcome, StateObject

_CONFIGURED = ("apply", "sync", "rollback")
"""The commands whose runs bring about a configuration; a destroy or an import brings about none."""

HEALING = "watch"
"""The command whose runs restore what the state says; they bring about no configuration either."""

_UNFINISHED = (RunOutcome.RUNNING, RunOutcome.FAILED, RunOutcome.INTERRUPTED)


@dataclass(frozen=True)
class Target:
    """Where a rollback goes.

    ``undone`` are the runs that it takes back, the latest first; ``before`` is the run whose result the
    target is, None for the state before the first run.
    """

    serial: int
    undone: tuple[Run, ...]
    before: Run | None
    goes_on: Run | None = None
    """The rollback that was on its way there and did not arrive."""

    @property
    def configuration(self) -> str:
        """The configuration that holds again afterwards, empty when there was none or it is not known."""
        return self.before.configuration if self.before else ""


def target(ledger: Ledger, to: str | None = None) -> Target:
    """Where ``--to`` leads: a serial, or the id of a run (to what it left).

    By default that is before the last run; but where the last run was itself a rollback that was cut off,
    interrupted or failed, on to where that one was going.

    Raises Refused when there is no such place, or nothing to go back from.
    """
    runs = ended(ledger)
    if to is None:
        cut_off = _unfinished(ledger, runs)
        if cut_off is not None and cut_off.target is not None:
            return replace(_target(ledger, runs, cut_off.target), goes_on=cut_off)
        return _before_last(ledger, runs)
    return _target(ledger, runs, resolve(ledger, to))


def prepare(
    workspace: Workspace,
    where: Target,
    *,
    targets: Collection[Chosen] = (),
    parallelism: int | None = None,
) -> Prospect:
    """The plan that leads back, for all resources or for some and what they need.

    It is a whole: a rollback that left something out would not have arrived where its run says it went.
    """
    stack, ledger = workspace.stack, workspace.ledger
    desired = desired_at(ledger, where.serial, stack.expression, workspace.registry, stack.outputs)
    if not targets:
        return planning.make(workspace, desired, parallelism=parallelism, as_a_whole=True)
    desired = replace(desired, outputs={**stack.outputs, **desired.outputs})
    return targeting.make(workspace, desired, targets, parallelism=parallelism, as_a_whole=True)


def headline(where: Target) -> str:
    """Where a rollback goes, as a sentence."""
    there = f"serial {where.serial:,}, {describe(where)}"
    if where.goes_on is None:
        return f"Back to {there}."
    ended = {RunOutcome.RUNNING: "was cut off", RunOutcome.FAILED: "failed"}
    what = ended.get(where.goes_on.outcome, "was interrupted")
    return f"The rollback {where.goes_on.id} {what}; going on with it, back to {there}."


def describe(where: Target) -> str:
    """The target in words: which run left it so."""
    if where.before is None:
        return "before the first run" if where.serial == 0 else "as an earlier run left it"
    left = where.before
    return f"as the {left.command} {left.id} left it, run by {left.who} at {left.started:%Y-%m-%d %H:%M}"


def hold(where: Target, run: Run, why: str) -> Hold | None:
    """The configuration that is not to be applied again, if one is taken back."""
    for undone in where.undone:
        if _is_unfinished(undone):
            continue  # it brought no configuration about, and may have ended before it could hold one
        if undone.configuration and undone.command in _CONFIGURED:
            if undone.configuration == where.configuration and undone.command != "sync":
                return None  # a sync did the rest of it, which an apply would do again
            return Hold(undone.configuration, run.id, run.started, run.who, why)
    return None


def ended(ledger: Ledger) -> list[Run]:
    """All runs, oldest first, each with the serial that it reached, even if it was cut off."""
    runs = ledger.runs()
    reached = [*(run.from_serial for run in runs[1:]), ledger.serial]
    return [replace(run, to_serial=serial) for run, serial in zip(runs, reached, strict=True)] if runs else []


def _unfinished(ledger: Ledger, runs: list[Run]) -> Run | None:
    """The last run, if it is a rollback that did not arrive and where it was going can still be asked for."""
    last = runs[-1] if runs else None
    if last is None or not _is_unfinished(last) or (last.target or 0) < ledger.kept_from:
        return None
    return last


def _is_unfinished(run: Run) -> bool:
    return run.command == "rollback" and run.target is not None and run.outcome in _UNFINISHED


def _before_last(ledger: Ledger, runs: list[Run]) -> Target:
    """A run that failed and was undone counts for nothing, and neither does its undoing.

    Nor does one of ``watch``, which has restored what was there: an object that is made again is another one.
    """
    after: Mapping[Address, StateObject] = ledger.objects()
    taken_back = {run.from_serial for run in runs if run.outcome is RunOutcome.ROLLED_BACK}
    before_undone = ledger.serial
    for run in reversed(runs):
        if run.to_serial == run.from_serial or run.from_serial >= before_undone:
            continue
        if run.from_serial < ledger.kept_from:
            break
        if run.command == "rollback" and run.target in taken_back and run.outcome is RunOutcome.DONE:
            before_undone, after = run.target, ledger.objects(run.target)
            continue
        before = ledger.objects(run.from_serial)
        if run.command != HEALING and _is_other(before, after):
            return _target(ledger, runs, run.from_serial)
        after = before
    raise Refused(
        [Diagnostic("there is no run to go back from", why_none(ledger), code=codes.NOTHING_TO_GO_BACK_TO)]
    )


def _is_other(before: Mapping[Address, StateObject], after: Mapping[Address, StateObject]) -> bool:
    """Whether two states differ in what a rollback restores, not only in what was learnt about it."""
    if before.keys() != after.keys():
        return True
    return any(
        old is not after[address]
        and (old.id != after[address].id or any(_restored_otherwise(old, after[address])))
        for address, old in before.items()
    )


def _restored_otherwise(old: StateObject, new: StateObject) -> Iterator[bool]:
    """For each attribute that was declared later: whether a rollback would write another value.

    What only the later run declared counts too, where it is known what it was.
    """
    for name, value in new.declared.items():
        then = old.declared if name in old.declared else old.attributes
        yield name in then and then[name] != value


def _target(ledger: Ledger, runs: list[Run], serial: int) -> Target:
    put_off = {one.run for one in ledger.deferred()}
    undone = [
        run
        for run in runs
        if (run.to_serial or 0) > serial and (run.to_serial != run.from_serial or run.id in put_off)
    ]
    kept = [run for run in runs if (run.to_serial or 0) <= serial and run.command in _CONFIGURED]
    return Target(serial, tuple(reversed(undone)), kept[-1] if kept else None)
