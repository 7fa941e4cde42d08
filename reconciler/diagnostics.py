"""Problems as values: where, what is wrong, and what to do. They are collected and reported together."""

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How much a problem matters: an error stops the command, a warning does not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A place in a file; ``line`` and ``column`` count from 1, in characters.

    ``source`` is the text of that line, so that it can be shown with a caret.
    """

    file: str
    line: int
    column: int
    source: str = ""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One problem."""

    summary: str
    """What is wrong, in one line without a final stop."""
    advice: str = ""
    """What to do about it."""
    place: Place | None = None
    address: str | None = None
    severity: Severity = Severity.ERROR
    related: tuple[tuple[str, Place], ...] = ()
    """Other places that belong to the problem, each with what stands there."""
    code: str = ""
    """One of ``codes``; what carries the problem fills it in where it is empty."""


class Diagnostics:
    """A collection of problems, in the order they were found; the same problem is kept once."""

    def __init__(self, found: Iterable[Diagnostic] = ()) -> None:
        self._found: dict[Diagnostic, None] = dict.fromkeys(found)

    def add(self, diagnostic: Diagnostic) -> None:
        """Keep a problem."""
        self._found[diagnostic] = None

    def error(
        self,
        summary: str,
        *,
        advice: str = "",
        place: Place | None = None,
        address: str | None = None,
        code: str = "",
    ) -> None:
        """Keep an error."""
        self.add(Diagnostic(summary, advice, place, address, code=code))

    def extend(self, diagnostics: Iterable[Diagnostic]) -> None:
        """Keep several problems."""
        self._found.update(dict.fromkeys(diagnostics))

    @property
    def has_errors(self) -> bool:
        """Whether anything found stops the command."""
        return any(found.severity is Severity.ERROR for found in self._found)

    def __iter__(self) -> Iterator[Diagnostic]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that a misspelt one most likely means."""
    close = difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)
    return close[0] if close else None


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Advice about a misspelt name: the nearest right one, or all of them when they are few."""
    names = sorted(known)
    if close := nearest(name, names):
        return f"did you mean {close!r}?"
    if names and len(names) <= 12:
        return "use one of: " + ", ".join(names)
    return ""
