"""Pages of a connection: ``first``/``last`` up to 100, opaque cursors, ``pageInfo``, ``totalCount``.

Sources: docs.github.com/en/graphql, "Using pagination in the GraphQL API"; recorded errors in public issue
threads ("Requesting 1000 records on the `repositories` connection exceeds the `last` limit of 100 records.").
"""

import base64
import binascii
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from reconciler_github.sandbox.graphql.refusals import Problem
from reconciler_github.sandbox.graphql.session import Info

PAGE_LIMIT = 100
_CURSOR = "cursor:v2:"

Item = TypeVar("Item")
Key = list[Any]


@dataclass(frozen=True)
class Listing(Generic[Item]):
    """All that a connection holds, in order, before one page of it is cut out.

    ``key`` gives what an item is sorted by, unique and as JSON: cursors are made of it, so that a page begins
    at the right place though items came and went in between. ``node`` gives an item's node, and ``edge`` what
    its edge says besides.
    """

    items: Sequence[Item]
    key: Callable[[Item], Key]
    node: Callable[[Item], Any] = lambda item: item
    edge: Callable[[Item], Mapping[str, Any]] = lambda _: {}
    descending: bool = False

    def ordered(
        self, order: Mapping[str, str] | None, keys: Mapping[str, Callable[[Item], Key]]
    ) -> "Listing[Item]":
        """The same listing sorted as an ``orderBy`` argument asks; ``keys`` are its fields."""
        if order is None:
            return replace(self, items=sorted(self.items, key=self.key))
        key, descending = keys[order["field"]], order["direction"] == "DESC"
        return replace(
            self, items=sorted(self.items, key=key, reverse=descending), key=key, descending=descending
        )


def page(info: Info, listing: Listing[Any], arguments: Mapping[str, Any]) -> dict[str, Any]:
    """The connection that a query with these arguments sees. Raises ``Problem`` for bounds GitHub refuses."""
    first, last = arguments.get("first"), arguments.get("last")
    _check_bounds(info, first, last)
    items = listing.items
    start, end = 0, len(items)
    if arguments.get("after") is not None:
        after = _read_cursor(arguments["after"])
        start = _count(listing, after, arguments["after"], inclusive=True)
    if arguments.get("before") is not None:
        before = _read_cursor(arguments["before"])
        end = max(start, _count(listing, before, arguments["before"], inclusive=False))
    if first is not None:
        end = min(end, start + first)
    elif last is not None:
        start = max(start, end - last)
    shown = items[start:end] if first is not None or last is not None else []
    nodes = [listing.node(item) for item in shown]
    cursors = [_cursor(listing.key(item)) for item in shown]
    return {
        "nodes": nodes,
        "edges": [
            {"cursor": cursor, "node": node, **listing.edge(item)}
            for item, node, cursor in zip(shown, nodes, cursors, strict=True)
        ],
        "totalCount": len(items),
        "pageInfo": {
            "startCursor": cursors[0] if cursors else None,
            "endCursor": cursors[-1] if cursors else None,
            "hasNextPage": end < len(items),
            "hasPreviousPage": start > 0,
        },
    }


def _check_bounds(info: Info, first: int | None, last: int | None) -> None:
    name = info.field_name
    if first is not None and last is not None:
        raise Problem(
            "INVALID_PAGINATION_BOUNDARIES",
            f"Passing both `first` and `last` to paginate the `{name}` connection is not supported.",
        )
    for bound, size in (("first", first), ("last", last)):
        if size is not None and size > PAGE_LIMIT:
            message = (
                f"Requesting {size} records on the `{name}` connection exceeds the `{bound}` limit of "
                f"{PAGE_LIMIT} records."
            )
            raise Problem("EXCESSIVE_PAGINATION", message)
        if size is not None and size < 0:
            message = f"`{bound}` on the `{name}` connection cannot be less than zero."
            raise Problem("INVALID_PAGINATION_BOUNDARIES", message)
    if first is None and last is None:
        path = tuple(part for part in info.path.as_list() if isinstance(part, str))
        if path in info.context.measure.unbounded:
            message = (
                f"You must provide a `first` or `last` value to properly paginate the `{name}` connection."
            )
            raise Problem("MISSING_PAGINATION_BOUNDARIES", message)


def _count(listing: Listing[Any], key: Key, cursor: str, *, inclusive: bool) -> int:
    """How many items come before the one with this key, or before and with it."""
    try:
        if listing.descending:
            return sum(
                listing.key(item) > key or (inclusive and listing.key(item) == key) for item in listing.items
            )
        return sum(
            listing.key(item) < key or (inclusive and listing.key(item) == key) for item in listing.items
        )
    except TypeError as problem:
        raise _invalid_cursor(cursor) from problem


def _cursor(key: Key) -> str:
    return base64.b64encode((_CURSOR + json.dumps(key)).encode()).decode()


def _read_cursor(cursor: str) -> Key:
    try:
        text = base64.b64decode(cursor, validate=True).decode()
        key = json.loads(text.removeprefix(_CURSOR))
    except (binascii.Error, ValueError) as problem:
        raise _invalid_cursor(cursor) from problem
    if not text.startswith(_CURSOR) or not isinstance(key, list):
        raise _invalid_cursor(cursor)
    return key


def _invalid_cursor(cursor: str) -> Problem:
    return Problem("INVALID_CURSOR_ARGUMENTS", f"`{cursor}` does not appear to be a valid cursor.")
