"""``state mv``: an object gets another address. Nothing is called."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from reconciler import codes
from reconciler.address import Address
from reconciler.config.renaming import renaming
from reconciler.diagnostics import Diagnostic
from reconciler.errors import Refused
from reconciler.operations.unsettled import unsettled
from reconciler.operations.workspace import Workspace
from reconciler.operations.writing import new_run
from reconciler.plan.targets import which_is_meant
from reconciler.state.books import Moved
from reconciler.state.ledger import Ledger
from reconciler.state.model import Committed, RunOutcome, StateObject

ACTION = "move"


def move(workspace: Workspace, old: Address, new: Address) -> Moved:
    """Let the object at one address stand at another, with all that refers to it, in one transaction.

    Raises Refused when there is no such object, and when the new address cannot be its.
    """
    ledger = workspace.ledger
    objects = ledger.objects()
    _check(ledger, objects, old, new)
    after = replace(objects[old], address=new)
    rewritten = list(_rewritten(objects, old, new))
    run = new_run(workspace, "mv")
    ledger.begin(run)
    # At every serial in between the object has an address, so that no snapshot seems to be without it.
    serial = ledger.record(
        results=[
            Committed(run.id, 0, new, after, ACTION),
            *(Committed(run.id, step, one.address, one, "no-op") for step, one in enumerate(rewritten, 1)),
            Committed(run.id, len(rewritten) + 1, old, None, ACTION),
        ]
    )
    ledger.end(run.id, RunOutcome.DONE, workspace.clock.now())
    return Moved(run.id, serial, old, after, tuple(one.address for one in rewritten))


def _rewritten(objects: Mapping[Address, StateObject], old: Address, new: Address) -> Iterator[StateObject]:
    rename = renaming(old, new)
    for known in objects.values():
        expressions = {pointer: rename(text) for pointer, text in known.expressions.items()}
        depends_on = tuple(new if target == old else target for target in known.depends_on)
        if known.address != old and (expressions != known.expressions or depends_on != known.depends_on):
            ordered = tuple(sorted(depends_on, key=str))  # as a plan records them
            yield replace(known, expressions=expressions, depends_on=ordered)


def _check(ledger: Ledger, objects: Mapping[Address, StateObject], old: Address, new: Address) -> None:
    if old not in objects:
        advice = which_is_meant(old, objects)
        raise _refused(old, "nothing is recorded for this address", advice, codes.NOTHING_FOUND)
    if new == old:
        raise _refused(old, "it has this address already", "name the address that it is to get")
    if new.is_data:
        raise _refused(new, "entries under data: are looked up and never in a state", "leave data. away")
    if new.type != old.type:
        raise _refused(
            new,
            f"an object of the type {old.type} cannot become one of the type {new.type}",
            f"move it to an address that begins with {old.type}",
        )
    if new in objects:
        raise _refused(
            new,
            f"another object has this address (id {objects[new].id})",
            f"move that one elsewhere first, or forget it: reconciler state rm '{new}'",
        )
    if open_steps := [one for one in ledger.open_intents() if one.address in (old, new)]:
        raise Refused(unsettled(open_steps))


def _refused(address: Address, summary: str, advice: str, code: str = "") -> Refused:
    return Refused([Diagnostic(summary, advice, address=str(address), code=code)])
