"""The OAuth scopes of methods, and what a token must have.

A method names scopes for bot and for user tokens; any one of them lets a token call it. Those of methods that
work on conversations begin with the kind of conversation that they open: ``channels:`` for public channels,
``groups:`` for private ones.

Sources: docs.slack.dev/reference/scopes and the facts of each method's page.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from reconciler_slack.sandbox.errors import missing_scope


@dataclass(frozen=True)
class Scopes:
    """What a bot token and what a user token needs one of; nothing at all if both are empty."""

    bot: tuple[str, ...] = ()
    user: tuple[str, ...] = ()

    def of(self, kind: str) -> tuple[str, ...]:
        """The scopes for ``bot`` or ``user`` tokens."""
        return self.bot if kind == "bot" else self.user


def both(*scopes: str) -> Scopes:
    """The same scopes for bot and user tokens."""
    return Scopes(scopes, scopes)


NOTHING = Scopes()
READ = both("channels:read", "groups:read", "im:read", "mpim:read")
HISTORY = both("channels:history", "groups:history", "im:history", "mpim:history")
MANAGE = Scopes(
    ("channels:manage", "channels:write", "groups:write", "im:write", "mpim:write"),
    ("channels:write", "groups:write", "im:write", "mpim:write"),
)
KICK = Scopes(("channels:manage", "groups:write"), ("channels:write", "groups:write"))
JOIN = Scopes(("channels:join",), ("channels:write",))
_TOPIC = ("channels:write.topic", "groups:write.topic", "mpim:write.topic", "im:write.topic")
TOPIC = Scopes(
    (*_TOPIC, "channels:manage", "groups:write", "im:write", "mpim:write"),
    (*_TOPIC, "channels:write", "groups:write", "im:write", "mpim:write"),
)
_INVITES = ("channels:write.invites", "groups:write.invites")
INVITE = Scopes(
    (*_INVITES, "channels:manage", "groups:write", "im:write", "mpim:write"),
    (*_INVITES, "channels:write", "groups:write", "im:write", "mpim:write"),
)

BOT_SCOPES = (
    "bookmarks:read",
    "bookmarks:write",
    "channels:history",
    "channels:join",
    "channels:manage",
    "channels:read",
    "chat:write",
    "emoji:read",
    "groups:history",
    "groups:read",
    "groups:write",
    "pins:read",
    "pins:write",
    "team:read",
    "usergroups:read",
    "usergroups:write",
    "users:read",
    "users:read.email",
)
"""What a bot token is given unless a seed says otherwise."""

USER_SCOPES = (
    "bookmarks:read",
    "bookmarks:write",
    "channels:history",
    "channels:read",
    "channels:write",
    "chat:write",
    "emoji:read",
    "groups:history",
    "groups:read",
    "groups:write",
    "pins:read",
    "pins:write",
    "team:read",
    "usergroups:read",
    "usergroups:write",
    "users:read",
    "users:read.email",
)
"""What a user token is given unless a seed says otherwise."""


def require_any(held: Sequence[str], needed: Sequence[str]) -> None:
    """Raise the ``Refusal`` ``missing_scope`` unless one of the needed scopes is held, or none is needed."""
    if needed and not set(needed).intersection(held):
        raise missing_scope(needed, held)


def for_conversation(scopes: Sequence[str], is_private: bool) -> tuple[str, ...]:
    """Those of some scopes that open public, or private, channels."""
    prefix = "groups:" if is_private else "channels:"
    return tuple(scope for scope in scopes if scope.startswith(prefix))
