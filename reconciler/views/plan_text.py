"""A plan for people: what has changed, what would happen and why, and what it costs."""

from collections.abc import Iterator, Mapping

from reconciler.errors import ProviderError
from reconciler.plan.change import Change, Expectation, Plan, PlannedOutput
from reconciler.plan.cost import Cost
from reconciler.plan.world import Types
from reconciler.values import Sensitive, Value
from reconciler.views.attribute_text import altered, assigned
from reconciler.views.cache_text import cached_lines
from reconciler.views.change_text import MEANINGS, SYMBOLS, change_lines, drift_lines
from reconciler.views.check_text import check_lines
from reconciler.views.explanation import unread_lines
from reconciler.views.held_text import held_lines
from reconciler.views.line import BLANK, Line, Span, line, wrapped
from reconciler.views.plan_summary import NO_CHANGES, counts, kind, summary
from reconciler.views.value_text import value_text
from reconciler.views.way_back_text import reach_text, restoration_summary

_NARROWEST, _WIDEST = 60, 200
_NOBODY: Mapping[str, ProviderError] = {}


def plan_lines(
    plan: Plan,
    types: Types,
    *,
    cost: Cost | None = None,
    width: int = 100,
    fell_back: Mapping[str, ProviderError] = _NOBODY,
) -> Iterator[Line]:
    """The whole plan; the most dangerous comes last, next to the line with the counts.

    ``width`` is in characters; long values are never cut, so a line may be longer. ``fell_back`` says of
    providers why the cache was asked in their place.
    """
    width = min(max(width, _NARROWEST), _WIDEST)
    yield from _drift(plan, types, width)
    yield from cached_lines(plan.cached, fell_back, width)
    yield from doubt_lines(plan, width)
    if plan.visible:
        yield from _legend(plan)
        for name in SYMBOLS:
            for change in plan.visible:
                if kind(change) == name:
                    yield from _indented(change, types, width)
    yield from output_lines(plan, width)
    if inexact := restoration_summary(plan):
        yield from (line(row, "warning") for row in wrapped(inexact, width))
        yield BLANK
    if reach := reach_text(plan):
        yield from (line(row, "quiet") for row in wrapped(reach, width))
        yield BLANK
    last = summary(plan, cost)
    yield line(last, "good" if last == NO_CHANGES else "title")  # in one line, for programs that look for it


def _indented(change: Change, types: Types, width: int) -> Iterator[Line]:
    for row in change_lines(change, types, width - 2):
        yield row.indented(2)
    yield BLANK


def _legend(plan: Plan) -> Iterator[Line]:
    yield line("Reconciler will:", "title")
    found = counts(plan)
    for name, symbol in SYMBOLS.items():
        if count := found.get(name):
            yield Line((Span(f"  {symbol:>3} ", MEANINGS[name]), Span(f"{name} {count:,}")))
    yield BLANK


def _drift(plan: Plan, types: Types, width: int) -> Iterator[Line]:
    if not plan.drift:
        return
    yield line("Changed outside of reconciler since the last run:", "title")
    yield BLANK
    for found in plan.drift:
        for row in drift_lines(found, types, width - 2):
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


def output_lines(plan: Plan, width: int) -> Iterator[Line]:
    """The outputs that change."""
    changed = [output for output in plan.outputs if output.is_changed]
    if not changed:
        return
    yield line("Outputs:", "title")
    pad = max(len(output.name) for output in changed)
    for output in changed:
        for row in _output(output, pad, width - 2):
            yield row.indented(2)
    yield BLANK


def _output(output: PlannedOutput, pad: int, width: int) -> Iterator[Line]:
    before, after = _hidden(output, output.before), _hidden(output, output.after)
    if output.is_removed:
        yield from assigned("-", output.name, before, pad=pad, width=width)
    elif output.before is None:
        yield from assigned("+", output.name, after, pad=pad, width=width)
    else:
        yield from altered(output.name, before, after, {}, pad=pad, width=width)


def _hidden(output: PlannedOutput, value: Value) -> Value:
    return Sensitive(value) if output.is_sensitive and value is not None else value
