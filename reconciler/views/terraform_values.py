"""Values in Terraform's JSON: what is masked, unknown or sensitive stands in shadows of the same shape.

Source: developer.hashicorp.com/terraform/internals/json-format, "Change representation" and "Values
representation".

Terraform writes sensitive values in the clear and marks them. We never write them: ``"(sensitive)"`` stands
in their place, so that a rule such as "this must be set" still holds, and ``before_sensitive`` or
``after_sensitive`` is true there.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from reconciler.values import Digest, Sensitive, Unknown, Value

Json = Any


def masked(value: Value) -> Json:
    """A value without what is unknown (left out of mappings, null in lists) and without what is sensitive."""
    if isinstance(value, Mapping):
        return {name: masked(part) for name, part in value.items() if not isinstance(part, Unknown)}
    if isinstance(value, list | tuple):
        return [masked(part) for part in value]
    if isinstance(value, Unknown):
        return None
    return repr(value) if isinstance(value, Sensitive | Digest) else value


def unknown_shadow(value: Value) -> Json:
    """True where something is unknown."""
    return _shadow(value, lambda part: isinstance(part, Unknown))


def sensitive_shadow(value: Value) -> Json:
    """True where something must not be shown."""
    return _shadow(value, lambda part: isinstance(part, Sensitive | Digest))


def _shadow(value: Value, is_marked: Callable[[Value], bool]) -> Json:
    """As Terraform does: keys whose value is not marked are left out, items of lists never are."""
    if isinstance(value, Mapping):
        shadows = {name: _shadow(part, is_marked) for name, part in value.items()}
        return {name: shadow for name, shadow in shadows.items() if shadow is not False}
    if isinstance(value, list | tuple):
        return [_shadow(part, is_marked) for part in value]
    return is_marked(value)


def change_of(
    actions: list[str], before: Value, after: Value, replace_paths: list[list[str]] | None = None
) -> dict[str, Json]:
    """Terraform's change object; all of its keys are always there. None for what is not there."""
    return {
        "actions": actions,
        "before": masked(before),
        "after": masked(after),
        "after_unknown": unknown_shadow({} if after is None else after),
        "before_sensitive": sensitive_shadow(before),
        "after_sensitive": sensitive_shadow(after),
        "replace_paths": replace_paths or [],
    }


def timestamp(moment: datetime) -> str:
    """A moment in RFC 3339, in UTC and whole seconds."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
