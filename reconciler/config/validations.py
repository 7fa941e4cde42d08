"""``validation`` of variables: assertions about a value, asked as soon as it is known."""

import re
from collections.abc import Iterator

from reconciler import codes
from reconciler.address import ModuleStep
from reconciler.config.conditions import Owner, build_condition, with_root
from reconciler.config.document import Document, Entry
from reconciler.config.names import Names
from reconciler.config.nodes import Mapping, Node, Sequence
from reconciler.config.sections import Check, Condition
from reconciler.config.templates import TemplateBuilder
from reconciler.diagnostics import Diagnostics
from reconciler.values import Unknown, is_sensitive, reveal

_ROOT = re.compile(r'"(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)*\'|(?P<root>(?<![\w.])value\b)(?!\s*\()')


def build_validations(
    document: Document,
    names: Names,
    builder: TemplateBuilder,
    found: Diagnostics,
    module: tuple[ModuleStep, ...] = (),
) -> Iterator[Check]:
    """What is not valid goes to ``found``; what rests on resources is to be asked of each plan."""
    for name, entry in document.sections["variables"].items():
        node = entry.node.values.get("validation") if isinstance(entry.node, Mapping) else None
        if node is None or isinstance(names.variables.get(name), Unknown):
            continue  # what has no value has been said
        called = ".".join([*map(str, module), f"var.{name}"])
        for condition in _conditions(node, entry, name, builder, found):
            if hasattr(condition.assertion, "evaluate"):
                yield Check(called, condition, True, condition.place)
            elif reveal(condition.assertion) is False:
                told = reveal(condition.message) if not is_sensitive(condition.message) else "it is sensitive"
                found.error(
                    f"the variable {name} is not valid: {told}",
                    advice=f"it must hold that {condition.text}",
                    place=condition.place,
                    address=called if module else None,
                    code=codes.VARIABLE,
                )


def _conditions(
    node: Node, entry: Entry, name: str, builder: TemplateBuilder, found: Diagnostics
) -> Iterator[Condition]:
    for part in node.items if isinstance(node, Sequence) else (node,):
        if not isinstance(part, Mapping) or "assert" not in part.values:
            continue  # reported with the file
        told = Mapping(part.position)
        told.values = {key: with_root(inner, _ROOT, f"var.{name}") for key, inner in part.values.items()}
        told.key_positions = part.key_positions
        condition = build_condition(told, Owner(entry, f"var.{name}"), builder, found)
        if condition is not None:
            yield condition.with_text(getattr(part.values["assert"], "text", ""))
