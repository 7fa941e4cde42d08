"""Values as a plan file has them: JSON, without secrets, with marks for what is no JSON.

A digest is written ``{"$sensitive": "<hexadecimal>"}``, as in state, and what is unknown
``{"$unknown": "<what will tell it>"}``; what is sensitive and not known yet, or only in part, is
``{"$sensitive": null}``. A mapping that has such a key of its own survives: its key is written
with one ``$`` more.
"""

import re
from collections.abc import Mapping
from typing import Any

from reconciler.state.object_json import DIGEST
from reconciler.values import Digest, Sealer, Sensitive, Unknown, Value, is_known

UNKNOWN = "$unknown"
_LOOKS_LIKE_MARK = re.compile(r"\$+(sensitive|unknown)")


def write(value: Value, sealer: Sealer) -> Any:
    """A value as JSON; what is sensitive is a digest made with the state's key."""
    if isinstance(value, str) or value is None:
        return value
    if isinstance(value, Sensitive):
        return {DIGEST: sealer.digest(value.value).hexadecimal if is_known(value.value) else None}
    if isinstance(value, Digest):
        return {DIGEST: value.hexadecimal}
    if isinstance(value, Unknown):
        return {UNKNOWN: value.because}
    if isinstance(value, Mapping):
        return {
            f"${name}" if _LOOKS_LIKE_MARK.fullmatch(name) else name: write(part, sealer)
            for name, part in value.items()
        }
    if isinstance(value, list | tuple):
        return [write(part, sealer) for part in value]
    return value


def read(value: Any) -> Value:
    """The value that ``write`` wrote, with digests in the place of secrets."""
    if isinstance(value, dict):
        if DIGEST in value:
            return Sensitive(Unknown("")) if value[DIGEST] is None else Digest(value[DIGEST])
        if UNKNOWN in value:
            return Unknown(value[UNKNOWN])
        return {
            name[1:] if _LOOKS_LIKE_MARK.fullmatch(name) else name: read(part) for name, part in value.items()
        }
    if isinstance(value, list):
        return [read(part) for part in value]
    return value
