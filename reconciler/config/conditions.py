"""Conditions: an assertion that must hold, and what to say if it does not."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from reconciler.address import Address
from reconciler.config.blocks import Each
from reconciler.config.document import Entry
from reconciler.config.nodes import Mapping, Node, Scalar, Sequence
from reconciler.config.scanner import ExpressionSyntaxError, spans
from reconciler.config.sections import Condition
from reconciler.config.shapes import ANY, Shape
from reconciler.config.stack import Lifecycle
from reconciler.config.templates import TemplateBuilder
from reconciler.diagnostics import Diagnostics
from reconciler.values import Unknown, reveal

_KEYS = frozenset({"precondition", "postcondition"})
_TEXT = Shape({"type": "string"})
_SELF = re.compile(r'"(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)*\'|(?P<root>(?<![\w.])self)(?=\s*[.\[])')


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose conditions they are: its file, what messages call it, and what ``self`` stands for in them."""

    entry: Entry
    called: str
    address: Address | None = None
    each: Each | None = None
    is_there: bool = True
    """Whether the object is there when they are asked; else they cannot speak of it."""


def conditions_in(node: Node | None) -> Node | None:
    """A ``lifecycle`` if it has conditions."""
    return node if isinstance(node, Mapping) and not _KEYS.isdisjoint(node.values) else None


def with_conditions(
    lifecycle: Lifecycle, node: Node, owner: Owner, builder: TemplateBuilder, found: Diagnostics
) -> Lifecycle:
    """A lifecycle with the conditions of one instance; what is wrong with them goes to ``found``."""
    if not isinstance(node, Mapping):
        return lifecycle
    before = build_conditions(node.values.get("precondition"), replace(owner, is_there=False), builder, found)
    after = build_conditions(node.values.get("postcondition"), owner, builder, found)
    return replace(lifecycle, preconditions=before, postconditions=after)


def build_conditions(
    node: Node | None, owner: Owner, builder: TemplateBuilder, found: Diagnostics
) -> tuple[Condition, ...]:
    """The conditions of a node: one mapping, or a list of them. What is wrong goes to ``found``."""
    return tuple(_conditions(node, owner, builder, found))


def _conditions(
    node: Node | None, owner: Owner, builder: TemplateBuilder, found: Diagnostics
) -> Iterator[Condition]:
    for part in node.items if isinstance(node, Sequence) else (node,):
        if not isinstance(part, Mapping) or "assert" not in part.values:
            continue  # reported with the file
        condition = build_condition(part, owner, builder, found)
        if condition is not None:
            yield condition


def build_condition(
    node: Mapping, owner: Owner, builder: TemplateBuilder, found: Diagnostics
) -> Condition | None:
    """One condition; None when it can be none, which ``found`` says then."""
    source = owner.entry.source
    wanted, message = node.values["assert"], node.values.get("message")
    builder.begin(source, owner.called, owner.each)
    value = builder.build(_about(wanted, owner.address), ANY)
    told = "" if message is None else builder.build(_about(message, owner.address), _TEXT)
    place = source.place(wanted.position)
    if not owner.is_there and owner.address in builder.references:
        found.error(
            "a precondition is asked before the object is there, so it cannot speak of it",
            advice="write a postcondition, or speak of what it is made of",
            place=place,
            address=owner.called,
        )
        return None
    is_open = hasattr(value, "evaluate") or isinstance(value, Unknown)
    if not is_open and not isinstance(reveal(value), bool):
        found.error(
            "what is asserted must be true or false",
            advice="write one expression: ${var.size < 10}",
            place=place,
            address=owner.called,
        )
        return None
    text = wanted.text if isinstance(wanted, Scalar) else ""
    return Condition(value, told, builder.references, place, text)


def _about(node: Node, address: Address | None) -> Node:
    """The same with the address in place of ``self``: what stands in quotes is left alone."""
    if address is None:
        return node
    return with_root(node, _SELF, str(Address(address.type, address.name, address.key, (), address.is_data)))


def with_root(node: Node, pattern: re.Pattern[str], name: str) -> Node:
    """A text whose expressions have another name where a pattern finds its ``root``; else the node."""
    if not isinstance(node, Scalar) or "${" not in node.text:
        return node

    def replaced(found: re.Match[str]) -> str:
        return name if found["root"] else found[0]

    try:
        places = list(spans(node.text))
    except ExpressionSyntaxError:
        return node  # it is said when it is read
    parts, position = [], 0
    for start, end in places:
        parts += [node.text[position:start], pattern.sub(replaced, node.text[start:end])]
        position = end
    return Scalar("".join(parts) + node.text[position:], node.position, node.is_plain)
