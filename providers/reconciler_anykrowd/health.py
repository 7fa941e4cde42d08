"""The tenant's health, in one call.

Source: anyKrowd's APIX notes, v1: ``ping`` is the authenticated health check, and every answer tells the
limit. The public ``https://anykrowd.com/api/health`` is on another origin and says nothing of a tenant, so it
is not asked.
"""

from collections.abc import Iterator, Mapping

from reconciler.errors import Forbidden, Garbled, NotFound, ProviderError, RateLimited, Rejected, Unauthorized
from reconciler.provider.answers import Answer
from reconciler.provider.objects import Account, Health, Quota
from reconciler_anykrowd import tenants
from reconciler_anykrowd.client import Client
from reconciler_anykrowd.errors import resets_in

PING = "/ping"
_ANSWERED = (Unauthorized, Forbidden, NotFound, Rejected, RateLimited, Garbled)


def account(client: Client) -> Account:
    """The tenant, once it has accepted the key; its id is its address. Raises ProviderError."""
    _ping(client)
    return _account(client)


def check(client: Client) -> Health:
    """Whether the tenant is reachable, takes the key, and has calls left. Never raises ProviderError."""
    started = client.clock.monotonic()
    try:
        answer = _ping(client)
    except ProviderError as error:
        is_reachable = isinstance(error, _ANSWERED)
        is_authenticated = isinstance(error, RateLimited)
        return Health(is_reachable, is_authenticated, error=error)
    latency = client.clock.monotonic() - started
    found = _account(client)
    return Health(
        is_reachable=True,
        is_authenticated=True,
        latency=latency,
        account=found,
        quotas=tuple(_quotas(answer.headers, client.clock.now().timestamp())),
        details={"tenant": found.name},
    )


def _ping(client: Client) -> Answer:
    answer = client.get(PING)
    if not isinstance(answer.body, dict) or answer.body.get("message") != "pong":
        raise Garbled(
            "the answer is not anyKrowd's",
            call=client.call_of("GET", PING),
            remedy="check that `tenant_url` leads to an anyKrowd tenant",
        )
    return answer


def _account(client: Client) -> Account:
    tenant = tenants.identity(client.settings)
    return Account(tenant, tenant.partition("://")[2])


def _quotas(headers: Mapping[str, str], now: float) -> Iterator[Quota]:
    """The calls left of the hour; none when the headers are not there."""
    limit, remaining = (headers.get(f"x-ratelimit-{name}", "") for name in ("limit", "remaining"))
    resets = resets_in(headers, now)
    if limit.isdigit() and remaining.isdigit():
        yield Quota("anyKrowd", int(remaining), int(limit), 0.0 if resets is None else resets)
