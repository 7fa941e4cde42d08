"""Lists in pages, by cursor.

Source: docs.slack.dev/apis/web-api/pagination: ``limit`` is the most that may come, fewer may come though
there is more, and the end is an empty ``next_cursor``. A cursor names the object that the next page begins
with; if that has gone, so has the cursor. How short a page is follows from the world's random seed alone.
"""

import base64
import binascii
import random
from collections.abc import Callable, Sequence
from typing import Any

from reconciler_slack.sandbox.errors import Refusal
from reconciler_slack.sandbox.store import Store


def page_of(
    store: Store, items: Sequence[Any], key: Callable[[Any], str], limit: int, cursor: str
) -> tuple[Sequence[Any], str]:
    """One page and the cursor of the next one; raises ``Refusal`` for a cursor that leads nowhere."""
    start = _position(items, key, cursor) if cursor else 0
    size = limit
    if len(items) - start > limit:
        size = max(1, limit - _missing(store, limit, key(items[start])))
    following = items[start + size : start + size + 1]
    return items[start : start + size], _cursor(key(following[0])) if following else ""


def _missing(store: Store, limit: int, first: str) -> int:
    """By how much this page is shorter than it might be: at most about a twentieth."""
    limits = store.limits()
    if not limits["short_pages"]:
        return 0
    seeded = random.Random(f"{limits['random_seed']}:{first}")  # noqa: S311 (it is to be foreseen)
    return seeded.randrange(limit // 20 + 2)


def _cursor(key: str) -> str:
    return base64.b64encode(f"next:{key}".encode()).decode()


def _position(items: Sequence[Any], key: Callable[[Any], str], cursor: str) -> int:
    try:
        kind, _, wanted = base64.b64decode(cursor, validate=True).decode().partition(":")
    except (binascii.Error, ValueError) as problem:
        raise Refusal("invalid_cursor") from problem
    for position, item in enumerate(items):
        if kind == "next" and key(item) == wanted:
            return position
    raise Refusal("invalid_cursor")
