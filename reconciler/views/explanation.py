"""What went wrong, as a reader needs it: who said it, about what, why, and what to do."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass

from reconciler.errors import DiagnosedError, ProviderError, ReconcilerError, StateError
from reconciler.plan.change import Unread
from reconciler.views.line import Line, line, wrapped
from reconciler.views.listing import listed


@dataclass(frozen=True, slots=True)
class Explanation:
    """An error, taken apart; what does not apply is empty."""

    kind: str
    """The error's name in the exception tree, for programs."""
    code: str
    """Its stable name: see ``codes``; empty for one that no user meets."""
    cause: str
    remedy: str = ""
    service: str = ""
    operation: str = ""


def explain(error: ReconcilerError) -> Explanation:
    """Take an error apart."""
    name = type(error).__name__
    if isinstance(error, ProviderError):
        return Explanation(
            name, error.code, error.cause, error.advice, error.call.service, error.call.operation
        )
    if isinstance(error, StateError):
        return Explanation(name, error.code, str(error), error.remedy)
    if isinstance(error, DiagnosedError):
        remedy = next((found.advice for found in error.diagnostics if found.advice), "")
        code = next((found.code for found in error.diagnostics), error.general)
        summary = "; ".join(found.summary for found in error.diagnostics)
        return Explanation(name, code, summary, remedy)
    return Explanation(name, "", str(error))


def cause_text(explanation: Explanation) -> str:
    """``github says: Resource not accessible (PUT /orgs/acme)``."""
    said = f"{explanation.service}: {explanation.cause}" if explanation.service else explanation.cause
    return f"{said} ({explanation.operation})" if explanation.operation else said


def explanation_lines(error: ReconcilerError, width: int) -> Iterator[Line]:
    """Cause and remedy of an error, to stand below what it happened to."""
    explanation = explain(error)
    code = f" [{explanation.code}]" if explanation.code else ""
    for row in wrapped(cause_text(explanation) + code, width):
        yield line(row)
    if explanation.remedy:
        for row in wrapped(explanation.remedy, width, first="→ "):
            yield line(row)


def explanation_document(error: ReconcilerError) -> dict[str, str]:
    """An error as JSON; what does not apply is an empty text."""
    return asdict(explain(error))


def unread_lines(unread: Iterable[Unread], width: int) -> Iterator[Line]:
    """What could not be read, and why, which is said once for all that it is true of."""
    groups: dict[str, list[Unread]] = {}
    for one in unread:
        groups.setdefault(cause_text(explain(one.error)), []).append(one)
    for alike in groups.values():
        names = listed([str(one.address) for one in alike])
        yield from (line(row, "warning") for row in wrapped(names, width, first="? "))
        for row in explanation_lines(alike[0].error, width - 4):
            yield row.indented(4)
