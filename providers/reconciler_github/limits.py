"""What GitHub allows, what each call takes of it, and how patiently a failed one is repeated.

Sources: docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api (5,000 requests an hour; 900
points a minute, of which a request that only reads costs one and any other five; 80 content-creating requests
a minute and 500 an hour; at a secondary limit "wait for at least one minute", then longer each time),
…/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api (5,000 points an hour; 2,000 points a
minute, of which a mutation costs five).
"""

from collections.abc import Mapping

from reconciler.provider.limits import Limit, Takes
from reconciler.provider.retried import Kind
from reconciler.provider.retry import Retry
from reconciler_github.errors import SECONDARY_LIMIT_PAUSE

_MINUTE, _HOUR = 60.0, 3600.0
_REST = "docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api"
_GRAPHQL = "docs.github.com/en/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api"

LIMITS = (
    Limit("content", 80, _MINUTE, _REST, "content-creating requests a minute", burst=10),
    Limit("content_hourly", 500, _HOUR, _REST, "content-creating requests an hour"),
    Limit("points", 900, _MINUTE, _REST, "points a minute", each_write=5),
    Limit("requests", 5000, _HOUR, _REST, "requests an hour", each_write=1),
    Limit("graphql_points", 2000, _MINUTE, _GRAPHQL, "GraphQL points a minute"),
    Limit("graphql", 5000, _HOUR, _GRAPHQL, "GraphQL points an hour"),
)

RETRIES: Mapping[Kind, Retry] = {
    Kind.FAILED: Retry(attempts=4),
    Kind.LIMIT: Retry(attempts=4, base_delay=75, max_delay=240, least=SECONDARY_LIMIT_PAUSE),
}

_MUTATION = "GraphQL mutation: "
_CREATING = ("create", "clone", "add")
_READS = ("GET", "HEAD")
_FREE = ("GET /rate_limit",)


def takes(method: str, operation: str) -> Takes:
    """What a call takes of each limit. What a query costs GitHub says only afterwards: one point is usual."""
    if operation in _FREE:
        return {}
    if operation.startswith(_MUTATION):
        content = 1 if operation.removeprefix(_MUTATION).startswith(_CREATING) else 0
        return {"graphql_points": 5, "graphql": 1, **_content(content)}
    if operation.startswith("GraphQL"):
        return {"graphql_points": 1, "graphql": 1}
    return {"points": 1 if method in _READS else 5, "requests": 1, **_content(method == "POST")}


def _content(count: int) -> Takes:
    return {"content": count, "content_hourly": count} if count else {}
