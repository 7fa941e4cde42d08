"""A plan for people: what has changed, what would happen and why, and what it costs."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from reconciler.errors import ProviderError
from reconciler.plan.change import Expectation, Plan, PlannedOutput
from reconciler.plan.cost import Cost
from reconciler.plan.world import Types
from reconciler.values import Sensitive, Value
from reconciler.views.attribute_text import altered, assigned
from reconciler.views.cache_text import cached_lines
from reconciler.views.cells import cells
from reconciler.views.change_text import MEANINGS, drift_lines
from reconciler.views.check_text import check_lines
from reconciler.views.explanation import unread_lines
from reconciler.views.folding import entries
from reconciler.views.held_text import held_lines
from reconciler.views.line import BLANK, Line, Span, line, wrapped
from reconciler.views.listing import MOST
from reconciler.views.plan_groups import SYMBOLS, counted, dangers, ordered, services_of, title
from reconciler.views.plan_summary import NO_CHANGES, NOTHING_NEW, counts, kind, summary
from reconciler.views.reach_text import reach_texts
from reconciler.views.sameness import ANYTHING
from reconciler.views.value_rows import Frame
from reconciler.views.value_text import value_text
from reconciler.views.way_back_text import restoration_summary

_NARROWEST, _WIDEST = 60, 200
_NOBODY: Mapping[str, ProviderError] = {}


def plan_lines(
    plan: Plan,
    types: Types,
    *,
    cost: Cost | None = None,
    width: int = 100,
    fell_back: Mapping[str, ProviderError] = _NOBODY,
    shows_all: bool = False,
) -> Iterator[Line]:
    """The whole plan; the most dangerous comes last, next to the line with the counts.

    ``width`` is in cells of a terminal, kept between 60 and 200; no word is broken, so a line may be longer.
    With ``shows_all`` alike resources are not shown as one, and long values whole. ``fell_back`` says of
    providers why the cache was asked in their place.
    """
    frame = Frame(min(max(width, _NARROWEST), _WIDEST), shows_all=shows_all)
    width = frame.width
    yield from _drift(plan, types, frame)
    yield from cached_lines(plan.cached, fell_back, width)
    yield from doubt_lines(plan, width)
    if plan.visible:
        yield from _legend(plan)
        yield from _changes(plan, types, frame)
    yield from output_lines(plan, frame)
    if inexact := restoration_summary(plan):
        yield from (line(row, "warning") for row in wrapped(inexact, width))
        yield BLANK
    for reach in reach_texts(plan):
        yield from (line(row, "quiet") for row in wrapped(reach, width))
        yield BLANK
    last = summary(plan, cost)
    yield line(
        last, "good" if last in (NO_CHANGES, NOTHING_NEW) else "title"
    )  # in one line, for programs that look for it


def _changes(plan: Plan, types: Types, frame: Frame) -> Iterator[Line]:
    services = services_of(plan.visible)
    inner = replace(frame, width=frame.width - 2)
    for service in services:
        if len(services) > 1:
            yield from _heading(f"{service.name}: {counted(service.changes)}", frame)
        for group in service.groups:
            if group.module and len(service.groups) > 1:
                yield from _heading(title(group, services, group.changes), frame)
            for entry in entries(group.changes, types, inner):
                yield from (row.indented(2) for row in entry.lines)
                yield BLANK
    if len(services) > 1 or any(len(service.groups) > 1 for service in services):
        yield from _danger_lines(plan)


def _heading(text: str, frame: Frame) -> Iterator[Line]:
    yield from (line(row, "title") for row in wrapped(text, frame.width, then="  "))
    yield BLANK


def _danger_lines(plan: Plan) -> Iterator[Line]:
    """What is destroyed or replaced stands among much else by now: once more, where it is read last."""
    found = dangers(ordered(plan.visible))
    if not found or len(found) == len(plan.visible):
        return  # nothing, or nothing else
    yield line("To be replaced or destroyed, of all above:", "warning")
    for change in found[:MOST]:
        name = kind(change)
        yield Line((Span(f"  {SYMBOLS[name]:>3} ", MEANINGS[name]), Span(str(change.address))))
    if len(found) > MOST:
        yield line(f"      and {len(found) - MOST:,} more")
    yield BLANK


def _legend(plan: Plan) -> Iterator[Line]:
    yield line("Reconciler will:", "title")
    found = counts(plan)
    for name, symbol in SYMBOLS.items():
        if count := found.get(name):
            yield Line((Span(f"  {symbol:>3} ", MEANINGS[name]), Span(f"{name} {count:,}")))
    yield BLANK


def _drift(plan: Plan, types: Types, frame: Frame) -> Iterator[Line]:
    if not plan.drift:
        return
    yield line("Changed outside of reconciler since the last run:", "title")
    yield BLANK
    for found in plan.drift:
        for row in drift_lines(found, types, frame.width - 2, shows_all=frame.shows_all):
            yield row.indented(2)
    yield BLANK


def doubt_lines(plan: Plan, width: int) -> Iterator[Line]:
    """What could not be read, and what is not as the stack expects it."""
    yield from held_lines(plan.held, width)
    held = {one.address for one in plan.held}
    if unread := [found for found in plan.unread if found.address not in held]:
        yield line("Could not be read, so nothing is planned for these and what depends on them:", "warning")
        for row in unread_lines(unread, width - 2):
            yield row.indented(2)
        yield BLANK
    yield from check_lines(plan.checks, width)
    if plan.failed_expectations:
        yield line("Expectations that do not hold:", "warning")
        for failed in plan.failed_expectations:
            yield from (line(row) for row in wrapped(expectation_text(failed), width, first="  ! "))
        yield BLANK


def expectation_text(failed: Expectation) -> str:
    """What should be, and what is."""
    expected, actual = value_text(failed.expected), value_text(failed.actual)
    return f"{failed.address}: {failed.attribute} should be {expected}, but is {actual}"


def output_lines(plan: Plan, frame: Frame) -> Iterator[Line]:
    """The outputs that change."""
    changed = [output for output in plan.outputs if output.is_changed]
    if not changed:
        return
    yield line("Outputs:", "title")
    pad = max(cells(output.name) for output in changed)
    for output in changed:
        for row in _output(output, replace(frame, pad=pad, width=frame.width - 2)):
            yield row.indented(2)
    yield BLANK


def _output(output: PlannedOutput, frame: Frame) -> Iterator[Line]:
    before, after = _hidden(output, output.before), _hidden(output, output.after)
    if output.is_removed:
        yield from assigned("-", output.name, before, frame)
    elif output.before is None:
        yield from assigned("+", output.name, after, frame)
    else:
        yield from altered(output.name, before, after, ANYTHING, frame)


def _hidden(output: PlannedOutput, value: Value) -> Value:
    return Sensitive(value) if output.is_sensitive and value is not None else value
