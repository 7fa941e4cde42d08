"""What GitHub's calls take of its limits, and how the provider keeps them."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from reconciler.testing import FakeClock
from reconciler_github.limits import takes
from reconciler_github.provider import GitHubProvider

LABEL = {"id": 1, "node_id": "L1", "name": "bug", "color": "ff0000", "description": None, "default": False}


@pytest.mark.parametrize(
    ("method", "operation", "taken"),
    [
        ("GET", "GET /repos/{owner}/{repo}", {"points": 1, "requests": 1}),
        ("PUT", "PUT /repositories/{id}/topics", {"points": 5, "requests": 1}),
        ("POST", "POST /orgs/{org}/repos", {"points": 5, "requests": 1, "content": 1, "content_hourly": 1}),
        ("POST", "GraphQL query: objects", {"graphql_points": 1, "graphql": 1}),
        ("POST", "GraphQL mutation: updateRepository", {"graphql_points": 5, "graphql": 1}),
        (
            "POST",
            "GraphQL mutation: createBranchProtectionRule",
            {"graphql_points": 5, "graphql": 1, "content": 1, "content_hourly": 1},
        ),
        ("GET", "GET /rate_limit", {}),
    ],
)
def test_a_call_takes_what_github_counts_for_it(method: str, operation: str, taken: dict[str, int]) -> None:
    assert takes(method, operation) == taken


def create_labels(provider: GitHubProvider, count: int) -> None:
    for _ in range(count):
        provider.create("github_issue_label", {"repository": "r", "name": "bug", "color": "ff0000"})


def test_at_github_itself_content_is_created_at_the_pace_that_it_allows(
    github: Any, provider: GitHubProvider, clock: FakeClock
) -> None:
    github.on("POST /repos/acme/r/labels", httpx.Response(201, json=LABEL))
    create_labels(provider, 10)
    assert clock.slept == []
    create_labels(provider, 70)
    assert clock.monotonic() == pytest.approx(60)


def test_elsewhere_it_is_not_unless_the_stack_asks_for_it(
    github: Any, connect: Callable[..., GitHubProvider], clock: FakeClock
) -> None:
    github.on("POST /api/v3/repos/acme/r/labels", httpx.Response(201, json=LABEL))
    there = {"base_url": "http://127.0.0.1:1/api/v3"}
    create_labels(connect(**there), 200)
    assert clock.slept == []
    assert not any(limit.is_kept for limit in connect(**there).limits())
    create_labels(connect(**there, rate_limit={"limits": {"content": 20}}), 20)
    assert clock.monotonic() == pytest.approx(60)
