"""What Slack allows, what each call takes of it, and how patiently a failed one is repeated.

Source: docs.slack.dev/apis/web-api/rate-limits, and each method's own page for its tier: so many calls a
minute of each method, for each workspace and app. What is beyond is answered with 429 and ``Retry-After``,
for that method alone.
"""

from collections.abc import Iterator, Mapping

from reconciler.provider.limits import Limit, Takes
from reconciler.provider.retried import Kind
from reconciler.provider.retry import Retry

PER_MINUTE: Mapping[int, int] = {1: 1, 2: 20, 3: 50, 4: 100}
"""Calls a minute in each tier."""

TIERS: Mapping[str, int] = {
    "bookmarks.add": 2,
    "bookmarks.edit": 2,
    "bookmarks.list": 3,
    "bookmarks.remove": 2,
    "conversations.archive": 2,
    "conversations.create": 2,
    "conversations.info": 3,
    "conversations.invite": 3,
    "conversations.join": 3,
    "conversations.kick": 3,
    "conversations.list": 2,
    "conversations.members": 4,
    "conversations.rename": 2,
    "conversations.setPurpose": 2,
    "conversations.setTopic": 2,
    "conversations.unarchive": 2,
    "usergroups.create": 2,
    "usergroups.disable": 2,
    "usergroups.enable": 2,
    "usergroups.list": 2,
    "usergroups.update": 2,
    "usergroups.users.update": 2,
    "users.info": 4,
    "users.list": 2,
    "users.lookupByEmail": 3,
}
"""The tier of each method that the provider calls; ``auth.test`` has none ("hundreds a minute")."""


def _limits() -> Iterator[Limit]:
    for method, tier in TIERS.items():
        source = f"docs.slack.dev/reference/methods/{method} (tier {tier})"
        yield Limit(method, PER_MINUTE[tier], 60.0, source, f"calls of {method} a minute")


LIMITS = tuple(_limits())

RETRIES: Mapping[Kind, Retry] = {Kind.LIMIT: Retry(attempts=5)}


def takes(method: str, operation: str) -> Takes:
    """What a call takes of each limit: one of its method's own."""
    return {operation: 1}
