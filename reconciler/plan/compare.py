"""Whether what is there is what was asked for.

One comparison serves plan (desired against live) and drift (recorded against live), so that they never
disagree. What was asked for decides what is looked at: a mapping whose schema names its ``properties``
speaks only of the keys it has, and what it does not say is left alone. One that is additive
(``x-additive-unless``) does so too, until it is asked to be the whole.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from reconciler.provider.facts import Attribute, ResourceType
from reconciler.values import (
    Digest,
    Sealer,
    Sensitive,
    Unknown,
    Value,
    canonical,
    holds,
    reveal,
    transform,
)

Schema = Mapping[str, Any]


def differing(
    resource_type: ResourceType,
    asked: Mapping[str, Value],
    live: Mapping[str, Value],
    known: Mapping[str, Value],
    sealer: Sealer,
) -> list[str]:
    """The names of the attributes asked for that ``live`` does not have that way.

    ``known`` is what was asked for the last time: the only witness for what the service never tells.
    """
    attributes = resource_type.attributes
    return [
        name
        for name, value in asked.items()
        if not _holds(
            attributes[name],
            value,
            live.get(name, _MISSING),
            known.get(name, _MISSING),
            sealer,
            attributes[name].is_whole(asked),
        )
    ]


def matches(asked: Value, actual: Value, schema: Schema, sealer: Sealer, is_whole: bool = True) -> bool:
    """Whether ``actual`` is what was asked for; never true of what is unknown.

    Without ``is_whole`` the additive mappings in it may have more than was asked for.
    """
    if type(asked) is str and type(actual) is str:
        return asked == actual  # by far the most frequent case
    if isinstance(asked, Unknown):
        return False
    if isinstance(actual, Sensitive):
        actual = actual.value
    if isinstance(asked, Sensitive):
        asked = sealer.digest(asked.value) if isinstance(actual, Digest) else asked.value
    elif isinstance(asked, Digest) and not isinstance(actual, Digest):
        actual = sealer.digest(actual)
    elif isinstance(actual, Digest) and holds(asked, Sensitive, Digest):
        asked = sealer.digest(asked)  # known by the digest of the whole, and asked for in parts
    if isinstance(asked, dict):
        return isinstance(actual, dict) and _mapping_matches(asked, actual, schema, sealer, is_whole)
    if isinstance(asked, list):
        return isinstance(actual, list) and _list_matches(asked, actual, schema, sealer, is_whole)
    return bool(asked == actual) and isinstance(asked, bool) is isinstance(actual, bool)


_MISSING: Any = object()


def _holds(
    attribute: Attribute, asked: Value, live: Value, known: Value, sealer: Sealer, is_whole: bool
) -> bool:
    if attribute.is_write_only:
        overwritten = live is None  # the provider's word for: somebody else has written it since
        return not overwritten and _was_asked(attribute, asked, known, sealer)
    if live is _MISSING or attribute.is_untold:
        return _was_asked(attribute, asked, known, sealer)  # the service does not tell it
    return matches(asked, live, attribute.schema, sealer, is_whole)


def _was_asked(attribute: Attribute, asked: Value, known: Value, sealer: Sealer) -> bool:
    if known is _MISSING:
        # Of an object that somebody else made nobody can tell; it is not replaced on a guess.
        return attribute.forces_replacement
    return matches(asked, known, attribute.schema, sealer)


def _mapping_matches(
    asked: Mapping[str, Value], actual: Mapping[str, Value], schema: Schema, sealer: Sealer, is_whole: bool
) -> bool:
    properties = schema.get("properties")
    may_have_more = properties is not None or (not is_whole and "x-additive-unless" in schema)
    if not may_have_more and len(asked) != len(actual):
        return False
    parts, others = properties or {}, schema.get("additionalProperties")
    other = others if isinstance(others, Mapping) else {}
    return all(
        key in actual and matches(value, actual[key], parts.get(key, other), sealer, is_whole)
        for key, value in asked.items()
    )


def _list_matches(
    asked: list[Value], actual: list[Value], schema: Schema, sealer: Sealer, is_whole: bool
) -> bool:
    if len(asked) != len(actual):
        return False
    items = schema.get("items", {})
    if schema.get("x-unordered", False):
        sealed = sealer if holds(asked, Digest) or holds(actual, Digest) else None
        asked, actual = _sorted(asked, sealed), _sorted(actual, sealed)
    return all(
        matches(part, other, items, sealer, is_whole) for part, other in zip(asked, actual, strict=True)
    )


def _sorted(values: Iterable[Value], sealer: Sealer | None) -> list[Value]:
    """In an order that two equal sets share; what is unknown goes last, it equals nothing anyway.

    With a sealer it is the order of the digests, for sets of which one is known by its digests alone.
    """
    return sorted(values, key=lambda value: _order(value, sealer))


def _order(value: Value, sealer: Sealer | None) -> str:
    if holds(value, Unknown):
        return "\uffff"
    if sealer is not None:
        value = transform(value, lambda part: sealer.digest(part).hexadecimal)
    return canonical(reveal(value))
