"""What a run begins with: the objects that have moved get their new addresses, all in one transaction."""

from collections.abc import Mapping

from reconciler.address import Address
from reconciler.graph import find_circle, in_order
from reconciler.plan.refactoring import renamed
from reconciler.state.model import Committed, StateObject

ACTION = "move"


def move_results(
    moved_from: Mapping[Address, Address], objects: Mapping[Address, StateObject], run: str, first: int
) -> list[Committed]:
    """The steps that give objects their new addresses, from the number ``first`` on; none calls a service.

    ``moved_from`` is by new address; ``objects`` are those of the latest state. At every serial in between
    each object has an address, so that no snapshot seems to be without it. What was deferred at an old
    address is dropped: the plan that begins so has what is to be done at the new one.
    """
    leaving = {*moved_from.values()}
    moves = {
        old: new
        for new, old in moved_from.items()
        if old in objects and (new not in objects or new in leaving)
    }
    if not moves:
        return []
    after = {known.address: known for known in renamed(objects, moves)}
    edges = {address: known.depends_on for address, known in after.items()}
    order = list(edges) if find_circle(edges) else in_order(edges)
    old_of = {new: old for old, new in moves.items()}
    steps = [(address, after[address], ACTION if address in old_of else "no-op") for address in order]
    left = (old_of[address] for address in reversed(order) if address in old_of)
    gone = [(address, None, ACTION) for address in left if address not in old_of]
    return [
        Committed(run, first + number, address, known, action, is_whole=known is None)
        for number, (address, known, action) in enumerate([*steps, *gone])
    ]
