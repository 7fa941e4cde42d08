"""Reads ``moved`` and ``removed``, and says what is wrong with them."""

from collections.abc import Iterable, Iterator, Mapping

from reconciler import codes
from reconciler.address import Address, AddressSyntaxError, ModuleStep
from reconciler.config.document import Document, Entry
from reconciler.config.endpoints import Endpoint, Way
from reconciler.config.nodes import Mapping as MappingNode
from reconciler.config.nodes import Node, Scalar
from reconciler.config.scalars import resolve
from reconciler.config.sections import Moved, Removed
from reconciler.diagnostics import Diagnostic, Diagnostics
from reconciler.graph import find_circle


def build_moved(document: Document, found: Diagnostics, module: tuple[ModuleStep, ...]) -> list[Moved]:
    """The entries of ``moved`` that can be read; addresses are relative to ``module``."""
    moves = []
    for entry in document.lists["moved"]:
        if not isinstance(entry.node, MappingNode):
            continue  # reported with the file
        old, new = (_endpoint(entry, key, found, module) for key in ("from", "to"))
        if old is None or new is None:
            continue
        place, to_place = (entry.source.place(entry.node.values[key].position) for key in ("from", "to"))
        if problem := _mismatch(old, new):
            found.error(problem[0], advice=problem[1], place=to_place, code=codes.REFACTORING)
            continue
        moves.append(Moved(Way(old, new), place, to_place))
    found.extend(_contradictions(moves))
    return moves


def build_removed(document: Document, found: Diagnostics, module: tuple[ModuleStep, ...]) -> list[Removed]:
    """The entries of ``removed`` that can be read."""
    removed = []
    for entry in document.lists["removed"]:
        if not isinstance(entry.node, MappingNode):
            continue
        old = _endpoint(entry, "from", found, module)
        if old is not None:
            place = entry.source.place(entry.node.values["from"].position)
            removed.append(Removed(old, _is_true(entry.node.values.get("destroy")), place))
    return removed


def still_declared(
    moved: Iterable[Moved], removed: Iterable[Removed], resources: Mapping[Address, object]
) -> Iterator[Diagnostic]:
    """What has moved away, or is said to be removed, and is declared all the same."""
    for move in moved:
        there = next((one for one in resources if move.way.leads(one) is not None), None)
        if there is not None:
            new = move.way.leads(there)
            what = "take that declaration out" if new in resources else f"rename it to {new}"
            yield Diagnostic(
                f"{there} is still declared, so it cannot have moved to {new}",
                f"{what}, or remove this entry",
                move.place,
                code=codes.REFACTORING,
            )
    for one in removed:
        there = next((address for address in resources if one.old.holds(address, all_keys=True)), None)
        if there is not None:
            yield Diagnostic(
                f"{there} is still declared, so it is not removed",
                "take its declaration out, or remove this entry",
                one.place,
                code=codes.REFACTORING,
            )


def _endpoint(entry: Entry, key: str, found: Diagnostics, module: tuple[ModuleStep, ...]) -> Endpoint | None:
    node = entry.node.values.get(key) if isinstance(entry.node, MappingNode) else None
    if not isinstance(node, Scalar):
        return None  # reported with the file
    try:
        return Endpoint.parse(node.text, module)
    except AddressSyntaxError as error:
        advice = "write the address alone, without ${ }" if "${" in node.text else "or like module.NAME"
        found.error(
            str(error), advice=advice, place=entry.source.place(node.position), code=codes.REFACTORING
        )
        return None


def _is_true(node: Node | None) -> bool:
    return isinstance(node, Scalar) and resolve(node.text) is True


def _mismatch(old: Endpoint, new: Endpoint) -> tuple[str, str] | None:
    """What is wrong with a pair, and what to do."""
    if old == new:
        return f"{old} cannot move to where it is", "remove this entry"
    if old.is_module != new.is_module:
        return f"{old} cannot become {new}: one of them is a module", "name two resources, or two modules"
    if old.type != new.type:
        return (
            f"an object of the type {old.type} cannot become one of the type {new.type}",
            "only the name can change; to let go of the old object, write it under removed:",
        )
    return None


def _contradictions(moves: list[Moved]) -> Iterator[Diagnostic]:
    """Entries that cannot all be true: one thing at two addresses, two at one, and circles."""
    sources: dict[Endpoint, Moved] = {}
    targets: dict[Endpoint, Moved] = {}
    for move in moves:
        old, new = move.way.old, move.way.new
        if (first := sources.setdefault(old, move)) is not move:
            yield Diagnostic(
                f"{old} cannot have moved to two addresses",
                "keep one of the two entries",
                move.place,
                related=(("the other entry", first.place),),
                code=codes.REFACTORING,
            )
        elif (first := targets.setdefault(new, move)) is not move:
            yield Diagnostic(
                f"{first.way.old} and {old} cannot both have become {new}",
                "keep one of the two entries",
                move.to_place,
                related=(("the other entry", first.to_place),),
                code=codes.REFACTORING,
            )
    leads = {
        number: [other for other, next_one in enumerate(moves) if move.way.leads_into(next_one.way)]
        for number, move in enumerate(moves)
    }
    if circle := find_circle(leads):
        text = " -> ".join(str(moves[number].way.old) for number in (*circle, circle[0]))
        yield Diagnostic(
            f"these moves lead in a circle: {text}",
            "what stands where must be told by one chain of moves with an end: remove those that are undone",
            moves[circle[0]].place,
            related=tuple(("and on", moves[number].place) for number in circle[1:]),
            code=codes.REFACTORING,
        )
