"""What ``watch`` tells, a line for each thing that has happened; below it, where there is one, what to do."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from reconciler.diagnostics import Diagnostic
from reconciler.health.findings import Found, Kind
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
from reconciler.state.model import RunOutcome
from reconciler.views.change_text import drift_detail_lines
from reconciler.views.drift_text import EXPECTATION_REMEDY
from reconciler.views.explanation import cause_text, explain, explanation_lines
from reconciler.views.health_watch_text import transition_lines
from reconciler.views.line import Line, Meaning, Span, line, wrapped
from reconciler.views.plan_summary import duration, number
from reconciler.views.plan_text import expectation_text
from reconciler.views.step_words import done

_INDENT = 4

_BEFORE = {
    Phase.FILES: "the stack's files cannot be used, so nothing is asked and nothing is done",
    Phase.HEALTH: "services could not be asked how they are",
    Phase.SYNC: "what was deferred could not be carried out",
    Phase.DRIFT: "drift could not be looked for",
    Phase.HEAL: "what has drifted could not be restored",
}
_AFTER = {
    Phase.FILES: "the stack's files can be used again",
    Phase.HEALTH: "services are asked again how they are",
    Phase.SYNC: "what was deferred can be carried out again",
    Phase.DRIFT: "drift is looked for again",
    Phase.HEAL: "what has drifted is restored again",
}


def event_lines(
    event: Event, types: Types, problems: Sequence[Diagnostic] = (), width: int = 100
) -> Iterator[Line]:
    """One event; ``problems`` are those of what hinders, masked."""
    match event:
        case Transition():
            yield from transition_lines(event, width)
        case Began():
            heals = ", and what has drifted is restored" if event.heals else ""
            often = f"health every {duration(event.health)}, drift every {duration(event.drift)}{heals}"
            yield _head(event.moment, f"{event.stack} ({event.environment})", f"is watched: {often}")
        case Drifted():
            yield from _drifted(event.moment, event.found, types, width)
        case DriftOver():
            text = f"is as it should be again (was {event.finding})"
            yield _head(event.moment, str(event.finding.address), text, "good")
        case Settled():
            became = "took effect" if event.took_effect else "did not take effect"
            text = f"the {event.action} of run {event.run}, which was cut off, {became}"
            yield _head(event.moment, str(event.address), text)
        case Ran():
            yield from _ran(event, width)
        case Left():
            yield _head(event.moment, str(event.address), "is left as it is", "warning")
            yield from _below(event.reason, event.remedy, width)
        case Waits():
            yield _head(event.moment, str(event.phase), f"waits: {event.holder}")
        case Hindered():
            yield _head(event.moment, str(event.phase), _BEFORE[event.phase], "warning")
            for problem in problems:
                place = f"{problem.place}: " if problem.place else ""
                where = f"{problem.address}: " if problem.address else ""
                code = f" [{problem.code}]" if problem.code else ""
                yield from _below(f"{place}{where}{problem.summary}{code}", problem.advice, width)
        case NotHindered():
            yield _head(event.moment, str(event.phase), _AFTER[event.phase], "good")
        case _:
            yield _head(event.moment, "watch", "has ended, as it was asked to")


def _drifted(moment: datetime, found: Found, types: Types, width: int) -> Iterator[Line]:
    finding = found.finding
    meaning: Meaning = "delete" if finding.kind is Kind.MISSING else "update"
    yield _head(moment, str(finding.address), str(finding), meaning)
    if found.drift is not None:
        yield from drift_detail_lines(found.drift, types, width)
    elif found.expectation is not None:
        yield from _below(expectation_text(found.expectation), EXPECTATION_REMEDY, width)
    elif found.error is not None:
        yield from (row.indented(_INDENT) for row in explanation_lines(found.error, width - _INDENT))


def _ran(event: Ran, width: int) -> Iterator[Line]:
    short = "" if event.outcome is RunOutcome.DONE else f", {event.outcome}"
    what = "restored" if event.phase is Phase.HEAL else "brought to what was deferred"
    what = f"{number(len(event.done), 'object')} {what}{short}"
    yield _head(event.moment, f"run {event.run}", what, "warning" if short else "good")
    for change in event.done:
        yield line(f"{' ' * _INDENT}{change.address}: {done(change)}", "quiet")
    for change, error in event.failed:
        told = explain(error)
        yield from _below(f"{change.address}: {change.action} failed: {cause_text(told)}", told.remedy, width)


def _below(text: str, remedy: str, width: int) -> Iterator[Line]:
    room = width - _INDENT
    for row in (*wrapped(text, room), *(wrapped(remedy, room, first="→ ") if remedy else ())):
        yield line(row).indented(_INDENT)


def _head(moment: datetime, subject: str, text: str, meaning: Meaning = "") -> Line:
    return Line(
        (
            Span(f"{moment:%Y-%m-%d %H:%M:%S}  ", "quiet"),
            Span(f"{subject}  ", "title"),
            Span(text, meaning),
        )
    )
