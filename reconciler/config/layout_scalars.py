"""Texts in canonical layout: their quotes, and those that go over several lines."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from reconciler.config.source import LINE_BREAK

_HEADER = re.compile(r"([|>])([-+0-9]*)[ \t]*(#.*)?")
_BLANKS = " \t"
_OWN_BREAKS = frozenset("\u2028\u2029")
"""Line ends that are a part of the text; all others mean the same as a newline."""


class LayoutError(Exception):
    """A text holds what it should not: a mistake of ours."""


def lines_of(text: str) -> list[tuple[str, str]]:
    """The lines, each with what ends it; nothing ends the last one."""
    parts = LINE_BREAK.split(text)
    if len(parts) == 1:
        return [(text, "")]
    ends = LINE_BREAK.findall(text)
    return list(zip(parts, [*ends, ""], strict=True))


def ending(line_break: str) -> str:
    """What ends a line of a text that goes on."""
    return line_break if line_break in _OWN_BREAKS else "\n"


def requoted(raw: str) -> str:
    """A quoted text in double quotes, where these need no escapes."""
    body = raw[1:-1]
    if raw[0] != "'" or '"' in body or "\\" in body:
        return raw
    return '"' + body.replace("''", "'") + '"'


def folded(raw: str, column: Callable[[str], int]) -> Iterator[tuple[str, str]]:
    """The lines of a text without a block's mark, each with its end; ``column`` is where a line goes."""
    lines = lines_of(raw)
    for number, (line, end) in enumerate(lines):
        text = line if number == len(lines) - 1 else _without_end(line)
        if number:
            text = text.lstrip(_BLANKS)
            text = " " * column(line) + text if text else ""
        yield text, ending(end)


def _without_end(line: str) -> str:
    """A line without the blanks at its end, but with one that is escaped."""
    text = line.rstrip(_BLANKS)
    slashes = len(text) - len(text.rstrip("\\"))
    return line[: len(text) + 1] if slashes % 2 and len(text) < len(line) else text


@dataclass(frozen=True, slots=True)
class Block:
    """A text that begins with ``|`` or ``>``, line by line.

    ``comment`` stands at ``comment_at`` in its first line. The blank lines that end it are not its own unless
    it keeps them; ``length`` is how far in the source it goes without them and without its last line break.
    """

    header: str
    comment: str
    comment_at: int
    lines: list[tuple[str, str]]
    length: int


def block_of(raw: str, parent: int) -> Block:
    """A block of text, without its indentation. ``parent`` is the column of what it belongs to, or -1."""
    source = lines_of(raw)
    header = _HEADER.fullmatch(source[0][0].rstrip(_BLANKS))
    if header is None:
        raise LayoutError("a block of text begins in another way")
    chomping = header[2].strip("0123456789")
    digit = header[2].strip("+-")
    indent = max(parent, 0) + int(digit) if digit else max(_indent(source[1:]), parent + 1)
    lines = [(line[indent:], ending(end)) for line, end in source[1:]]
    if lines and lines[-1][0]:
        chomping = "-"  # the file ends within its last line, which gets an end now that is not its own
    elif lines:
        lines.pop()
    while lines and not lines[-1][0] and chomping != "+":
        lines.pop()
    own = source[: len(lines) + 1]
    return Block(
        header=header[1] + ("2" if digit else "") + chomping,
        comment=header[3] or "",
        comment_at=header.start(3),
        lines=lines,
        length=sum(len(line) + len(end) for line, end in own) - len(own[-1][1]),
    )


def _indent(lines: list[tuple[str, str]]) -> int:
    """The indentation of a block's first line that is not blank, as the scanner finds it."""
    most = 1
    for line, _ in lines:
        most = max(most, len(line) - len(line.lstrip(" ")))
        if line.strip(" "):
            break
    return most
