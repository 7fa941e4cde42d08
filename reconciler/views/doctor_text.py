"""The prerequisites of a stack, one a line, and how to mend what is not so."""

from collections.abc import Iterator, Sequence
from typing import Any

from reconciler.health.prerequisites import Prerequisite, Verdict
from reconciler.views.line import Line, Meaning, Span, columns, line, wrapped

_MARKS: dict[Verdict, tuple[str, Meaning]] = {
    Verdict.FINE: ("✓", "good"),
    Verdict.WARNING: ("!", "warning"),
    Verdict.WRONG: ("✗", "delete"),
    Verdict.NOT_CHECKED: ("-", "quiet"),
}


def doctor_lines(found: Sequence[Prerequisite], *, width: int = 100) -> Iterator[Line]:
    """Everything in the order in which it is needed; the last line counts what is wrong."""
    rows = columns([(one.subject, one.check, _found(one)) for one in found])
    for one, row in zip(found, rows, strict=True):
        mark, meaning = _MARKS[one.verdict]
        yield Line((Span(f"{mark} ", meaning), Span(row)))
        if one.remedy:
            yield from (line(text) for text in wrapped(one.remedy, width, first="    → "))
    wrong = sum(one.verdict is Verdict.WRONG for one in found)
    yield line(
        f"{wrong} to mend." if wrong else "Everything is ready for a run.", "warning" if wrong else "good"
    )


def doctor_document(found: Sequence[Prerequisite]) -> dict[str, Any]:
    """The same as JSON: ``schemas/doctor.schema.json``."""
    return {
        "ready": is_ready(found),
        "prerequisites": [
            {
                "subject": one.subject,
                "check": one.check,
                "verdict": str(one.verdict),
                "found": one.found,
                "remedy": one.remedy,
                "code": one.code,
            }
            for one in found
        ],
    }


def _found(one: Prerequisite) -> str:
    return f"{one.found} [{one.code}]" if one.code else one.found


def is_ready(found: Sequence[Prerequisite]) -> bool:
    """Whether nothing is wrong."""
    return all(one.verdict is not Verdict.WRONG for one in found)
