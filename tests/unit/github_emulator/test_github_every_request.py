"""What holds for every request to the emulated GitHub."""

from typing import Any

import pytest


def test_a_wrong_token_is_refused_as_github_does(github: Any) -> None:
    answer = github("GET", "/user", headers={"Authorization": "Bearer wrong"})
    assert answer.status_code == 401
    assert answer.json()["message"] == "Bad credentials"
    assert answer.json()["documentation_url"] == "https://docs.github.com/rest"


def test_a_missing_token_is_asked_for(github: Any) -> None:
    answer = github.client.get("/github/user")
    assert (answer.status_code, answer.json()["message"]) == (401, "Requires authentication")


@pytest.mark.parametrize("scheme", ["Bearer", "token", "TOKEN"])
def test_a_token_is_taken_in_each_scheme(github: Any, scheme: str) -> None:
    answer = github("GET", "/user", headers={"Authorization": f"{scheme} {github.token}"})
    assert answer.json()["login"] == "octo-admin"
    assert "repo" in answer.headers["X-OAuth-Scopes"]


def test_basic_authentication_takes_the_token_as_password(github: Any) -> None:
    assert github.client.get("/github/user", auth=("anybody", github.token)).status_code == 200


@pytest.mark.parametrize(
    ("content", "message"), [(b"{", "Problems parsing JSON"), (b"[]", "Body should be a JSON object")]
)
def test_a_malformed_body_is_refused(github: Any, content: bytes, message: str) -> None:
    answer = github("POST", "/orgs/acme/repos", content=content)
    assert (answer.status_code, answer.json()["message"]) == (400, message)


def test_an_unknown_path_and_an_unknown_method_are_not_found(github: Any) -> None:
    for method, path in (("GET", "/nowhere"), ("DELETE", "/user")):
        answer = github(method, path)
        assert (answer.status_code, answer.json()["message"]) == (404, "Not Found")
        assert answer.json()["documentation_url"]


def test_a_request_without_user_agent_or_of_another_version_is_refused(github: Any) -> None:
    assert github("GET", "/user", headers={"User-Agent": ""}).status_code == 403
    assert github("GET", "/user", headers={"X-GitHub-Api-Version": "1999-01-01"}).status_code == 400
    answer = github("GET", "/user", headers={"X-GitHub-Api-Version": "2022-11-28"})
    assert answer.headers["X-GitHub-Api-Version-Selected"] == "2022-11-28"


def test_each_call_counts_against_the_hour_until_it_is_over(github: Any, clock: Any) -> None:
    first, second = github("GET", "/user"), github("GET", "/user")
    assert first.headers["X-RateLimit-Limit"] == "5000"
    assert first.headers["X-RateLimit-Remaining"] == "4999"
    assert second.headers["X-RateLimit-Used"] == "2"
    assert second.headers["X-RateLimit-Resource"] == "core"
    assert int(second.headers["X-RateLimit-Reset"]) == int(clock().timestamp()) + 3600
    assert github("GET", "/rate_limit").json()["rate"]["used"] == 2
    clock.forward(3601)
    assert github("GET", "/user").headers["X-RateLimit-Used"] == "1"


def test_who_has_used_up_the_hour_is_refused(github: Any, host: Any, clock: Any) -> None:
    reset = int(clock().timestamp()) + 60
    host.emulators["github"].store.put("usage", f"{github.token}:core", {"used": 4999, "reset": reset})
    assert github("GET", "/user").headers["X-RateLimit-Remaining"] == "0"
    refused = github("POST", "/orgs/acme/repos", {"name": "late"})
    assert refused.status_code == 403
    assert refused.json()["message"].startswith("API rate limit exceeded for user ID")
    assert refused.headers["X-RateLimit-Remaining"] == "0"
    assert refused.headers["X-RateLimit-Reset"] == str(reset)
    assert github("GET", "/rate_limit").status_code == 200
    clock.forward(61)
    assert github("GET", "/repos/acme/late").status_code == 404


def test_an_unchanged_answer_is_304_and_costs_nothing(github: Any) -> None:
    github.repository()
    first = github("GET", "/repos/acme/testx")
    condition = {"If-None-Match": first.headers["ETag"]}
    again = github("GET", "/repos/acme/testx", headers=condition)
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["X-RateLimit-Used"] == first.headers["X-RateLimit-Used"]
    github("PATCH", "/repos/acme/testx", {"description": "new"})
    assert github("GET", "/repos/acme/testx", headers=condition).status_code == 200


def test_lists_come_in_pages_with_links(github: Any) -> None:
    github.repository()
    path = "/repos/acme/testx/labels"
    first = github("GET", f"{path}?per_page=4")
    assert len(first.json()) == 4
    assert sorted(first.links) == ["last", "next"]
    middle = github.client.get(first.links["next"]["url"], headers={"Authorization": f"token {github.token}"})
    assert sorted(middle.links) == ["first", "last", "next", "prev"]
    last = github("GET", f"{path}?per_page=4&page=3")
    assert len(last.json()) == 1
    assert sorted(last.links) == ["first", "prev"]
    names = [each["name"] for answer in (first, middle, last) for each in answer.json()]
    assert names == sorted(names)
    assert len(names) == 9


def test_a_page_holds_30_and_at_most_100(github: Any) -> None:
    github.repository()
    for number in range(110):
        github("POST", "/repos/acme/testx/labels", {"name": f"l{number}", "color": "ffffff"})
    path = "/repos/acme/testx/labels"
    assert len(github("GET", path).json()) == 30
    assert len(github("GET", f"{path}?per_page=500").json()) == 100
    assert len(github("GET", f"{path}?per_page=none&page=-1").json()) == 30


def test_a_refused_request_leaves_nothing_behind(github: Any) -> None:
    assert github("POST", "/orgs/acme/repos", {"name": "x", "team_id": 1}).status_code == 422
    assert github("GET", "/repos/acme/x").status_code == 404


def test_enterprise_paths_lead_to_the_same_world(github: Any) -> None:
    for prefix in ("/github/api/v3", "/api/v3"):
        answer = github.client.get(f"{prefix}/user", headers={"Authorization": f"Bearer {github.token}"})
        assert answer.json()["url"] == f"http://127.0.0.1{prefix}/users/octo-admin"
