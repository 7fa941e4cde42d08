"""The rate limit: 1,000 requests an hour for each key.

Source: APIX notes, "Rate limits": ``X-RateLimit-Limit``, ``-Remaining``, ``-Reset`` (epoch seconds), 429
beyond. The hour begins with the first call and the count is kept in the world, so it goes on from one command
to the next.
"""

from dataclasses import dataclass

from reconciler_anykrowd.sandbox.store import Store

HOURLY = 1000
_HOUR_S = 3600


@dataclass(frozen=True)
class Usage:
    """How much of the hour is used; ``reset`` is when it ends, in epoch seconds."""

    used: int
    reset: int

    @property
    def exceeded(self) -> bool:
        """Whether the last call was one too many."""
        return self.used > HOURLY

    def headers(self) -> dict[str, str]:
        """The three headers that every answer to a known key carries."""
        return {
            "X-RateLimit-Limit": str(HOURLY),
            "X-RateLimit-Remaining": str(max(0, HOURLY - self.used)),
            "X-RateLimit-Reset": str(self.reset),
        }


def count_call(store: Store, key: str) -> Usage:
    """Count one call of a key; it may be beyond the limit, which the caller checks."""
    now = int(store.now().timestamp())
    before = store.get("usage", key)
    if before is None or before["reset"] <= now:
        before = {"used": 0, "reset": now + _HOUR_S}
    after = {"used": before["used"] + 1, "reset": before["reset"]}
    store.put("usage", key, after)
    return Usage(after["used"], after["reset"])
