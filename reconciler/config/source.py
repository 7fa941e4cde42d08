"""One file's text, and places in it, made only when somebody asks."""

import re
from functools import cached_property

from reconciler.diagnostics import Place

_COLUMN_BITS = 24
_COLUMN_MASK = (1 << _COLUMN_BITS) - 1
LINE_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")  # what libyaml counts as the end of a line

_MAX_HIDDEN = 50
"""A line with more secrets than this is not shown at all."""

Position = int
"""A line and a column, both from 0, in one number: a stack has hundreds of thousands of them."""


def position(line: int, column: int) -> Position:
    """A line and a column (both from 0) as one number."""
    return line << _COLUMN_BITS | column


class Source:
    """The text of one file of a stack, under the name that messages call it by."""

    def __init__(self, name: str, text: str, *, is_secret: bool = False) -> None:
        self.name = name
        self.text = text
        self._is_secret = is_secret
        self._hidden: dict[int, list[tuple[int, str]]] = {}

    @cached_property
    def lines(self) -> list[str]:
        """The lines, without their ends."""
        return LINE_BREAK.split(self.text)

    def place(self, at: Position, offset_of: str = "") -> Place:
        """The place of a position, with its line; of ``offset_of`` where it stands on that line after it."""
        line, column = at >> _COLUMN_BITS, at & _COLUMN_MASK
        if offset_of and line < len(self.lines):
            column = max(column, self.lines[line].find(offset_of, column))
        return Place(self.name, line + 1, column + 1, self._shown(line))

    def shown_again(self, place: Place) -> Place:
        """The same place, with what has been hidden since it was made."""
        return Place(place.file, place.line, place.column, self._shown(place.line - 1))

    def hide(self, at: Position, text: str) -> None:
        """Never show a literal that is a secret: places on its lines show asterisks instead.

        One over several lines (a block, or folded) hides all lines below that are indented further.
        """
        line, column = at >> _COLUMN_BITS, at & _COLUMN_MASK
        self._hidden.setdefault(line, []).append((column, text))
        if line >= len(self.lines) or (text and self.lines[line].find(text, column) >= 0):
            return
        indentation = _indentation(self.lines[line])
        for below in range(line + 1, len(self.lines)):
            if self.lines[below].strip() and _indentation(self.lines[below]) <= indentation:
                break
            self._hidden.setdefault(below, []).append((0, ""))

    def _shown(self, line: int) -> str:
        if self._is_secret or line >= len(self.lines):
            return ""
        shown = self.lines[line]
        hidden = self._hidden.get(line, ())
        if len(hidden) > _MAX_HIDDEN:
            return ""
        for column, text in hidden:
            start = shown.find(text, column) if text else -1
            end = start + len(text) if start >= 0 else len(shown)
            start = max(start, column)
            shown = shown[:start] + "*" * (end - start) + shown[end:]
        return shown


def _indentation(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
