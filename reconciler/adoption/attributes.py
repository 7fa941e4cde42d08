"""Which attributes of an object are declared: what the service would not do by itself, and may be told."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from reconciler.adoption.found import Candidate, Ground
from reconciler.config.validation import Validation
from reconciler.provider.facts import Attribute, ResourceType
from reconciler.values import Unknown

_NOTHING: Any = object()


@dataclass(frozen=True, slots=True)
class Told:
    """An object's attributes that can be declared, those too that are as they would be by themselves.

    ``secret`` are those whose values are secret; ``untold`` secrets that the service never tells.
    """

    values: Mapping[str, Any]
    secret: tuple[str, ...] = ()
    untold: tuple[str, ...] = ()
    comments: tuple[str, ...] = ()


def is_default(attribute: Attribute, value: Any) -> bool:
    """Whether a value is what the service does by itself."""
    return bool(attribute.schema.get("default", _NOTHING) == value)


def _pruned(value: Any, schema: Any) -> Any:
    """A value without what says nothing: a mapping whose keys are named speaks only of those it has."""
    if not isinstance(value, Mapping):
        return value
    parts, others = schema.get("properties"), schema.get("additionalProperties")
    other = others if isinstance(others, Mapping) else {}
    found = {}
    for key, part in value.items():
        own = (parts or {}).get(key, other)
        says_nothing = part is None or part == own.get("default", _NOTHING)
        if parts is None or key in schema.get("required", ()) or not says_nothing:
            found[key] = _pruned(part, own)
    return found


class Teller:
    """Tells what can be declared of objects; each type's schema is compiled once."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._validations: dict[str, Validation] = {}

    def told(self, candidate: Candidate) -> Told | str:
        """What can be declared of an object, or why it cannot be declared at all."""
        values: dict[str, Any] = {}
        secret: list[str] = []
        untold: list[str] = []
        comments: list[str] = []
        for name, attribute in candidate.type.attributes.items():
            value = candidate.object.attributes.get(name)
            if attribute.is_computed:
                continue
            if attribute.is_write_only or attribute.is_untold or value is None:
                if attribute.is_required and not attribute.is_sensitive:
                    return f"the service does not tell its {name}, which must be declared"
                if attribute.is_required:
                    untold.append(name)
            elif attribute.is_sensitive or (isinstance(value, str) and self._ground.shows_secret(value)):
                secret.append(name)
            elif not self._ground.shows_secret(value):
                values[name] = _pruned(value, attribute.schema)
            elif attribute.is_required:
                return f"its {name} shows a secret"
            else:
                comments.append(f"{name} is left out: it shows a secret")
        for name in self._refused(candidate.type, values, (*secret, *untold)):
            if name not in values or candidate.type.attributes[name].is_required:
                return f"the schema takes no such {name or 'attributes'}"
            del values[name]
            comments.append(f"{name} is left out: the schema does not take its value")
        return Told(values, tuple(secret), tuple(untold), tuple(comments))

    def _refused(
        self, resource_type: ResourceType, values: Mapping[str, Any], others: tuple[str, ...]
    ) -> list[str]:
        """The attributes whose values the schema refuses; an empty text for their being together."""
        whole = {**values, **{name: Unknown(name) for name in others}}
        validation = self._validations.get(resource_type.name)
        if validation is None:
            validation = self._validations[resource_type.name] = Validation(resource_type.schema)
        faults = validation.faults(whole)
        return list(dict.fromkeys(str(fault.path[0]) if fault.path else "" for fault in faults))
