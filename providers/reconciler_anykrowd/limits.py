"""What anyKrowd allows, what each call takes of it, and how patiently a failed one is repeated.

Source: anyKrowd's APIX notes, v1: 1,000 requests an hour for a key.
"""

from collections.abc import Mapping

from reconciler.provider.limits import Limit, Takes
from reconciler.provider.retried import Kind
from reconciler.provider.retry import Retry

LIMITS = (Limit("requests", 1000, 3600.0, "anyKrowd's APIX notes, v1", "requests an hour", each_write=1),)

RETRIES: Mapping[Kind, Retry] = {Kind.LIMIT: Retry(attempts=3)}


def takes(method: str, operation: str) -> Takes:
    """What a call takes of each limit: one request."""
    return {"requests": 1}
