"""Problems as a person reads them: where, the line with a caret under it, what to do."""

import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any

from reconciler.diagnostics import Diagnostic, Place, Severity
from reconciler.views.escape import printable
from reconciler.views.line import BLANK, Line, Meaning, Span, line, plain

_WIDTH = 96
"""Columns of a source line that are shown; of a longer one, those around the caret."""


def render(found: Iterable[Diagnostic]) -> str:
    """Problems as plain text, with a blank line between them."""
    return plain(diagnostics_lines(found))


def diagnostics_lines(found: Iterable[Diagnostic]) -> Iterator[Line]:
    """Problems as lines, with a blank one between them."""
    for index, diagnostic in enumerate(found):
        if index:
            yield BLANK
        yield from diagnostic_lines(diagnostic)


def diagnostic_lines(found: Diagnostic) -> Iterator[Line]:
    """One problem as lines."""
    meaning: Meaning = "warning" if found.severity is Severity.ERROR else "update"
    code = (Span(f"[{found.code}]", "quiet"),) if found.code else ()
    yield Line((Span(f"{found.severity}", meaning), *code, Span(": ", meaning), Span(found.summary, "title")))
    if found.place is not None:
        yield from _place_lines(found.place, found.address)
    elif found.address:
        yield line(f"  at {found.address}")
    for what, place in found.related:
        yield line(f"  {what}:")
        yield from _place_lines(place, None)
    if found.advice:
        yield Line((Span("  help: ", "good"), Span(found.advice)))


def _place_lines(place: Place, address: str | None) -> Iterator[Line]:
    where = f"  --> {place}"
    yield Line((Span(where, "quiet"), Span(f"  {address}" if address else "")))
    if not place.source.strip():
        return
    number = str(place.line)
    shown, before = _window(place.source, place.column - 1)
    yield Line((Span(f"  {number} | ", "quiet"), Span(shown)))
    yield Line((Span(f"  {' ' * len(number)} | ", "quiet"), Span(" " * before + "^", "warning")))


def _window(source: str, column: int) -> tuple[str, int]:
    """The part of a line around a column, made printable, and how wide what stands before the column is."""
    column = min(column, len(source))
    start = 0 if len(source) <= _WIDTH else max(0, min(column - _WIDTH // 2, len(source) - _WIDTH))
    end = min(len(source), start + _WIDTH)
    prefix = "..." if start else ""
    suffix = "..." if end < len(source) else ""
    before = prefix + _spaced(source[start:column])
    return before + _spaced(source[column:end]) + suffix, _columns(before)


def _spaced(text: str) -> str:
    """Printable; a tab, which would move the caret, as an arrow."""
    return printable(text.replace("\t", "→"))


def _columns(text: str) -> int:
    """How many columns of a terminal a text takes."""
    return sum(
        0 if unicodedata.combining(character) else 2 if unicodedata.east_asian_width(character) in "WF" else 1
        for character in text
    )


def diagnostic_document(found: Diagnostic) -> dict[str, Any]:
    """One problem as JSON: ``{severity, code, summary, advice, address, place, related}``."""
    return {
        "severity": str(found.severity),
        "code": found.code,
        "summary": found.summary,
        "advice": found.advice,
        "address": found.address,
        "place": _place_document(found.place),
        "related": [{"what": what, "place": _place_document(place)} for what, place in found.related],
    }


def _place_document(place: Place | None) -> dict[str, Any] | None:
    if place is None:
        return None
    return {"file": place.file, "line": place.line, "column": place.column, "source": place.source}
