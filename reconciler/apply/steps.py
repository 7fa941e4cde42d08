"""The steps of a plan and what each waits for.

A replacement is two steps, so that what depends on the old object can go before it and what depends on the
new one comes after it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from reconciler.address import Address
from reconciler.graph import with_wishes
from reconciler.plan.action import Action
from reconciler.plan.change import Change, Plan
from reconciler.state.deposed import deposed, origin

_REMOVING = frozenset((Action.DELETE, Action.FORGET, Action.REPLACE))
_WRITING = frozenset((Action.CREATE, Action.UPDATE, Action.REPLACE, Action.NO_OP, Action.READ))


@dataclass(frozen=True, slots=True)
class Step:
    """One part of a change: removing the object that is there, or bringing it to what is desired."""

    number: int
    change: Change
    is_removal: bool

    @property
    def address(self) -> Address:
        """Where state knows the object that it removes, or is to know the one that it brings about."""
        change = self.change
        if self.is_removal and change.creates_first and change.recorded is not None:
            return deposed(change.address, change.recorded.id)
        return change.address

    @property
    def needs_call(self) -> bool:
        """Whether the service is called; an intent is written before all calls but reads."""
        change = self.change
        if self.is_removal:
            return change.action is not Action.FORGET and change.goes_with is None
        return change.action is not Action.NO_OP or self.rereads

    @property
    def goes_along(self) -> bool:
        """Whether its object goes with the one that it lives in, when that is removed."""
        return self.is_removal and self.change.goes_with is not None

    @property
    def rereads(self) -> bool:
        """Whether the object is only read again: its parent's new name shows in what the service computes."""
        return self.change.action is Action.NO_OP and bool(self.change.follows)

    @property
    def is_first(self) -> bool:
        """Whether the change begins with it."""
        return self.change.action is not Action.REPLACE or self.is_removal is not self.change.creates_first

    @property
    def is_last(self) -> bool:
        """Whether the change is complete after it."""
        return self.change.action is not Action.REPLACE or self.is_removal is self.change.creates_first

    @property
    def deed(self) -> str:
        """What the history says of it."""
        if self.change.action is Action.FORGET:
            return "forget"
        if self.change.action is Action.NO_OP:
            if self.change.takes_over:
                return "import" if self.change.import_id else "adopt"
            return "record"
        if self.is_removal and self.change.goes_with is None:
            return self.change.how
        return self.action

    @property
    def action(self) -> str:
        """What the service is asked for: ``create``, ``update``, ``delete`` or ``read``."""
        if self.is_removal:
            return "delete"
        if self.change.is_read or self.rereads:
            return "read"
        return "update" if self.change.action is Action.UPDATE else "create"


def steps_of(plan: Plan) -> tuple[list[Step], dict[int, set[int]]]:
    """The steps, and by number the numbers that each waits for, never in a circle.

    Linear in changes and dependencies, but where the old dependencies and the new ones contradict each other.
    """
    steps: list[Step] = []
    removals: dict[Address, int] = {}
    writes: dict[Address, int] = {}
    for change in plan.changes:
        if not change.is_step:
            continue
        if change.action in _REMOVING:
            removals[change.address] = len(steps)
            steps.append(Step(len(steps), change, is_removal=True))
        if change.action in _WRITING:
            writes[change.address] = len(steps)
            steps.append(Step(len(steps), change, is_removal=False))
    after = (step.number for step in steps if step.is_removal and step.change.creates_first)
    waits = _Waits({step.number: set() for step in steps}, after=frozenset(after))
    for change in plan.changes:
        _writes_wait(change, waits, writes, removals)
        _removals_wait(change, waits, writes, removals, plan.by_address)
    waits.strong.extend(_deposed_wait(plan, writes, removals))
    return steps, with_wishes(waits.must, (*waits.renames, *waits.strong, *waits.weak))


@dataclass(frozen=True, slots=True)
class _Waits:
    """What the steps must wait for, by number, and what each would better wait for.

    The old dependencies order removals and the new ones writes; each alone has no circle. What ties the two
    together is wished for, since both may hold at once only in part.
    """

    must: dict[int, set[int]]
    renames: list[tuple[int, int]] = field(default_factory=list)
    """Of updates that give up a natural key; the planner has refused what would make a circle of them."""
    strong: list[tuple[int, int]] = field(default_factory=list)
    weak: list[tuple[int, int]] = field(default_factory=list)
    after: frozenset[int] = frozenset()
    """The removals of what is made anew before it goes."""


def _writes_wait(
    change: Change, waits: _Waits, writes: Mapping[Address, int], removals: Mapping[Address, int]
) -> None:
    """A write waits for its dependencies' writes, its own object's removal, and until its name is free."""
    own = writes.get(change.address)
    if own is None:
        return
    waits.must[own].update(writes[address] for address in change.depends_on if address in writes)
    if change.address in removals:
        if change.creates_first:
            waits.must[removals[change.address]].add(own)
        else:
            waits.must[own].add(removals[change.address])
    # What depends on an object that was made anew first must have the new one before the old one goes.
    for address in change.depends_on:
        if address in removals and address in writes and removals[address] in waits.after:
            waits.strong.append((removals[address], own))
    holder = change.takes_from
    if holder is not None and holder in removals:
        waits.must[own].add(removals[holder])  # no removal must wait for a write, but to be forgotten
    elif holder is not None and holder in writes:
        waits.renames.append((own, writes[holder]))


def _removals_wait(
    change: Change,
    waits: _Waits,
    writes: Mapping[Address, int],
    removals: Mapping[Address, int],
    changes: Mapping[Address, Change],
) -> None:
    """An object's removal waits until nothing depends on it: each dependent is removed or written first.

    One that goes with its parent waits for that instead, and the parent does not wait for it. An address
    whose object gets another one is forgotten when that has it, so that no failure in between loses it.
    """
    own = removals.get(change.address)
    if own is not None and change.becomes is not None:
        if change.becomes in writes:
            waits.must[own].add(writes[change.becomes])
        return
    parents = set(_going_with(change, changes))
    if own is not None and change.goes_with is not None:
        waits.must[own].add(removals[change.goes_with])
    for address in change.recorded.depends_on if change.recorded else ():
        if own is not None and address in writes and change.goes_with is None:
            waits.weak.append((writes[address], own))  # it is removed from the object as it was read
        if address not in removals or address in parents:
            continue
        if own is None:
            if change.address in writes and address not in (*change.depends_on, change.takes_from):
                waits.strong.append((removals[address], writes[change.address]))
        elif change.goes_with is None:
            waits.must[removals[address]].add(own)
            # What takes that object along would take it from under this one.
            leaders = (removals[lead] for lead in _going_with(changes[address], changes) if lead in removals)
            waits.strong.extend((lead, own) for lead in leaders)
        else:
            waits.strong.append((removals[address], own))


def _deposed_wait(
    plan: Plan, writes: Mapping[Address, int], removals: Mapping[Address, int]
) -> Iterator[tuple[int, int]]:
    """What an earlier run has left of a replacement goes when all that depended on it has the new object."""
    left = {before: own for address, own in removals.items() if (before := origin(address)) is not None}
    for change in plan.changes if left else ():
        written = writes.get(change.address)
        for address in (change.address, *change.depends_on):
            if written is not None and address in left:
                yield left[address], written


def _going_with(change: Change, changes: Mapping[Address, Change]) -> list[Address]:
    found: list[Address] = []
    while change.goes_with is not None and change.goes_with not in found:
        found.append(change.goes_with)
        change = changes[change.goes_with]
    return found
