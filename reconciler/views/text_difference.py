"""What differs within two long texts, line by line, and within a line what the eye would not see."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from reconciler.views.alignment import equal_runs
from reconciler.views.escape import printable
from reconciler.views.plan_summary import number

CONTEXT = 2
"""Unchanged lines shown on either side of a change."""
MOST_ROWS = 80
"""Lines of a difference that are shown; of more there is a count, unless all are asked for."""
SPACES_SHOWN = "· is a space"
LEFT_OUT = "-v shows all"
"""What ends a remark that something was left out for its length."""

_AROUND = 60
"""Equal characters shown on either side of what differs within a long line."""
_LONGEST_WORD = 40
"""Characters: of what is longer a part is left out all the same."""
_UNSEEN = re.compile("[\u00ad\u034f\u180e\u200b-\u200d\u2060-\u2064\ufe00-\ufe0f]")


@dataclass(frozen=True, slots=True)
class TextRow:
    """A line that goes (``-``), comes (``+``) or stays (a space), or a remark (``#``) in their place."""

    sign: Literal["-", "+", " ", "#"]
    text: str


def is_long(before: str, after: str) -> bool:
    """Whether two texts are better compared line by line: one of them has several lines."""
    return "\n" in before.rstrip("\n") or "\n" in after.rstrip("\n")


def text_rows(before: str, after: str, *, shows_all: bool = False) -> list[TextRow]:
    """The lines that differ, with some that stay around them, in the order of the text.

    The time it takes grows with the length of the texts, whatever they hold.
    """
    old, new = _lines(before), _lines(after)
    rows = list(_with_context(_compared(old, new)))
    if before.endswith("\n") is not after.endswith("\n"):
        end = "gets a newline at its end" if after.endswith("\n") else "loses the newline at its end"
        rows.append(TextRow("#", f"the text {end}"))
    if any("·" in row.text and row.sign in "+-" for row in rows):
        rows.append(TextRow("#", SPACES_SHOWN))
    if shows_all or len(rows) <= MOST_ROWS:
        return rows
    more = sum(row.sign in "+-" for row in rows[MOST_ROWS:])
    verb = "differs" if more == 1 else "differ"
    left_out = f"{number(more, 'more line')} {verb}: {LEFT_OUT}"
    return [*rows[:MOST_ROWS], TextRow("#", left_out)]


def look_alike(before: str, after: str) -> bool:
    """Whether a reader would take two texts for the same: only white space, or what is not seen, differs."""
    return _seen(before) == _seen(after)


def explicit(text: str) -> str:
    """The text with all that the eye would not see: spaces as ``·``, all that is not ASCII as escapes."""
    return "".join("·" if one == " " else one if one.isascii() else _escaped(one) for one in printable(text))


def excerpts(before: str, after: str, room: int) -> tuple[str, str, int]:
    """Two long texts in one line each, without most of what is equal at their beginnings and ends.

    ``…`` stands for what is left out. Last the number of characters that stand for themselves no more: 0
    when the texts are short enough for ``room``, and are as they were.
    """
    if max(len(before), len(after)) <= room:
        return before, after, 0
    head = _common(before, after)
    tail = _common(before[head:][::-1], after[head:][::-1])
    begin = max(head - _AROUND, 0)
    if (space := before.rfind(" ", max(begin - _LONGEST_WORD, 0), begin)) >= 0:
        begin = space + 1
    left_out = max(tail - _AROUND, 0)
    end = len(before) - left_out
    if (space := before.find(" ", end, end + _LONGEST_WORD)) >= 0:
        left_out = len(before) - space
    return (
        _cut(before, begin, left_out, room),
        _cut(after, begin, left_out, room),
        begin + left_out,
    )


def shortened(text: str, most: int) -> str:
    """The text, or its beginning and how much follows."""
    if len(text) <= most:
        return text
    return f"{text[:most]} … and {number(len(text) - most, 'more character')}: {LEFT_OUT}"


def _cut(text: str, begin: int, left_out: int, room: int) -> str:
    end = len(text) - left_out
    middle = shortened(text[begin:end], 4 * room)
    head = ("… " if text[begin - 1] == " " else "…") if begin else ""
    tail = (" …" if text[end] == " " else "…") if left_out else ""
    return f"{head}{middle}{tail}"


def _common(one: str, two: str) -> int:
    """The length of the common beginning."""
    low, high = 0, min(len(one), len(two))
    while low < high:  # by halves: comparing slices is far quicker than comparing characters
        middle = (low + high + 1) // 2
        low, high = (middle, high) if one[low:middle] == two[low:middle] else (low, middle - 1)
    return low


def _lines(text: str) -> list[str]:
    return text.removesuffix("\n").split("\n") if text else []


def _compared(old: Sequence[str], new: Sequence[str]) -> Iterator[TextRow]:
    start = other = 0
    for place, opposite, size in [*equal_runs(old, new), (len(old), len(new), 0)]:
        yield from _replaced(old[start:place], new[other:opposite])
        yield from (TextRow(" ", text) for text in old[place : place + size])
        start, other = place + size, opposite + size


def _replaced(old: Sequence[str], new: Sequence[str]) -> Iterator[TextRow]:
    alike = len(old) == len(new) and all(map(look_alike, old, new))
    show = explicit if alike else _with_its_end
    yield from (TextRow("-", show(text)) for text in old)
    yield from (TextRow("+", show(text)) for text in new)


def _with_its_end(text: str) -> str:
    """A line whose last spaces can be seen."""
    bare = text.rstrip(" ")
    return bare + "·" * (len(text) - len(bare))


def _with_context(rows: Iterator[TextRow]) -> Iterator[TextRow]:
    """The rows without those that stay and are far from any that does not."""
    found = list(rows)
    is_shown = bytearray(len(found))
    for at, row in enumerate(found):
        if row.sign != " ":
            begin, end = max(at - CONTEXT, 0), min(at + CONTEXT + 1, len(found))
            is_shown[begin:end] = b"\x01" * (end - begin)
    start = 0
    while start < len(found):
        end = is_shown.find(1 - is_shown[start], start)
        end = len(found) if end < 0 else end
        if is_shown[start] or end - start == 1:
            yield from found[start:end]
        else:
            yield TextRow("#", f"{end - start:,} unchanged lines hidden")
        start = end


def _seen(text: str) -> str:
    plain = text if text.isascii() else _UNSEEN.sub("", unicodedata.normalize("NFC", text))
    return "".join(plain.split())


def _escaped(one: str) -> str:
    return f"\\u{ord(one):04x}" if ord(one) <= 0xFFFF else f"\\U{ord(one):08x}"
