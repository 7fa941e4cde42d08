"""What a block waits for beyond what its expressions refer to, and references to what is not there."""

from collections.abc import Iterable, Iterator

from reconciler import codes
from reconciler.address import Address, AddressSyntaxError
from reconciler.config.blocks import NOTHING
from reconciler.config.document import Entry
from reconciler.config.expressions import StackExpression
from reconciler.config.names import Names
from reconciler.config.nodes import Mapping as MappingNode
from reconciler.config.nodes import Node, Scalar, Sequence
from reconciler.config.parts import Part, parts_in
from reconciler.config.stack import Trigger
from reconciler.diagnostics import Diagnostic, Diagnostics, Place, did_you_mean


class Dependencies:
    """Reads ``depends_on``: addresses as the part sees them that they are written in.

    One without a key stands for all that a ``for_each`` makes, a module for all that is in it.
    """

    def __init__(self, found: Diagnostics) -> None:
        self._found = found

    def of(self, entry: Entry, part: Part, called: str) -> frozenset[Address]:
        """What an entry's ``depends_on`` names; what is wrong is said."""
        node = entry.node.values.get("depends_on") if isinstance(entry.node, MappingNode) else None
        found: list[Iterable[Address]] = []
        for item in node.items if isinstance(node, Sequence) else ():
            text = item.text if isinstance(item, Scalar) else ""
            place = entry.source.place(item.position)
            known = module_addresses(text, part) if text.startswith("module.") else None
            found.append(self._one(text, part.names, place, called) if known is None else known)
        return NOTHING.union(*found)

    def triggers(self, node: Node | None, entry: Entry, names: Names, called: str) -> tuple[Trigger, ...]:
        """The entries of ``replace_triggered_by``: addresses of resources, or of one attribute of them."""
        triggers = []
        for item in node.items if isinstance(node, Sequence) else ():
            if not isinstance(item, Scalar):
                continue  # reported with the file
            place = entry.source.place(item.position)
            address, attribute = _parts(item.text)
            if address is None or address.is_data:
                advice = "write TYPE.NAME or TYPE.NAME.ATTRIBUTE of a resource, without ${ }"
                self._found.error(f"{item.text!r} is no resource and no attribute of one", advice=advice,
                                  place=place, address=called)  # fmt: skip
                continue
            addresses = frozenset(self._one(str(address), names, place, called))
            known = names.resource_type(address.type)
            if attribute and addresses and known is not None and attribute not in known.attributes:
                advice = did_you_mean(attribute, known.attributes)
                summary = f"{address.type} has no attribute {attribute!r}"
                self._found.error(summary, advice=advice, place=place, address=called)
            elif addresses:
                triggers.append(Trigger(item.text, addresses, attribute))
        return tuple(triggers)

    def _one(self, text: str, names: Names, place: Place, called: str) -> Iterable[Address]:
        try:
            address = Address.parse(text)
        except AddressSyntaxError as error:
            advice = "write the address alone, without ${ }" if "${" in text else ""
            self._found.error(str(error), advice=advice, place=place, address=called or None)
            return ()
        kind = f"data.{address.type}" if address.is_data else address.type
        block = None if address.module else names.declared.get(kind, {}).get(address.name)
        if block is not None and (address.key is None or address.key in block.things):
            things = block.things
            return [one.address for key, one in things.items() if address.key in (None, key)]
        every = [one.called for by_name in names.declared.values() for one in by_name.values()]
        if block is not None:
            every = [str(one.address) for one in block.things.values()]
        modules = [f"module.{name}" for name in names.modules]
        advice = did_you_mean(text, [*every, *modules])
        self._found.error(f"there is no {text}", advice=advice, place=place, address=called or None)
        return ()


def _parts(text: str) -> tuple[Address | None, str]:
    """The address that a text begins with, and the attribute behind it."""
    try:
        return Address.parse(text), ""
    except AddressSyntaxError:
        before, _, attribute = text.rpartition(".")
    try:
        return Address.parse(before), attribute
    except AddressSyntaxError:
        return None, ""


def module_addresses(text: str, part: Part) -> Iterable[Address] | None:
    """All that is declared in ``module.NAME`` or ``module.NAME["KEY"]``; None if that is no module here."""
    head, _, key = text.removesuffix('"]').partition('["')
    name = head.removeprefix("module.")
    block = part.calls.get(name)
    if block is None or (key and key not in block.things):
        return None
    chosen = [inner for turn, inner in block.things.items() if not key or turn == key]
    return [address for inner in chosen for address in _inside(inner)]


def _inside(part: Part) -> Iterator[Address]:
    for inner in parts_in(part):
        for by_name in inner.names.declared.values():
            for block in by_name.values():
                yield from (instance.address for instance in block.things.values())


def absences(expressions: Iterable[StackExpression]) -> Iterator[Diagnostic]:
    """What expressions name that turned out not to be there."""
    for expression in expressions:
        for problem in expression.absences():
            yield Diagnostic(
                f"{expression.source}: {problem.summary}",
                problem.advice,
                expression.place,
                expression.address,
                code=codes.EXPRESSION,
            )
