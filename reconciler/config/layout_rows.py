"""The lines that a layout is made of, their comments, and the blank lines between them."""

import unicodedata

_GAP = 2
"""Spaces before a comment at the end of a line."""


class Row:
    """A line: its text, and the comment at its end.

    ``column`` is where the comment stood in the source. A comment on a line of its own is text, unless it
    goes on with the one above it. ``is_gap`` is a blank line that is not part of a text. ``end`` is what
    ends the line: the two line separators of Unicode are a part of a text. ``length`` is the text's, in
    characters.
    """

    __slots__ = ("_parts", "column", "comment", "end", "is_gap", "length")

    def __init__(
        self, text: str = "", comment: str = "", column: int = -1, *, is_gap: bool = False, end: str = "\n"
    ) -> None:
        self._parts = [text]  # joined at the end: a whole file may be one line
        self.length = len(text)
        self.comment = comment
        self.column = column
        self.is_gap = is_gap
        self.end = end

    def write(self, text: str) -> None:
        """Go on with the text."""
        self._parts.append(text)
        self.length += len(text)

    def take_back(self) -> None:
        """Remove what was written last."""
        self.length -= len(self._parts.pop())

    @property
    def text(self) -> str:
        """The text so far."""
        return "".join(self._parts)


class Rows:
    """The lines so far."""

    def __init__(self) -> None:
        self._rows: list[Row] = []

    @property
    def last(self) -> Row:
        """The line that is being written; there must be one."""
        return self._rows[-1]

    def add(self, row: Row) -> None:
        """Begin another line; a blank one only between others, and never two of them."""
        if not row.is_gap or (self._rows and not self._rows[-1].is_gap):
            self._rows.append(row)

    def goes_on(self, column: int) -> bool:
        """Whether a comment line at this column of the source goes on with the comment above it."""
        return bool(self._rows) and self._rows[-1].comment != "" and self._rows[-1].column == column

    def joined(self) -> str:
        """The text of all lines."""
        rows = self._rows
        while rows and rows[-1].is_gap:
            rows.pop()
        first = 0
        while first < len(rows):
            after = first + 1
            if rows[first].comment:
                while after < len(rows) and rows[after].comment and rows[after].column == rows[first].column:
                    after += 1
                _align(rows[first:after])
            first = after
        return "".join(row.text + row.end for row in rows)


def _align(rows: list[Row]) -> None:
    """Put the comments at the ends of these lines below each other, as their author had them."""
    texts = [row.text for row in rows]
    column = max(map(width, texts)) + _GAP
    for row, text in zip(rows, texts, strict=True):
        row.write(" " * (column - width(text)) + row.comment)


def width(text: str) -> int:
    """How many columns a text takes."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(character) else 2 if unicodedata.east_asian_width(character) in "WF" else 1
        for character in text
    )
