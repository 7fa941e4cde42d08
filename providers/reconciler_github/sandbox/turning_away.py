"""What GitHub says when it turns a call away that is nothing wrong with.

Sources: docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api, "Exceeding the rate limit"
(the primary limit is 403 or 429 with ``x-ratelimit-remaining: 0``, the secondary one has ``retry-after``);
docs.github.com/en/graphql, "Rate limits and query limits" (an exhausted primary limit is HTTP 200 with an
error);
"Troubleshooting the REST API" (401 ``Bad credentials``, also for an expired token; 403 ``Resource not
accessible by personal access token``); recorded GraphQL errors of the type ``FORBIDDEN``.
"""

import json
from typing import Any
from wsgiref.types import WSGIEnvironment

from reconciler.sandbox.emulator import Refusal, Trouble
from reconciler_github.sandbox import errors
from reconciler_github.sandbox.limits import HOURLY, Usage
from reconciler_github.sandbox.paths import without_prefix
from reconciler_github.sandbox.store import Store

_LIMITS = "https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api"
_SECONDARY = (
    "You have exceeded a secondary rate limit. Please wait a few minutes before you try again. If you reach "
    "out to GitHub Support for help, please include the request ID and a timestamp."
)
_NOT_ACCESSIBLE = "Resource not accessible by personal access token"
_FORBIDDEN, _UNAUTHORIZED = "403 Forbidden", "401 Unauthorized"


def turned_away(store: Store, trouble: Trouble, environ: WSGIEnvironment, wait_s: int) -> Refusal:
    """The refusal of a call; in GraphQL's form where it was GraphQL."""
    asks_graphql = _asks_graphql(environ["PATH_INFO"])
    match trouble:
        case "rate-limited":
            message = f"API rate limit exceeded for user ID {_user_id(store, environ)}."
            resource = "graphql" if asks_graphql else "core"
            reset = int(store.world.now().timestamp()) + wait_s
            headers = Usage(resource, HOURLY[resource], reset).headers()
            if asks_graphql:
                errors_ = [{"type": "RATE_LIMITED", "message": message}]
                return Refusal("200 OK", {"errors": errors_}, headers)
            return Refusal(_FORBIDDEN, errors.Refusal(403, message, documentation=_LIMITS).body(), headers)
        case "secondary-limit":
            documentation = f"{_LIMITS}#about-secondary-rate-limits"
            body = errors.Refusal(403, _SECONDARY, documentation=documentation).body()
            return Refusal(_FORBIDDEN, body, {"Retry-After": str(wait_s)})
        case "forbidden":
            if asks_graphql:
                problem: dict[str, Any] = {"type": "FORBIDDEN", "message": _NOT_ACCESSIBLE}
                return Refusal("200 OK", {"data": None, "errors": [problem]})
            return Refusal(_FORBIDDEN, errors.forbidden(_NOT_ACCESSIBLE).body())
        case "unauthorized" | "expired":
            return Refusal(_UNAUTHORIZED, errors.bad_credentials().body())


def is_change(method: str, path: str, body: bytes) -> bool:
    """Whether a call may change something: all but GET, HEAD and GraphQL's queries."""
    if method in ("GET", "HEAD"):
        return False
    if not _asks_graphql(path):
        return True
    try:
        query = json.loads(body)["query"]
    except (ValueError, LookupError, TypeError):
        return False
    return str(query).lstrip().startswith("mutation")


def _asks_graphql(path: str) -> bool:
    return without_prefix(path)[1] == "/graphql"


def _user_id(store: Store, environ: WSGIEnvironment) -> int:
    """Whose call it is; 0 for a token that GitHub does not know."""
    token = environ.get("HTTP_AUTHORIZATION", "").partition(" ")[2].strip()
    found = store.get("token", token)
    return 0 if found is None else int(found["user_id"])
