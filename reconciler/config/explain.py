"""Says in plain words why a value does not satisfy a schema. Loaded only when one does not."""

import itertools
import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from jsonschema import Draft202012Validator, ValidationError
from jsonschema.validators import extend

from reconciler.config.stack import ValuePath
from reconciler.config.validation import Fault, holds_open, is_open
from reconciler.diagnostics import did_you_mean
from reconciler.values import Value

_Keyword = Callable[[Any, Any, Any, Any], Iterator[ValidationError] | None]

_WHOLE = frozenset({"not", "oneOf", "if", "enum", "const", "uniqueItems", "contains"})
"""Keywords that cannot be judged while any part of the value is open."""

_MAX_FAULTS = 100
"""More are not looked for in one value."""

_TYPES = {
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "a mapping",
    "null": "null",
}


def _patient(keyword: str, check: _Keyword) -> _Keyword:
    """A keyword's check that accepts what is not known yet."""

    def checked(validator: Any, wanted: Any, instance: Any, schema: Any) -> Iterator[ValidationError] | None:
        if is_open(instance) or (keyword in _WHOLE and holds_open(instance)):
            return None
        return check(validator, wanted, instance, schema)

    return checked


_Validator: Any = extend(  # type: ignore[no-untyped-call]  # jsonschema has no types for it
    Draft202012Validator,
    {name: _patient(name, check) for name, check in Draft202012Validator.VALIDATORS.items()},
)


class Explainer:
    """Explains the faults of values against one schema."""

    def __init__(self, schema: Mapping[str, Any]) -> None:
        self._validator = _Validator(schema)

    def faults(self, value: Value, whole: str) -> Iterator[Fault]:
        """What is wrong; ``whole`` is what messages call the value as a whole."""
        for error in itertools.islice(self._validator.iter_errors(value), _MAX_FAULTS):
            yield from _faults(error, whole)


def _faults(error: Any, whole: str) -> Iterator[Fault]:
    path: ValuePath = tuple(error.absolute_path)
    keyword, wanted, value, schema = error.validator, error.validator_value, error.instance, error.schema
    called = _called(path) or whole
    if keyword == "additionalProperties" and not wanted:
        known = schema.get("properties", {})
        for name in value:
            if name not in known:
                yield Fault(path, f"{called} has no key {name!r}", did_you_mean(name, known), name)
    elif keyword is None:
        yield Fault(path, f"{called} is not allowed here", "remove it")
    elif keyword == "required":
        yield from _required(error, path, called)
    elif keyword == "pattern":
        yield from _pattern(error, path, called)
    elif keyword in ("anyOf", "oneOf"):
        yield from _alternatives(error, path, whole)
    else:
        summary, advice = _said(str(keyword), wanted, value)
        yield Fault(path, f"{called} {summary}", advice)


def _required(error: Any, path: ValuePath, called: str) -> Iterator[Fault]:
    for name in error.validator_value:
        if name not in error.instance and f"'{name}'" in error.message:
            yield Fault(path, f"{called} needs {name!r}", f"add {name}: ...")


def _pattern(error: Any, path: ValuePath, called: str) -> Iterator[Fault]:
    meaning = _in_a_sentence(error.schema.get("description") or f"text that matches {error.validator_value}")
    shown = json.dumps(_short(error.instance), ensure_ascii=False)
    if "propertyNames" in error.absolute_schema_path:
        yield Fault(path, f"{shown} is not a possible name", f"a name is {meaning}", error.instance)
    else:
        yield Fault(path, f"{called} cannot be {shown}", f"it must be {meaning}")


def _in_a_sentence(description: str) -> str:
    """A description as the end of a sentence: "Six digits; …." is "six digits; …"."""
    first, rest = description[:1], description[1:]
    return (first.lower() if rest[:1].islower() or rest[:1] == " " else first) + rest.removesuffix(".")


