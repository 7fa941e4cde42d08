"""Many objects in one query: what goes wrong for one is told of that one alone."""

import re
from collections.abc import Callable
from typing import Any

import httpx

from reconciler.errors import Forbidden, ServiceFailed, Unauthorized
from reconciler.provider import Absent, Lookup, Object, Unreadable, Wanted
from reconciler_github.client import graphql_url
from reconciler_github.provider import GitHubProvider

USER = {
    "id": "U_1", "databaseId": 1, "login": "x", "name": None, "bio": None, "company": None,
    "location": None, "websiteUrl": None, "twitterUsername": None, "avatarUrl": "https://a",
    "url": "https://u", "isSiteAdmin": False, "createdAt": "2026-01-01T00:00:00Z",
}  # fmt: skip


def users(count: int) -> dict[str, Wanted]:
    return {f"u{n}": Wanted("data.github_user", {"username": f"user{n}"}) for n in range(count)}


def logins(body: Any) -> list[str]:
    names = [body["variables"][name] for name in re.findall(r"user\(login: \$(\w+)\)", body["query"])]
    return [str(name) for name in names]


def all_users(body: Any) -> httpx.Response:
    fields = {f"item{n}": {**USER, "login": login} for n, login in enumerate(logins(body))}
    return httpx.Response(200, json={"data": {"account": None, **fields}})


def test_75_objects_go_into_one_query(github: Any, provider: GitHubProvider) -> None:
    github.on_query(all_users)
    assert len(provider.find(users(120))) == 120
    assert [len(logins(body)) for _, body in github.asked] == [75, 45]


def test_a_query_that_times_out_is_halved(github: Any, provider: GitHubProvider) -> None:
    def slow(body: Any) -> httpx.Response:
        return httpx.Response(502) if len(logins(body)) > 10 else all_users(body)

    github.on_query(slow)
    found = provider.find(users(40))
    assert all(isinstance(answer, tuple) for answer in found.values())
    assert [len(logins(body)) for _, body in github.asked] == [40, 20, 10, 10, 20, 10, 10]


def test_an_object_that_always_fails_is_unreadable_and_the_others_are_not(
    github: Any, provider: GitHubProvider
) -> None:
    def poisoned(body: Any) -> httpx.Response:
        return httpx.Response(504) if "user3" in logins(body) else all_users(body)

    github.on_query(poisoned)
    found = provider.find(users(8))
    unreadable = {key: answer for key, answer in found.items() if isinstance(answer, Unreadable)}
    assert set(unreadable) == {"u3"}
    assert isinstance(unreadable["u3"].error, ServiceFailed)


def test_a_service_that_is_down_is_not_asked_for_each_object(github: Any, provider: GitHubProvider) -> None:
    github.on_query(httpx.Response(502))
    found = provider.find(users(50))
    assert all(isinstance(answer, Unreadable) for answer in found.values())
    assert len(github.asked) < 20


def test_an_error_without_a_path_makes_the_query_smaller(github: Any, provider: GitHubProvider) -> None:
    def grudging(body: Any) -> httpx.Response:
        if len(logins(body)) > 2:
            message = "Something went wrong while executing your query. This may be the result of a timeout"
            return httpx.Response(200, json={"data": None, "errors": [{"message": message}]})
        return all_users(body)

    github.on_query(grudging)
    assert all(isinstance(answer, tuple) for answer in provider.find(users(4)).values())


def test_what_is_not_there_is_absent_and_what_is_forbidden_is_unreadable(
    github: Any, provider: GitHubProvider, answer_fields: Callable[..., httpx.Response]
) -> None:
    github.on_query(
        answer_fields(
            {"item0": None, "item1": None, "item2": USER},
            {"type": "NOT_FOUND", "path": ["item0"], "message": "Could not resolve"},
            {"type": "FORBIDDEN", "path": ["item1"], "message": "Resource not accessible"},
        )
    )
    found = provider.find(users(3))
    assert found["u0"] == ()
    assert isinstance(found["u1"], Unreadable)
    assert isinstance(found["u1"].error, Forbidden)
    assert isinstance(found["u2"], tuple)


