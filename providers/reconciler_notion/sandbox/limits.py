"""The rate limit: an average of three requests a second for each integration.

Source: developers.notion.com/reference/request-limits ("an average of three requests per second … some bursts
beyond the average rate are allowed"). Here a bucket of a quarter of an hour's requests, which refills at that
rate; it is kept in the world and runs on the world's clock. A seed may set both numbers.
"""

import math
from collections.abc import Mapping
from typing import Any

from reconciler_notion.sandbox.store import Store

REQUESTS_PER_SECOND = 3.0
BURST = 2700


def spend(store: Store, token: str, workspace: Mapping[str, Any]) -> int:
    """Take one request from a token's bucket; 0, or the whole seconds until there is one again."""
    now = store.world.now().timestamp()
    rate, burst = float(workspace["requests_per_second"]), float(workspace["burst"])
    usage = store.get("usage", token) or {"left": burst, "at": now}
    left: float = min(burst, usage["left"] + max(0.0, now - usage["at"]) * rate)
    if left < 1:
        return max(1, math.ceil((1 - left) / rate))
    store.put("usage", token, {"left": left - 1, "at": now})
    return 0
