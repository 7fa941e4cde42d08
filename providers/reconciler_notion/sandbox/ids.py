"""Identifiers: UUIDs and the short ids of properties, made from the world's sequence so that nothing is
random.
"""

import hashlib
import uuid
from urllib.parse import quote, unquote

APP = "https://app.notion.com/p"
_NAMESPACE = uuid.UUID("6e6f7469-6f6e-4e6f-8000-73616e64626f")
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz:;<=>?@[]^_`{|}~"


def new_id(number: int | str) -> str:
    """The UUID for a number of the sequence."""
    return str(uuid.uuid5(_NAMESPACE, str(number)))


def normal_id(text: object) -> str | None:
    """An id as Notion writes it, given with or without dashes; nothing if it is no UUID."""
    if not isinstance(text, str) or len(text) not in (32, 36):
        return None
    try:
        return str(uuid.UUID(text))
    except ValueError:
        return None


def without_dashes(id_: str) -> str:
    """An id as it stands in URLs."""
    return id_.replace("-", "")


def address(id_: str) -> str:
    """Where people see a page or database."""
    return f"{APP}/{without_dashes(id_)}"


def property_id(number: int) -> str:
    """The id of a property: four characters, URL-encoded as in Notion's answers (``%3AUPp``)."""
    digest = hashlib.sha256(str(number).encode()).digest()
    return quote("".join(_ALPHABET[byte % len(_ALPHABET)] for byte in digest[:4]), safe="")


def same_property_id(one: str, other: str) -> bool:
    """Whether both are the same id; each may be URL-encoded or not."""
    return one == other or unquote(one) == unquote(other)
