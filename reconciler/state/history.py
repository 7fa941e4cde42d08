"""Looking back: which snapshot somebody means, and what differs between two."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from reconciler import codes
from reconciler.address import Address
from reconciler.diagnostics import Diagnostic, did_you_mean
from reconciler.errors import ProviderError, Refused
from reconciler.state.ledger import Ledger
from reconciler.state.model import Run, StateObject
from reconciler.values import Value

_SHORTEST_PREFIX = 4
_PROPOSED_SERIALS = 100
"""How many of the latest serials a misspelt one is compared with."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A value at two serials; None where it was not there."""

    before: Value
    after: Value


@dataclass(frozen=True, slots=True)
class ObjectDifference:
    """An object at two serials, and the attributes that differ."""

    before: StateObject
    after: StateObject
    attributes: Mapping[str, Difference]

    @property
    def is_recreated(self) -> bool:
        """Whether it is another object of the service that has the address now."""
        return self.before.id != self.after.id


@dataclass(frozen=True, slots=True)
class SnapshotDifference:
    """What differs between two serials, or a serial and the services: objects by address, outputs by name."""

    before: int
    after: int | None
    """None for what the services say now; outputs are not compared then."""
    added: Mapping[Address, StateObject] = field(default_factory=dict)
    removed: Mapping[Address, StateObject] = field(default_factory=dict)
    changed: Mapping[Address, ObjectDifference] = field(default_factory=dict)
    outputs: Mapping[str, Difference] = field(default_factory=dict)
    unread: Mapping[Address, ProviderError] = field(default_factory=dict)
    """Of the services: what could not be read, so that nobody knows whether it differs."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing differs, and nothing is unknown."""
        return not (self.added or self.removed or self.changed or self.outputs or self.unread)


def difference(ledger: Ledger, before: int, after: int) -> SnapshotDifference:
    """What differs between the snapshots at two serials, whichever is older. Raises StateError."""
    old, new = ledger.objects(before), ledger.objects(after)
    return SnapshotDifference(
        before,
        after,
        added={address: known for address, known in new.items() if address not in old},
        removed={address: known for address, known in old.items() if address not in new},
        changed={
            address: ObjectDifference(
                known, new[address], _differing(known.attributes, new[address].attributes)
            )
            for address, known in old.items()
            if address in new and _differs(known, new[address])
        },
        outputs=_differing(ledger.outputs(before), ledger.outputs(after)),
    )


def resolve(ledger: Ledger, which: str | None = None) -> int:
    """The serial that somebody means: a serial, a name, or a run's id (or its beginning) for what it left.

    Nothing said means the state before the last run that changed any. Raises Refused when there is none such.
    """
    if which is None:
        return _before_last_run(ledger)
    last = ledger.serial
    if which.isascii() and which.isdecimal():
        if len(which) <= len(str(last)) and ledger.kept_from <= int(which) <= last:
            return int(which)
        kept = f"the state has snapshots {ledger.kept_from} to {last}; `snapshot list` shows them"
        raise _refused(f"there is no snapshot {which}", kept)
    names = ledger.names()
    if which in names:
        return names[which].serial
    runs = {run.id: run for run in ledger.runs()}
    if which in runs:
        return _left_by(ledger, runs[which])
    begun = [name for name in runs if name.startswith(which)] if len(which) >= _SHORTEST_PREFIX else []
    if len(begun) == 1:
        return _left_by(ledger, runs[begun[0]])
    if begun:
        raise _refused(f"several runs begin with {which!r}", f"say more of it: {', '.join(begun)}")
    serials = map(str, range(max(ledger.kept_from, last - _PROPOSED_SERIALS), last + 1))
    advice = did_you_mean(which, {*names, *runs, *serials}) or "`snapshot list` shows what there is"
    raise _refused(f"{which!r} is neither a serial nor a name nor a run", advice)


def _before_last_run(ledger: Ledger) -> int:
    steps = {snapshot.run for snapshot in ledger.snapshots()}
    for run in reversed(ledger.runs()):
        if run.id in steps and run.from_serial >= ledger.kept_from:
            return run.from_serial
    raise _refused("there is no run to take back", why_none(ledger), codes.NOTHING_TO_GO_BACK_TO)


def why_none(ledger: Ledger) -> str:
    """Why there is nothing to go back to."""
    if ledger.kept_from:
        return f"no run has changed anything since snapshot {ledger.kept_from}; what was before is pruned"
    return "no run has changed anything yet; `snapshot list` shows all"


def _left_by(ledger: Ledger, run: Run) -> int:
    """The serial that a run reached; for one that was cut off, that of its last step before the next run.

    What its service told only later came into the books after other runs: it is not what the run left.
    """
    runs = [known.id for known in ledger.runs()]
    later = [known.from_serial for known in ledger.runs()[runs.index(run.id) + 1 :]]
    last = min(later, default=ledger.serial)
    steps = [one.serial for one in ledger.snapshots() if one.run == run.id and one.serial <= last]
    reached = max(steps, default=run.from_serial) if run.to_serial is None else run.to_serial
    if reached < ledger.kept_from:
        raise _refused(
            f"what the run {run.id} left is pruned", f"snapshots from {ledger.kept_from} on are kept"
        )
    return reached


def _differs(before: StateObject, after: StateObject) -> bool:
    return before.id != after.id or before.attributes != after.attributes


def _differing(before: Mapping[str, Value], after: Mapping[str, Value]) -> dict[str, Difference]:
    return {
        name: Difference(before.get(name), after.get(name))
        for name in sorted({*before, *after})
        if (name in before) != (name in after) or before.get(name) != after.get(name)
    }


def _refused(summary: str, advice: str, code: str = codes.NOTHING_FOUND) -> Refused:
    return Refused([Diagnostic(summary, advice, code=code)])
