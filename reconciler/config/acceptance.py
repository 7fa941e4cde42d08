"""JSON Schemas compiled to functions that say yes quickly.

A yes is certain. A no means that the value is wrong, or that the schema is beyond the keywords known here;
who wants to know asks ``explain``, which is complete and slow. Most values are right, and loading any package
that validates takes longer than checking a small stack.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from reconciler.values import Unknown, Value

Check = Callable[[Any], bool]

_ANNOTATIONS = frozenset({
    "$schema", "$id", "$defs", "$comment", "title", "description", "default", "examples", "format",
    "deprecated", "readOnly", "writeOnly",
})  # fmt: skip
"""Keywords that allow anything (JSON Schema 2020-12: ``format`` is an annotation unless asked for)."""


def is_open(part: Value) -> bool:
    """Whether a part's value is not known yet: Unknown, or an expression."""
    return isinstance(part, Unknown) or hasattr(part, "evaluate")


def holds_open(value: Value) -> bool:
    """Whether any part of a value is not known yet."""
    if isinstance(value, dict):
        return any(map(holds_open, value.values()))
    if isinstance(value, list):
        return any(map(holds_open, value))
    return is_open(value)


def acceptance(schema: Any, root: Mapping[str, Any] | None = None) -> Check:
    """A function that says whether a value satisfies a schema; parts that are open satisfy any."""
    return _Compiler(schema if root is None else root).compile(schema)


def _everything(_: Any) -> bool:
    return True


def _nothing(_: Any) -> bool:
    return False


