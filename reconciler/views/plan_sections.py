"""A plan for a page: what a reader must know at once, and the parts to fold away."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from reconciler.plan.action import Action
from reconciler.plan.change import Change, Plan
from reconciler.plan.world import Types
from reconciler.views.cache_text import rests_on_text
from reconciler.views.change_text import drift_lines, meaning_of, what_happens, why
from reconciler.views.folding import Entry, entries, subject_of
from reconciler.views.line import Meaning
from reconciler.views.plan_groups import (
    DANGERS,
    SYMBOLS,
    counted,
    danger,
    dangers,
    most_dangerous_first,
    services_of,
    title,
)
from reconciler.views.plan_summary import kind
from reconciler.views.plan_text import output_lines
from reconciler.views.value_rows import Frame
from reconciler.views.way_back_text import restoration_texts


@dataclass(frozen=True, slots=True)
class Section:
    """A part to fold away: its heading, and its entries."""

    heading: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the table to glance at: a sign, what it is about, what happens, and why."""

    meaning: Meaning
    symbol: str
    subject: str
    what: str
    why: str


def sections(plan: Plan, types: Types, frame: Frame) -> Iterator[Section]:
    """The most dangerous first, so that what does not fit is the least of it."""
    for heading, changes in _groups(plan):
        yield Section(heading, tuple(entries(changes, types, frame)))
    if plan.drift:
        found = (
            Entry((), tuple(drift_lines(each, types, frame.width, shows_all=frame.shows_all)))
            for each in plan.drift
        )
        yield Section("Changed outside of reconciler since the last run", tuple(found))
    if rows := list(output_lines(plan, frame)):
        yield Section("Outputs", (Entry((), tuple(row.indented(-2) for row in rows[1:-1])),))


def table(parts: Iterable[Section]) -> list[Row]:
    """A row for each entry, and for each single resource that is destroyed or replaced; these come first."""
    rows: list[tuple[int, Row]] = []
    for part in parts:
        for entry in part.entries:
            if not entry.changes:
                continue
            first = entry.changes[0]
            if len(entry.changes) == 1 or kind(first) in DANGERS:
                subjects = [str(change.address) for change in entry.changes]
                what = what_happens(first)
            else:
                subjects, what = [subject_of(entry.changes)], what_happens(first, is_several=True)
            about = (what, reason(first))
            rows += [
                (danger(first), Row(meaning_of(first), SYMBOLS[kind(first)], each, *about))
                for each in subjects
            ]
    return [row for _, row in sorted(rows, key=lambda pair: -pair[0])]


def _groups(plan: Plan) -> Iterator[tuple[str, list[Change]]]:
    services = services_of(plan.visible)
    groups = [group for service in services for group in service.groups]
    if len(groups) < 2:
        for name in reversed(SYMBOLS):
            if found := [change for change in plan.visible if kind(change) == name]:
                yield f"{len(found):,} to {name}", found
        return
    if found := dangers(most_dangerous_first(plan.visible)):
        yield counted(found), found
    for service in services:
        for group in service.groups:
            changes = most_dangerous_first(group.changes)
            if harmless := [change for change in changes if kind(change) not in DANGERS]:
                yield title(group, services, harmless), harmless


def reason(change: Change) -> str:
    """Why a change happens, in a few words."""
    told = f"goes with {change.goes_with}" if change.goes_with else why(change)
    if change.action is Action.UPDATE and not told:
        told = f"{', '.join(sorted(change.changed))} differ{'s' if len(change.changed) == 1 else ''}"
    along = f"comes along: {change.along}" if change.along else ""
    cached = rests_on_text(change.as_of) if change.as_of is not None else ""
    return "; ".join(part for part in (told, along, cached) if part)


def lost(plan: Plan) -> list[tuple[Change, str]]:
    """What cannot be undone exactly, and why."""
    return [(change, change.irreversible) for change in plan.visible if change.irreversible]


def not_restored(plan: Plan) -> list[tuple[Change, str]]:
    """What a rollback does not bring back as it was."""
    return [(change, text) for change in plan.visible for text in restoration_texts(change.way_back)]
