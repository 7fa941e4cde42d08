"""Slack's own view of its health: whether the tokens are good, and what they may do.

Source: docs.slack.dev/reference/methods/auth.test; the scopes of a token come in the header
``x-oauth-scopes`` of every answer. Slack tells no quotas.
"""

from reconciler.errors import (
    Call,
    Forbidden,
    NotFound,
    ProviderError,
    RateLimited,
    Rejected,
    Unauthorized,
)
from reconciler.provider.objects import Account, Health
from reconciler_slack.client import Client

SCOPES = (
    "channels:read",
    "channels:manage",
    "channels:join",
    "groups:read",
    "groups:write",
    "usergroups:read",
    "usergroups:write",
    "bookmarks:read",
    "bookmarks:write",
    "users:read",
    "users:read.email",
)
"""What the resource types need of a bot token, for everything that they can do."""

_ANSWERED = (Unauthorized, Forbidden, NotFound, RateLimited, Rejected)


def check(client: Client) -> Health:
    """Whether Slack is reachable and takes the tokens. Never raises ProviderError."""
    started = client.clock.monotonic()
    try:
        workspace = client.test()
    except ProviderError as error:
        return _not_well(error)
    latency = client.clock.monotonic() - started
    client.identities.workspace = client.identities.workspace or workspace
    account = Account(workspace.id, workspace.name)
    details = {"workspace": workspace.url, "bot": workspace.user_id}
    if client.has_user_token:
        try:
            person = client.test(as_person=True)
        except ProviderError as error:
            return _not_well(error, account)
        if person.id != workspace.id:
            return Health(True, False, latency, account, error=_another_workspace(person.name))
        details["user"] = person.user_id
    granted = client.granted_scopes
    missing = () if granted is None else tuple(scope for scope in SCOPES if scope not in granted)
    if granted is not None:
        details["scopes"] = ", ".join(sorted(granted)) or "none"
    return Health(
        is_reachable=True,
        is_authenticated=True,
        latency=latency,
        account=account,
        missing_scopes=missing,
        details=details,
    )


def _not_well(error: ProviderError, account: Account | None = None) -> Health:
    answered = isinstance(error, _ANSWERED)
    is_authenticated = answered and not isinstance(error, Unauthorized)
    return Health(answered, is_authenticated, account=account, error=error)


def _another_workspace(name: str) -> Unauthorized:
    return Unauthorized(
        f"the `user_token` is for another workspace, {name}",
        call=Call("slack", "auth.test"),
        remedy="give a `user_token` of the workspace that the bot is in",
    )