class _Compiler:
    """Compiles the parts of one schema document; ``_references`` makes recursion possible."""

    def __init__(self, root: Any) -> None:
        self._root = root
        self._references: dict[str, list[Check]] = {}

    def compile(self, schema: Any) -> Check:
        if schema is True:
            return _everything
        if not isinstance(schema, Mapping):
            return _nothing
        checks: list[Check] = []
        for keyword, wanted in schema.items():
            if keyword in _ANNOTATIONS or keyword.startswith("x-"):
                continue
            build = getattr(self, f"_{keyword.lstrip('$')}", None)
            if build is None or keyword.startswith("_"):
                return _but_open(_nothing)
            check = build(wanted, schema)
            if check is not None:
                checks.append(check)
        if not checks:
            return _everything
        if len(checks) == 1:
            return _but_open(checks[0])
        return _but_open(lambda value: all(check(value) for check in checks))

    # One method a keyword, called with its value and the schema around it.

    def _ref(self, wanted: str, _: Any) -> Check:
        if wanted not in self._references:
            self._references[wanted] = []
            self._references[wanted].append(self.compile(self._target(wanted)))
        known = self._references[wanted]
        return known[0] if known else lambda value: known[0](value)

    def _target(self, reference: str) -> Any:
        target: Any = self._root
        for step in reference.removeprefix("#").split("/")[1:]:
            target = target.get(step, False) if isinstance(target, Mapping) else False
        return target if reference.startswith("#") else False

    def _type(self, wanted: str | list[str], _: Any) -> Check:
        names = [wanted] if isinstance(wanted, str) else wanted
        if names == ["string"]:
            return lambda value: isinstance(value, str)
        checks = [_TYPES.get(name, _nothing) for name in names]
        return checks[0] if len(checks) == 1 else lambda value: any(check(value) for check in checks)

    def _enum(self, wanted: list[Any], _: Any) -> Check:
        texts = frozenset(one for one in wanted if isinstance(one, str))
        others = [one for one in wanted if one is None or isinstance(one, bool | int)]
        return lambda value: (
            value in texts
            if isinstance(value, str)
            else any(type(value) is type(one) and value == one for one in others)
        )

    def _const(self, wanted: Any, schema: Any) -> Check:
        return self._enum([wanted], schema)

    def _pattern(self, wanted: str, _: Any) -> Check:
        search = re.compile(wanted).search
        return lambda value: not isinstance(value, str) or search(value) is not None

    def _minLength(self, wanted: int, _: Any) -> Check:  # noqa: N802 - the keyword's name
        return lambda value: not isinstance(value, str) or len(value) >= wanted

    def _maxLength(self, wanted: int, _: Any) -> Check:  # noqa: N802
        return lambda value: not isinstance(value, str) or len(value) <= wanted

    def _minimum(self, wanted: float, _: Any) -> Check:
        return lambda value: not _is_number(value) or value >= wanted

    def _maximum(self, wanted: float, _: Any) -> Check:
        return lambda value: not _is_number(value) or value <= wanted

    def _exclusiveMinimum(self, wanted: float, _: Any) -> Check:  # noqa: N802
        return lambda value: not _is_number(value) or value > wanted

    def _exclusiveMaximum(self, wanted: float, _: Any) -> Check:  # noqa: N802
        return lambda value: not _is_number(value) or value < wanted

    def _items(self, wanted: Any, schema: Any) -> Check:
        if "prefixItems" in schema:
            return _nothing
        check = self.compile(wanted)
        return lambda value: not isinstance(value, list) or all(map(check, value))

    def _minItems(self, wanted: int, _: Any) -> Check:  # noqa: N802
        return lambda value: not isinstance(value, list) or len(value) >= wanted

    def _maxItems(self, wanted: int, _: Any) -> Check:  # noqa: N802
        return lambda value: not isinstance(value, list) or len(value) <= wanted

    def _uniqueItems(self, wanted: bool, _: Any) -> Check | None:  # noqa: N802
        if not wanted:
            return None
        return lambda value: (
            not isinstance(value, list)
            or (all(type(one) is str for one in value) and len(set(value)) == len(value))
            or len(value) < 2
        )

    def _properties(self, wanted: Mapping[str, Any], _: Any) -> Check:
        checks = {name: self.compile(part) for name, part in wanted.items()}

        def check(value: Any) -> bool:
            if isinstance(value, dict):
                for name, part in value.items():
                    if name in checks and not checks[name](part):
                        return False
            return True

        return check

    def _additionalProperties(self, wanted: Any, schema: Any) -> Check | None:  # noqa: N802
        if wanted is True:
            return None
        if "patternProperties" in schema:
            return _nothing
        named = frozenset(schema.get("properties", ()))
        rest = self.compile(wanted)
        return lambda value: (
            not isinstance(value, dict) or all(name in named or rest(part) for name, part in value.items())
        )

    def _propertyNames(self, wanted: Any, _: Any) -> Check:  # noqa: N802
        check = self.compile(wanted)
        return lambda value: not isinstance(value, dict) or all(map(check, value))

    def _required(self, wanted: list[str], _: Any) -> Check:
        names = frozenset(wanted)
        return lambda value: not isinstance(value, dict) or names <= value.keys()

    def _minProperties(self, wanted: int, _: Any) -> Check:  # noqa: N802
        return lambda value: not isinstance(value, dict) or len(value) >= wanted

    def _maxProperties(self, wanted: int, _: Any) -> Check:  # noqa: N802
        return lambda value: not isinstance(value, dict) or len(value) <= wanted

    def _allOf(self, wanted: list[Any], _: Any) -> Check:  # noqa: N802
        checks = [self.compile(part) for part in wanted]
        return lambda value: all(check(value) for check in checks)

    def _anyOf(self, wanted: list[Any], _: Any) -> Check:  # noqa: N802
        checks = [self.compile(part) for part in wanted]
        return lambda value: any(check(value) for check in checks)


def _but_open(check: Check) -> Check:
    def checked(value: Any) -> bool:
        return check(value) or is_open(value)

    return checked


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


_TYPES: Mapping[str, Check] = {
    "string": lambda value: isinstance(value, str),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "number": _is_number,
    "boolean": lambda value: isinstance(value, bool),
    "array": lambda value: isinstance(value, list),
    "object": lambda value: isinstance(value, dict),
    "null": lambda value: value is None,
}
