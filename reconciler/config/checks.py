"""Reads ``checks``: assertions about the stack as a whole, which may look at the plan."""

import re

from reconciler import codes
from reconciler.address import Address, ModuleStep
from reconciler.config.conditions import Owner, build_condition, with_root
from reconciler.config.document import Document
from reconciler.config.names import Names
from reconciler.config.nodes import Mapping, Scalar
from reconciler.config.sections import Check
from reconciler.config.stack import Scope
from reconciler.config.templates import TemplateBuilder
from reconciler.diagnostics import Diagnostic, Diagnostics, Place
from reconciler.values import Value

PLAN = Address("plan", "changes")
"""What stands for the plan among the addresses that an expression refers to; no type is called so."""

_LOCAL = "_the_plan"
"""The local that ``plan`` is in a check: it has a value once there is a plan."""

_ROOT = re.compile(r'"(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)*\'|(?P<root>(?<![\w.])plan)(?=\s*[.\[])')


class ThePlan:
    """The plan as an expression sees it; see ``stack.Expression``."""

    source = "plan"
    place = Place("plan", 1, 1)
    references = frozenset({PLAN})

    def evaluate(self, scope: Scope) -> Value:
        """What the scope tells of it."""
        return scope(PLAN)


def build_checks(
    document: Document,
    names: Names,
    builder: TemplateBuilder,
    found: Diagnostics,
    module: tuple[ModuleStep, ...] = (),
) -> tuple[Check, ...]:
    """The checks of one directory; what is wrong goes to ``found``."""
    if document.lists["checks"]:
        names.locals[_LOCAL] = ThePlan()
    checks: dict[str, Check] = {}
    for entry in document.lists["checks"]:
        node = entry.node
        name = node.values.get("name") if isinstance(node, Mapping) else None
        if not isinstance(node, Mapping) or not isinstance(name, Scalar) or "assert" not in node.values:
            continue  # reported with the file
        called = ".".join([*map(str, module), f"check.{name.text}"])
        told = Mapping(node.position)
        told.values = {key: with_root(part, _ROOT, f"local.{_LOCAL}") for key, part in node.values.items()}
        told.key_positions = node.key_positions
        condition = build_condition(told, Owner(entry, called), builder, found)
        severity = node.values.get("severity")
        is_error = not (isinstance(severity, Scalar) and severity.text == "warning")
        if condition is None:
            continue
        written = node.values["assert"]
        text = written.text if isinstance(written, Scalar) else ""
        check = Check(called, condition.with_text(text), is_error, entry.source.place(name.position))
        if (first := checks.setdefault(called, check)) is not check:
            found.add(
                Diagnostic(
                    f"there are two checks {name.text!r}",
                    "give one of them another name",
                    check.place,
                    related=(("the other one", first.place),),
                    code=codes.GIVEN_TWICE,
                )
            )
    return tuple(checks.values())


def as_written(text: str) -> str:
    """A message in which the plan is called what the author calls it."""
    return text.replace(f"local.{_LOCAL}", "plan")
