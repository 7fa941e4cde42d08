"""A plan that somebody has thought about for long: what it touches is read again before it is changed."""

from collections.abc import Iterator

from reconciler import codes
from reconciler.address import Address
from reconciler.diagnostics import Diagnostic
from reconciler.errors import Refused
from reconciler.operations.planning import Prospect
from reconciler.operations.workspace import Workspace
from reconciler.plan.action import Action
from reconciler.plan.change import Change
from reconciler.plan.refresh import find, refresh
from reconciler.plan.world import type_of
from reconciler.provider.objects import Object, ReadResult, Unreadable, Wanted
from reconciler.values import is_known, reveal

_PLAN_AGAIN = "run the command again: it plans from how things are now"

FRESH = 60.0
"""How long what was read may be relied on, in seconds; after that it is read again before it is changed."""


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
    problems += _appeared(workspace, prospect)
    if problems:
        raise Refused(problems)


def _appeared(workspace: Workspace, prospect: Prospect) -> Iterator[Diagnostic]:
    """What a plan would create, was seen absent, and is there by now: it must not be taken for our own."""
    made = {change.address for change in prospect.plan if change.action in (Action.CREATE, Action.REPLACE)}
    wanted: dict[Address, tuple[str, Wanted]] = {}
    for change in prospect.plan:
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
            yield _unreadable(address, found)
        elif found:
            yield Diagnostic(
                "it was not there when the plan was made, and exists in the service by now",
                _PLAN_AGAIN,
                address=str(address),
                code=codes.CHANGED_SINCE,
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
