"""The addresses that a connection asks: below its base URL, and never off its origin."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import httpx

from reconciler.errors import Call, Garbled, Rejected
from reconciler.provider.origins import origin_of, origin_text

HARMLESS = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods that change nothing (RFC 9110, 9.2.1)."""


def fill(template: str, parts: Mapping[str, Any], call: Call) -> str:
    """A path template with each ``{name}`` replaced by the URL-encoded part of that name.

    Raises Rejected for a part that is empty, ``.`` or ``..``: the path would mean another object.
    """

    def part(found: re.Match[str]) -> str:
        text = str(parts[found[1]])
        if text in ("", ".", ".."):
            raise Rejected(f"{found[1]} must not be {text!r}", call=call)
        return quote(text, safe="")

    return re.sub(r"\{(\w+)\}", part, template)


def address(base: httpx.URL, path: str, call: Call) -> httpx.URL:
    """The address of a path below the base URL, or of an absolute address on the same origin.

    Raises Garbled for an address elsewhere: credentials must not go there.
    """
    if not re.match(r"https?://", path):
        return httpx.URL(str(base).rstrip("/") + "/" + path.lstrip("/")) if path else base
    try:
        url = httpx.URL(path)
        origin = origin_of(url)
    except httpx.InvalidURL:
        raise Garbled("the service gave something that is no address", call=call) from None
    if origin != origin_of(base) or url.userinfo:
        raise Garbled(
            f"the service points to {origin_text(origin)}, where these credentials must not go", call=call
        )
    return url


def redirected(url: httpx.URL, location: str, *, status: int, method: str, call: Call) -> httpx.URL:
    """Where to ask instead; raises Garbled unless it is the same origin, the same method and body.

    301, 302 and 303 are followed for harmless methods only; 307 and 308 keep both (RFC 9110, 15.4).
    """
    try:
        target = url.join(location)
        origin = origin_of(target)
    except httpx.InvalidURL:
        raise Garbled("redirected to something that is no address", call=call) from None
    if origin != origin_of(url) or target.userinfo:
        raise Garbled(
            f"redirected to {origin_text(origin)}, where these credentials must not go",
            call=call,
            remedy="if the service has moved, set base_url",
        )
    if status not in (307, 308) and method not in HARMLESS:
        raise Garbled(
            f"redirected (HTTP {status}) in a way that does not keep the method {method}", call=call
        )
    return target
