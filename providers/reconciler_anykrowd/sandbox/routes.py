"""What an operation is here: a function from a call to a JSON answer, under its own path template."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NoReturn

from reconciler.sandbox.world import Document
from reconciler_anykrowd.sandbox.errors import INVALID, Refusal, invalid, not_found
from reconciler_anykrowd.sandbox.fields import Fields
from reconciler_anykrowd.sandbox.store import Store

_LONGEST_NUMBER = 18
"""Digits of an id or a page's number; what is longer names nothing."""


@dataclass(frozen=True)
class Call:
    """One request that may be carried out. ``address`` is its full URL as the client sees it, no query."""

    store: Store
    address: str
    query: Mapping[str, str]
    raw_body: bytes

    def body(self) -> Fields:
        """The request's JSON object; numbers with a point are exact. Raises ``Refusal`` if it is none."""
        try:
            found = json.loads(self.raw_body, parse_float=Decimal, parse_constant=_no_constant)
        except (ValueError, ArithmeticError, RecursionError) as problem:
            raise Refusal(INVALID, "The body is not JSON") from problem
        if not isinstance(found, dict):
            raise Refusal(INVALID, "The body must be an object")
        return Fields(found)

    def number(self, name: str, default: int) -> int:
        """A query parameter that counts from 1; raises ``Refusal`` for anything else."""
        text = self.query.get(name)
        if text is None:
            return default
        number = _number(text)
        if not number:
            raise invalid(name, "must be an integer, 1 or more")
        return number

    def find(self, kind: str, id_: str) -> Document:
        """The document of a path's id; raises ``Refusal`` 404."""
        number = _number(id_)
        found = None if number is None else self.store.get(kind, number)
        if found is None:
            raise not_found()
        return found


Operation = Callable[..., Any]
"""From the call, and the path's parameters by name, to the answer's JSON value (status 200)."""


class Routes:
    """The operations of one subject, by method and path template."""

    def __init__(self) -> None:
        self.operations: list[tuple[str, str, Operation]] = []

    def add(self, method: str, template: str) -> Callable[[Operation], Operation]:
        """Register a function whose arguments are the call and the template's parameters."""

        def register(operation: Operation) -> Operation:
            self.operations.append((method, template, operation))
            return operation

        return register


def flatten(subjects: Iterable[Routes]) -> list[tuple[str, str, Operation]]:
    """All operations of some subjects."""
    return [operation for subject in subjects for operation in subject.operations]


def _number(text: str) -> int | None:
    if not text.isascii() or not text.isdecimal() or len(text) > _LONGEST_NUMBER:
        return None
    return int(text)


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")
