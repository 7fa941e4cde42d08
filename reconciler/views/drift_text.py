"""A drift report: what is not as it should be, each with what to do."""

import shlex
from collections.abc import Iterator

from reconciler.health.report import DriftReport, Unmanaged
from reconciler.plan.change import Drift
from reconciler.plan.world import Types
from reconciler.views.cache_text import cached_lines
from reconciler.views.change_text import drift_lines
from reconciler.views.check_text import REMEDY, TITLE, check_sentence
from reconciler.views.explanation import explanation_lines, unread_lines
from reconciler.views.health_text import trouble_lines
from reconciler.views.line import BLANK, Line, Span, line, wrapped
from reconciler.views.plan_summary import number
from reconciler.views.plan_text import expectation_text

EXPECTATION_REMEDY = "put it right in the service, or change what the stack expects"


def report_lines(
    report: DriftReport, types: Types, *, width: int = 100, shows_all: bool = False
) -> Iterator[Line]:
    """The whole report; its last line counts what was found. With ``shows_all`` long values are whole."""
    yield from _section(
        "Changed outside of reconciler since the last run:", _changed(report, types, width, shows_all)
    )
    yield from _section("Expectations that do not hold:", _expectations(report, width))
    yield from _section(TITLE, _checks(report, width))
    yield from _section(
        "Unhealthy: their health check URL does not answer as it must:", _pages(report, width)
    )
    yield from _section(
        "Could not be read, so how they are is unknown:", unread_lines(report.unread, width - 2)
    )
    yield from _section("Services that are not ready:", _unhealthy(report, width))
    yield from _section("Unmanaged: in a service, and in no state:", _unmanaged(report))
    unlisted = (line(f"{name}: {reason}") for name, reason in report.unlisted)
    yield from _section("Not looked for, managed or not:", unlisted)
    yield from cached_lines(report.cached, {}, width)
    yield line(verdict(report), "title" if report.has_drift else "good")


def verdict(report: DriftReport) -> str:
    """``Drift: 2 changed, 1 missing · 450 objects looked at``."""
    looked = f"{number(report.checked, 'object')} looked at"
    if not report.has_drift:
        return f"No drift. Everything is as the last run left it · {looked}"
    missing = sum(found.is_missing for found in report.changed)
    counted = (
        (len(report.changed) - missing, "changed"),
        (missing, "missing"),
        (len(report.failed_expectations), "not as expected"),
        (len(report.failed_checks), "failed checks" if len(report.failed_checks) > 1 else "failed check"),
        (len(report.unread), "unreadable"),
        (len(report.unhealthy) + len(report.unhealthy_resources), "unhealthy"),
        (len(report.unmanaged), "unmanaged"),
    )
    return f"Drift: {', '.join(f'{count:,} {what}' for count, what in counted if count)} · {looked}"


def drift_remedy(found: Drift) -> str:
    """What to do about an object that has changed or is missing."""
    if found.is_missing:
        return "`reconciler apply` makes it anew; to do without it, take it out of the YAML"
    return "`reconciler apply` puts it back; to keep it so, write it into the YAML"


def unmanaged_remedy(found: Unmanaged) -> str:
    """How to make an object ours, as a command in which only the name is open."""
    return f"to manage it: reconciler import {found.object.type}.NAME {shlex.quote(found.import_id)}"


def _section(title: str, rows: Iterator[Line]) -> Iterator[Line]:
    first = next(rows, None)
    if first is None:
        return
    yield line(title, "title")
    yield first.indented(2)
    for row in rows:
        yield row.indented(2)
    yield BLANK


def _changed(report: DriftReport, types: Types, width: int, shows_all: bool) -> Iterator[Line]:
    for found in report.changed:
        yield from drift_lines(found, types, width - 2, shows_all=shows_all)
        yield from (line(row) for row in wrapped(drift_remedy(found), width - 2, first="    → "))


def _expectations(report: DriftReport, width: int) -> Iterator[Line]:
    for failed in report.failed_expectations:
        rows = wrapped(expectation_text(failed), width - 2, first="! ")
        yield from (line(row, "warning") for row in rows)
        yield line(f"    → {EXPECTATION_REMEDY}")


def _checks(report: DriftReport, width: int) -> Iterator[Line]:
    for failed in report.failed_checks:
        rows = wrapped(check_sentence(failed), width - 2, first="! ")
        yield from (line(row, "warning") for row in rows)
        yield line(f"    → {REMEDY}")


def _pages(report: DriftReport, width: int) -> Iterator[Line]:
    for found in report.unhealthy_resources:
        yield Line((Span("● ", "warning"), Span(str(found.address), "title")))
        for row in explanation_lines(found.error, width - 6):
            yield row.indented(4)


def _unhealthy(report: DriftReport, width: int) -> Iterator[Line]:
    for found in report.unhealthy:
        yield Line((Span("● ", "warning"), Span(found.provider, "title"), Span(f" {found.state}")))
        for row in trouble_lines(found, width - 6):
            yield row.indented(4)


def _unmanaged(report: DriftReport) -> Iterator[Line]:
    for found in report.unmanaged:
        is_told = not found.name or found.name in found.import_id
        called = found.import_id if is_told else f"{found.name} ({found.import_id})"
        yield line(f"? {found.object.type} {called}", "read")
        yield line(f"    → {unmanaged_remedy(found)}")  # in one line, to be copied
