"""Notion's own view of its health, in one call: who the integration is.

Source: developers.notion.com/reference/get-self. Notion tells neither capabilities nor calls left.
"""

from reconciler.errors import Forbidden, ProviderError, RateLimited, Rejected, Unauthorized
from reconciler.provider.objects import Health
from reconciler_notion.client import Client, workspace_of


def check(client: Client) -> Health:
    """Whether Notion is reachable and takes the token. Never raises ProviderError."""
    started = client.clock.monotonic()
    try:
        me = client.get("/v1/users/me")
    except ProviderError as error:
        answered = isinstance(error, Unauthorized | Forbidden | RateLimited | Rejected)
        return Health(answered, answered and not isinstance(error, Unauthorized), error=error)
    latency = client.clock.monotonic() - started
    details = {"integration": str(me.get("name") or me["id"])}
    return Health(True, True, latency=latency, account=workspace_of(me), details=details)
