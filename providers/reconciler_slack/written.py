"""How ids are told: in the form in which they were written, so that the same thing compares as the same.

An object holds a list as its author wrote it (``users``) and the ids of its entries in the same order
(``user_ids``). When it is read again, each id that is still there is told as it was written.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any


def forms(attributes: Mapping[str, Any], name: str, ids_name: str) -> list[tuple[str, str]]:
    """How the entries of a list were written, each with its id; an id stands for itself."""
    texts, ids = attributes.get(name), attributes.get(ids_name)
    if not isinstance(ids, list):
        return []
    if not isinstance(texts, list) or len(texts) != len(ids):
        return [(identity, identity) for identity in ids]
    return list(zip(texts, ids, strict=True))


def told(
    written: Iterable[tuple[str, str]], present: Collection[str], *, whole: bool = True
) -> tuple[list[str], list[str]]:
    """The texts and ids of what is there.

    First what was written, in its order; then, with ``whole``, what nobody wrote, by its id.
    """
    kept = [(text, identity) for text, identity in written if identity in present]
    if whole:
        known = {identity for _, identity in kept}
        kept += [(identity, identity) for identity in sorted(set(present) - known)]
    return [text for text, _ in kept], [identity for _, identity in kept]
