"""What Notion says when it turns a call away that is nothing wrong with.

Sources: developers.notion.com/reference/status-codes (401 ``unauthorized``, also for an expired token;
403 ``restricted_resource``; 529 ``service_overload``) and …/request-limits (429 ``rate_limited`` with
``Retry-After``).
"""

import re

from reconciler.sandbox.emulator import Refusal, Trouble
from reconciler_notion.sandbox import errors

_QUESTIONS = re.compile(r"/v1/(search|(data_sources|databases)/[^/]+/query)")


def turned_away(trouble: Trouble, wait_s: int) -> Refusal:
    """The refusal of a call. The second limit is that of the whole service, which is overloaded."""
    wait = {"Retry-After": str(wait_s)}
    match trouble:
        case "rate-limited":
            return Refusal("429 Too Many Requests", errors.rate_limited().body(), wait)
        case "secondary-limit":
            return Refusal("529 Service Overload", errors.overloaded().body(), wait)
        case "unauthorized" | "expired":
            return Refusal("401 Unauthorized", errors.unauthorized().body())
        case "forbidden":
            return Refusal("403 Forbidden", errors.restricted().body())


def is_change(method: str, path: str) -> bool:
    """Whether a call may change something: all but GET, searches and queries."""
    return method != "GET" and _QUESTIONS.fullmatch(path) is None
