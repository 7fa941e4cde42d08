"""What has moved gets its new address, and what is let go of is kept, before anything is planned."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from reconciler import codes
from reconciler.address import Address
from reconciler.config.renaming import renaming
from reconciler.config.sections import Moved
from reconciler.diagnostics import Diagnostic
from reconciler.plan.desired import Desired
from reconciler.plan.world import PlanState
from reconciler.state.deposed import deposed, origin
from reconciler.state.model import StateObject

Objects = Mapping[Address, StateObject]


def refactored(desired: Desired, state: PlanState) -> tuple[Desired, PlanState]:
    """What is desired and the state as they are once ``moved`` and ``removed`` have been followed.

    The state remembers which addresses are new; a plan says so, and the run that carries it out begins with
    them (see ``renamed``). An object that cannot have its new address is a problem of that address.
    """
    sections = desired.sections
    if desired.earlier:
        return _put_back(desired, state)
    if not (sections.moved or sections.removed):
        return desired, state
    ways = _Ways(sections.moved)
    moves, problems = _decided(state.objects, ways)
    if moves:
        state = _as_moved(state, moves)
    if problems:
        desired = replace(desired, problems={**desired.problems, **problems})
    return _let_go(desired, state.objects), state


def _put_back(desired: Desired, state: PlanState) -> tuple[Desired, PlanState]:
    """For the way back: an object that is still there gets its address again, and what stands there by now
    makes way for it."""
    homes = {
        (declaration.provider, home.type, desired.earlier[home].id): home
        for home, declaration in desired.resources.items()
        if home in desired.earlier
    }
    moves: dict[Address, Address] = {}
    for address, known in state.objects.items():
        home = homes.get((known.provider, known.type, known.id))
        if home is None or home == address or not _touches(desired, home):
            continue
        moves[address] = home
        if home in state.objects:
            moves.setdefault(home, deposed(home, state.objects[home].id))  # unless it goes home, too
    if not moves:
        return desired, state
    if desired.only is not None:
        more = {new: f"it has the address of {old}" for old, new in moves.items() if new not in desired.only}
        desired = replace(desired, only={**desired.only, **more})
    return desired, _as_moved(state, moves)


def _touches(desired: Desired, address: Address) -> bool:
    return desired.only is None or address in desired.only


def _as_moved(state: PlanState, moves: Mapping[Address, Address]) -> PlanState:
    objects = {old: known for old, known in state.objects.items() if old not in moves}
    objects |= {known.address: known for known in renamed(state.objects, moves)}
    return replace(state, objects=objects, moved_from={new: old for old, new in moves.items()})


def renamed(objects: Objects, moves: Mapping[Address, Address]) -> Iterator[StateObject]:
    """All that is recorded otherwise once objects have moved, by old and new address.

    Those objects themselves, and those that refer to them.
    """

    @cache
    def rename(old: Address) -> Callable[[str], str]:
        return renaming(old, moves[old])

    for address, known in objects.items():
        # What is deposed is nobody's any more: those who refer to the address mean what stands there next.
        gone = [old for old in known.depends_on if old in moves and origin(moves[old]) is None]
        if not gone and address not in moves:
            continue
        expressions = dict(known.expressions)
        for old in gone:
            expressions = {pointer: rename(old)(text) for pointer, text in expressions.items()}
        depends_on = (moves[target] if target in gone else target for target in known.depends_on)
        yield replace(
            known,
            address=moves.get(address, address),
            expressions=expressions,
            depends_on=tuple(sorted(depends_on, key=str)),  # as a plan records them
        )


@dataclass
class _Ways:
    """The moves by what they begin with, so that each object is held against few of them."""

    moved: Sequence[Moved]

    def __post_init__(self) -> None:
        self._of_resources: dict[tuple[str, str], list[Moved]] = {}
        self._of_modules: dict[str, list[Moved]] = {}
        for move in self.moved:
            old = move.way.old
            if old.is_module:
                self._of_modules.setdefault(old.module[0].name, []).append(move)
            else:
                self._of_resources.setdefault((old.type, old.name), []).append(move)
        for resources in self._of_resources.values():
            resources.sort(key=lambda move: move.way.old.key is None)
        for modules in self._of_modules.values():
            modules.sort(key=lambda move: (-len(move.way.old.module), move.way.old.key is None))

    def along(self, address: Address) -> tuple[Address, Moved] | None:
        """Where an address has got to in the end, and the last move there. Moves have no circles."""
        found: tuple[Address, Moved] | None = None
        while step := self._step(address):
            found = step
            address = step[0]
        return found

    def _step(self, address: Address) -> tuple[Address, Moved] | None:
        """The next step: the move that says most of the address goes before others."""
        own = self._of_resources.get((address.type, address.name), ())
        modules = self._of_modules.get(address.module[0].name, ()) if address.module else ()
        for move in (*own, *modules):
            if (there := move.way.leads(address)) is not None:
                return there, move
        return None


def _decided(
    objects: Objects, ways: _Ways
) -> tuple[dict[Address, Address], dict[Address, tuple[Diagnostic, ...]]]:
    """From old to new address, and what stands in the way of others, by their new address."""
    moves: dict[Address, Address] = {}
    problems: dict[Address, tuple[Diagnostic, ...]] = {}
    taken: dict[Address, Address] = {}
    for old in objects:
        if (found := ways.along(old)) is None:
            continue
        new, move = found
        owner = taken.setdefault(new, old) if new not in objects else new
        if owner == old:
            moves[old] = new
        elif not _is_same(objects[owner], objects[old]):  # else it has moved, and is only to be forgotten
            problems[new] = (_occupied(objects[old], objects[owner], new, move),)
    return moves, problems


def _is_same(one: StateObject, other: StateObject) -> bool:
    return (one.provider, one.type, one.id) == (other.provider, other.type, other.id)


def _occupied(known: StateObject, other: StateObject, new: Address, move: Moved) -> Diagnostic:
    return Diagnostic(
        f"{known.address} is said to have moved here, and another object has this address (id {other.id})",
        f"say which of them is meant: `reconciler state rm '{known.address}'` or "
        f"`reconciler state rm '{other.address}'` forgets one, and leaves it in the service",
        move.place,
        address=str(new),
        code=codes.REFACTORING,
    )


def _let_go(desired: Desired, objects: Objects) -> Desired:
    """With what ``removed`` says of objects that are declared no more."""
    stays = dict(desired.stays)
    deleted = set(desired.deleted)
    for one in desired.sections.removed:
        for address in objects:
            if address not in desired.resources and one.old.holds(address, all_keys=True):
                if one.is_destroyed:
                    deleted.add(address)
                else:
                    stays[address] = "removed: says that its object stays"
    return replace(desired, stays=stays, deleted=frozenset(deleted))
