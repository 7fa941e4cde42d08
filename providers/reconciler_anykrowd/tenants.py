"""Which addresses are anyKrowd's own, and what tells one tenant from another."""

from collections.abc import Mapping
from typing import Any

import httpx

from reconciler.provider.origins import origin_of, origin_text

_OWN_DOMAIN = ".anykrowd.dev"


def base_url(settings: Mapping[str, Any]) -> str:
    """Where the tenant's API is asked: ``base_url`` where it is given, else the tenant's own address."""
    return str(settings.get("base_url") or settings["tenant_url"]).rstrip("/")


def own_origins(settings: Mapping[str, Any]) -> tuple[str, ...]:
    """The origins that the key may go to unasked: the tenant's, when it is one of anyKrowd's.

    A tenant is ``https://<tenant>.<environment>.anykrowd.dev``, and each has an origin of its own. Any other
    address (a domain of the tenant's own, say) must be allowed by whoever runs reconciler.
    """
    try:
        origin = origin_of(str(settings["tenant_url"]))
    except httpx.InvalidURL:
        return ()
    scheme, host, port = origin
    is_own = scheme == "https" and port == 443 and host.endswith(_OWN_DOMAIN)
    return (origin_text(origin),) if is_own else ()


def is_its_own(settings: Mapping[str, Any]) -> bool:
    """Whether the tenant itself is asked, and no stand-in."""
    try:
        return origin_text(origin_of(base_url(settings))) in own_origins(settings)
    except httpx.InvalidURL:
        return False


def identity(settings: Mapping[str, Any]) -> str:
    """The tenant's id: its address, however it is written. anyKrowd's API has no id for it.

    ``base_url`` is no part of it, so that a tenant reached by another way is still the same.
    """
    url = httpx.URL(str(settings["tenant_url"]))
    return origin_text(origin_of(url)) + url.path.rstrip("/")
