"""The one rule for texts that come from elsewhere: they can be read, and do nothing else.

A repository's description may hold what moves a terminal's cursor, reverses the reading direction, mentions
a hundred people in a pull request or breaks out of a code block. Text, JSON and markdown each go through
one function here.
"""

import json
import re
from typing import Any

# C0 and C1 controls, the marks that change the reading direction, line and paragraph separators, tag
# characters, and halves of surrogate pairs, which no terminal or file can encode.
_UNPRINTABLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)
_MARKUP = re.compile(
    r"[!$%&*<>?\[\\\]^`{|}~]|(?<![^\W_])_|_(?![^\W_])|^[-+=]|^\d+(?=[.)])"  # what is markup
    r"|[@#]|:(?=//)|(?<=\bwww)\.",  # what becomes a mention, a reference or a link
    re.IGNORECASE,
)
_WORD_JOINER = "&#8288;"  # takes no room, and keeps what looks for @name or #1 in the finished page from it


def printable(text: str) -> str:
    """The text in one line, with everything that a terminal would obey written as an escape (``\\x1b``)."""
    return text if text.isascii() and text.isprintable() else _UNPRINTABLE.sub(_escape, text)


def json_text(document: Any, *, indent: int | None = 2) -> str:
    """A JSON document as text, readable and harmless on a terminal; keys keep their order."""
    text = json.dumps(document, ensure_ascii=False, indent=indent)
    return _UNPRINTABLE.sub(_json_escape, text)


def markdown(text: str) -> str:
    """The text for use within a line of markdown or HTML: shown as it is, neither markup nor a link."""
    return _MARKUP.sub(_entity, printable(text))


def fenced(text: str, language: str = "") -> str:
    """The text as a block of code, whatever backticks it holds itself."""
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{text}\n{fence}"


def _escape(found: re.Match[str]) -> str:
    code = ord(found[0])
    if found[0] in "\n\r\t":
        return {"\n": "\\n", "\r": "\\r", "\t": "\\t"}[found[0]]
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def _json_escape(found: re.Match[str]) -> str:
    if found[0] == "\n":  # json.dumps escapes those within strings; these are between the lines
        return "\n"
    units = found[0].encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))


def _entity(found: re.Match[str]) -> str:
    return f"&#{ord(found[0])};{_WORD_JOINER if found[0] in '@#:.' else ''}"
