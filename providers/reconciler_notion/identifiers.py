"""Notion's ids: 32 hexadecimal digits, with dashes in answers and without in addresses."""

import re
from collections.abc import Mapping
from typing import Any

_DIGITS = re.compile(r"[0-9a-fA-F]{8}-?(?:[0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}")


def notion_id(text: str) -> str:
    """An id with dashes, from one in either form or from the address of a page; other text stays as it is.

    An address ends with the id; what follows ``?`` names a view, and ``#`` a block.
    """
    found = _DIGITS.findall(re.split(r"[?#]", text.strip(), maxsplit=1)[0])
    return dashed(found[-1]) if found else text


def is_id(text: str) -> bool:
    """Whether a text is an id or an address that ends with one."""
    return bool(_DIGITS.search(re.split(r"[?#]", text.strip(), maxsplit=1)[0] + " ")) and " " not in text


def dashed(identifier: str) -> str:
    """An id as answers have it."""
    digits = identifier.replace("-", "").lower()
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def normal_parent(parent: Any) -> Any:
    """A declared parent in its one form: a page's id, ``workspace``, or a mapping for databases."""
    if isinstance(parent, str):
        return parent if parent == "workspace" else notion_id(parent)
    if isinstance(parent, Mapping):
        found = {key: notion_id(value) if isinstance(value, str) else value for key, value in parent.items()}
        return found["page"] if set(found) == {"page"} else found
    return parent


def told_parent(parent: Mapping[str, Any]) -> Any:
    """A parent of an answer, in the form of ``normal_parent``.

    A block is one that the page or database was dragged into: ``{block: id}``.
    """
    match parent["type"]:
        case "page_id":
            return dashed(parent["page_id"])
        case "workspace":
            return "workspace"
        case "data_source_id":
            found = {"data_source": dashed(parent["data_source_id"])}
            return {"database": dashed(parent["database_id"]), **found} if "database_id" in parent else found
        case "database_id":
            return {"database": dashed(parent["database_id"])}
        case "block_id":
            return {"block": dashed(parent["block_id"])}
        case other:
            return {other.removesuffix("_id"): parent.get(other)}


def asked_parent(parent: Any) -> dict[str, Any]:
    """A parent in its one form, as requests have it."""
    if parent == "workspace":
        return {"type": "workspace", "workspace": True}
    if isinstance(parent, str):
        return {"type": "page_id", "page_id": parent}
    if "data_source" in parent:
        return {"type": "data_source_id", "data_source_id": parent["data_source"]}
    return {"type": "database_id", "database_id": parent["database"]}
