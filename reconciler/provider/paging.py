"""Reading lists that come in pages, by the ``Link`` header (RFC 8288)."""

from collections.abc import Iterator, Mapping
from typing import Any

from reconciler.errors import Call, Garbled
from reconciler.provider.answers import Answer
from reconciler.provider.http import Connection

MOST_PAGES = 1000


def pages(
    connection: Connection,
    path: str,
    *,
    parts: Mapping[str, Any] | None = None,
    params: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
    operation: str | None = None,
    most: int = MOST_PAGES,
) -> Iterator[Answer]:
    """Each page of a list, followed by ``rel="next"`` on the same origin; raises as ``Connection.call``.

    A list that leads back to a page it had, or that has more than ``most`` pages, raises Garbled: half a
    list is never taken for the whole.
    """
    name = operation or f"GET {path.partition('?')[0]}"
    answer = connection.call("GET", path, parts=parts, params=params, headers=headers, operation=name)
    seen: set[str] = set()
    yield answer
    while (following := answer.links.get("next")) is not None:
        if following in seen or len(seen) + 1 >= most:
            why = "leads in a circle" if following in seen else f"has more than {most} pages"
            raise Garbled(f"the list {why}", call=Call(connection.service, name))
        seen.add(following)
        answer = connection.call("GET", following, headers=headers, operation=name)
        yield answer


def items(
    connection: Connection,
    path: str,
    *,
    parts: Mapping[str, Any] | None = None,
    params: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
    operation: str | None = None,
    member: str | None = None,
    most: int = MOST_PAGES,
) -> Iterator[Any]:
    """Each item of a list in pages; ``member`` names the list inside an answer that is a mapping.

    Raises Garbled for a page without such a list.
    """
    name = operation or f"GET {path.partition('?')[0]}"
    for answer in pages(
        connection, path, parts=parts, params=params, headers=headers, operation=name, most=most
    ):
        body = answer.body
        found = body.get(member) if member is not None and isinstance(body, dict) else body
        if not isinstance(found, list):
            raise Garbled("a page of the list holds no list", call=Call(connection.service, name))
        yield from found
