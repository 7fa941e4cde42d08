"""Conditions, asked: what holds, what does not, and what nobody can know yet."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from reconciler import codes
from reconciler.config.sections import Condition
from reconciler.config.stack import Scope
from reconciler.diagnostics import Diagnostic
from reconciler.errors import InvalidConfiguration
from reconciler.plan.evaluate import evaluate
from reconciler.values import Unknown, is_known, is_sensitive, reveal


class Verdict(StrEnum):
    """What became of a condition."""

    PASS = "pass"  # noqa: S105 - a word, and Terraform's
    FAIL = "fail"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Asked:
    """A condition and what became of it; ``message`` is what to say if it failed."""

    condition: Condition
    verdict: Verdict
    message: str = ""


def ask(condition: Condition, scope: Scope) -> Asked:
    """Ask one. Raises InvalidConfiguration when it has no value, or one that is neither true nor false."""
    value = evaluate(condition.assertion, scope)
    if not is_known(value):
        return Asked(condition, Verdict.UNKNOWN)
    value = reveal(value)
    if not isinstance(value, bool):
        raise InvalidConfiguration(
            [
                Diagnostic(
                    f"{condition.text or 'what is asserted'} is neither true nor false",
                    "compare something: ${… == …}",
                    condition.place,
                    code=codes.CONDITION,
                )
            ]
        )
    return (
        Asked(condition, Verdict.PASS)
        if value
        else Asked(condition, Verdict.FAIL, _message(condition, scope))
    )


def _message(condition: Condition, scope: Scope) -> str:
    """What the author wants to be said, as far as it may be shown and is known."""
    try:
        told = evaluate(condition.message, scope)
    except InvalidConfiguration:
        told = Unknown("its message")
    if not is_known(told) or is_sensitive(told):
        return "(its message is sensitive)" if is_sensitive(told) else "(its message is not known)"
    return str(told)


@dataclass(frozen=True, slots=True)
class Answers:
    """What became of several conditions of one resource."""

    problems: tuple[Diagnostic, ...]
    is_open: bool
    """Whether one of them cannot be known yet."""


def answers(conditions: Iterable[Condition], scope: Scope, kind: str, address: object) -> Answers:
    """Ask all; ``kind`` is what they are called. Raises InvalidConfiguration."""
    asked = [ask(condition, scope) for condition in conditions]
    problems = tuple(
        Diagnostic(
            f"its {kind} does not hold: {one.message or one.condition.text}",
            f"make it true: {one.condition.text}" if one.condition.text else "change what it asserts",
            one.condition.place,
            address=str(address),
            code=codes.CONDITION,
        )
        for one in asked
        if one.verdict is Verdict.FAIL
    )
    return Answers(problems, any(one.verdict is Verdict.UNKNOWN for one in asked))