def _alternatives(error: Any, path: ValuePath, whole: str) -> Iterator[Fault]:
    """The faults of the alternative that came nearest: the one that fails deepest, with the fewest faults."""
    if not error.context:
        yield Fault(path, f"{_called(path) or whole} fits more than one of what is allowed", "")
        return
    branches: dict[Any, list[Any]] = {}
    for part in error.context:
        branches.setdefault(part.schema_path[0] if part.schema_path else None, []).append(part)
    parts = [part for branch in branches.values() for part in branch]
    kinds = {part.validator for part in parts}
    if kinds <= {"type", "enum", "const"} and not any(part.path for part in parts):
        yield _none_of(parts, error.instance, path, _called(path) or whole)
        return
    if kinds == {"required"}:
        names = dict.fromkeys(name for part in parts for name in part.validator_value)
        yield Fault(path, f"{_called(path) or whole} needs one of {', '.join(names)}", "add one")
        return
    best = min(branches.values(), key=lambda branch: (-max(len(part.path) for part in branch), len(branch)))
    for part in best:
        yield from _faults(part, whole)


def _none_of(parts: list[Any], value: Value, path: ValuePath, called: str) -> Fault:
    """What may stand there, of alternatives that are types and values."""
    types = [kind for part in parts if part.validator == "type" for kind in _listed(part.validator_value)]
    values = [one for part in parts if part.validator == "enum" for one in part.validator_value]
    values += [part.validator_value for part in parts if part.validator == "const"]
    words = [_TYPES.get(kind, kind) for kind in types] + [_json(one) for one in values]
    texts = [one for one in values if isinstance(one, str)]
    advice = (did_you_mean(value, texts) if isinstance(value, str) else "") or _type_advice(types, value)
    return Fault(path, f"{called} must be {' or '.join(dict.fromkeys(words))}, not {describe(value)}", advice)


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list) else [value]


def _must_be(types: list[str], value: Value) -> str:
    wanted = " or ".join(dict.fromkeys(_TYPES.get(kind, kind) for kind in types))
    return f"must be {wanted}, not {describe(value)}"


def _type_advice(types: list[str], value: Value) -> str:
    if value is None:
        return "give a value, or remove the line"
    if isinstance(value, str):
        if ("integer" in types or "number" in types) and re.fullmatch(r"-?\d+(\.\d+)?", value):
            return "remove the quotes"
        if "boolean" in types:
            return "write true or false, without quotes"
    if "string" in types and isinstance(value, int | float):
        return "put it in quotes; of an expression, make text with | string"
    if "array" in types and not isinstance(value, dict | list):
        return f"write a list: [{_short(value)}]"
    return ""


def describe(value: Value) -> str:
    """A value in a message: shortened, and only its kind when it is large."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case dict():
            return "a mapping"
        case list():
            return "a list"
        case str():
            return f"the text {json.dumps(_short(value), ensure_ascii=False)}"
    return f"the number {value}"


def _quoted(value: Value) -> str:
    return json.dumps(_short(value), ensure_ascii=False) if isinstance(value, str) else describe(value)


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


_BOUNDS = {
    "minimum": "at least",
    "maximum": "at most",
    "exclusiveMinimum": "more than",
    "exclusiveMaximum": "less than",
    "multipleOf": "a multiple of",
}


def _said(keyword: str, wanted: Any, value: Value) -> tuple[str, str]:
    """What is wrong and what to do, for keywords that judge a value by itself."""
    if keyword in _BOUNDS:
        return f"must be {_BOUNDS[keyword]} {wanted}, not {value}", ""
    match keyword:
        case "type":
            return _must_be(_listed(wanted), value), _type_advice(_listed(wanted), value)
        case "enum":
            texts = [str(one) for one in wanted if isinstance(one, str)]
            advice = did_you_mean(value, texts) if isinstance(value, str) else ""
            return f"cannot be {_quoted(value)}", advice or "use one of: " + ", ".join(map(_json, wanted))
        case "const":
            return f"cannot be {_quoted(value)}", f"it must be {_json(wanted)}"
        case "minLength" if wanted == 1:
            return "must not be empty", "give a value, or remove the line"
        case "minLength" | "maxLength":
            most = "at least" if keyword == "minLength" else "at most"
            return f"must have {most} {wanted} characters, not {len(str(value))}", ""
        case "minItems" | "maxItems" | "minProperties" | "maxProperties":
            most = "at least" if keyword.startswith("min") else "at most"
            count = len(value) if isinstance(value, list | dict) else 0
            return f"must have {most} {wanted} entries, not {count}", ""
        case "uniqueItems":
            return "has an item twice", "keep one of them"
    return f"does not satisfy the rule {keyword!r} of its schema", f"{keyword}: {_short(_json(wanted))}"


def _json(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _called(path: ValuePath) -> str:
    """A path as it is read: ``rules[0].name``."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text
