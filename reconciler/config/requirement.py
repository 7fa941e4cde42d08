"""The versions of reconciler that a stack asks for."""

import re
from collections.abc import Iterator

from reconciler import codes
from reconciler.config.document import Entry
from reconciler.config.nodes import Scalar
from reconciler.diagnostics import Diagnostic

_CLAUSE = re.compile(r"\s*(>=|<=|==|!=|~=|>|<)?\s*([0-9]+(?:\.[0-9]+){0,3})\s*")


def check_requirement(entry: Entry | None, version: str) -> Iterator[Diagnostic]:
    """What is wrong with ``requires:``, or with the version that reads it."""
    if entry is None or not isinstance(entry.node, Scalar):
        return
    text, place = entry.node.text, entry.source.place(entry.node.position)
    present = _numbers(version)
    for clause in text.split(","):
        match = _CLAUSE.fullmatch(clause)
        if match is None:
            yield Diagnostic(
                f"{clause.strip()!r} is not a version", 'write something like ">=0.1, <2"', place
            )
        elif not _holds(match[1] or "==", present, _numbers(match[2])):
            advice = f"install a version that is {text}, or change requires"
            summary = f"the stack requires reconciler {text}, and this is {version}"
            yield Diagnostic(summary, advice, place, code=codes.OTHER_VERSION)
            return


def _numbers(version: str) -> tuple[int, ...]:
    numbers = [int(part) for part in re.findall(r"\d+", version)[:4]]
    return tuple(numbers + [0] * (4 - len(numbers)))


def _holds(operator: str, present: tuple[int, ...], wanted: tuple[int, ...]) -> bool:
    match operator:
        case ">=":
            return present >= wanted
        case "<=":
            return present <= wanted
        case ">":
            return present > wanted
        case "<":
            return present < wanted
        case "!=":
            return present != wanted
        case "~=":
            return present >= wanted and present[0] == wanted[0]
    return present == wanted
