"""Validation against JSON Schemas: a compiled validator says yes, and only a no is explained.

Values may hold parts that are not known yet (expressions, Unknown): such a part satisfies any schema.
"""

import importlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import jsonschema_rs

from reconciler.config.stack import ValuePath
from reconciler.values import Unknown, Value

if TYPE_CHECKING:
    from reconciler.config import explain


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a value: where in it, or at which key there, and what to do."""

    path: ValuePath
    summary: str
    advice: str = ""
    key: str | None = None


def is_open(part: Value) -> bool:
    """Whether a part's value is not known yet."""
    return isinstance(part, Unknown) or hasattr(part, "evaluate")


def holds_open(value: Value) -> bool:
    """Whether any part of a value is not known yet."""
    if isinstance(value, dict):
        return any(map(holds_open, value.values()))
    if isinstance(value, list):
        return any(map(holds_open, value))
    return is_open(value)


@cache
def _explainer() -> "type[explain.Explainer]":
    """jsonschema costs more to load than most stacks to check: it is loaded when something is wrong."""
    explainer: type[explain.Explainer] = importlib.import_module("reconciler.config.explain").Explainer
    return explainer


class Validation:
    """One schema, ready to check values with."""

    def __init__(self, schema: Mapping[str, Any]) -> None:
        self._schema = schema
        self._explain: explain.Explainer | None = None
        self._compiled: jsonschema_rs.Validator | None = None
        try:
            self._compiled = jsonschema_rs.validator_for(dict(schema))
        except ValueError:
            pass  # a pattern beyond its dialect: everything is left to jsonschema

    def accepts(self, value: Value) -> bool:
        """Whether a value without open parts is right, as far as the compiled validator can tell."""
        return self._compiled is not None and bool(self._compiled.is_valid(value))

    def faults(self, value: Value) -> Iterator[Fault]:
        """What is wrong with a value; nothing if it is right."""
        if not holds_open(value) and self.accepts(value):
            return
        if self._explain is None:
            self._explain = _explainer()(self._schema)
        yield from self._explain.faults(value)
