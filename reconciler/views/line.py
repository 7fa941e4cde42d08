"""Lines of text whose parts know what they mean, so that colour is a matter of who shows them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from reconciler.views.cells import cells, padded
from reconciler.views.escape import printable

Meaning = Literal["", "create", "update", "delete", "replace", "read", "title", "quiet", "warning", "good"]
"""What a piece of text is about; a terminal gives each its colour."""


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of text. Its content is escaped when it is shown, not before."""

    text: str
    meaning: Meaning = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of output: so many spaces, a sign and a space if it has one, and what it says.

    The sign (``+``, ``-``, ``~``) stands apart, because markdown wants it in the first column.
    """

    spans: tuple[Span, ...] = ()
    indent: int = 0
    sign: Span | None = None

    def __str__(self) -> str:
        return printable("".join(span.text for span in self.pieces)).rstrip()

    @property
    def pieces(self) -> tuple[Span, ...]:
        """All that a terminal shows, in order."""
        spaces = (Span(" " * self.indent),) if self.indent else ()
        if self.sign is None:
            return (*spaces, *self.spans)
        return (*spaces, self.sign, Span(" "), *self.spans)

    def indented(self, by: int) -> "Line":
        """The line, further to the right."""
        return Line(self.spans, self.indent + by, self.sign) if by else self


BLANK = Line()


def line(text: str, meaning: Meaning = "", indent: int = 0) -> Line:
    """A line in one colour."""
    return Line((Span(text, meaning),), indent)


def plain(lines: Iterable[Line]) -> str:
    """The lines as text without colour, each with its newline; harmless on a terminal."""
    return "".join(f"{shown}\n" for shown in lines)


def wrapped(text: str, width: int, *, first: str = "", then: str | None = None) -> Iterator[str]:
    """The words of a text in lines of at most ``width`` cells, where words allow.

    ``first`` comes before the first line, ``then`` (as many spaces, by default) before the others.
    """
    indent = " " * cells(first) if then is None else then
    row, prefix, taken = "", first, 0
    for word in text.split():
        room = cells(printable(word))
        if row and cells(prefix) + taken + 1 + room > width:
            yield prefix + row
            row, prefix, taken = word, indent, room
        else:
            row, taken = (f"{row} {word}", taken + 1 + room) if row else (word, room)
    yield prefix + row


def columns(rows: Iterable[tuple[str, ...]], *, gap: int = 2) -> Iterator[str]:
    """The rows with their cells aligned; the last cell is as long as it likes."""
    table = [tuple(printable(cell) for cell in row) for row in rows]
    if not table:
        return
    widths = [max(cells(row[at]) for row in table) for at in range(len(table[0]))]
    for row in table:
        aligned = (padded(cell, size) for cell, size in zip(row[:-1], widths, strict=False))
        yield (" " * gap).join((*aligned, row[-1])).rstrip()
