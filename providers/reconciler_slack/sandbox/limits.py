"""Rate limits: so many calls a minute of each method, for each workspace and app.

Source: docs.slack.dev/apis/web-api/rate-limits: tier 1 to 4 are 1, 20, 50 and 100 a minute, with bursts
tolerated; *special* methods say so on their own pages (posting: about one message a second and channel;
``auth.test``: hundreds a minute). A bucket holds a minute's calls and fills up all the time, so that a burst
passes and a steady stream is held to the tier. The count is kept in the world, so it goes on from one command
to the next.
"""

import math

from reconciler_slack.sandbox.errors import RateLimited
from reconciler_slack.sandbox.store import Store

SPECIAL = 5
PER_MINUTE = {1: 1, 2: 20, 3: 50, 4: 100}
SPECIAL_PER_MINUTE = {"auth.test": 600, "chat.getPermalink": 600, "chat.postMessage": 60}
_ROUNDING = 1e-6
"""So that whoever waits exactly as long as told is let in, though fractions add up to a little less."""


def per_minute(method: str, tier: int) -> int:
    """How many calls a minute the documentation promises."""
    return SPECIAL_PER_MINUTE[method] if tier == SPECIAL else PER_MINUTE[tier]


def spend(store: Store, method: str, tier: int, bucket: str) -> None:
    """Count a call against a bucket; raises ``RateLimited`` if it is empty."""
    limits = store.limits()
    if not limits["enforced"]:
        return
    most = per_minute(method, tier) * limits["scale"]
    now = store.world.now().timestamp()
    before = store.get("bucket", bucket) or {"level": most, "at": now}
    level = min(most, before["level"] + max(0.0, now - before["at"]) * most / 60)
    if level < 1 - _ROUNDING:
        raise RateLimited(max(1, math.ceil((1 - level) * 60 / most - _ROUNDING)))
    store.put("bucket", bucket, {"level": level - 1, "at": now})
