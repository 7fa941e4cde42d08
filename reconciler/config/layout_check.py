"""Whether a text in another layout is still the same: to the parser, and in its comments."""

import itertools
from collections.abc import Iterator
from typing import Any

import yaml
from yaml.events import ScalarEvent, StreamEndEvent
from yaml.tokens import ScalarToken

from reconciler.config.layout import tokens
from reconciler.config.parse import best_parser
from reconciler.config.source import LINE_BREAK

_NAMED = ("anchor", "tag", "implicit", "value", "flow_style", "version", "tags")


def what_differs(before: str, after: str) -> str:
    """Where the parser makes something else of a text, or which comment differs; empty if nothing.

    It quotes neither of them, which may hold secrets. Raises YAMLError when ``before`` cannot be read.
    """
    for (line, *one), (_, *other) in zip(_events(before), _events_if_any(after), strict=False):
        if one != other:
            return f"from line {line} on, where {one[0]} has become {other[0]}"
    for number, (one_comment, other_comment) in enumerate(
        itertools.zip_longest(comments(before), comments(after)), start=1
    ):
        if one_comment != other_comment:
            return f"comment {number} has become another"
    return ""


def _events(text: str) -> Iterator[tuple[Any, ...]]:
    """What the parser says of a text: lines, counted from 1, and all that nodes are built from, and styles.

    The end of the text is the last event, and there is only one of these.
    """
    parser = best_parser(text)
    while True:
        event: Any = parser.get_event()
        kind = type(event)
        style = "'" if kind is ScalarEvent and event.style == '"' else getattr(event, "style", None)
        yield (
            event.start_mark.line + 1,
            kind.__name__,
            style,
            *(getattr(event, name, None) for name in _NAMED),
        )
        if kind is StreamEndEvent:
            return


def _events_if_any(text: str) -> Iterator[tuple[Any, ...]]:
    try:
        yield from _events(text)
    except yaml.YAMLError:
        yield 0, "what cannot be read"


def comments(text: str) -> Iterator[str]:
    """The comments of a text, from ``#`` on; raises YAMLError."""
    at = 0
    for token in tokens(text):
        yield from _comments_in(text[at : token.start_mark.index])
        at = token.end_mark.index
        if type(token) is ScalarToken and token.style and token.style in "|>":
            header = LINE_BREAK.split(text[token.start_mark.index : at], maxsplit=1)[0]
            yield from _comments_in(header.lstrip("|>+-0123456789"))
    yield from _comments_in(text[at:])


def _comments_in(between: str) -> Iterator[str]:
    if "#" in between:
        for line in LINE_BREAK.split(between):
            if comment := line.strip(" \t"):
                yield comment
