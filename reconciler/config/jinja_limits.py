"""Bounds for what an expression may build, so that no file can stall the tool or fill its memory.

Jinja2's sandbox bounds ``range`` alone (https://jinja.palletsprojects.com/en/stable/sandbox/).
"""

import json
import re
import threading
from collections.abc import Callable, Iterable, Mapping, Sized
from typing import Any, Literal

from jinja2 import filters
from jinja2.exceptions import SecurityError

MAX_SIZE = 100_000
"""Characters of a text, items of a list."""
MAX_BITS = 4_096
"""Of a whole number."""
MAX_TOTAL = 5_000_000
"""Characters and items of all that one evaluation builds."""

SAFE_STRING_METHODS = frozenset(
    [
        "capitalize",
        "casefold",
        "count",
        "endswith",
        "find",
        "index",
        "isalnum",
        "isalpha",
        "isdecimal",
        "isdigit",
        "islower",
        "isnumeric",
        "isspace",
        "istitle",
        "isupper",
        "lower",
        "lstrip",
        "partition",
        "removeprefix",
        "removesuffix",
        "rfind",
        "rindex",
        "rpartition",
        "rsplit",
        "rstrip",
        "split",
        "splitlines",
        "startswith",
        "strip",
        "swapcase",
        "title",
        "upper",
    ]
)
"""Methods of a text whose result is no longer than the text."""

_WIDTH = re.compile(r"\d{4,}|\*")


class _Account(threading.local):
    """What the evaluation that this thread is at has built so far."""

    spent = 0


_ACCOUNT = _Account()


def begin_evaluation() -> None:
    """Count from nothing again."""
    _ACCOUNT.spent = 0


def charge(size: int) -> None:
    """Count what is built; raises SecurityError when it is too much in all."""
    _ACCOUNT.spent += size
    if _ACCOUNT.spent > MAX_TOTAL:
        raise SecurityError(f"more than {MAX_TOTAL:,} characters and items would be built")


def _bounded(size: int) -> None:
    if size > MAX_SIZE:
        raise SecurityError(f"the result would have more than {MAX_SIZE:,} parts")
    charge(size)


def _weight(value: Any) -> int:
    """The characters of a text, or the items of a list with all that is in them, as far as that matters."""
    if not isinstance(value, list | tuple):
        return len(value)
    weight, waiting = 0, [*value]
    while waiting and weight <= MAX_SIZE:
        part = waiting.pop()
        weight += max(len(part), 1) if isinstance(part, str) else 1
        if isinstance(part, Mapping):
            waiting.extend(part.values())
        elif isinstance(part, list | tuple):
            waiting.extend(part)
    return weight


def bounded_operation(operator: str, left: Any, right: Any, operate: Callable[..., Any], context: Any) -> Any:
    """``*``, ``**`` or ``%``, refused with SecurityError when the result would be too large."""
    if operator == "%" and isinstance(left, str):
        raise SecurityError("% on a text; use | format or ~")
    if operator == "*":
        for many, times in ((left, right), (right, left)):
            if isinstance(many, Sized) and isinstance(times, int):
                _bounded(_weight(many) * times)
        if isinstance(left, int) and isinstance(right, int):
            _bounded_bits(left.bit_length() + right.bit_length())
    if operator == "**":
        if not (isinstance(left, int | float) and isinstance(right, int | float)):
            raise SecurityError("** of what is no number")
        if isinstance(left, int) and isinstance(right, int):
            _bounded_bits(left.bit_length() * max(right, 0))
    return operate(context, operator, left, right)


def _bounded_bits(bits: int) -> None:
    if bits > MAX_BITS:
        raise SecurityError("the number would be too large")


def _center(value: str, width: int = 80) -> str:
    _bounded(width)
    return filters.do_center(value, width)


def _indent(value: str, width: int | str = 4, first: bool = False, blank: bool = False) -> str:
    size = width if isinstance(width, int) else len(width)
    _bounded(len(value) + size * (value.count("\n") + 1))
    return filters.do_indent(value, width, first, blank)


def _format(value: str, *args: Any, **kwargs: Any) -> str:
    if _WIDTH.search(str(value)):
        raise SecurityError("a format with a width of more than three digits")
    return filters.do_format(value, *args, **kwargs)


def _replace(value: str, old: str, new: str, count: int | None = None) -> str:
    text, old, new = str(value), str(old), str(new)
    _bounded(len(text) + (text.count(old) if count is None else count) * len(new))
    return text.replace(old, new, -1 if count is None else count)


def _join(value: Iterable[Any], separator: str = "", attribute: str | int | None = None) -> str:
    if attribute is not None:
        value = [part[attribute] for part in value]
    texts = [str(part) for part in value]
    _bounded(sum(map(len, texts)) + len(str(separator)) * len(texts))
    return str(separator).join(texts)


def _batch(value: Iterable[Any], count: int, fill_with: Any = None) -> list[list[Any]]:
    _bounded(count)
    return list(filters.do_batch(list(value), count, fill_with))


def _slice(value: Iterable[Any], count: int, fill_with: Any = None) -> list[list[Any]]:
    _bounded(count)
    return list(filters.sync_do_slice(list(value), count, fill_with))


def _round(value: float, precision: int = 0, method: Literal["common", "ceil", "floor"] = "common") -> float:
    if not -30 <= precision <= 30:
        raise SecurityError("a precision of more than 30 digits")
    return filters.do_round(value, precision, method)


def _tojson(value: Any, indent: int | None = None) -> str:
    if indent is not None:
        _bounded(indent * 100)
    return json.dumps(value, ensure_ascii=False, sort_keys=True, indent=indent)


SAFE_FILTERS: Mapping[str, Callable[..., Any]] = {
    "batch": _batch,
    "center": _center,
    "format": _format,
    "indent": _indent,
    "join": _join,
    "replace": _replace,
    "round": _round,
    "slice": _slice,
    "tojson": _tojson,
}
"""The filters that could make much of little, with a bound."""
