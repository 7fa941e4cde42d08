"""Answers as the cache keeps them: JSON text, in which what is secret is a digest, as in state."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reconciler.errors import StateError
from reconciler.plan.evaluate import masked
from reconciler.provider.facts import ResourceType
from reconciler.provider.objects import Earlier, Object
from reconciler.state.object_json import DIGEST, read_value, write_value
from reconciler.values import Sealer, Value, reveal


@dataclass(frozen=True, slots=True)
class Told:
    """One object that a service told, and what is known of it beforehand.

    ``asked`` are attributes as they were asked for or recorded, in the clear; ``sealed`` those of which
    state keeps digests.
    """

    object: Object
    resource_type: ResourceType
    asked: Mapping[str, Any]
    sealed: Mapping[str, Value]


def sealed_texts(told: Sequence[Told], sealer: Sealer) -> list[str | None]:
    """The text of each object; None for one that cannot be kept."""
    texts = [_text(one, sealer) for one in told]
    if not _show_secret([text for text in texts if text is not None], sealer):
        return texts
    return [
        _text(one, sealer, looks_closely=True) if text is not None and _show_secret([text], sealer) else text
        for one, text in zip(told, texts, strict=True)
    ]


def opened(text: str, earlier: Earlier, resource_type: ResourceType, sealer: Sealer) -> Object | None:
    """The object in a text; None for what another version of its type was.

    Secrets that the stack tells are in the clear again, the others are digests. Raises ValueError for a text
    that is none of ours.
    """
    try:
        fields = read_value(text)
        if fields.get("version", 1) != resource_type.version:
            return None
        attributes: Mapping[str, Value] = fields["attributes"]
        if DIGEST in text:
            attributes = reveal(sealer.open(attributes))
        type_name = fields.get("type", resource_type.name)
        return Object(type_name, fields["id"], attributes, earlier=earlier)
    except (AttributeError, KeyError, TypeError) as error:
        raise ValueError(f"an answer in it makes no sense: {error!r}") from error


def several(texts: Sequence[str]) -> str:
    """The texts of several objects as one."""
    return f"[{','.join(texts)}]"


def apart(text: str) -> list[str]:
    """The texts that ``several`` has put together. Raises ValueError."""
    found = json.loads(text)
    if not isinstance(found, list):
        raise ValueError("an answer in it makes no sense")
    return [json.dumps(one, ensure_ascii=False) for one in found]


def _text(told: Told, sealer: Sealer, *, looks_closely: bool = False) -> str | None:
    attributes: Mapping[str, Value] = told.object.attributes
    if looks_closely or told.sealed or _has_sensitive(told):
        # What is recorded in the clear was judged then; the model says so, for the texts in it.
        clear = {name: value for name, value in told.asked.items() if attributes.get(name) == value}
        model = {**clear, **told.sealed}
        attributes = sealer.seal(masked(told.resource_type, attributes, model, sealer=sealer))
    fields: dict[str, Value] = {"id": told.object.id, "attributes": attributes}
    if told.object.type != told.resource_type.name:
        fields["type"] = told.object.type
    if told.resource_type.version != 1:
        fields["version"] = told.resource_type.version
    try:
        return write_value(fields)
    except StateError:
        return None  # no JSON: a number that is none, say


def _has_sensitive(told: Told) -> bool:
    return any(name in told.object.attributes for name in told.resource_type.sensitive)


def _show_secret(texts: Sequence[str], sealer: Sealer) -> bool:
    """Whether one of some JSON texts may show a known secret; all are looked through at once."""
    if not sealer.knows_texts or not texts:
        return False
    together = "\n".join(texts).casefold()
    return any(form in together for form in _forms(sealer))


def _forms(sealer: Sealer) -> Iterator[str]:
    """Each known secret as it stands in JSON text, in small letters."""
    for text in sealer.texts:
        # What is no ASCII stands there as numbers, which know nothing of small letters.
        spellings = (text,) if text.isascii() else (text, text.casefold(), text.upper())
        yield from {json.dumps(spelling)[1:-1].casefold() for spelling in spellings}
