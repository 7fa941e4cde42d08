"""Checks of what a request says, with Notion's words for what is wrong.

A check is a function of a path (``body.title[0]``) and the value there; it gives one sentence a problem.
Objects are closed: what is not documented "should be not present".

Source of the words: ``validation_error`` answers of api.notion.com, such as ``body failed validation:
body.properties.Description.rich_text[0].text.content.length should be ≤ `2000`, instead was `2088`.``
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from reconciler_notion.sandbox.errors import failed_validation
from reconciler_notion.sandbox.ids import normal_id

Check = Callable[[str, Any], Iterator[str]]

LONGEST_TEXT = 2000
LONGEST_URL = 2000
LONGEST_LIST = 100
_SHOWN_CHARACTERS = 100


def demand(check: Check, value: object, part: str = "body") -> None:
    """Raise ``Refusal`` 400 if the value does not pass; ``part`` is its path: ``body``, ``body.filter``."""
    problems = list(check(part, value))
    if problems:
        raise failed_validation(part.partition(".")[0], problems)


def shown(value: object) -> str:
    """A value as Notion quotes it."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return f"`{text}`" if len(text) <= _SHOWN_CHARACTERS else f"`{text[:_SHOWN_CHARACTERS]}...`"


def anything(_path: str, _value: object) -> Iterator[str]:
    """What is not looked at more closely."""
    return iter(())


def text(limit: int | None = None) -> Check:
    """A text of at most so many characters."""

    def check(path: str, value: object) -> Iterator[str]:
        if not isinstance(value, str):
            yield f"{path} should be a string, instead was {shown(value)}."
        elif limit is not None and len(value) > limit:
            yield f"{path}.length should be ≤ `{limit}`, instead was `{len(value)}`."

    return check


def boolean(path: str, value: object) -> Iterator[str]:
    """True or false."""
    if not isinstance(value, bool):
        yield f"{path} should be a boolean, instead was {shown(value)}."


def number(path: str, value: object) -> Iterator[str]:
    """Any number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        yield f"{path} should be a number, instead was {shown(value)}."


def whole_number(least: int, most: int | None = None) -> Check:
    """A whole number within bounds."""

    def check(path: str, value: object) -> Iterator[str]:
        if isinstance(value, bool) or not isinstance(value, int):
            yield f"{path} should be a number, instead was {shown(value)}."
        elif value < least:
            yield f"{path} should be ≥ `{least}`, instead was `{value}`."
        elif most is not None and value > most:
            yield f"{path} should be ≤ `{most}`, instead was `{value}`."

    return check


def one_of(choices: Iterable[object]) -> Check:
    """One of these values."""
    known = tuple(choices)

    def check(path: str, value: object) -> Iterator[str]:
        if value not in known:
            quoted = [shown(each) for each in known]
            named = quoted[0] if len(quoted) == 1 else ", ".join(quoted[:-1]) + f", or {quoted[-1]}"
            yield f"{path} should be {named}, instead was {shown(value)}."

    return check


def uuid_(path: str, value: object) -> Iterator[str]:
    """An id, with or without dashes."""
    if normal_id(value) is None:
        yield f"{path} should be a valid uuid, instead was {shown(value)}."


def url(path: str, value: object) -> Iterator[str]:
    """An absolute address of at most 2,000 characters."""
    if not isinstance(value, str):
        yield f"{path} should be a string, instead was {shown(value)}."
    elif len(value) > LONGEST_URL:
        yield f"{path}.length should be ≤ `{LONGEST_URL}`, instead was `{len(value)}`."
    elif not urlsplit(value).scheme:
        yield f"{path} should be a valid url, instead was {shown(value)}."


def moment(path: str, value: object) -> Iterator[str]:
    """A date, or a date with a time, in ISO 8601."""
    try:
        datetime.fromisoformat(value if isinstance(value, str) else "")
    except ValueError:
        yield f"{path} should be a valid ISO 8601 date string, instead was {shown(value)}."


def nullable(check: Check) -> Check:
    """What passes the check, or null."""

    def checked(path: str, value: object) -> Iterator[str]:
        if value is not None:
            yield from check(path, value)

    return checked


def listing(check: Check, limit: int = LONGEST_LIST) -> Check:
    """A list whose elements pass the check."""

    def checked(path: str, value: object) -> Iterator[str]:
        if not isinstance(value, list):
            yield f"{path} should be an array, instead was {shown(value)}."
        elif len(value) > limit:
            yield f"{path}.length should be ≤ `{limit}`, instead was `{len(value)}`."
        else:
            for index, each in enumerate(value):
                yield from check(f"{path}[{index}]", each)

    return checked


def record(fields: Mapping[str, Check], required: Iterable[str] = ()) -> Check:
    """An object with these fields and no others."""
    needed = tuple(required)

    def check(path: str, value: object) -> Iterator[str]:
        if not isinstance(value, dict):
            yield f"{path} should be an object, instead was {shown(value)}."
            return
        for name in needed:
            if name not in value:
                yield f"{path}.{name} should be defined, instead was `undefined`."
        for name, each in value.items():
            if name in fields:
                yield from fields[name](f"{path}.{name}", each)
            else:
                yield f"{path}.{name} should be not present, instead was {shown(each)}."

    return check


def mapping(check: Check) -> Check:
    """An object whose values pass the check, whatever their names."""

    def checked(path: str, value: object) -> Iterator[str]:
        if not isinstance(value, dict):
            yield f"{path} should be an object, instead was {shown(value)}."
            return
        for name, each in value.items():
            yield from check(f"{path}.{name}", each)

    return checked


def variant_of(value: Mapping[str, Any], variants: Iterable[str]) -> str | None:
    """Which of the variants an object is: the one it holds, or the one its ``type`` names."""
    present = [name for name in variants if name in value]
    if len(present) == 1:
        return present[0]
    named = value.get("type")
    return named if isinstance(named, str) and (named in present or named in variants) else None


def tagged(variants: Mapping[str, Check], common: Mapping[str, Check] | None = None) -> Check:
    """An object that is one of several kinds: ``{"type": KIND, KIND: …}``, where ``type`` may be left out."""
    shared = {"type": one_of(variants), **(common or {})}

    def check(path: str, value: object) -> Iterator[str]:
        if not isinstance(value, dict):
            yield f"{path} should be an object, instead was {shown(value)}."
            return
        kind = variant_of(value, variants)
        if kind is None:
            for name in variants:
                yield f"{path}.{name} should be defined, instead was `undefined`."
            return
        yield from record({**shared, "type": one_of((kind,)), kind: variants[kind]}, (kind,))(path, value)

    return check


def typed(variants: Mapping[str, Mapping[str, Check]]) -> Check:
    """An object whose ``type`` must be given and decides which fields, all needed, stand beside it."""

    def check(path: str, value: object) -> Iterator[str]:
        kind = value.get("type") if isinstance(value, dict) else None
        known = kind if isinstance(kind, str) and kind in variants else None
        fields: Mapping[str, Check] = variants[known] if known is not None else {}
        yield from record({"type": one_of(variants), **fields}, ("type", *fields))(path, value)

    return check
