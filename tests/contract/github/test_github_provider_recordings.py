"""Real answers, recorded, are understood by the provider without loss and without failure."""

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest

from reconciler.errors import Forbidden, NotFound, ProviderError, RateLimited, Rejected, Unauthorized
from reconciler.provider import Object
from reconciler.provider.context import Context
from reconciler.testing import FakeClock
from reconciler_github.provider import GitHubProvider

Exchange = Mapping[str, Any]
KNOWN_OWNER = {"data": {"owner": {"__typename": "Organization", "id": "O_1", "login": "acme"}}}


@pytest.fixture(scope="session")
def exchanges(github_data: Path) -> list[Exchange]:
    found: list[Exchange] = []
    for name in ("hub4j.jsonl", "octokit.rb.jsonl"):
        lines = (github_data / name).read_text("utf-8").splitlines()
        found.extend(json.loads(line) for line in lines)
    return found


@pytest.fixture
def answering() -> Callable[[Exchange], GitHubProvider]:
    """A provider whose every REST call is answered as recorded."""

    def make(exchange: Exchange) -> GitHubProvider:
        def handle(request: httpx.Request) -> httpx.Response:
            if request.url.path.endswith("/graphql"):
                return httpx.Response(200, json=KNOWN_OWNER)
            headers = {
                name: value
                for name, value in exchange["response_headers"].items()
                if name.lower() not in ("content-encoding", "transfer-encoding", "content-length", "link")
            }
            return httpx.Response(exchange["status"], json=exchange["response"], headers=headers)

        context = Context(clock=FakeClock(), transport=httpx.MockTransport(handle))
        return GitHubProvider({"owner": "acme", "token": "ghp_0123456789"}, context)

    return make


def of(exchanges: list[Exchange], operation: str, *statuses: int) -> Iterator[Exchange]:
    found = [
        one
        for one in exchanges
        if one["operation"] == operation and one["status"] in statuses and isinstance(one["response"], dict)
    ]
    assert found, f"no recording of {operation}"
    yield from found


def test_created_repositories_are_understood(
    exchanges: list[Exchange], answering: Callable[[Exchange], GitHubProvider]
) -> None:
    for exchange in of(exchanges, "POST /orgs/{org}/repos", 201):
        answer = exchange["response"]
        made = answering(exchange).create("github_repository", {"name": answer["name"]})
        _check_repository(made, answer)


def test_changed_repositories_are_understood(
    exchanges: list[Exchange], answering: Callable[[Exchange], GitHubProvider]
) -> None:
    for exchange in of(exchanges, "PATCH /repos/{owner}/{repo}", 200):
        answer = exchange["response"]
        before = {"name": answer["name"], "database_id": answer["id"], "node_id": answer["node_id"]}
        prior = Object("github_repository", answer["node_id"], before)
        after = answering(exchange).update(prior, {"description": "x"}, frozenset({"description"}))
        _check_repository(after, answer)


def _check_repository(found: Object, answer: Mapping[str, Any]) -> None:
    told = found.attributes
    assert found.id == told["id"] == told["node_id"] == answer["node_id"]
    assert told["database_id"] == answer["id"]
    assert told["full_name"] == answer["full_name"]
    assert told["visibility"] == answer.get("visibility", "private" if answer["private"] else "public")
    assert told["ssh_clone_url"] == answer["ssh_url"]
    for name, value in answer.items():
        is_ours = name in GitHubProvider.resource_types()["github_repository"].attributes
        if is_ours and name not in ("id", "has_downloads") and value is not None and name in told:
            expected = sorted(value) if isinstance(value, list) else value
            assert told[name] == expected, name


def test_labels_are_understood(
    exchanges: list[Exchange], answering: Callable[[Exchange], GitHubProvider]
) -> None:
    for exchange in of(exchanges, "POST /repos/{owner}/{repo}/labels", 201):
        answer = exchange["response"]
        desired = {"repository": "docs", "name": answer["name"], "color": answer["color"]}
        made = answering(exchange).create("github_issue_label", desired)
        assert made.id == answer["node_id"]
        assert (made.attributes["name"], made.attributes["color"]) == (
            answer["name"],
            answer["color"].lower(),
        )
        assert made.attributes["description"] == (answer["description"] or "")


