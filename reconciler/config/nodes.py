"""What a YAML document consists of, each part knowing where it stands.

Plain classes with slots: a stack of 10,000 resources has 50,000 of them.
"""

from reconciler.config.source import Position


class Scalar:
    """A text; ``is_plain`` when it stood without quotes, so that it may be a number, true, false or null."""

    __slots__ = ("is_plain", "position", "text")

    def __init__(self, text: str, position: Position, is_plain: bool) -> None:
        self.text = text
        self.position = position
        self.is_plain = is_plain


class Sequence:
    """A list."""

    __slots__ = ("items", "position")

    def __init__(self, position: Position) -> None:
        self.items: list[Node] = []
        self.position = position


class Mapping:
    """A mapping from text; ``key_positions`` are in the order of ``values``."""

    __slots__ = ("key_positions", "position", "values")

    def __init__(self, position: Position) -> None:
        self.values: dict[str, Node] = {}
        self.key_positions: list[Position] = []
        self.position = position

    def key_position(self, key: str) -> Position:
        """Where a key stands; raises ValueError for one that is not there."""
        return self.key_positions[list(self.values).index(key)]


Node = Scalar | Sequence | Mapping
