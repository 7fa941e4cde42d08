"""What a declaration leaves alone is no difference: it is put in from what is there."""

from collections.abc import Mapping, Sequence

from reconciler.values import Value
from reconciler.views.natural_key import natural_keys
from reconciler.views.sameness import Schema, frozen, is_set, items_of, part_of


def settled(before: Value, after: Value, schema: Schema, is_whole: bool = True) -> Value:
    """``after`` with what it leaves alone put in from ``before``.

    A mapping whose schema names its ``properties`` speaks only of the keys it has; without ``is_whole`` one
    that is additive does so too. Objects of a list are settled by those of the same natural key, or of the
    same place; in a set without such a key, by one that has all they say.
    """
    if isinstance(before, list) and isinstance(after, list):
        return _settled_list(before, after, schema, is_whole)
    if not (isinstance(before, dict) and isinstance(after, dict)):
        return after
    speaks_of_parts = "properties" in schema or (not is_whole and "x-additive-unless" in schema)
    return {
        **(before if speaks_of_parts else {}),
        **{
            name: settled(before[name], part, part_of(schema, name), is_whole) if name in before else part
            for name, part in after.items()
        },
    }


def _settled_list(
    before: Sequence[Value], after: Sequence[Value], schema: Schema, is_whole: bool
) -> list[Value]:
    items = items_of(schema)
    if not any(isinstance(part, dict | list) for part in after) or "properties" not in items:
        return list(after)
    keys = natural_keys(before, after, schema)
    counterparts: list[Value]
    if keys is not None:
        known = dict(zip(keys[0], before, strict=True))
        counterparts = [known.get(key) for key in keys[1]]
    elif is_set(schema):
        counterparts = _counterparts(before, after, items)
    else:
        counterparts = [*before[: len(after)], *([None] * (len(after) - len(before)))]
    return [settled(old, new, items, is_whole) for old, new in zip(counterparts, after, strict=True)]


def _counterparts(before: Sequence[Value], after: Sequence[Value], items: Schema) -> list[Value]:
    """For each mapping of ``after`` one of ``before`` that has all that it says; None where none does."""
    by_names: dict[frozenset[str], dict[object, Value]] = {}

    def having_all_of(part: Mapping[str, Value]) -> Value:
        names = frozenset(part)
        if names not in by_names:
            by_names[names] = {
                frozen({name: old[name] for name in names}, items): old
                for old in before
                if isinstance(old, dict) and names <= old.keys()
            }
        return by_names[names].get(frozen(part, items))

    return [having_all_of(part) if isinstance(part, dict) else None for part in after]
