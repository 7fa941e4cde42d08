"""What ``watch --json`` tells, a line for each event: ``schemas/watch-event.schema.json``."""

from collections.abc import Sequence
from typing import Any

from reconciler.diagnostics import Diagnostic
from reconciler.health.findings import Finding, Found
from reconciler.health.watch_events import (
    Began,
    Drifted,
    DriftOver,
    Event,
    Hindered,
    Left,
    NotHindered,
    Phase,
    Ran,
    Settled,
    Waits,
)
from reconciler.health.watching import Transition
from reconciler.plan.world import Types
from reconciler.views.apply_json import step_document
from reconciler.views.diagnostics import diagnostic_document
from reconciler.views.drift_json import drift_values
from reconciler.views.explanation import explanation_document
from reconciler.views.health_json import transition_document
from reconciler.views.terraform_values import masked, timestamp

Json = dict[str, Any]


def event_document(event: Event, types: Types, problems: Sequence[Diagnostic] = ()) -> Json:
    """One event; ``problems`` are those of what hinders, masked."""
    if isinstance(event, Transition):
        return transition_document(event)
    name, more = _told(event, types, problems)
    return {"event": name, "time": timestamp(event.moment), **more}


def _told(event: Event, types: Types, problems: Sequence[Diagnostic]) -> tuple[str, Json]:
    match event:
        case Began():
            return "watching", {
                "stack": event.stack,
                "environment": event.environment,
                "health_seconds": event.health,
                "drift_seconds": event.drift,
                "heals": event.heals,
            }
        case Drifted():
            return "drift", _found(event.found, types)
        case DriftOver():
            return "drift-over", _finding(event.finding)
        case Settled():
            return "settled", {
                "run": event.run,
                "address": str(event.address),
                "action": event.action,
                "took_effect": event.took_effect,
            }
        case Ran():
            return "synced" if event.phase is Phase.SYNC else "restored", {
                "run": event.run,
                "outcome": str(event.outcome),
                "serial": event.serial,
                "done": [step_document(change) for change in event.done],
                "failed": [
                    {**step_document(change), "error": explanation_document(error)}
                    for change, error in event.failed
                ],
                "not_reached": [step_document(change) for change in event.not_reached],
            }
        case Left():
            return "left", {"address": str(event.address), "reason": event.reason, "remedy": event.remedy}
        case Waits():
            return "waiting", {"phase": str(event.phase), "holder": event.holder}
        case Hindered():
            told = [diagnostic_document(problem) for problem in problems]
            return "hindered", {"phase": str(event.phase), "diagnostics": told}
        case NotHindered():
            return "not-hindered", {"phase": str(event.phase)}
        case _:
            return "ended", {}


def _finding(finding: Finding) -> Json:
    return {
        "kind": str(finding.kind),
        "address": str(finding.address),
        "provider": finding.provider,
        "attributes": list(finding.attributes),
    }


def _found(found: Found, types: Types) -> Json:
    document = {**_finding(found.finding), "before": None, "now": None, "error": None}
    if found.drift is not None:
        document["before"], document["now"] = drift_values(found.drift, types)
    elif found.expectation is not None:
        name = found.expectation.attribute
        document["before"] = {name: masked(found.expectation.expected)}
        document["now"] = {name: masked(found.expectation.actual)}
    elif found.error is not None:
        document["error"] = explanation_document(found.error)
    return document
