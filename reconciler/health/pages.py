"""Asking a page whether it answers. It gets no credential and no cookie, and it leads nowhere else."""

from urllib.parse import urlsplit

import httpx

from reconciler.errors import Call, ProviderError, RateLimited, ServiceFailed, Unreachable

TIMEOUT = 10.0
"""Seconds that a page has to answer."""

_ASKS_WHO = (401, 403)


def ask(url: str, *, service: str, origin: str = "") -> ProviderError | None:
    """What is wrong with a page; None when it answers with a 2xx.

    On the provider's own ``origin`` an answer that asks for credentials is as good: these the provider's own
    check has looked at.
    """
    call = Call(service, f"GET {shown(url)}")
    try:
        with httpx.stream("GET", url, timeout=TIMEOUT, follow_redirects=False) as answer:
            status = answer.status_code
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return Unreachable(
            f"the health check URL does not answer: {type(error).__name__}", call=call, remedy=_REMEDY
        )
    if 200 <= status < 300 or (status in _ASKS_WHO and is_same_origin(url, origin)):
        return None
    cause = f"the health check URL answers with {status}"
    kind = RateLimited if status == 429 else ServiceFailed
    return kind(cause, call=call, remedy=_REMEDY)


_REMEDY = "look at what the URL leads to; a health check URL must answer with a 2xx"


def is_same_origin(url: str, origin: str) -> bool:
    """Whether two addresses have one scheme, host and port."""
    return bool(origin) and _origin(url) == _origin(origin)


def shown(url: str) -> str:
    """An address without what may be secret in it: user, password, query and fragment."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.scheme}://{host}{port}{parts.path}"


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    usual = {"http": 80, "https": 443}.get(parts.scheme)
    return parts.scheme, parts.hostname, parts.port or usual
