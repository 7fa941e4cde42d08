"""The canonical layout of a YAML file: text in, the same text with other white space and quotes out.

The scanner's tokens are written one after the other, and what lies between them is made anew. So nothing can
be lost: every token stays on the line on which it stands, and every comment where it is. ``layout_check``
looks again all the same.
"""

from collections.abc import Iterator
from typing import Any

from yaml.tokens import (
    AnchorToken,
    FlowEntryToken,
    FlowMappingEndToken,
    FlowMappingStartToken,
    FlowSequenceEndToken,
    FlowSequenceStartToken,
    ScalarToken,
    StreamEndToken,
    StreamStartToken,
    TagToken,
    ValueToken,
)

from reconciler.config.layout_levels import Levels
from reconciler.config.layout_rows import Row, Rows, width
from reconciler.config.layout_scalars import LayoutError, block_of, folded, requoted
from reconciler.config.parse import MakeParser, best_parser
from reconciler.config.source import LINE_BREAK

_BLANKS = " \t"
_OPENING = (FlowSequenceStartToken, FlowMappingStartToken)
_CLOSING = (FlowSequenceEndToken, FlowMappingEndToken)
_NEEDS_SPACE = (AnchorToken, TagToken, ValueToken)
_ENDS_KEY = (ScalarToken, *_CLOSING)


def laid_out(text: str, make_scanner: MakeParser = best_parser) -> str:
    """The text in canonical layout.

    Raises YAMLError for what the scanner does not understand, and LayoutError.
    """
    layout = _Layout(text)
    for token in tokens(text, make_scanner):
        layout.take(token)
    return layout.rows.joined()


def tokens(text: str, make_scanner: MakeParser = best_parser) -> Iterator[Any]:
    """The scanner's tokens; raises YAMLError."""
    scanner: Any = make_scanner(text)
    while (token := scanner.get_token()) is not None:
        yield token


class _Layout:
    """Writes tokens; ``_at`` is how far in the source everything has been written."""

    def __init__(self, text: str) -> None:
        self.rows = Rows()
        self._text = text
        self._at = 0
        self._line_at = 0  # where in the source the line begins that is being written
        self._shift = 0  # by how much it has moved to the right
        self._levels = Levels()
        self._last: type | None = None

    def take(self, token: Any) -> None:
        """Write the next token."""
        kind = type(token)
        if kind is StreamEndToken:
            self._between(self._text[self._at :] + "\n", 0, 0)
        elif kind is not StreamStartToken and self._levels.open(token):
            self._put(token, kind)

    def _put(self, token: Any, kind: type) -> None:
        start: int = token.start_mark.index
        between = self._text[self._at : start]
        if self._last is None or (between not in ("", " ") and LINE_BREAK.search(between)):
            self._begin_line(token, between)
        elif between.strip(_BLANKS):
            raise LayoutError(f"from line {token.start_mark.line + 1} on, before {kind.__name__}")
        else:
            if kind in _CLOSING and self._last is FlowEntryToken:
                self.rows.last.take_back()
            if self._wants_space(kind):
                self.rows.last.write(" ")
        now = self.rows.last.length
        self._at = token.end_mark.index
        raw = self._text[start : self._at]
        if kind is ScalarToken:
            self._scalar(token, raw)
        else:
            self.rows.last.write(raw)
        self._levels.passed(token, now, self._shift)
        self._last = kind

    def _wants_space(self, kind: type) -> bool:
        """Whether a space goes before a token of this kind, on the line of the one before it."""
        if self._last in _OPENING:
            return False
        if self._last in _NEEDS_SPACE:
            return True
        if kind is ValueToken:
            return self._last not in _ENDS_KEY
        return kind is not FlowEntryToken and kind not in _CLOSING

    def _begin_line(self, token: Any, between: str) -> None:
        before = token.start_mark.column
        now = self._levels.column(token)
        self._between(between, before, now)
        self.rows.add(Row(" " * now))
        self._line_at = token.start_mark.index - before
        self._shift = now - before

    def _between(self, text: str, before: int, now: int) -> None:
        """Write what stands between two lines with tokens: the comment of the first, comments, blank lines.

        The next token's line has been at the column ``before``, and is at ``now``.
        """
        lines = LINE_BREAK.split(text)[:-1]
        if self._last is not None and (comment := _comment(lines.pop(0))):
            self.rows.last.comment = comment
            self.rows.last.column = width(self._text[self._line_at : self._text.index("#", self._at)])
        for line in lines:
            comment = _comment(line)
            column = line.find("#")
            if not comment:
                self.rows.add(Row(is_gap=True))
            elif column != before and self.rows.goes_on(column):
                self.rows.add(Row("", comment, column))
            else:
                self.rows.add(Row(" " * self._levels.comment_column(column, before, now) + comment))

    def _scalar(self, token: Any, raw: str) -> None:
        row = self.rows.last
        if token.style and token.style in "|>":
            self._block(raw)
            return
        if not token.plain:
            raw = requoted(raw)
        if token.start_mark.line == token.end_mark.line:
            row.write(raw)
            return
        lines = folded(raw, self._folded_column)
        text, end = next(lines)
        row.write(text)
        row.end = end
        for text, end in lines:
            self.rows.add(Row(text, end=end))
        self._line_at = self._at - token.end_mark.column

    def _folded_column(self, line: str) -> int:
        """Where a further line of a text goes."""
        if self._levels.is_flow:
            return self._levels.shifted(len(line) - len(line.lstrip(_BLANKS)))
        return self._levels.text_column

    def _block(self, raw: str) -> None:
        block = block_of(raw, self._levels.parent)
        row = self.rows.last
        start = self._at - len(raw)
        row.write(block.header)
        if block.comment:
            row.comment = block.comment
            row.column = width(self._text[self._line_at : start + block.comment_at])
        self._at = start + block.length
        pad = " " * self._levels.text_column
        for line, end in block.lines:
            self.rows.add(Row(pad + line if line else "", end=end))


def _comment(line: str) -> str:
    """The comment in a line that holds nothing else, or nothing."""
    text = line.strip(_BLANKS)
    if text and text[0] != "#":
        raise LayoutError("a line between two others is neither blank nor a comment")
    return text