def test_a_refused_token_stops_the_asking(github: Any, provider: GitHubProvider) -> None:
    github.on_query(httpx.Response(401, json={"message": "Bad credentials"}))
    found = provider.find(users(120))
    assert all(
        isinstance(answer, Unreadable) and isinstance(answer.error, Unauthorized) for answer in found.values()
    )
    assert len(github.asked) == 1


def test_trouble_with_one_connection_leaves_the_others_readable(
    github: Any, provider: GitHubProvider, answer_fields: Callable[..., httpx.Response]
) -> None:
    repository = {
        "id": "R_1", "databaseId": 1, "name": "docs", "nameWithOwner": "acme/docs", "isArchived": False,
        "labels": None,
        "ref0": {"id": "REF_1", "name": "main", "prefix": "refs/heads/", "target": {"oid": "abc"}},
    }  # fmt: skip
    trouble = {"path": ["item0", "labels"], "type": "FORBIDDEN", "message": "no labels for you"}
    github.on_query(answer_fields({"item0": repository}, trouble))
    answers = provider.read(
        {
            "label": Lookup("github_issue_label", "LA_1", {"repository": "docs", "name": "bug"}),
            "branch": Lookup("github_branch", "R_1/main", {"repository": "docs", "branch": "main"}),
        }
    )
    assert isinstance(answers["label"], Unreadable)
    assert isinstance(answers["branch"], Object)
    assert len(github.asked) == 1


def test_the_owner_comes_along_with_any_query(
    github: Any, provider: GitHubProvider, answer_fields: Callable[..., httpx.Response]
) -> None:
    github.on_query(answer_fields({"item0": USER}))
    provider.find(users(1))
    assert provider.account().id == "O_1"
    assert len(github.asked) == 1


def test_teams_of_a_person_are_unreadable_with_the_reason(
    github: Any, provider: GitHubProvider, answer_fields: Callable[..., httpx.Response]
) -> None:
    person = {"account": {"__typename": "User", "id": "U_1", "login": "acme"}, "item0": None}
    error = {"type": "NOT_FOUND", "path": ["item0"], "message": "Could not resolve to an Organization"}
    github.on_query(answer_fields(person, error))
    answer = provider.find({"t": Wanted("github_team", {"name": "crew"})})["t"]
    assert isinstance(answer, Unreadable)
    assert "only organisations have teams" in answer.error.cause


def test_a_private_repository_is_not_absent_to_a_token_that_may_not_see_it(
    github: Any, provider: GitHubProvider, answer_fields: Callable[..., httpx.Response]
) -> None:
    error = {"type": "NOT_FOUND", "path": ["item0"], "message": "Could not resolve to a node"}
    github.on_query(answer_fields({"item0": None}, error, x_oauth_scopes="public_repo, read:org"))
    known = {"name": "docs", "visibility": "private"}
    answer = provider.read({"r": Lookup("github_repository", "R_1", known)})["r"]
    assert isinstance(answer, Unreadable)
    assert answer.error.remedy == "give the token the scope repo"
    public = {"name": "docs", "visibility": "public"}
    assert provider.read({"r": Lookup("github_repository", "R_1", public)})["r"] == Absent()


def test_an_answer_that_is_not_as_documented_is_unreadable(
    github: Any, provider: GitHubProvider, answer_fields: Callable[..., httpx.Response]
) -> None:
    github.on_query(answer_fields({"item0": {"id": "U_1"}}))
    answer = provider.find(users(1))["u0"]
    assert isinstance(answer, Unreadable)
    assert "not as documented" in answer.error.cause


def test_graphql_is_found_beside_rest_on_an_enterprise_server() -> None:
    assert graphql_url("https://api.github.com") == "https://api.github.com/graphql"
    assert graphql_url("https://git.example.com/api/v3") == "https://git.example.com/api/graphql"
    assert graphql_url("http://127.0.0.1:80/github") == "http://127.0.0.1:80/github/graphql"
