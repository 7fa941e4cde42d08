"""By what the objects of a list are known: the schema's word, or a field that tells them apart."""

from collections.abc import Mapping, Sequence

from reconciler.values import Value
from reconciler.views.sameness import Schema, items_of

Key = tuple[str | int, ...]

_USUAL = ("name", "id", "key", "slug", "title", "type")
"""Fields by which objects are commonly known, the best first."""


def natural_keys(
    before: Sequence[Value], after: Sequence[Value], schema: Schema
) -> tuple[list[Key], list[Key]] | None:
    """The key of each object of two lists, different within each; None where nothing tells them apart.

    ``x-natural-key`` of the schema's items names the fields. Without it, it is the field that most objects
    of both lists have in common; the first of the usual ones, where several do.
    """
    if not (before and after and all(isinstance(part, dict) for part in (*before, *after))):
        return None
    named = tuple(items_of(schema).get("x-natural-key", ()))
    best: tuple[list[Key], list[Key]] | None = None
    most = -1
    for fields in [named] if named else [(name,) for name in _USUAL]:
        old, new = _keys(before, fields), _keys(after, fields)
        if old is not None and new is not None and len(shared := {*old} & {*new}) > most:
            best, most = (old, new), len(shared)
    return best


def _keys(objects: Sequence[Mapping[str, Value]], fields: tuple[str, ...]) -> list[Key] | None:
    keys: list[Key] = []
    for each in objects:
        key = [part for part in map(each.get, fields) if isinstance(part, str | int)]
        if len(key) < len(fields) or any(isinstance(part, bool) for part in key):
            return None  # missing, unknown, or not to be shown
        keys.append(tuple(key))
    return keys if len({*keys}) == len(keys) else None
