"""What anyKrowd says when it turns a call away that is nothing wrong with.

Source: APIX notes, "Errors" and "Rate limits" (429 beyond, with ``X-RateLimit-Reset`` in epoch seconds).
There is one limit, and no other word for a key that has expired.
"""

from reconciler.sandbox.emulator import Refusal, Trouble
from reconciler_anykrowd.sandbox import errors
from reconciler_anykrowd.sandbox.limits import HOURLY, Usage
from reconciler_anykrowd.sandbox.store import Store


def turned_away(store: Store, trouble: Trouble, wait_s: int) -> Refusal:
    """The refusal of a call."""
    match trouble:
        case "rate-limited" | "secondary-limit":
            reset = int(store.now().timestamp()) + wait_s
            return Refusal("429 Too Many Requests", errors.too_many().body(), Usage(HOURLY, reset).headers())
        case "unauthorized" | "expired":
            return Refusal("401 Unauthorized", errors.unauthenticated().body())
        case "forbidden":
            return Refusal("403 Forbidden", errors.denied().body())
