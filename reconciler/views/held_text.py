"""What is held back until a service is ready again: named, with the reason."""

from collections.abc import Iterator, Sequence
from typing import Any

from reconciler.plan.change import Held
from reconciler.views.explanation import explain, explanation_document
from reconciler.views.line import BLANK, Line, line, wrapped
from reconciler.views.listing import listed


def held_lines(held: Sequence[Held], width: int) -> Iterator[Line]:
    """Grouped by the reason, which is what a reader has to mend: the causes first, then what waits.

    What is put off comes after what is only held back.
    """
    yield from _group_lines("Held back, and left as it is:", [one for one in held if not one.deferral], width)
    put_off = [one for one in held if one.deferral]
    yield from _group_lines("To be deferred, until their service is there again:", put_off, width)


def _group_lines(heading: str, held: Sequence[Held], width: int) -> Iterator[Line]:
    if not held:
        return
    yield line(heading, "warning")
    groups: dict[str, list[Held]] = {}
    for found in sorted(held, key=lambda one: one.because is not None):
        groups.setdefault(found.reason, []).append(found)
    for reason, alike in groups.items():
        addresses = [_named(found) for found in alike]
        told = None if alike[0].error is None else explain(alike[0].error)
        code = f" [{told.code}]" if told is not None else ""
        yield from (line(row) for row in wrapped(f"{reason}{code}:", width, first="  "))
        yield from (line(row, "quiet") for row in wrapped(listed(addresses), width, first="      "))
        if told is not None and told.remedy:
            yield from (line(row) for row in wrapped(told.remedy, width, first="    → "))
    yield BLANK


def _named(found: Held) -> str:
    return f"{found.address} ({found.deferral.action})" if found.deferral else str(found.address)


def held_document(held: Sequence[Held]) -> list[dict[str, Any]]:
    """The same as JSON; ``because`` is the address that it waits for, or null; ``error`` that of a cause."""
    return [
        {
            "address": str(found.address),
            "provider": found.provider,
            "reason": found.reason,
            "because": None if found.because is None else str(found.because),
            "deferred": None if found.deferral is None else str(found.deferral.action),
            "error": None if found.error is None else explanation_document(found.error),
        }
        for found in held
    ]
