"""Points, nodes and scopes: what is counted before a query runs."""

from collections.abc import Callable
from typing import Any

import pytest

from reconciler.sandbox.world import Document
from reconciler_github.sandbox.limits import spend
from reconciler_github.sandbox.store import Store
from tests.still_clock import Clock

Ask = Callable[..., dict[str, Any]]
AnswerAs = Callable[..., tuple[int, dict[str, Any], dict[str, str]]]


def cost_of(ask: Ask, query: str) -> tuple[int, int]:
    limit = ask(query.replace("LIMIT", "rateLimit { cost nodeCount }"))["data"]["rateLimit"]
    return limit["cost"], limit["nodeCount"]


@pytest.mark.parametrize(
    ("query", "cost", "nodes"),
    [
        ("{ viewer { login } LIMIT }", 1, 0),
        ('{ organization(login: "acme") { repositories(first: 100) { totalCount } } LIMIT }', 1, 100),
        # 1 + 100 requests, 100 + 100 * 50 nodes.
        (
            """{ organization(login: "acme") { repositories(first: 100) {
            nodes { labels(first: 50) { totalCount } } } } LIMIT }""",
            1,
            5_100,
        ),
        # As in GitHub's own example: 1 + 100 + 5,000 requests; 100 + 5,000 + 300,000 nodes.
        (
            """{ organization(login: "acme") { teams(first: 100) { nodes { repositories(first: 50) {
            edges { node { labels(first: 60) { nodes { name } } } } } } } } LIMIT }""",
            51,
            305_100,
        ),
        # One connection that two fragments ask for is one connection.
        (
            """query { organization(login: "acme") { ...a ...b } LIMIT }
            fragment a on Organization { repositories(first: 10) { nodes { name } } }
            fragment b on Organization { repositories(first: 10) { nodes { id } } }""",
            1,
            10,
        ),
        (
            """query($no: Boolean = false) { organization(login: "acme") {
            repositories(first: 10) @include(if: $no) { nodes { name } } } LIMIT }""",
            1,
            0,
        ),
    ],
)
def test_points_and_nodes_are_computed_from_the_bounds(
    ask: Ask, acme: Document, query: str, cost: int, nodes: int
) -> None:
    assert cost_of(ask, query) == (cost, nodes)


def test_bounds_given_as_variables_count_too(ask: Ask, acme: Document) -> None:
    query = """query($many: Int = 7, $few: Int) { organization(login: "acme") { repositories(first: $many) {
      nodes { labels(first: $few) { totalCount } } } } rateLimit { nodeCount } }"""
    assert ask(query, few=3)["data"]["rateLimit"]["nodeCount"] == 7 + 7 * 3


def test_a_query_for_more_than_half_a_million_nodes_is_refused(ask: Ask, acme: Document) -> None:
    body = ask("""{ organization(login: "acme") { repositories(first: 100) { nodes {
      labels(first: 100) { nodes { repository { milestones(first: 100) { nodes { title } } } } } } } } }""")
    message = "This query requests up to 1,010,100 possible nodes which exceeds the maximum limit of 500,000."
    assert body == {"errors": [{"type": "MAX_NODE_LIMIT_EXCEEDED", "message": message}]}


def test_points_are_spent_and_shown_in_body_and_headers(answer_as: AnswerAs, octocat: Document) -> None:
    query = "{ rateLimit { cost limit remaining used resetAt nodeCount } }"
    answer_as(octocat, query)
    _, body, headers = answer_as(octocat, query)
    assert body["data"]["rateLimit"] == {
        "cost": 1,
        "limit": 5000,
        "remaining": 4998,
        "used": 2,
        "resetAt": "2026-01-02T04:04:05Z",
        "nodeCount": 0,
    }
    shown = {name.lower(): value for name, value in headers.items()}
    assert shown["x-ratelimit-remaining"] == "4998"
    assert shown["x-ratelimit-resource"] == "graphql"


def test_an_exhausted_limit_is_a_200_with_an_error_until_the_hour_is_over(
    answer_as: AnswerAs, octocat: Document, store: Store, clock: Clock
) -> None:
    spend(store, "token of octocat", "graphql", 5000)
    status, body, headers = answer_as(octocat, "{ viewer { login } }")
    assert status == 200
    message = f"API rate limit exceeded for user ID {octocat['id']}."
    assert body == {"errors": [{"type": "RATE_LIMITED", "message": message}]}
    assert {name.lower(): value for name, value in headers.items()}["x-ratelimit-remaining"] == "0"
    clock.forward(3600)
    assert answer_as(octocat, "{ viewer { login } }")[1] == {"data": {"viewer": {"login": "octocat"}}}


def test_a_refused_query_costs_nothing(answer_as: AnswerAs, octocat: Document) -> None:
    answer_as(octocat, "{ nonsense }")
    answer_as(octocat, "{ viewer { login ")
    body = answer_as(octocat, "{ rateLimit { used } }")[1]
    assert body == {"data": {"rateLimit": {"used": 1}}}


def test_teams_need_the_scope_read_org(answer_as: AnswerAs, octocat: Document, acme: Document) -> None:
    query = '{ organization(login: "acme") { teams(first: 1) { nodes { name } } } }'
    body = answer_as(octocat, query, scopes=("repo", "gist"))[1]
    assert "data" not in body
    assert [error["type"] for error in body["errors"]] == ["INSUFFICIENT_SCOPES"] * 2
    assert body["errors"][1]["message"] == (
        "Your token has not been granted the required scopes to execute this query. "
        "The 'name' field requires one of the following scopes: ['read:org', 'read:discussion'], "
        "but your token has only been granted the: ['gist', 'repo'] scopes. "
        "Please modify your token's scopes at: https://github.com/settings/tokens."
    )
    assert "errors" not in answer_as(octocat, query, scopes=("read:org",))[1]


def test_mutations_need_a_repository_scope(answer_as: AnswerAs, octocat: Document) -> None:
    query = 'mutation { deleteLabel(input: {id: "x"}) { clientMutationId } }'
    body = answer_as(octocat, query, scopes=("read:org",))[1]
    assert [error["type"] for error in body["errors"]] == ["INSUFFICIENT_SCOPES"]
