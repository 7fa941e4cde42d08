"""What differs within two nested values that are known to differ."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from reconciler.values import Digest, Sensitive, Unknown, Value, transform
from reconciler.views.value_text import value_text

Path = tuple[str | int, ...]
Schema = Mapping[str, Any]


class Absent:
    """Stands for a part that one of the two values does not have."""

    def __repr__(self) -> str:
        return "Absent"


ABSENT = Absent()


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference; ``path`` leads to it. ``in_set`` means that the position says nothing."""

    path: Path
    before: Value
    after: Value
    in_set: bool = False


class _Opaque(str):
    """A value that must not be looked into, under a text by which it equals only its like."""

    __slots__ = ("value",)
    value: Value

    @classmethod
    def of(cls, value: Value) -> "_Opaque":
        # All that must not be shown looks alike: digests of different states cannot be compared.
        made = cls(value.because if isinstance(value, Unknown) else "(sensitive)")
        made.value = value
        return made


def settled(before: Value, after: Value, schema: Schema, is_whole: bool = True) -> Value:
    """``after`` with what it leaves alone put in from ``before``.

    A mapping whose schema names its ``properties`` speaks only of the keys it has; without ``is_whole`` one
    that is additive does so too.
    """
    speaks_of_parts = "properties" in schema or (not is_whole and "x-additive-unless" in schema)
    if not (isinstance(before, Mapping) and isinstance(after, Mapping)):
        return after
    parts, others = schema.get("properties", {}), schema.get("additionalProperties")
    other = others if isinstance(others, Mapping) else {}
    return {
        **(before if speaks_of_parts else {}),
        **{
            name: settled(before[name], part, parts.get(name, other), is_whole) if name in before else part
            for name, part in after.items()
        },
    }


def differences(before: Value, after: Value, schema: Schema) -> list[Difference]:
    """The smallest parts of two lists or mappings that differ; sets, marked in the schema, as sets.

    Call it only when they are known to differ: it takes a fraction of a millisecond even when they do not.
    Empty when only something that must not be shown differs, or how often a set names the same.
    """
    # It takes 90 ms to load, which a plan without a nested difference should not pay for.
    from deepdiff import DeepDiff  # noqa: PLC0415

    found = DeepDiff(
        transform(before, _marked),
        transform(after, _marked),
        view="tree",
        ignore_numeric_type_changes=True,
        ignore_order_func=lambda level: _is_set(schema, level.path(output_format="list")),
        report_repetition=True,
        cutoff_intersection_for_pairs=0,
        cutoff_distance_for_pairs=0,
    )
    if "repetition_change" in found:
        return []
    parts = (part for kind in found.values() for part in kind)
    return sorted(_read(parts, schema), key=_order)


def _read(parts: Iterable[Any], schema: Schema) -> Iterator[Difference]:
    for part in parts:
        path = tuple(part.path(output_format="list"))
        before = ABSENT if _is_missing(part.t1) else transform(part.t1, _unmarked)
        after = ABSENT if _is_missing(part.t2) else transform(part.t2, _unmarked)
        yield Difference(path, before, after, in_set=_is_set(schema, path[:-1]))


def _is_missing(value: Any) -> bool:
    return type(value).__name__ == "NotPresent"


def _marked(part: Value) -> Value:
    return _Opaque.of(part) if isinstance(part, Unknown | Sensitive | Digest) else part


def _unmarked(part: Value) -> Value:
    return part.value if isinstance(part, _Opaque) else part


def _is_set(schema: Schema, path: Iterable[str | int]) -> bool:
    for step in path:
        if isinstance(step, int):
            schema = schema.get("items", {})
        else:
            named = schema.get("properties", {}).get(step)
            schema = named if named is not None else schema.get("additionalProperties") or {}
        if not isinstance(schema, Mapping):
            return False
    return bool(schema.get("x-unordered", False))


def _order(difference: Difference) -> tuple[object, ...]:
    """By name, and by number within a list; within a set, where deepdiff has no order, by value."""
    path = difference.path[:-1] if difference.in_set else difference.path
    steps = tuple((0, step, "") if isinstance(step, int) else (1, 0, step) for step in path)
    is_added = difference.before is ABSENT
    value = difference.after if is_added else difference.before
    return (steps, is_added, value_text(value) if difference.in_set else "")
