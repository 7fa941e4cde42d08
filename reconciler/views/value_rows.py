"""One or two values in lines, as far as there is nothing within them to be told apart."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from reconciler.values import Digest, Sensitive, Unknown, Value, is_known
from reconciler.views.cells import cells, padded
from reconciler.views.differences import Difference
from reconciler.views.escape import printable
from reconciler.views.line import Line, Meaning, Span, line
from reconciler.views.plan_summary import number
from reconciler.views.text_difference import (
    LEFT_OUT,
    SPACES_SHOWN,
    excerpts,
    explicit,
    look_alike,
    shortened,
)
from reconciler.views.value_text import folded_text, value_lines, value_text

MEANING: dict[str, Meaning] = {"+": "create", "-": "delete", "~": "update"}
CHANGED = Span("~", "update")
NESTED = 4
"""Cells that what is within an attribute stands further to the right."""
MOST_LINES = 60
"""Lines of one value that are shown, unless all are asked for; of more there is a count."""
_LONG_TEXT = 1_000
"""Characters of a text in one line that are shown, unless all are asked for."""


@dataclass(frozen=True, slots=True)
class Frame:
    """How there is to be shown: in ``width`` cells; names in a column of ``pad``; with ``shows_all``
    nothing is left out for its length; with ``tells_forcing`` parts that force a replacement are marked."""

    width: int
    pad: int = 0
    shows_all: bool = False
    tells_forcing: bool = False


def both(name: str, found: Difference, frame: Frame, note: str) -> Iterator[Line]:
    """``~ name = before → after``, below each other where they do not fit side by side."""
    name = padded(name, frame.pad)
    old, new = _texts(found)
    remark = ""
    if is_text(found):
        if look_alike(found.before, found.after):
            old, new = explicit(old), explicit(new)
            remark = SPACES_SHOWN if "·" in old + new else ""
        elif not frame.shows_all:
            old, new, left_out = excerpts(old, new, 3 * frame.width)
            remark = f"{number(left_out, 'equal character')} hidden" if left_out else ""
    head = f"{name} = "
    one_line = Line(
        (Span(head), value_span(old, found.before), Span(" → "), value_span(new, found.after)), sign=CHANGED
    )
    has_containers = isinstance(found.before, dict | list) or isinstance(found.after, dict | list)
    if cells(str(one_line)) + (len(note) + 4 if note and not has_containers else 0) <= frame.width:
        yield from noted(one_line, note, frame)
    else:
        room = frame.width - 2 - cells(head)
        was = list(_rows(old, found.before, room, _texts(found)[0]))
        will_be = list(_rows(new, found.after, room, _texts(found)[1]))
        first = Line((Span(head), value_span(was[0], found.before)), sign=CHANGED)
        yield from noted(first, note, frame)
        below = cells(head) + 2
        yield from (Line((value_span(row, found.before),), below) for row in was[1:])
        yield Line((Span("→ "), value_span(will_be[0], found.after)), below - 2)
        yield from (Line((value_span(row, found.after),), below) for row in will_be[1:])
    if remark:
        yield line(f"# {remark}", "quiet", 2)


def _rows(text: str, value: Value, width: int, whole: str) -> Iterator[str]:
    """``text`` stands for ``value``: in as many lines as it takes."""
    if isinstance(value, dict | list) and text == whole and not isinstance(value, Unknown):
        return value_lines(value, width)
    return folded_text(text, width)


def valued(sign: Span, head: str, value: Value, frame: Frame, note: str) -> Iterator[Line]:
    """One value behind its sign and ``head``, in as many lines as it takes."""
    room = frame.width - 2 - cells(printable(head))
    if isinstance(value, str) and not frame.shows_all and len(value) > _LONG_TEXT:
        rows = list(folded_text(shortened(value_text(value), _LONG_TEXT), room))
    else:
        rows = list(value_lines(value, room))
    yield from noted(Line((Span(head), value_span(rows[0], value)), sign=sign), note, frame)
    is_text = isinstance(value, str)
    shown = rows if frame.shows_all or is_text else rows[:MOST_LINES]
    for row in shown[1:]:
        yield line(row, indent=2 + (cells(head) if is_text else 0))
    if len(rows) > len(shown):
        yield line(f"# {number(len(rows) - len(shown), 'more line')}: {LEFT_OUT}", "quiet", NESTED)


def arrow(found: Difference) -> tuple[Span, Span, Span]:
    """Both values, as far as they may be shown, in the middle of a line."""
    old, new = _texts(found)
    return value_span(old, found.before), Span(" → "), value_span(new, found.after)


def _texts(found: Difference) -> tuple[str, str]:
    """Both values in a line each; what was, too, is hidden where what will be must not be shown."""
    hides = isinstance(found.after, Sensitive | Digest)
    old = value_text(found.after) if hides and found.before is not None else value_text(found.before)
    new = value_text(found.after)
    if hides and isinstance(found.before, Sensitive | Digest):
        new = "(sensitive, another value)" if found.is_certain else "(sensitive, cannot be compared)"
    return old, new


def text_row(sign: str, text: str, width: int) -> Iterator[Line]:
    """A line of a text; what does not fit goes on after ``↳``, which is no sign of its own."""
    meaning = MEANING.get(sign, "")
    room = max(width - NESTED - 2, 20)
    first, *rest = folded_text(text, room, "") if cells(text) > room else [text]
    yield Line((Span(first),), NESTED, Span(sign, meaning))
    for row in rest:
        yield Line((Span("↳ ", "quiet"), Span(row)), NESTED)


def is_text(found: Difference) -> bool:
    """Whether a text becomes another."""
    return isinstance(found.before, str) and isinstance(found.after, str)


def value_span(text: str, value: Value) -> Span:
    """A value's text; quiet where it stands for what cannot be shown."""
    hidden = isinstance(value, Sensitive | Digest) or not is_known(value)
    return Span(text, "quiet" if hidden and not isinstance(value, dict | list) else "")


def noted(shown: Line, note: str, frame: Frame) -> Iterator[Line]:
    """The line with a note behind it, or below where there is no room."""
    if not note:
        yield shown
    elif cells(str(shown)) + len(note) + 4 <= frame.width:
        yield replace(shown, spans=(*shown.spans, Span(f"  # {note}", "replace")))
    else:
        yield shown
        yield line(f"# {note}", "replace", shown.indent + 2)
