"""What is held back until a service is ready again: named, with the reason."""

from collections.abc import Iterator, Sequence
from typing import Any

from reconciler.plan.change import Held
from reconciler.views.explanation import explanation_document
from reconciler.views.line import BLANK, Line, line, wrapped
from reconciler.views.plan_summary import number

_LISTED = 20
"""Addresses that are named for one reason; of more there is a count."""


def held_lines(held: Sequence[Held], width: int) -> Iterator[Line]:
    """Grouped by the reason, which is what a reader has to mend: the causes first, then what waits."""
    if not held:
        return
    yield line("Held back, and left as it is:", "warning")
    groups: dict[str, list[Held]] = {}
    for found in sorted(held, key=lambda one: one.because is not None):
        groups.setdefault(found.reason, []).append(found)
    for reason, alike in groups.items():
        addresses, error = [str(found.address) for found in alike], alike[0].error
        code = f" [{error.code}]" if error is not None else ""
        yield from (line(row) for row in wrapped(f"{reason}{code}:", width, first="  "))
        names = ", ".join(addresses[:_LISTED])
        if len(addresses) > _LISTED:
            names += f" and {len(addresses) - _LISTED:,} more"
        yield from (line(row, "quiet") for row in wrapped(names, width, first="      "))
        if error is not None and error.advice:
            yield from (line(row) for row in wrapped(error.advice, width, first="    → "))
    yield BLANK


def held_text(held: Sequence[Held]) -> str:
    """``3 resources held back``."""
    return f"{number(len(held), 'resource')} held back"


def held_document(held: Sequence[Held]) -> list[dict[str, Any]]:
    """The same as JSON; ``because`` is the address that it waits for, or null; ``error`` that of a cause."""
    return [
        {
            "address": str(found.address),
            "provider": found.provider,
            "reason": found.reason,
            "because": None if found.because is None else str(found.because),
            "error": None if found.error is None else explanation_document(found.error),
        }
        for found in held
    ]
