"""Objects and values as JSON text, and back, exactly.

A digest is written ``{"$sensitive": "<hexadecimal>"}``. A mapping that has such a key of its own survives:
its key is written with one ``$`` more (``$$sensitive``), however many it had.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from reconciler.address import Address
from reconciler.errors import StateError
from reconciler.provider.objects import ObjectKey
from reconciler.state.model import StateObject
from reconciler.values import Digest, Sensitive, Unknown, Value

DIGEST = "$sensitive"
_LOOKS_LIKE_DIGEST = re.compile(r"\$+sensitive")
_DIGEST_IN_TEXT = f'{DIGEST}"'
"""Whatever holds a digest or an escaped key holds this; most texts do not, and need no second look."""

_BATCH = 500

Parse = Callable[[str], Address]


def write_value(value: Value) -> str:
    """A value as JSON text. Raises StateError for what must not or cannot be stored."""
    try:
        text = _dumps(value)
        return _dumps(_escaped(value)) if _DIGEST_IN_TEXT in text else text
    except ValueError as error:
        raise StateError(f"state cannot keep this value: {error}") from error


def read_value(text: str) -> Value:
    """The value that ``write_value`` wrote."""
    value = json.loads(text)
    return _unescaped(value) if _DIGEST_IN_TEXT in text else value


def write_object(known: StateObject) -> str:
    """An object as JSON text, by the names of its fields, without its address and what is at its default."""
    fields: dict[str, Value] = {"provider": known.provider, "id": known.id, "attributes": known.attributes}
    if known.declared:
        fields["declared"] = known.declared
    if known.expressions:
        fields["expressions"] = known.expressions
    if known.depends_on:
        fields["depends_on"] = [str(address) for address in known.depends_on]
    if known.schema_version != 1:
        fields["schema_version"] = known.schema_version
    if known.prevent_destroy:
        fields["prevent_destroy"] = True
    if known.on_destroy is not None:
        fields["on_destroy"] = known.on_destroy
    if known.side_effects:
        fields["side_effects"] = [[key.type, list(key.values)] for key in known.side_effects]
    return write_value(fields)


def read_objects(rows: Iterable[tuple[str, str]]) -> Iterator[StateObject]:
    """The objects of some rows of ``(address, text)``, in their order.

    Rows are read by the hundreds: the JSON reader then makes each attribute's name once and not once an
    object, which takes half the time and two thirds of the memory.
    """
    parse = address_parser()
    remaining = iter(rows)
    while batch := list(islice(remaining, _BATCH)):
        together = f"[{','.join([text for _, text in batch])}]"
        holds_digests = _DIGEST_IN_TEXT in together
        for (address, text), read in zip(batch, json.loads(together), strict=True):
            fields = _unescaped(read) if holds_digests and _DIGEST_IN_TEXT in text else read
            if "depends_on" in fields:
                fields["depends_on"] = tuple([parse(target) for target in fields["depends_on"]])
            if "side_effects" in fields:
                fields["side_effects"] = tuple(
                    [ObjectKey(kind, tuple(values)) for kind, values in fields["side_effects"]]
                )
            yield StateObject(parse(address), **fields)


def read_object(address: str, text: str) -> StateObject:
    """The object that ``write_object`` wrote."""
    return next(read_objects([(address, text)]))


def address_parser() -> Parse:
    """Address.parse for many texts of one state: quick for the plain ones, and each text is read once."""
    known: dict[str, Address] = {}

    def parse(text: str) -> Address:
        address = known.get(text)
        if address is None:
            kind, _, name = text.partition(".")
            is_plain = "[" not in text and "." not in name
            address = Address(kind, name) if is_plain else Address.parse(text)
            known[text] = address
        return address

    return parse


def _plain(value: Value) -> Any:
    if isinstance(value, Digest):
        return {DIGEST: value.hexadecimal}
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, Sensitive):
        raise ValueError("it is sensitive and has not been sealed")
    if isinstance(value, Unknown):
        raise ValueError(f"{value.because} is not known yet")
    raise ValueError(f"it is a {type(value).__name__}, which JSON has no form for")


_dumps = json.JSONEncoder(separators=(",", ":"), allow_nan=False, default=_plain).encode


def _escaped(value: Value) -> Value:
    """The value with digests as mappings, and other mappings kept from looking like one."""
    if isinstance(value, Mapping):
        return {
            f"${key}" if _LOOKS_LIKE_DIGEST.fullmatch(key) else key: _escaped(part)
            for key, part in value.items()
        }
    if isinstance(value, list | tuple):
        return [_escaped(part) for part in value]
    return _plain(value) if isinstance(value, Digest) else value


def _unescaped(value: Value) -> Value:
    if isinstance(value, dict):
        if DIGEST in value:
            return Digest(value[DIGEST])
        return {
            key[1:] if _LOOKS_LIKE_DIGEST.fullmatch(key) else key: _unescaped(part)
            for key, part in value.items()
        }
    if isinstance(value, list):
        return [_unescaped(part) for part in value]
    return value
