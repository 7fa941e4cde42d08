"""Lines of text whose parts know what they mean, so that colour is a matter of who shows them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

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
    """One line of output."""

    spans: tuple[Span, ...] = ()

    def __str__(self) -> str:
        return printable("".join(span.text for span in self.spans)).rstrip()

    def indented(self, by: int) -> "Line":
        """The line, further to the right."""
        return Line((Span(" " * by), *self.spans)) if by else self


BLANK = Line()


def line(text: str, meaning: Meaning = "") -> Line:
    """A line in one colour."""
    return Line((Span(text, meaning),))


def plain(lines: Iterable[Line]) -> str:
    """The lines as text without colour, each with its newline; harmless on a terminal."""
    return "".join(f"{shown}\n" for shown in lines)


def wrapped(text: str, width: int, *, first: str = "", then: str | None = None) -> Iterator[str]:
    """The words of a text in lines of at most ``width`` characters, where words allow.

    ``first`` comes before the first line, ``then`` (as many spaces, by default) before the others.
    """
    indent = " " * len(first) if then is None else then
    row, prefix = "", first
    for word in text.split():
        if row and len(prefix) + len(row) + 1 + len(word) > width:
            yield prefix + row
            row, prefix = word, indent
        else:
            row = f"{row} {word}" if row else word
    yield prefix + row


def columns(rows: Iterable[tuple[str, ...]], *, gap: int = 2) -> Iterator[str]:
    """The rows with their cells aligned; the last cell is as long as it likes."""
    table = [tuple(printable(cell) for cell in row) for row in rows]
    if not table:
        return
    widths = [max(len(row[at]) for row in table) for at in range(len(table[0]))]
    for row in table:
        cells = (cell.ljust(size) for cell, size in zip(row[:-1], widths, strict=False))
        yield (" " * gap).join((*cells, row[-1])).rstrip()
