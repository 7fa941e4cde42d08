"""Where credentials may go: a connection's base URL and the origins it may speak to."""

import ipaddress
from collections.abc import Collection

import httpx

from reconciler import codes
from reconciler.diagnostics import Diagnostic
from reconciler.errors import Refused

_DEFAULT_PORTS = {"http": 80, "https": 443}

Origin = tuple[str, str, int]
"""Scheme, host and port."""


def origin_of(url: httpx.URL | str) -> Origin:
    """The origin of an absolute http or https URL; raises httpx.InvalidURL for anything else."""
    parsed = httpx.URL(url)
    if parsed.scheme not in _DEFAULT_PORTS or not parsed.host:
        raise httpx.InvalidURL(f"not an http or https address: {parsed.scheme or 'no scheme'}")
    return parsed.scheme, parsed.host, parsed.port or _DEFAULT_PORTS[parsed.scheme]


def origin_text(origin: Origin) -> str:
    """An origin as people write it: without the port when it is the scheme's own."""
    scheme, host, port = origin
    name = f"[{host}]" if ":" in host else host
    return f"{scheme}://{name}" + ("" if port == _DEFAULT_PORTS[scheme] else f":{port}")


def is_loopback(host: str) -> bool:
    """Whether a host is this machine: ``localhost`` or a loopback address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def check_base_url(
    base_url: str, *, service: str, service_origins: Collection[str], allowed_hosts: Collection[str]
) -> httpx.URL:
    """The URL of a service, once it is sure that the service's credentials may go there.

    It must be an origin of the service itself, loopback, or on an allowed host (``host`` or ``host:port``);
    ``http`` goes to loopback only. Raises Refused, with what to do.
    """
    try:
        url = httpx.URL(base_url)
        origin = origin_of(url)
    except httpx.InvalidURL as error:
        raise _refused(
            f"{service}: base_url is not a usable address: {error}",
            "give an absolute address, such as https://service.example/api",
        ) from None
    scheme, host, port = origin
    if url.userinfo or url.query or url.fragment:
        raise _refused(
            f"{service}: base_url must hold no credentials, query or fragment",
            "put credentials into the provider's own settings",
        )
    if is_loopback(host):
        return url
    if scheme == "http":
        raise _refused(
            f"{service}: base_url {origin_text(origin)} would send credentials unencrypted",
            "use https; http is for loopback only",
        )
    own = {origin_of(own_url) for own_url in service_origins}
    allowed = {name.strip().lower() for name in allowed_hosts}
    if origin in own or host in allowed or f"{host}:{port}" in allowed:
        return url
    raise _refused(
        f"{service}: credentials must not go to {origin_text(origin)}, which is not the service's own",
        f"if you trust it, allow it: RECONCILER_ALLOWED_HOSTS={host}",
    )


def _refused(summary: str, advice: str) -> Refused:
    return Refused([Diagnostic(summary, advice, code=codes.OTHER_HOST)])
