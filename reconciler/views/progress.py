"""What a run does while it does it: as plain lines, or as a JSON event a line.

For a terminal there is ``progress_live.py``.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from reconciler.errors import ReconcilerError
from reconciler.plan.change import Change
from reconciler.views.escape import json_text, printable
from reconciler.views.explanation import cause_text, explain, explanation_document
from reconciler.views.plan_summary import duration, number
from reconciler.views.step_words import doing, done
from reconciler.views.terraform_values import timestamp

Write = Callable[[str], object]
"""Takes one line, without its newline."""


class PlainProgress:
    """A line when a step begins and when it ends, for logs."""

    def __init__(self, write: Write) -> None:
        self._write = write

    def started(self, change: Change) -> None:
        """A step begins."""
        if change.is_visible:
            self._write(printable(f"{change.address}: {doing(change)}…"))

    def finished(self, change: Change, seconds: float) -> None:
        """A step is done."""
        if change.is_visible:
            self._write(finished_text(change, seconds))

    def failed(self, change: Change, error: ReconcilerError) -> None:
        """A step has failed."""
        self._write(failed_text(change, error))

    def stopping(self, running: int) -> None:
        """Somebody asked to stop."""
        self._write(stopping_text(running))


class Silence:
    """Nothing: what came of a run is told when it has ended."""

    def started(self, change: Change) -> None:
        """A step begins."""

    def finished(self, change: Change, seconds: float) -> None:
        """A step is done."""

    def failed(self, change: Change, error: ReconcilerError) -> None:
        """A step has failed."""

    def stopping(self, running: int) -> None:
        """Somebody asked to stop."""


class JsonProgress:
    """An event a line, as ``schemas/apply-event.schema.json`` describes them."""

    def __init__(self, write: Write, now: Callable[[], datetime]) -> None:
        self._write = write
        self._now = now

    def started(self, change: Change) -> None:
        """A step begins."""
        if change.is_visible:
            self._step("started", change)

    def finished(self, change: Change, seconds: float) -> None:
        """A step is done."""
        if change.is_visible:
            self._step("finished", change, seconds=round(seconds, 3))

    def failed(self, change: Change, error: ReconcilerError) -> None:
        """A step has failed."""
        self._step("failed", change, error=explanation_document(error))

    def stopping(self, running: int) -> None:
        """Somebody asked to stop."""
        self._event("stopping", running=running)

    def _step(self, event: str, change: Change, **more: Any) -> None:
        self._event(
            event,
            address=str(change.address),
            action=str(change.action),
            provider=change.provider,
            **more,
        )

    def _event(self, event: str, **more: Any) -> None:
        self._write(json_text({"event": event, "time": timestamp(self._now()), **more}, indent=None))


def finished_text(change: Change, seconds: float) -> str:
    """What there is to say of a step that is done."""
    return printable(f"{change.address}: {done(change)} after {duration(seconds)}")


def failed_text(change: Change, error: ReconcilerError) -> str:
    """What there is to say of a step that has failed, in one line; the remedy comes with the summary."""
    return printable(f"{change.address}: {doing(change)} failed: {cause_text(explain(error))}")


def stopping_text(running: int) -> str:
    """What there is to say when somebody asked to stop."""
    if not running:
        return "Stopping: no new steps."
    still = number(running, "step")
    return f"Stopping: no new steps; waiting for {still} to finish. Ctrl-C once more stops now."
