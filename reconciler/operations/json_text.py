"""JSON that somebody hands in: read within bounds, and what is wrong said with its place."""

import json
import math
from typing import Any

from reconciler import codes
from reconciler.diagnostics import Diagnostic, Place
from reconciler.errors import Refused

LARGEST = 256 << 20
"""Bytes that a document may have."""

DEEPEST = 80
"""Lists and mappings within each other that a document may have: some more than a stack's file may."""

_WHOLE = "give the document as `reconciler state pull` wrote it"


class _Wrong(ValueError):
    """What JSON allows and a document of ours does not."""


def read_json(content: bytes, called: str) -> Any:
    """The document; ``called`` is what messages call it.

    Raises Refused for what is too large, too deep, no JSON, or ambiguous (a key given twice, a number that is
    none).
    """
    if len(content) > LARGEST:
        raise _refused(f"{called} is larger than {LARGEST >> 20} MB", _WHOLE)
    try:
        text = content.decode("utf-8-sig")
        document = json.loads(
            text, object_pairs_hook=_mapping, parse_constant=_no_number, parse_float=_finite
        )
    except UnicodeDecodeError as error:
        raise _refused(f"{called} is not UTF-8: byte {error.start} is wrong", "save it as UTF-8") from None
    except json.JSONDecodeError as error:
        place = Place(called, error.lineno, error.colno)
        raise Refused(
            [Diagnostic(f"this is not JSON: {error.msg}", _WHOLE, place, code=codes.DOCUMENT)]
        ) from None
    except _Wrong as error:
        raise _refused(f"{called}: {error}", _WHOLE) from None
    except ValueError:
        raise _refused(f"{called} has a number with too many digits", _WHOLE) from None
    except RecursionError:
        raise _too_deep(called) from None
    if _is_deeper(document, DEEPEST):
        raise _too_deep(called)
    return document


def _mapping(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise _Wrong(f"the key {twice!r} is given twice in one mapping")
    return found


def _no_number(text: str) -> None:
    raise _Wrong(f"{text} is not a number in JSON")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise _Wrong(f"the number {text[:40]} is too large")
    return number


def _is_deeper(document: Any, bound: int) -> bool:
    level = [document]
    for _ in range(bound):
        nested = [one for one in level if isinstance(one, list | dict)]
        if not nested:
            return False
        level = [part for one in nested for part in (one.values() if isinstance(one, dict) else one)]
    return any(isinstance(one, list | dict) for one in level)


def _too_deep(called: str) -> Refused:
    return _refused(f"{called} is nested deeper than {DEEPEST} levels", _WHOLE)


def _refused(summary: str, advice: str) -> Refused:
    return Refused([Diagnostic(summary, advice, code=codes.DOCUMENT)])
