"""One attribute in a plan: what it is, was, and becomes."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from reconciler.values import Digest, Sensitive, Unknown, Value, is_known, is_sensitive
from reconciler.views.cells import cells, padded
from reconciler.views.differences import ABSENT, By, Difference, Step, compare
from reconciler.views.escape import printable
from reconciler.views.line import Line, Meaning, Span, line
from reconciler.views.plan_summary import number
from reconciler.views.sameness import Schema
from reconciler.views.text_difference import (
    LEFT_OUT,
    SPACES_SHOWN,
    excerpts,
    explicit,
    is_long,
    look_alike,
    shortened,
    text_rows,
)
from reconciler.views.value_text import folded_text, value_lines, value_text

MEANING: dict[str, Meaning] = {"+": "create", "-": "delete", "~": "update"}
FORCES = "forces replacement"

_NESTED = 4
_MOST_LINES = 60
"""Lines of one value that are shown, unless all are asked for; of more there is a count."""
_LONG_TEXT = 2_000
"""Characters of a text in one line that are shown, unless all are asked for."""


@dataclass(frozen=True, slots=True)
class Frame:
    """How there is to be shown: in ``width`` cells; names in a column of ``pad``; with ``shows_all``
    nothing is left out for its length; with ``tells_forcing`` parts that force a replacement are marked."""

    width: int
    pad: int = 0
    shows_all: bool = False
    tells_forcing: bool = False


def assigned(symbol: str, name: str, value: Value, frame: Frame, note: str = "") -> Iterator[Line]:
    """An attribute with one value: it is new, or goes."""
    sign = Span(symbol, MEANING[symbol])
    if isinstance(value, str) and "\n" in value.rstrip("\n"):
        rows = value.rstrip("\n").split("\n")
        head = Line((Span(f"{padded(name, frame.pad)} = text of {len(rows)} lines"),), sign=sign)
        yield from _noted(head, note, frame)
        shown = rows if frame.shows_all else rows[:_MOST_LINES]
        for row in shown:
            yield from _text_row(symbol, row, frame.width)
        if len(rows) > len(shown):
            yield line(f"# {number(len(rows) - len(shown), 'more line')}: {LEFT_OUT}", "quiet", _NESTED + 2)
        return
    head_text = f"{padded(name, frame.pad)} = " if name else ""
    yield from _valued(sign, head_text, value, frame, note)


def altered(
    name: str, before: Value, after: Value, schema: Schema, frame: Frame, note: str = ""
) -> Iterator[Line]:
    """An attribute that gets another value; of nested ones only the parts that differ."""
    found = compare(before, after, schema)
    if found is None:  # the one that said so knew more: secrets behind a keyed hash, for one
        head = Line((Span(f"{padded(name, frame.pad)} = "), _value(value_text(after), after)), sign=_CHANGED)
        told = " (a sensitive part differs)" if is_sensitive(after) else ""
        yield from _noted(replace(head, spans=(*head.spans, Span(told))), note, frame)
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


_CHANGED = Span("~", "update")


def _changed(name: str, found: Difference, frame: Frame, note: str = "") -> Iterator[Line]:
    if note == "" and frame.tells_forcing and found.forces:
        note = FORCES
    if not found.is_shown_whole:
        yield from _nested(name, found, frame, note)
    elif _is_text(found) and is_long(found.before, found.after):
        yield from _noted(Line((Span(name),), sign=_CHANGED), note, frame)
        for row in text_rows(found.before, found.after, shows_all=frame.shows_all):
            if row.sign == "#":
                yield line(f"# {row.text}", "quiet", _NESTED + 2)
            else:
                yield from _text_row(row.sign, row.text, frame.width)
    else:
        yield from _both(name, found, frame, note)


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
    yield from _noted(Line((Span(f"{name}{moved}"),), sign=_CHANGED), note, frame)
    names = [_label(part.step) for part in found.parts]
    inner = replace(
        frame,
        width=frame.width - _NESTED,
        pad=max((cells(each) for each in names if len(each) <= 32), default=0),
    )
    for label, part in zip(names, found.parts, strict=True):
        for row in _part(label, part, inner):
            yield row.indented(_NESTED)
    if found.unchanged:
        yield line(f"# {found.unchanged:,} unchanged hidden", "quiet", _NESTED + 2)


def _part(label: str, part: Difference, frame: Frame) -> Iterator[Line]:
    if part.before is not ABSENT and part.after is not ABSENT:
        yield from _changed(padded(label, frame.pad) if part.is_shown_whole else label, part, frame)
        return
    symbol, value = ("+", part.after) if part.before is ABSENT else ("-", part.before)
    note = FORCES if frame.tells_forcing and part.forces else ""
    if part.step is not None and part.step.by is By.NAME:
        yield from assigned(symbol, label, value, frame, note)
    else:
        yield from _valued(Span(symbol, MEANING[symbol]), "", value, frame, note)


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
        if _is_text(part) and (is_long(*values) or look_alike(*values)):
            return None
        comma = ", " if len(spans) > 1 else ""
        spans += [Span(f"{comma}{_label(part.step)}: "), *_arrow(part)]
    spans.append(Span(", …}" if found.unchanged else "}"))
    shown = Line(tuple(spans), sign=_CHANGED)
    return shown if cells(str(shown)) <= frame.width else None


def _arrow(found: Difference) -> tuple[Span, Span, Span]:
    old, new = _texts(found)
    return _value(old, found.before), Span(" → "), _value(new, found.after)


def _texts(found: Difference) -> tuple[str, str]:
    """Both values in a line each; what was, too, is hidden where what will be must not be shown."""
    hides = isinstance(found.after, Sensitive | Digest)
    old = value_text(found.after) if hides and found.before is not None else value_text(found.before)
    new = value_text(found.after)
    if hides and isinstance(found.before, Sensitive | Digest):
        new = "(sensitive, another value)" if found.is_certain else "(sensitive, cannot be compared)"
    return old, new


def _both(name: str, found: Difference, frame: Frame, note: str) -> Iterator[Line]:
    name = padded(name, frame.pad)
    old, new = _texts(found)
    remark = ""
    if _is_text(found):
        if look_alike(found.before, found.after):
            old, new = explicit(old), explicit(new)
            remark = SPACES_SHOWN if "·" in old + new else ""
        elif not frame.shows_all:
            old, new, left_out = excerpts(old, new, 3 * frame.width)
            remark = f"{number(left_out, 'equal character')} hidden" if left_out else ""
    head = f"{name} = "
    one_line = Line(
        (Span(head), _value(old, found.before), Span(" → "), _value(new, found.after)), sign=_CHANGED
    )
    has_containers = isinstance(found.before, dict | list) or isinstance(found.after, dict | list)
    if cells(str(one_line)) + (len(note) + 4 if note and not has_containers else 0) <= frame.width:
        yield from _noted(one_line, note, frame)
    else:
        room = frame.width - 2 - cells(head)
        was = list(_rows(old, found.before, room, _texts(found)[0]))
        will_be = list(_rows(new, found.after, room, _texts(found)[1]))
        first = Line((Span(head), _value(was[0], found.before)), sign=_CHANGED)
        yield from _noted(first, note, frame)
        below = cells(head) + 2
        yield from (Line((_value(row, found.before),), below) for row in was[1:])
        yield Line((Span("→ "), _value(will_be[0], found.after)), below - 2)
        yield from (Line((_value(row, found.after),), below) for row in will_be[1:])
    if remark:
        yield line(f"# {remark}", "quiet", 2)


def _rows(text: str, value: Value, width: int, whole: str) -> Iterator[str]:
    """``text`` stands for ``value``: in as many lines as it takes."""
    if isinstance(value, dict | list) and text == whole and not isinstance(value, Unknown):
        return value_lines(value, width)
    return folded_text(text, width)


def _valued(sign: Span, head: str, value: Value, frame: Frame, note: str) -> Iterator[Line]:
    room = frame.width - 2 - cells(printable(head))
    if isinstance(value, str) and not frame.shows_all and len(value) > _LONG_TEXT:
        rows = list(folded_text(shortened(value_text(value), _LONG_TEXT), room))
    else:
        rows = list(value_lines(value, room))
    yield from _noted(Line((Span(head), _value(rows[0], value)), sign=sign), note, frame)
    is_text = isinstance(value, str)
    shown = rows if frame.shows_all or is_text else rows[:_MOST_LINES]
    for row in shown[1:]:
        yield line(row, indent=2 + (cells(head) if is_text else 0))
    if len(rows) > len(shown):
        yield line(f"# {number(len(rows) - len(shown), 'more line')}: {LEFT_OUT}", "quiet", _NESTED)


def _text_row(sign: str, text: str, width: int) -> Iterator[Line]:
    """A line of a text; what does not fit goes on after ``↳``, which is no sign of its own."""
    meaning = MEANING.get(sign, "")
    room = max(width - _NESTED - 2, 20)
    first, *rest = folded_text(text, room, "") if cells(text) > room else [text]
    yield Line((Span(first),), _NESTED, Span(sign, meaning))
    for row in rest:
        yield Line((Span("↳ ", "quiet"), Span(row)), _NESTED)


def _label(step: Step | None) -> str:
    if step is None or step.by is By.MEMBERSHIP:
        return ""
    if step.by is By.KEY:
        return ", ".join(value_text(part) for part in step.to) if isinstance(step.to, tuple) else ""
    return f"[{step.to}]" if isinstance(step.to, int) else path_text([str(step.to)])


def _joined(step: Step) -> str:
    label = _label(step)
    return label if label.startswith("[") else f".{label}"


def _is_text(found: Difference) -> bool:
    return isinstance(found.before, str) and isinstance(found.after, str)


def _value(text: str, value: Value) -> Span:
    hidden = isinstance(value, Sensitive | Digest) or not is_known(value)
    return Span(text, "quiet" if hidden and not isinstance(value, dict | list) else "")


def _noted(shown: Line, note: str, frame: Frame) -> Iterator[Line]:
    """The line with a note behind it, or below where there is no room."""
    if not note:
        yield shown
    elif cells(str(shown)) + len(note) + 4 <= frame.width:
        yield replace(shown, spans=(*shown.spans, Span(f"  # {note}", "replace")))
    else:
        yield shown
        yield line(f"# {note}", "replace", shown.indent + 2)
