"""Lists in pages.

Source: APIX notes, "Pagination": ``?limit=`` (default 10) and ``&page=``; schemas ``Links`` and ``Meta``.
Not documented: an upper bound of ``limit`` (none here), the labels of ``meta.links``, and whether the links
keep the request's other parameters (they do here).
"""

import math
from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from urllib.parse import urlencode

from reconciler_anykrowd.sandbox.routes import Call

Item = TypeVar("Item")

_LIMIT = 10
_BESIDE = 3
"""How many pages ``meta.links`` names on each side of the one that is shown."""


def page_of(call: Call, items: Sequence[Item], show: Callable[[Item], Any]) -> dict[str, Any]:
    """One page of a list with its links; a page behind the last one is empty."""
    limit, number = call.number("limit", _LIMIT), call.number("page", 1)
    last = max(1, math.ceil(len(items) / limit))
    start = (number - 1) * limit
    shown = [show(item) for item in items[start : start + limit]]

    def url(page: int) -> str | None:
        if not 1 <= page <= last:
            return None
        return f"{call.address}?{urlencode({**call.query, 'page': page})}"

    links = {"first": url(1), "last": url(last), "prev": url(number - 1), "next": url(number + 1)}
    return {
        "data": shown,
        "links": links,
        "meta": {
            "current_page": number,
            "from": start + 1 if shown else None,
            "last_page": last,
            "links": [
                {"url": links["prev"], "label": "Previous", "active": False},
                *(
                    {"url": url(page), "label": str(page), "active": page == number}
                    for page in _near(number, last)
                ),
                {"url": links["next"], "label": "Next", "active": False},
            ],
            "path": call.address,
            "per_page": limit,
            "to": start + len(shown) if shown else None,
            "total": len(items),
        },
    }


def _near(number: int, last: int) -> range:
    """The pages near one; near the last one, if there are not as many."""
    middle = min(number, last)
    return range(max(1, middle - _BESIDE), min(last, middle + _BESIDE) + 1)
