"""What a run came to, as the last event of ``--json``."""

from collections.abc import Iterable, Sequence
from typing import Any

from reconciler.address import Address
from reconciler.apply.outcome import Outcome
from reconciler.plan.change import Change, Held
from reconciler.views.apply_text import Checked
from reconciler.views.check_text import check_entry
from reconciler.views.drift_json import drift_entry, unread_entry
from reconciler.views.explanation import explanation_document
from reconciler.views.held_text import held_document
from reconciler.views.queue_text import deferred_entry

Json = dict[str, Any]


def outcome_document(outcome: Outcome, checked: Checked | None = None) -> Json:
    """The event ``done``: what ``schemas/apply-event.schema.json`` describes under that name."""
    return {
        "event": "done",
        "run": outcome.run,
        "outcome": str(outcome.outcome),
        "serial": outcome.serial,
        "seconds": round(outcome.seconds, 3),
        "calls": dict(outcome.calls),
        "retries": dict(outcome.retries),
        "done": list(_steps(outcome.done)),
        "failed": [
            {**step_document(failure.change), "error": explanation_document(failure.error)}
            for failure in outcome.failed
        ],
        "not_reached": [
            {**step_document(step.change), "because": None if step.because is None else str(step.because)}
            for step in outcome.not_reached
        ],
        "checked": None
        if checked is None
        else {
            "objects": checked.objects,
            "differing": [drift_entry(found) for found in checked.differing],
            "unread": [unread_entry(found) for found in checked.unread],
            "health": {found.provider: str(found.state) for found in checked.health},
        },
        "held": held_document(checked.held if checked is not None else ()),
        "deferred": [deferred_entry(one) for one in checked.deferred] if checked is not None else [],
        "dropped": list(map(str, checked.dropped)) if checked is not None else [],
        "checks": [check_entry(one) for one in checked.checks] if checked is not None else [],
    }


def nothing_document(serial: int, held: Sequence[Held] = (), dropped: Sequence[Address] = ()) -> Json:
    """The event ``done`` of a run that had nothing to do and so was none."""
    return {
        "event": "done",
        "run": None,
        "outcome": "no changes",
        "serial": serial,
        "seconds": 0.0,
        "calls": {},
        "retries": {},
        "done": [],
        "failed": [],
        "not_reached": [],
        "checked": None,
        "held": held_document(held),
        "deferred": [],
        "dropped": list(map(str, dropped)),
        "checks": [],
    }


def _steps(changes: Iterable[Change]) -> Iterable[Json]:
    return (step_document(change) for change in changes if change.is_visible)


def step_document(change: Change) -> Json:
    """A step: which, what, and whose."""
    return {"address": str(change.address), "action": str(change.action), "provider": change.provider}
