"""What there is to say about undoing a run that failed."""

from collections.abc import Iterator, Sequence
from typing import Any

from reconciler.plan.change import Change
from reconciler.state.model import Run
from reconciler.views.line import BLANK, Line, line, wrapped


def irreversible_lines(changes: Sequence[Change], *, width: int) -> Iterator[Line]:
    """What could not be undone exactly if the run failed; nothing when all could."""
    if not changes:
        return
    yield line(
        "If a step fails, what was done before it is undone. These could not be undone exactly:", "warning"
    )
    for change in changes:
        text = f"{change.address}: {change.irreversible}"
        yield from (line(row, "warning") for row in wrapped(text, width, first="  ! "))
    yield BLANK


def irreversible_document(changes: Sequence[Change]) -> list[dict[str, Any]]:
    """The same as events of the run."""
    return [
        {
            "event": "irreversible",
            "address": str(change.address),
            "action": str(change.action),
            "reason": change.irreversible,
        }
        for change in changes
    ]


def undone_lines(run: Run, serial: int) -> Iterator[Line]:
    """What has become of a failed run, and how to try again."""
    yield line(
        f"The {run.command} {run.id} failed and was rolled back: all is as it was at serial {serial:,}.",
        "title",
    )
    yield line(
        "Mend the cause and change the stack, or try the very same once more: `reconciler apply --again`."
    )
