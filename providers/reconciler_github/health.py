"""GitHub's own view of its health, in one call; in two while the owner is not known yet.

Source: docs.github.com/en/rest/rate-limit/rate-limit; asking it costs nothing of the limits. The scopes of a
classic token come with every answer; fine-grained tokens and apps have none, and what is unknown is not
missing.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from reconciler.errors import Forbidden, ProviderError, RateLimited, Rejected, Unauthorized
from reconciler.provider.objects import Health, Quota
from reconciler_github.client import Client
from reconciler_github.errors import scopes

ORGANIZATION_SCOPES = ("repo", "admin:org", "delete_repo")
USER_SCOPES = ("repo", "delete_repo")
"""What the resource types need, for everything that they can do."""

_QUOTAS = {"core": "GitHub", "graphql": "GitHub GraphQL"}


def check(client: Client) -> Health:
    """Whether GitHub is reachable, takes the token, and has calls left. Never raises ProviderError."""
    owner = client.identities.owner
    account = owner.account if owner else None
    started = client.clock.monotonic()
    try:
        answer = client.rest("GET", "/rate_limit", accept=(404,))
    except ProviderError as error:
        answered = isinstance(error, Unauthorized | Forbidden | RateLimited | Rejected)
        is_authenticated = answered and not isinstance(error, Unauthorized)
        return Health(answered, is_authenticated, account=account, error=error)
    latency = client.clock.monotonic() - started
    try:
        account = client.owner_account()
    except ProviderError as error:
        return Health(True, False, latency=latency, error=error)
    owner = client.identities.owner
    granted = scopes(answer.headers)
    needed = USER_SCOPES if owner and not owner.is_organization else ORGANIZATION_SCOPES
    missing = () if granted is None else tuple(scope for scope in needed if scope not in granted)
    details = {"owner": client.owner}
    if granted is not None:
        details["scopes"] = ", ".join(sorted(granted)) or "none"
    return Health(
        is_reachable=True,
        is_authenticated=True,
        latency=latency,
        account=account,
        missing_scopes=missing,
        quotas=tuple(_quotas(client, answer.body if answer.status == 200 else {})),
        details=details,
    )


def _quotas(client: Client, body: Mapping[str, Any]) -> Iterator[Quota]:
    """REST and GraphQL; none where a GitHub Enterprise Server has its limits switched off (404)."""
    now = client.clock.now().timestamp()
    for key, name in _QUOTAS.items():
        found = (body.get("resources") or {}).get(key)
        if found:
            resets_in = max(0.0, found.get("reset", now) - now)
            yield Quota(name, found["remaining"], found["limit"], resets_in)
