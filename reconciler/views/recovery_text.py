"""What cut-off runs had left open, and what became of it."""

from collections.abc import Iterator
from typing import Any

from reconciler.apply.recovery import Recovery, Settled
from reconciler.views.line import BLANK, Line, Span, line

_DONE = {"create": "was created", "update": "was updated"}
_UNDONE = {"create": "was not created", "update": "was not changed"}


def recovery_lines(recovery: Recovery) -> Iterator[Line]:
    """Every call that was looked up, under the run that was cut off; nothing when there was none."""
    if not recovery.settled:
        return
    by_run: dict[str, list[Settled]] = {}
    for found in recovery.settled:
        by_run.setdefault(found.intent.run, []).append(found)
    for run, settled in by_run.items():
        yield line(f"Run {run} was cut off; what became of its last calls has been looked up:", "title")
        for found in settled:
            yield Line((Span(f"  {found.intent.address} "), Span(_what(found), "quiet")))
        yield BLANK


def recovery_document(recovery: Recovery) -> list[dict[str, Any]]:
    """The same as JSON: run, address, action, and whether the call took effect."""
    return [
        {
            "run": found.intent.run,
            "address": str(found.intent.address),
            "action": "delete" if found.intent.is_removal else found.intent.action,
            "took_effect": found.took_effect,
        }
        for found in recovery.settled
    ]


def _what(found: Settled) -> str:
    if found.deed == "record":
        return "is still there, and of what the service does not tell nothing is known"
    if found.took_effect:
        return _DONE.get(found.intent.action, "was removed")
    return _UNDONE.get(found.intent.action, "was not removed")
