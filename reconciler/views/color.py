"""Lines in colour. Imports rich, which takes 50 ms: load it only to write to a terminal."""

from collections.abc import Iterable
from io import StringIO

from rich.console import Console
from rich.text import Text

from reconciler.views.escape import printable
from reconciler.views.line import Line, Meaning

_STYLES: dict[Meaning, str] = {
    "create": "green",
    "update": "yellow",
    "delete": "red",
    "replace": "magenta",
    "read": "cyan",
    "title": "bold",
    "quiet": "dim",
    "warning": "bold red",
    "good": "bold green",
}


def colored(lines: Iterable[Line]) -> str:
    """The lines with the escape sequences of an ordinary terminal, each with its newline."""
    out = StringIO()
    console = Console(
        file=out, force_terminal=True, color_system="standard", highlight=False, legacy_windows=False
    )
    for shown in lines:
        console.print(text(shown), soft_wrap=True)
    return out.getvalue()


def text(shown: Line) -> Text:
    """One line for rich to show."""
    return Text.assemble(
        *((printable(span.text), _STYLES.get(span.meaning, "")) for span in shown.spans), end=""
    )
