"""Resources of one ``for_each`` to which the same happens are shown once, with all their keys."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from reconciler.address import Address
from reconciler.plan.change import Change
from reconciler.plan.world import Types
from reconciler.views.change_text import detail_lines, header_lines, meaning_of, what_happens
from reconciler.views.line import Line, line, wrapped
from reconciler.views.plan_groups import dangers
from reconciler.views.text_difference import LEFT_OUT
from reconciler.views.value_rows import Frame
from reconciler.views.value_text import value_text

_FEWEST = 3
"""Alike changes that are worth a sentence of their own."""
MOST_KEYS = 40
"""Keys that are named, where nothing is lost; of more there is a count, unless all are asked for."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One change, or several that are alike, with all there is to show of them."""

    changes: tuple[Change, ...]
    lines: tuple[Line, ...]


def entries(changes: Iterable[Change], types: Types, frame: Frame) -> Iterator[Entry]:
    """The changes in their order, those of one ``for_each`` that are alike as one."""
    for alike, details in _alike(changes, types, frame):
        if len(alike) == 1:
            first = alike[0]
            head = header_lines(str(first.address), what_happens(first), meaning_of(first), frame.width)
        else:
            head = _folded(alike, frame)
        yield Entry(tuple(alike), (*head, *details))


def _alike(
    changes: Iterable[Change], types: Types, frame: Frame
) -> Iterator[tuple[list[Change], list[Line]]]:
    """Changes that are alike, with the lines they share."""
    found: dict[object, tuple[list[Change], list[Line]]] = {}
    for place, change in enumerate(changes):
        details = list(detail_lines(change, types, frame))
        alike: object = place
        if change.address.key is not None and not frame.shows_all:
            texts = tuple(map(str, details))
            if not any(LEFT_OUT in text for text in texts):
                alike = (_family(change.address), change.provider, what_happens(change), texts)
        found.setdefault(alike, ([], details))[0].append(change)
    for group, details in found.values():
        if len(group) >= _FEWEST:
            yield group, details
        else:
            yield from (([change], details) for change in group)


def _family(address: Address) -> Address:
    return replace(address, key=None)


def subject_of(alike: Sequence[Change]) -> str:
    """``40 of github_issue_label.triage``."""
    return f"{len(alike):,} of {_family(alike[0].address)}"


def _folded(alike: Sequence[Change], frame: Frame) -> Iterator[Line]:
    first = alike[0]
    text = f"{what_happens(first, is_several=True)}, all in the same way"
    yield from header_lines(subject_of(alike), text, meaning_of(first), frame.width)
    if dangers(alike):
        yield from (line(str(change.address), indent=4) for change in alike)
        return
    keys = [value_text(change.address.key) for change in alike]
    more = f" and {len(keys) - MOST_KEYS:,} more: {LEFT_OUT}" if len(keys) > MOST_KEYS else ""
    named = ", ".join(keys[:MOST_KEYS]) + more
    yield from (line(row) for row in wrapped(named, frame.width, first="    "))
