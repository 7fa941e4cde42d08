"""What Notion allows, what each call takes of it, and how patiently a failed one is repeated.

Source: developers.notion.com/reference/request-limits: "an average of three requests per second … some bursts
beyond the average rate are allowed". No number is given for either: here the average is kept over any minute,
and ten requests may go at once after a rest. 429 names a wait, 529 (overloaded) need not.
"""

from collections.abc import Mapping

from reconciler.provider.limits import Limit, Takes
from reconciler.provider.retried import Kind
from reconciler.provider.retry import Retry

LIMITS = (
    Limit(
        "requests",
        180,
        60.0,
        "developers.notion.com/reference/request-limits",
        "requests a minute",
        burst=10,
        each_write=1,
    ),
)

RETRIES: Mapping[Kind, Retry] = {Kind.LIMIT: Retry(attempts=5), Kind.FAILED: Retry(attempts=4)}


def takes(method: str, operation: str) -> Takes:
    """What a call takes of each limit: one request."""
    return {"requests": 1}
