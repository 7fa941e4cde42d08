"""The primary rate limits: 5,000 REST calls and 5,000 GraphQL points an hour for each token.

Source: docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api. The hour begins with the
first call and the count is kept in the world, so it goes on from one command to the next.
"""

from dataclasses import dataclass

from reconciler_github.sandbox.store import Store

HOURLY = {"core": 5000, "graphql": 5000, "search": 30}
_HOUR_S = 3600


@dataclass(frozen=True)
class Usage:
    """How much of a resource's hour is used; ``reset`` is when it ends, in epoch seconds."""

    resource: str
    used: int
    reset: int

    @property
    def limit(self) -> int:
        """What an hour allows."""
        return HOURLY[self.resource]

    @property
    def remaining(self) -> int:
        """What is left of it."""
        return max(0, self.limit - self.used)

    def headers(self) -> dict[str, str]:
        """The five headers that every answer carries."""
        return {
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(self.remaining),
            "X-RateLimit-Used": str(min(self.used, self.limit)),
            "X-RateLimit-Reset": str(self.reset),
            "X-RateLimit-Resource": self.resource,
        }


def usage(store: Store, token: str, resource: str) -> Usage:
    """What a token has used so far in this hour."""
    now = int(store.world.now().timestamp())
    found = store.get("usage", f"{token}:{resource}")
    if found is None or found["reset"] <= now:
        return Usage(resource, 0, now + _HOUR_S)
    return Usage(resource, found["used"], found["reset"])


def spend(store: Store, token: str, resource: str, points: int = 1) -> Usage:
    """Count a call (or, with negative points, give one back); may pass the limit, which the caller checks."""
    before = usage(store, token, resource)
    after = Usage(resource, max(0, before.used + points), before.reset)
    store.put("usage", f"{token}:{resource}", {"used": after.used, "reset": after.reset})
    return after
