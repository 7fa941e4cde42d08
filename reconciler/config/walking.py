"""The way along a chain of names into a value."""

from collections.abc import Mapping

from reconciler.config.stack import Scope, Template
from reconciler.config.uses import Steps
from reconciler.diagnostics import did_you_mean
from reconciler.values import Sensitive, Unknown, Value


class NoSuchStep(Exception):
    """A value has no part of that name. Says what is wrong, and ``advice`` what may have been meant."""

    def __init__(self, message: str, advice: str = "") -> None:
        super().__init__(message)
        self.advice = advice


class Absent(NoSuchStep):
    """What a use names is declared and yet not there: its ``when`` is false, or there is no such key."""

    def __init__(self, called: str, message: str = "", advice: str = "") -> None:
        super().__init__(
            message or f"{called} is not there, since its when is false",
            advice or "give this the same when, or a default: ${... | default('')}",
        )


class UndefinedPartError(ValueError):
    """An expression needs a part that is not defined."""


def walk(value: Value, steps: Steps, called: str, scope: Scope) -> Value:
    """The part of a value that a chain leads to; Unknown and Sensitive spread to all inside them.

    ``called`` is the chain so far, for messages. Raises NoSuchStep.
    """
    for index, step in enumerate(steps):
        if hasattr(value, "evaluate"):
            value = value.evaluate(scope)
        if isinstance(value, Unknown):
            return value
        if isinstance(value, Sensitive):
            try:
                return Sensitive(walk(value.value, steps[index:], called, scope))
            except NoSuchStep:  # what it has instead is as secret as the rest of it
                raise NoSuchStep(f"{called} is sensitive, and has no {steps[index]!r}") from None
        if isinstance(value, Mapping):
            if step not in value:
                raise NoSuchStep(f"{called} has no {step!r}", did_you_mean(str(step), map(str, value)))
            value = value[step]
        elif isinstance(value, list) and isinstance(step, int):
            if not -len(value) <= step < len(value):
                raise NoSuchStep(f"{called} has {len(value)} items, so there is no [{step}]")
            value = value[step]
        else:
            raise NoSuchStep(f"{called} is {_kind(value)}: it has no {step!r}")
        called = f"{called}[{step}]" if isinstance(step, int) else f"{called}.{step}"
    return value.evaluate(scope) if hasattr(value, "evaluate") else value


def _kind(value: Value) -> str:
    if value is None:
        return "null"
    kinds = {bool: "true or false", int: "a number", float: "a number", str: "a text", list: "a list"}
    return kinds.get(type(value), "a single value")


def written_part(value: Template, steps: Steps) -> tuple[Template, Steps]:
    """The part of a value that a chain leads to as it is written, or the smallest around it; and the steps
    that are left then."""
    for index, step in enumerate(steps):
        is_part = isinstance(value, Mapping) and step in value
        if not is_part and isinstance(value, list) and isinstance(step, int):
            is_part = -len(value) <= step < len(value)
        if not is_part:
            return value, steps[index:]
        value = value[step]
    return value, ()
