"""What the YAML parser says, in words that help."""

import re
from typing import Any

import yaml

from reconciler import codes
from reconciler.config.source import Position, Source, position
from reconciler.diagnostics import Diagnostic, Place

_QUOTE = 'put the value in quotes: "..."'
_EXPLANATIONS: tuple[tuple[str, str, str], ...] = (
    # what the parser says, what is wrong, what to do
    (
        "mapping values are not allowed",
        "a colon stands where none can",
        f"indent the line as its neighbours, or {_QUOTE}",
    ),
    (
        "expected ',' or '}'",
        "the braces { … } are not closed, or a comma is missing",
        'close them with }; a value that holds ${…} needs quotes here: "${…}"',
    ),
    ("expected ',' or ']'", "the brackets [ … ] are not closed, or a comma is missing", "close them with ]"),
    ("unexpected end of stream", "the quotes that begin here are not closed", "close them"),
    ("document separator", "the quotes that begin here are not closed", "close them"),
    (
        "could not find expected ':'",
        "a line is neither a key with a colon nor part of a value",
        "write key: value",
    ),
    (
        "expected '-' indicator",
        "a list's item must begin with '- ' at the list's indentation",
        "indent it alike",
    ),
    (
        "expected key",
        "a key is expected here",
        "indent it exactly as the keys beside it; a quote inside quotes is doubled",
    ),
    (
        "unknown escape",
        "the escape after the backslash is unknown",
        "double the backslash, or use single quotes",
    ),
    ("block sequence entries", "a list cannot begin here", "begin the list on a line of its own"),
    (
        "found undefined alias",
        "there is no such anchor before this",
        "define it above with &, or quote the text",
    ),
    ("duplicate anchor", "the anchor is defined twice", "rename one"),
    ("node content", "a value is expected here", f"write one, or {_QUOTE}"),
    (
        "tag",
        "the tag cannot be read",
        "remove it, or put the text in quotes if it begins with an exclamation mark",
    ),
    ("directive", "a line that begins with % is a directive, and this one is unknown", "remove the line"),
)
_INDENTATION = re.compile(r"[ \t]*")


def explain_syntax(error: yaml.YAMLError, source: Source) -> Diagnostic:
    """What is wrong, from the parser's own words and the line that it stumbled over."""
    problem = str(getattr(error, "problem", None) or error)
    at = _position(getattr(error, "problem_mark", None), source)
    began = getattr(error, "context_mark", None)
    if "end of stream" in problem and began is not None:
        at = _position(began, source)
    place = source.place(at)
    if "cannot start any token" in problem or "tab character" in problem:
        indentation = _INDENTATION.match(place.source)
        if indentation and "\t" in indentation[0]:
            tab = position(place.line - 1, place.source.index("\t"))
            return Diagnostic(
                "a tab cannot indent YAML", "indent with spaces", source.place(tab), code=codes.NOT_YAML
            )
        character = place.source[place.column - 1 : place.column]
        return Diagnostic(f"a value cannot begin with {character!r}", _QUOTE, place, code=codes.NOT_YAML)
    related: tuple[tuple[str, Place], ...] = ()
    if began is not None and began.line + 1 < place.line and ("expected ','" in problem):
        related = (("opened here", source.place(_position(began, source))),)
    for words, summary, advice in _EXPLANATIONS:
        if words in problem:
            return Diagnostic(summary, advice, place, related=related, code=codes.NOT_YAML)
    return Diagnostic(f"this is not YAML: {problem}", "", place, code=codes.NOT_YAML)


def _position(mark: Any, source: Source) -> Position:
    """Where a mark stands; on the last line that has text, for one behind the end of the file."""
    if mark is None:
        return position(0, 0)
    line, column = mark.line, mark.column
    lines = source.lines
    while line > 0 and (line >= len(lines) or not lines[line].strip()):
        line -= 1
        column = len(lines[line]) if line < len(lines) else 0
    return position(line, column)
