"""From what is declared to values, and marking what must not be shown."""

from collections.abc import Callable, Mapping
from functools import partial
from types import NoneType

from reconciler.address import Address
from reconciler.config.stack import Scope, Template
from reconciler.provider.facts import ResourceType
from reconciler.provider.protocol import Provider
from reconciler.values import (
    Digest,
    Sealer,
    Sensitive,
    Unknown,
    Value,
    is_known,
    is_sensitive,
    leaves,
    reveal,
    telling_texts,
    transform,
)

_PLAIN = frozenset((str, int, float, bool, NoneType, Sensitive, Digest, Unknown))


def evaluate(template: Template, scope: Scope) -> Value:
    """The value of a template; raises InvalidConfiguration where an expression cannot be evaluated."""
    return transform(template, lambda part: part if type(part) in _PLAIN else part.evaluate(scope))


def normalised(
    provider: Provider, resource_type: ResourceType, attributes: Mapping[str, Value]
) -> dict[str, Value]:
    """Attributes as the service will put them, what is unknown left out of it, with all marks kept."""
    known = {name: reveal(value) for name, value in attributes.items() if is_known(value)}
    settled = provider.normalise(resource_type.name, known)
    if settled is known and len(known) == len(attributes):
        return _marked(resource_type, attributes)
    values: dict[str, Value] = dict(attributes)
    for name, value in settled.items():
        if name not in attributes:
            values[name] = value
        elif value != known[name]:
            values[name] = Sensitive(value) if is_sensitive(attributes[name]) else value
    return _marked(resource_type, values)


def masked(
    resource_type: ResourceType, live: Mapping[str, Value], *models: Mapping[str, Value], sealer: Sealer
) -> dict[str, Value]:
    """What the service told, with the parts marked sensitive that the type or one of the models marks.

    The first model is what was asked for. What the service made of a sensitive part is marked too: an
    attribute that changes with it, such as the address of a page with a secret title, and any text that
    holds it. So is every text that holds a secret which the sealer knows, unless it was asked for in the
    clear.
    """
    values = _marked(resource_type, live)
    for model in models:
        if not is_sensitive(model):
            continue
        for name, part in model.items():
            if name in values:
                values[name] = marked_like(values[name], part)
        for attribute in resource_type.attributes.values():
            for source in attribute.changes_with:
                if attribute.name in values and source in model:
                    values[attribute.name] = marked_like(values[attribute.name], model[source])
        if texts := _secret_texts(model):
            values = _without(partial(_shows_any, texts), values)
    if sealer.knows_texts:
        told = {name: value for name, value in values.items() if not models or name not in models[0]}
        values |= _without(sealer.shows_secret, told)
    return values


def marked_like(value: Value, model: Value) -> Value:
    """A value in which every part is Sensitive whose counterpart in the model is."""
    if value is None or isinstance(value, Sensitive | Digest):
        return value
    if isinstance(model, Sensitive | Digest):
        return Sensitive(value)
    if isinstance(model, dict):
        if not isinstance(value, dict):
            return Sensitive(value) if is_sensitive(model) else value
        return {key: marked_like(part, model.get(key)) for key, part in value.items()}
    if isinstance(model, list) and is_sensitive(model):
        return Sensitive(value)  # its order may have changed, so no part can be told from another
    return value


def _secret_texts(model: Mapping[str, Value]) -> tuple[str, ...]:
    """The sensitive texts in a model that are long enough not to stand in another text by chance."""
    secrets = (
        part.value for value in model.values() for part in leaves(value) if isinstance(part, Sensitive)
    )
    return tuple({text for secret in secrets for text in telling_texts(secret)})


def _shows_any(texts: tuple[str, ...], text: str) -> bool:
    return any(secret in text for secret in texts)


def _without(shows_secret: Callable[[str], bool], values: Mapping[str, Value]) -> dict[str, Value]:
    """Values with each text Sensitive that shows a secret, and a mapping whose names do so as a whole."""

    def without(value: Value) -> Value:
        if isinstance(value, str):
            return Sensitive(value) if shows_secret(value) else value
        if isinstance(value, list):
            return [without(part) for part in value]
        if isinstance(value, dict):
            if any(map(shows_secret, value)):
                return Sensitive(value)
            return {name: without(part) for name, part in value.items()}
        return value

    return {name: without(value) for name, value in values.items()}


def after_create(
    address: Address, resource_type: ResourceType, asked: Mapping[str, Value]
) -> dict[str, Value]:
    """All attributes of an object that is to be created: those asked for, and the service's own, unknown."""
    return {
        name: asked[name] if name in asked else Unknown(f"{address}.{name}")
        for name in resource_type.attributes
    }


def _marked(resource_type: ResourceType, values: Mapping[str, Value]) -> dict[str, Value]:
    result = dict(values)
    for name in resource_type.sensitive:
        if name in result and not isinstance(result[name], Sensitive | Digest | Unknown | NoneType):
            result[name] = Sensitive(result[name])
    return result
