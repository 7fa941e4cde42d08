"""The locals of a stack: values with a name, which may rest on each other."""

from collections.abc import Mapping

from reconciler import codes
from reconciler.config.document import Entry, Section
from reconciler.config.expressions import MAX_PARTS, StackExpression
from reconciler.config.names import Names
from reconciler.config.nodes import Mapping as MappingNode
from reconciler.config.nodes import Node, Scalar
from reconciler.config.reader import Reader
from reconciler.config.shapes import ANY
from reconciler.config.stack import Template
from reconciler.config.templates import TemplateBuilder
from reconciler.diagnostics import Diagnostic, Diagnostics
from reconciler.graph import find_circle, in_order
from reconciler.values import Unknown, leaves

_MAX_DEPTH = 50


def build_locals(
    declared: Section, names: Names, reader: Reader, builder: TemplateBuilder, found: Diagnostics
) -> None:
    """Give every local its value, in the order that they need; a circle is an error printed whole."""
    names.locals = dict.fromkeys(declared)  # known by name before any is read
    waits: dict[str, set[str]] = {name: _locals_in(entry.node, reader) for name, entry in declared.items()}
    while circle := find_circle(waits):
        _report_circle(circle, declared, found)
        for name in circle:
            names.locals[name] = Unknown(f"local.{name}")
            del waits[name]
    weights: dict[str, int] = {}
    depths: dict[str, int] = {}
    for name in in_order(waits):
        entry = declared[name]
        builder.begin(entry.source, None)
        value = builder.build(entry.node, ANY)
        weights[name] = _weight(value, weights)
        depths[name] = 1 + max((depths.get(other, 0) for other in waits[name]), default=0)
        if not builder.is_open:
            depths[name] = 0  # it is evaluated once, here
        if weights[name] > MAX_PARTS or depths[name] > _MAX_DEPTH:
            much = f"holds more than {MAX_PARTS:,} values"
            deep = f"rests on resources through more than {_MAX_DEPTH} other locals"
            problem = much if weights[name] > MAX_PARTS else deep
            found.error(f"local.{name} {problem}", advice="make it simpler", place=entry.place)
            value, weights[name], depths[name] = Unknown(f"local.{name}"), 1, 0
        names.locals[name] = value


def _weight(value: Template, weights: Mapping[str, int]) -> int:
    """How many single values a local comes to, with those that its expressions bring from other locals."""
    weight = 0
    for part in leaves(value):
        uses = part.uses if isinstance(part, StackExpression) else ()
        used = [use.steps[0] for use in uses if use.root == "local" and use.steps]
        weight += 1 + sum(weights.get(str(name), 1) for name in used)
        if weight > MAX_PARTS:
            break
    return weight


def _report_circle(circle: list[str], declared: Section, found: Diagnostics) -> None:
    entries: list[Entry] = [declared[name] for name in circle]
    text = " -> ".join(f"local.{name}" for name in [*circle, circle[0]])
    found.add(
        Diagnostic(
            f"{text}: these need each other" if len(circle) > 1 else f"local.{circle[0]} needs itself",
            "give one of them a value that needs none of the others",
            entries[0].place,
            related=tuple(
                (f"local.{name}", entry.place) for name, entry in zip(circle, entries, strict=True)
            )[1:],
            code=codes.CIRCLE,
        )
    )


def _locals_in(node: Node, reader: Reader) -> set[str]:
    """The locals that a value uses; all of them where it chooses one by an expression."""
    if isinstance(node, Scalar):
        if "${" not in node.text:
            return set()
        uses = [use for use in reader.uses(node.text) if use.root == "local"]
        if any(not use.steps for use in uses):
            return set(reader.names.locals)
        return {str(use.steps[0]) for use in uses}
    parts = node.values.values() if isinstance(node, MappingNode) else node.items
    return set().union(*(_locals_in(part, reader) for part in parts))
