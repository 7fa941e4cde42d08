"""GraphQL as a client of the emulator meets it: over HTTP, beside REST, with the same ids."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from reconciler.sandbox.world import World
from reconciler_github.sandbox.emulator import GitHubEmulator


@pytest.fixture
def emulator() -> GitHubEmulator:
    return GitHubEmulator(World())


@pytest.fixture
def client(emulator: GitHubEmulator) -> Iterator[httpx.Client]:
    token = emulator.connection("http://sandbox")["token"]
    with httpx.Client(
        transport=httpx.WSGITransport(app=emulator.application()),
        base_url="http://sandbox",
        headers={"Authorization": f"Bearer {token}", "User-Agent": "test"},
    ) as http:
        yield http


def ask(client: httpx.Client, query: str, **variables: Any) -> httpx.Response:
    return client.post("/graphql", json={"query": query, "variables": variables})


def test_node_ids_over_graphql_are_those_over_rest(client: httpx.Client, emulator: GitHubEmulator) -> None:
    owner = emulator.connection("http://sandbox")["owner"]
    fields = {"name": "shared", "auto_init": True, "private": True}
    repository = client.post(f"/orgs/{owner}/repos", json=fields).json()
    label = client.get(f"/repos/{owner}/shared/labels/bug").json()
    team = client.post(f"/orgs/{owner}/teams", json={"name": "QA"}).json()
    ref = client.get(f"/repos/{owner}/shared/git/ref/heads/main").json()
    query = """query($owner: String!) { repository(owner: $owner, name: "shared") { id owner { id }
      label(name: "bug") { id } defaultBranchRef { id } }
      organization(login: $owner) { team(slug: "qa") { id databaseId } } }"""
    data = ask(client, query, owner=owner).json()["data"]
    assert data == {
        "repository": {
            "id": repository["node_id"],
            "owner": {"id": repository["owner"]["node_id"]},
            "label": {"id": label["node_id"]},
            "defaultBranchRef": {"id": ref["node_id"]},
        },
        "organization": {"team": {"id": team["node_id"], "databaseId": team["id"]}},
    }


def test_a_rule_made_by_mutation_is_the_protection_that_rest_shows(
    client: httpx.Client, emulator: GitHubEmulator
) -> None:
    owner = emulator.connection("http://sandbox")["owner"]
    repository = client.post(f"/orgs/{owner}/repos", json={"name": "shared", "auto_init": True}).json()
    query = """mutation($id: ID!) { createBranchProtectionRule(input: {repositoryId: $id, pattern: "main",
      isAdminEnforced: true, requiresApprovingReviews: true, requiredApprovingReviewCount: 2})
      { branchProtectionRule { pattern } } }"""
    assert "errors" not in ask(client, query, id=repository["node_id"]).json()
    shown = client.get(f"/repos/{owner}/shared/branches/main/protection").json()
    assert shown["enforce_admins"]["enabled"] is True
    assert shown["required_pull_request_reviews"]["required_approving_review_count"] == 2


def test_points_show_in_the_headers_and_in_rests_rate_limit(client: httpx.Client) -> None:
    answer = ask(client, "{ viewer { login } }")
    assert answer.headers["x-ratelimit-resource"] == "graphql"
    assert answer.headers["x-ratelimit-remaining"] == "4999"
    assert client.get("/rate_limit").json()["resources"]["graphql"]["used"] == 1


def test_an_unknown_token_is_401(client: httpx.Client) -> None:
    answer = client.post(
        "/graphql", json={"query": "{ viewer { login } }"}, headers={"Authorization": "Bearer x"}
    )
    assert answer.status_code == 401
    assert answer.json()["message"] == "Bad credentials"
