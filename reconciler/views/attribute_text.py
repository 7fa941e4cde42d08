"""One attribute in a plan: what it is, was, and becomes."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from reconciler.values import Value, is_sensitive
from reconciler.views.cells import cells, padded
from reconciler.views.differences import ABSENT, By, Difference, Step, compare
from reconciler.views.escape import printable
from reconciler.views.line import Line, Span, line
from reconciler.views.plan_summary import number
from reconciler.views.sameness import Schema
from reconciler.views.text_difference import LEFT_OUT, is_long, look_alike, text_rows
from reconciler.views.value_rows import (
    CHANGED,
    MEANING,
    MOST_LINES,
    NESTED,
    Frame,
    arrow,
    both,
    is_text,
    noted,
    text_row,
    value_span,
    valued,
)
from reconciler.views.value_text import value_text

FORCES = "forces replacement"

_LONGEST_ITEM = 40
"""Cells of an item that is called by itself."""


def assigned(symbol: str, name: str, value: Value, frame: Frame, note: str = "") -> Iterator[Line]:
    """An attribute with one value: it is new, or goes."""
    sign = Span(symbol, MEANING[symbol])
    if isinstance(value, str) and "\n" in value.rstrip("\n"):
        rows = value.rstrip("\n").split("\n")
        head = Line((Span(f"{padded(name, frame.pad)} = text of {len(rows)} lines"),), sign=sign)
        yield from noted(head, note, frame)
        shown = rows if frame.shows_all else rows[:MOST_LINES]
        for row in shown:
            yield from text_row(symbol, row, frame.width)
        if len(rows) > len(shown):
            yield line(f"# {number(len(rows) - len(shown), 'more line')}: {LEFT_OUT}", "quiet", NESTED + 2)
        return
    head_text = f"{padded(name, frame.pad)} = " if name else ""
    yield from valued(sign, head_text, value, frame, note)


def altered(
    name: str, before: Value, after: Value, schema: Schema, frame: Frame, note: str = ""
) -> Iterator[Line]:
    """An attribute that gets another value; of nested ones only the parts that differ."""
    found = compare(before, after, schema)
    if found is None:  # the one that said so knew more: secrets behind a keyed hash, for one
        told = " (a sensitive part differs)" if is_sensitive(after) else ""
        spans = (Span(f"{padded(name, frame.pad)} = "), value_span(value_text(after), after), Span(told))
        yield from noted(Line(spans, sign=CHANGED), note, frame)
        return
    yield from _changed(name, found, frame, note)


def path_text(path: Iterable[str | int]) -> str:
    """A way into a value as one would write it: ``checks[0].name``."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        elif step.isidentifier():
            text += f".{step}" if text else step
        else:
            text += f"[{value_text(step)}]"
    return text


def _changed(name: str, found: Difference, frame: Frame, note: str = "") -> Iterator[Line]:
    if note == "" and frame.tells_forcing and found.forces:
        note = FORCES
    if not found.is_shown_whole:
        yield from _nested(name, found, frame, note)
    elif is_text(found) and is_long(found.before, found.after):
        yield from noted(Line((Span(name),), sign=CHANGED), note, frame)
        for row in text_rows(found.before, found.after, shows_all=frame.shows_all):
            if row.sign == "#":
                yield line(f"# {row.text}", "quiet", NESTED + 2)
            else:
                yield from text_row(row.sign, row.text, frame.width)
    else:
        yield from both(name, found, frame, note)


def _nested(name: str, found: Difference, frame: Frame, note: str) -> Iterator[Line]:
    while len(found.parts) == 1 and not found.unchanged and not found.moved:
        only = found.parts[0]
        if only.step is None or only.step.by is not By.NAME or ABSENT in (only.before, only.after):
            break
        name, found = f"{name}{_joined(only.step)}", only  # a way without a fork is told in one line
        if found.is_shown_whole:
            yield from _changed(name, found, frame, note)
            return
    moved = f" moved from [{found.moved[0]}] to [{found.moved[1]}]" if found.moved else ""
    if not note and not moved and (inline := _inline(name, found, frame)):
        yield inline
        return
    yield from noted(Line((Span(f"{name}{moved}"),), sign=CHANGED), note, frame)
    names = [_part_label(part) for part in found.parts]
    inner = replace(
        frame,
        width=frame.width - NESTED,
        pad=max((cells(each) for each in names if len(each) <= 32), default=0),
    )
    for label, part in zip(names, found.parts, strict=True):
        for row in _part(label, part, inner):
            yield row.indented(NESTED)
    if found.unchanged:
        yield line(f"# {found.unchanged:,} unchanged hidden", "quiet", NESTED + 2)


def _part(label: str, part: Difference, frame: Frame) -> Iterator[Line]:
    if part.before is not ABSENT and part.after is not ABSENT:
        yield from _changed(padded(label, frame.pad) if part.is_shown_whole else label, part, frame)
        return
    symbol, value = ("+", part.after) if part.before is ABSENT else ("-", part.before)
    note = FORCES if frame.tells_forcing and part.forces else ""
    if part.step is not None and part.step.by is By.NAME:
        yield from assigned(symbol, label, value, frame, note)
    else:
        yield from valued(Span(symbol, MEANING[symbol]), "", value, frame, note)


def _inline(name: str, found: Difference, frame: Frame) -> Line | None:
    """An object of a list in one line, ``~ "bug" {color: "a" → "b", …}``; None where it does not fit."""
    if found.step is None or found.step.by not in (By.KEY, By.PLACE):
        return None
    spans: list[Span] = [Span(f"{name} {{")]
    for part in found.parts:
        values = (part.before, part.after)
        is_plain = part.is_shown_whole and ABSENT not in values and not (part.forces and frame.tells_forcing)
        if not is_plain or any(isinstance(value, dict | list) for value in values):
            return None
        if is_text(part) and (is_long(*values) or look_alike(*values)):
            return None
        comma = ", " if len(spans) > 1 else ""
        spans += [Span(f"{comma}{_label(part.step)}: "), *arrow(part)]
    spans.append(Span(", …}" if found.unchanged else "}"))
    shown = Line(tuple(spans), sign=CHANGED)
    return shown if cells(str(shown)) <= frame.width else None


def _label(step: Step | None) -> str:
    if step is None or step.by is By.MEMBERSHIP:
        return ""
    if isinstance(step.to, tuple):
        key = ", ".join(map(value_text, step.to))
        return key if len(step.to) == 1 else f"({key})"
    return f"[{step.to}]" if isinstance(step.to, int) else path_text([str(step.to)])


def _part_label(part: Difference) -> str:
    """What a part is called; an item that only moved, by itself, since its place no longer says anything."""
    if part.moved and not part.parts and part.step is not None and part.step.by is By.PLACE:
        text = value_text(part.after)
        return text if cells(printable(text)) <= _LONGEST_ITEM else _label(part.step)
    return _label(part.step)


def _joined(step: Step) -> str:
    label = _label(step)
    return label if label.startswith("[") else f".{label}"
