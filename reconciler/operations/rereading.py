"""A plan that is not carried out at once: what it touches is read again before it is changed."""

from collections.abc import Iterable, Iterator
from itertools import islice

from reconciler import codes
from reconciler.address import Address
from reconciler.diagnostics import Diagnostic
from reconciler.errors import ReconcilerError, Refused
from reconciler.operations.planning import Prospect
from reconciler.operations.workspace import Workspace
from reconciler.plan.action import Action
from reconciler.plan.change import Change
from reconciler.plan.evaluate import masked
from reconciler.plan.refresh import find, refresh
from reconciler.plan.review import object_differences
from reconciler.plan.world import type_of
from reconciler.provider.objects import Object, ReadResult, Unreadable, Wanted
from reconciler.values import is_known, reveal

_PLAN_AGAIN = "run the command again: it plans from how things are now"

FRESH = 60.0
"""How long what was read may be relied on, in seconds; after that it is read again before it is changed."""

GROUP = 500
"""Objects that are read again together while a run goes on: those that come next."""


def check_unchanged(workspace: Workspace, prospect: Prospect) -> None:
    """Read the objects that a plan touches again, if it has been a while since they were read.

    Somebody may have thought about it for long, or have closed the laptop meanwhile. Raises Refused, naming
    object and attributes, when one has changed, has gone or has come to be in the meantime, or cannot be
    read any more.
    """
    if workspace.clock.monotonic() - prospect.read_at <= FRESH:
        return
    touched = {
        change.address: change for change in prospect.plan if change.is_step and change.live is not None
    }
    recorded = {
        address: change.recorded for address, change in touched.items() if change.recorded is not None
    }
    again = refresh(recorded, prospect.providers, workspace.ledger.sealer)
    problems = [problem for address, found in again.items() for problem in _moved_on(touched[address], found)]
    made = {change.address for change in prospect.plan if change.action in (Action.CREATE, Action.REPLACE)}
    problems += [problem for _, problem in _appeared(workspace, prospect, prospect.plan, made)]
    if problems:
        raise Refused(problems)


class Freshness:
    """Says of each change of a run, before its first call, whether its object is as it was planned from.

    Objects that were read more than a minute ago are read again, in groups, those that come next together.
    What this run itself changes is no change by others: objects that follow their parent's new name, or live
    in what is made anew, are left out. One thread uses it.
    """

    def __init__(self, workspace: Workspace, prospect: Prospect) -> None:
        self._workspace, self._prospect = workspace, prospect
        self._left = {
            change.address: change
            for change in prospect.plan
            if change.is_visible and not change.is_read and change.goes_with is None and not change.follows
        }
        self._made = {
            change.address for change in prospect.plan if change.action in (Action.CREATE, Action.REPLACE)
        }
        self._read_at = dict.fromkeys(self._left, prospect.read_at)
        """Of all that are looked after, those that have been asked about included."""
        self._errors: dict[Address, ReconcilerError] = {}

    def __call__(self, change: Change) -> ReconcilerError | None:
        """Why the change must not be carried out; None where nothing speaks against it."""
        if change.address not in self._read_at:
            return None
        self._left.pop(change.address, None)
        if self._is_old(change.address):
            self._read_again(change)
        return self._errors.get(change.address)

    def _is_old(self, address: Address) -> bool:
        return self._workspace.clock.monotonic() - self._read_at[address] > FRESH

    def _read_again(self, change: Change) -> None:
        group = [
            change,
            *islice((one for one in self._left.values() if self._is_old(one.address)), GROUP - 1),
        ]
        self._read_at |= dict.fromkeys((one.address for one in group), self._workspace.clock.monotonic())
        recorded = {one.address: one.recorded for one in group if one.recorded is not None and one.live}
        sealer, providers = self._workspace.ledger.sealer, self._prospect.providers
        for address, found in refresh(recorded, providers, sealer).items():
            if (error := self._verdict(self._left.get(address, change), found)) is not None:
                self._errors[address] = error
        for address, problem in _appeared(self._workspace, self._prospect, group, self._made):
            self._errors[address] = Refused([problem])

    def _verdict(self, change: Change, found: ReadResult) -> ReconcilerError | None:
        if isinstance(found, Unreadable):
            return found.error
        sealer, facts = self._workspace.ledger.sealer, type_of(self._workspace.registry, change.address)
        now = found.attributes if isinstance(found, Object) else {}
        models = (
            change.planned,
            *((change.recorded.declared, change.recorded.attributes) if change.recorded else ()),
        )
        shown = masked(facts, now, *models, sealer=sealer)
        identity = found.id if isinstance(found, Object) else None
        differences = list(object_differences(change, shown, identity, facts, sealer))
        if not differences:
            return None
        text = "; ".join(one.text for one in differences)
        return Refused([Diagnostic(text, _PLAN_AGAIN, address=str(change.address), code=codes.CHANGED_SINCE)])


def _appeared(
    workspace: Workspace, prospect: Prospect, changes: Iterable[Change], made: set[Address]
) -> Iterator[tuple[Address, Diagnostic]]:
    """What a plan would create, was seen absent, and is there by now: it must not be taken for our own."""
    wanted: dict[Address, tuple[str, Wanted]] = {}
    for change in changes:
        if (
            change.action is not Action.CREATE
            or not change.seen_absent
            or not made.isdisjoint(change.depends_on)
        ):
            continue  # what is in an object that is itself to be made cannot be there
        resource_type = type_of(workspace.registry, change.address)
        key = {name: change.planned.get(name) for name in resource_type.natural_key}
        if resource_type.key_decides and is_known(key):
            wanted[change.address] = (change.provider, Wanted(change.address.type, reveal(key)))
    for address, found in find(wanted, prospect.providers).items():
        if isinstance(found, Unreadable):
            yield address, _unreadable(address, found)
        elif found:
            yield (
                address,
                Diagnostic(
                    "it was not there when the plan was made, and exists in the service by now",
                    _PLAN_AGAIN,
                    address=str(address),
                    code=codes.CHANGED_SINCE,
                ),
            )


def _moved_on(change: Change, found: ReadResult) -> Iterator[Diagnostic]:
    if isinstance(found, Unreadable):
        yield _unreadable(change.address, found)
        return
    before = change.live.attributes if change.live else {}
    now = found.attributes if isinstance(found, Object) else {}
    names = sorted(name for name in {*before, *now} if before.get(name) != now.get(name))
    if names:
        what = ", ".join(names) if isinstance(found, Object) else "it is not there any more"
        yield Diagnostic(
            f"it has changed in the service since the plan was made: {what}",
            _PLAN_AGAIN,
            address=str(change.address),
            code=codes.CHANGED_SINCE,
        )


def _unreadable(address: Address, found: Unreadable) -> Diagnostic:
    return Diagnostic(
        f"the plan is from a while ago, and it cannot be read again: {found.error}",
        found.error.advice,
        address=str(address),
        code=found.error.code,
    )
