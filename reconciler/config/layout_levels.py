"""How far a line is indented in canonical layout: two columns for each mapping or list around it."""

from dataclasses import dataclass
from typing import Any

from yaml.tokens import (
    AnchorToken,
    BlockEndToken,
    BlockEntryToken,
    BlockMappingStartToken,
    BlockSequenceStartToken,
    FlowMappingEndToken,
    FlowMappingStartToken,
    FlowSequenceEndToken,
    FlowSequenceStartToken,
    KeyToken,
    TagToken,
    ValueToken,
)

INDENT = 2

_AT_LEVEL = (BlockEntryToken, KeyToken, ValueToken)
_OPENING = (FlowSequenceStartToken, FlowMappingStartToken)
_CLOSING = (FlowSequenceEndToken, FlowMappingEndToken)
_PROPERTIES = (AnchorToken, TagToken)


@dataclass(frozen=True, slots=True)
class _Level:
    """A mapping or list of indented lines that is open: ``column`` is where it stands in the source.

    ``is_flat`` is a list at the column of its own key, of which the scanner tells nothing.
    """

    column: int
    is_list: bool
    is_flat: bool = False


@dataclass(frozen=True, slots=True)
class _Bracket:
    """A bracket or brace that is open: its column before and now, and how far its line has moved."""

    before: int
    now: int
    shift: int


@dataclass(frozen=True, slots=True)
class _Home:
    """Where a comment may belong: a level's column before and now."""

    before: int
    now: int


class Levels:
    """What is open at a token: announced first (``open``), and ``passed`` when it has been written."""

    def __init__(self) -> None:
        self._levels: list[_Level] = []
        self._closed: list[_Home] = []  # since the last token
        self._hanging: _Home | None = None  # the level that would be below a key without a value
        self._brackets: list[_Bracket] = []
        self._is_key = False

    @property
    def is_flow(self) -> bool:
        """Whether a bracket or brace is open."""
        return bool(self._brackets)

    @property
    def value_column(self) -> int:
        """The column of what belongs to the innermost level without being one of its keys or dashes."""
        return INDENT * len(self._levels)

    @property
    def text_column(self) -> int:
        """The column of the further lines of a text."""
        return max(self.value_column, INDENT)

    @property
    def parent(self) -> int:
        """Where the scanner takes the innermost level to stand in the source; -1 outside of all."""
        return next((level.column for level in reversed(self._levels) if not level.is_flat), -1)

    def open(self, token: Any) -> bool:
        """Take notice of the next token. False for one of the scanner's own, which stands for no text."""
        kind = type(token)
        if kind is BlockMappingStartToken or kind is BlockSequenceStartToken:
            self._levels.append(_Level(token.start_mark.column, kind is BlockSequenceStartToken))
        elif kind is BlockEndToken:
            self._close_flat()
            self._close()
        elif kind is KeyToken and token.start_mark.index == token.end_mark.index:
            if not self._brackets:
                self._close_flat()
                self._is_key = True
        else:
            if not self._brackets:
                self._fit(kind, token)
            return True
        return False

    def _fit(self, kind: type, token: Any) -> None:
        if kind is BlockEntryToken:
            if self._levels and not self._levels[-1].is_list:
                self._levels.append(_Level(token.start_mark.column, is_list=True, is_flat=True))
        elif kind is KeyToken or kind is ValueToken:
            self._close_flat()

    def _close_flat(self) -> None:
        if self._levels and self._levels[-1].is_flat:
            self._close()

    def _close(self) -> None:
        self._closed.append(_Home(self._levels.pop().column, self.value_column))

    def passed(self, token: Any, now: int, shift: int) -> None:
        """The token has been written at the column ``now``, on a line that has moved by ``shift``."""
        kind = type(token)
        self._closed.clear()
        self._is_key = False
        if kind in _PROPERTIES:
            return  # what has them is still to come
        is_open_end = kind is ValueToken or kind is BlockEntryToken
        self._hanging = None
        if is_open_end and not self._brackets and self._levels:
            self._hanging = _Home(self._levels[-1].column + 1, self.value_column)
        if kind in _OPENING:
            self._brackets.append(_Bracket(token.start_mark.column, now, shift))
        elif kind in _CLOSING:
            self._brackets.pop()

    def column(self, token: Any) -> int:
        """Where a line goes that begins with this token, which has been announced."""
        if self._brackets:
            return self.shifted(token.start_mark.column)
        at_level = self._is_key or type(token) in _AT_LEVEL
        return max(INDENT * (len(self._levels) - at_level), 0)

    def shifted(self, column: int) -> int:
        """Where a line within brackets goes: the author's layout is left alone, and moves as a whole."""
        bracket = self._brackets[-1]
        by = bracket.now - bracket.before if column > bracket.before else bracket.shift
        return max(column + by, 0)

    def comment_column(self, column: int, before: int, now: int) -> int:
        """Where a comment line goes, before a line that has been at the column ``before`` and is ``now``.

        It goes with that line, unless its author has put it below something that ends here.
        """
        if self._brackets:
            return self.shifted(column)
        homes = [*self._closed, self._hanging] if self._hanging else self._closed
        return max((home.now for home in homes if before < home.before <= column), default=now)
