"""Lines in colour. Imports a part of rich: load it only to write to a terminal."""

from collections.abc import Iterable

from rich.color import ColorSystem
from rich.style import Style

from reconciler.views.escape import printable
from reconciler.views.line import Line, Meaning

_STYLES: dict[Meaning, Style] = {
    "": Style.null(),
    "create": Style.parse("green"),
    "update": Style.parse("yellow"),
    "delete": Style.parse("red"),
    "replace": Style.parse("magenta"),
    "read": Style.parse("cyan"),
    "title": Style.parse("bold"),
    "quiet": Style.parse("dim"),
    "warning": Style.parse("bold red"),
    "good": Style.parse("bold green"),
}


def colored(lines: Iterable[Line]) -> str:
    """The lines with the escape sequences of an ordinary terminal of 16 colours, each with its newline."""
    return "".join(f"{_colored(shown)}\n" for shown in lines)


def _colored(shown: Line) -> str:
    # Styles are rendered one by one: a rich Console, which measures and wraps, takes ten times as long.
    return "".join(
        _STYLES[span.meaning].render(printable(span.text), color_system=ColorSystem.STANDARD)
        for span in shown.pieces
    )
