"""Where the ``${…}`` are in a text: it knows strings and nested brackets inside them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_INTERESTING = re.compile(r"""["'{}\[\]()]""")
_CLOSES = {"}": "{", "]": "[", ")": "("}
_MAX_LENGTH = 4_000
_MAX_DEPTH = 40


class ExpressionSyntaxError(ValueError):
    """A ``${…}`` cannot be read. ``advice`` says what to do; ``offset`` is where in the text it begins."""

    def __init__(self, message: str, advice: str = "", offset: int = 0) -> None:
        super().__init__(message)
        self.advice = advice
        self.offset = offset


@dataclass(frozen=True, slots=True)
class Inner:
    """What stands between ``${`` and ``}``."""

    text: str
    offset: int


def scan(text: str) -> list[str | Inner]:
    """The parts of a text: literal ones, in which ``$${`` has become ``${``, and the expressions.

    Raises ExpressionSyntaxError.
    """
    parts: list[str | Inner] = []
    position = 0
    for start, end in spans(text):
        if literal := _literal(text[position:start]):
            parts.append(literal)
        parts.append(Inner(text[start + 2 : end - 1].strip(), start))
        position = end
    literal = _literal(text[position:])
    if literal or not parts:
        parts.append(literal)
    return parts


def spans(text: str) -> Iterator[tuple[int, int]]:
    """Where each expression begins, at its ``${``, and ends, after its ``}``.

    Raises ExpressionSyntaxError.
    """
    position = 0
    while (start := text.find("${", position)) >= 0:
        if start > position and text[start - 1] == "$":
            position = start + 2
            continue
        position = _end(text, start) + 1
        yield start, position


def _literal(text: str) -> str:
    return text.replace("$${", "${")


def _end(text: str, start: int) -> int:
    """Where the ``}`` is that closes the ``${`` at ``start``."""
    brackets = ["{"]
    position = start + 2
    while match := _INTERESTING.search(text, position):
        character, position = match[0], match.end()
        if character in "\"'":
            position = _after_string(text, match.start(), start)
        elif character in "{[(":
            brackets.append(character)
            if len(brackets) > _MAX_DEPTH:
                raise ExpressionSyntaxError("the expression's brackets are nested too deep", "", start)
        elif brackets.pop() != _CLOSES[character]:
            raise ExpressionSyntaxError(f"the expression's brackets do not match at {character!r}", "", start)
        elif not brackets:
            if position - start > _MAX_LENGTH:
                raise ExpressionSyntaxError(
                    f"the expression is longer than {_MAX_LENGTH:,} characters", "split it with locals", start
                )
            return match.start()
    raise ExpressionSyntaxError(
        "the expression ${ is not closed", "close it with }, or write $${ for a literal ${", start
    )


def _after_string(text: str, opening: int, start: int) -> int:
    quote = text[opening]
    position = opening + 1
    while position < len(text):
        if text[position] == "\\":
            position += 1
        elif text[position] == quote:
            return position + 1
        position += 1
    raise ExpressionSyntaxError(
        "a string inside the expression is not closed", f"close it with {quote}", start
    )