def test_teams_are_understood(
    exchanges: list[Exchange], answering: Callable[[Exchange], GitHubProvider]
) -> None:
    for exchange in of(exchanges, "POST /orgs/{org}/teams", 201):
        answer = exchange["response"]
        made = answering(exchange).create("github_team", {"name": answer["name"]})
        assert made.id == answer["node_id"]
        assert made.attributes["slug"] == answer["slug"]
        assert made.attributes["privacy"] == answer["privacy"]
        assert made.attributes["parent_team"] == (answer.get("parent") or {}).get("slug")


def test_a_renamed_branch_is_understood(
    exchanges: list[Exchange], answering: Callable[[Exchange], GitHubProvider]
) -> None:
    for exchange in of(exchanges, "POST /repos/{owner}/{repo}/branches/{branch}/rename", 201):
        attributes = {"repository": "docs", "branch": "master"}
        prior = Object("github_branch", "R_1/master", attributes)
        after = answering(exchange).update(prior, {"branch": "main"}, frozenset({"branch"}))
        assert after.attributes["branch"] == exchange["response"]["name"]
        assert after.attributes["sha"] == exchange["response"]["commit"]["sha"]


def test_public_keys_are_understood(exchanges: list[Exchange]) -> None:
    for exchange in of(exchanges, "GET /repos/{owner}/{repo}/actions/secrets/public-key", 200):
        if exchange["source"] == "hub4j":
            continue  # its key was made up for the recording
        sent: list[httpx.Request] = []

        def handle(
            request: httpx.Request, exchange: Exchange = exchange, sent: list[httpx.Request] = sent
        ) -> httpx.Response:
            sent.append(request)
            if request.url.path.endswith("public-key"):
                return httpx.Response(200, json=exchange["response"])
            times = {"created_at": "2026-01-01T00:00:00Z", "updated_at": "2026-01-01T00:00:00Z"}
            return httpx.Response(201 if request.method == "PUT" else 200, json={"name": "A", **times})

        context = Context(clock=FakeClock(), transport=httpx.MockTransport(handle))
        provider = GitHubProvider({"owner": "acme", "token": "ghp_0123456789"}, context)
        prior = Object("github_actions_secret", "R_1/A", {"repository": "docs", "secret_name": "A"})
        provider.update(prior, {"plaintext_value": "a value"}, frozenset({"plaintext_value"}))
        body = json.loads(next(request.content for request in sent if request.method == "PUT"))
        assert body["key_id"] == exchange["response"]["key_id"]
        assert b"a value" not in b"".join(request.content for request in sent)


def test_limits_and_scopes_are_understood(
    exchanges: list[Exchange], answering: Callable[[Exchange], GitHubProvider]
) -> None:
    for exchange in of(exchanges, "GET /rate_limit", 200):
        health = answering(exchange).health()
        resources = exchange["response"].get("resources", {})
        assert health.is_reachable
        assert {quota.name: quota.remaining for quota in health.quotas} == {
            name: resources[key]["remaining"]
            for key, name in (("core", "GitHub"), ("graphql", "GitHub GraphQL"))
            if key in resources
        }


KINDS = {401: Unauthorized, 403: Forbidden, 404: NotFound, 422: Rejected, 429: RateLimited}


def test_every_recorded_error_is_understood_and_says_what_to_do(github_data: Path) -> None:
    for error in json.loads((github_data / "errors.json").read_text("utf-8")):
        body = {"message": error["message"], "errors": error["errors"]}
        transport = httpx.MockTransport(
            lambda _, error=error, body=body: httpx.Response(error["status"], json=body)
        )
        provider = GitHubProvider(
            {"owner": "acme", "token": "ghp_0123456789"}, Context(clock=FakeClock(), transport=transport)
        )
        with pytest.raises(ProviderError) as caught:
            provider.create("github_issue_label", {"repository": "docs", "name": "x", "color": "ffffff"})
        is_limit = "rate limit" in error["message"]
        assert isinstance(caught.value, RateLimited if is_limit else KINDS[error["status"]]), error
        assert error["message"] in caught.value.cause
        assert caught.value.remedy
