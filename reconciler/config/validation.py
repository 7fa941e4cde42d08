"""Validation against JSON Schemas: a quick check says yes, and only a no is explained."""

import importlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

from reconciler.config.acceptance import Check, acceptance, holds_open, is_open
from reconciler.config.stack import ValuePath
from reconciler.values import Value

if TYPE_CHECKING:
    from reconciler.config import explain

__all__ = ["Fault", "Validation", "holds_open", "is_open"]


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a value: where in it, or at which key there, and what to do."""

    path: ValuePath
    summary: str
    advice: str = ""
    key: str | None = None


@cache
def _explainer() -> "type[explain.Explainer]":
    """jsonschema costs more to load than most stacks to check: it is loaded when something is wrong."""
    explainer: type[explain.Explainer] = importlib.import_module("reconciler.config.explain").Explainer
    return explainer


class Validation:
    """One schema, ready to check values with. Parts of a value that are not known yet satisfy any schema."""

    def __init__(self, schema: Mapping[str, Any]) -> None:
        self._schema = schema

    @cached_property
    def _accepts(self) -> Check:
        try:
            return acceptance(self._schema)
        except re.error:
            return lambda _: False  # the explainer says what it makes of such a pattern

    @cached_property
    def _explain(self) -> "explain.Explainer":
        return _explainer()(self._schema)

    def faults(self, value: Value, whole: str = "it") -> Iterator[Fault]:
        """What is wrong with a value, which messages call ``whole``; nothing if it is right."""
        if not self._accepts(value):
            yield from self._explain.faults(value, whole)
