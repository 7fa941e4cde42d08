"""What GitHub answers becomes an error with cause and remedy."""

from typing import Any

import httpx
import pytest

from reconciler.errors import (
    AlreadyExists,
    Forbidden,
    NotFound,
    OutcomeUnknown,
    ProviderError,
    RateLimited,
    Rejected,
    Unauthorized,
)
from reconciler.testing import FakeClock
from reconciler_github.provider import GitHubProvider

LABEL = {"repository": "docs", "name": "bug", "color": "ff0000"}
CALL = "POST /repos/acme/docs/labels"


def error_for(github: Any, provider: GitHubProvider, answer: httpx.Response) -> ProviderError:
    github.on(CALL, answer)
    with pytest.raises(ProviderError) as caught:
        provider.create("github_issue_label", LABEL)
    return caught.value


def refusal(
    status: int, message: str, headers: dict[str, str] | None = None, **others: Any
) -> httpx.Response:
    return httpx.Response(status, json={"message": message, **others}, headers=headers)


def test_a_wrong_token_is_told_with_the_way_to_a_new_one(github: Any, provider: GitHubProvider) -> None:
    error = error_for(github, provider, refusal(401, "Bad credentials"))
    assert isinstance(error, Unauthorized)
    assert "Bad credentials" in error.cause
    assert "Developer settings" in error.remedy


def test_a_missing_scope_is_named(github: Any, provider: GitHubProvider) -> None:
    headers = {"X-Accepted-OAuth-Scopes": "repo, public_repo", "X-OAuth-Scopes": "gist, read:org"}
    error = error_for(github, provider, refusal(403, "Resource not accessible", headers))
    assert isinstance(error, Forbidden)
    assert "needs public_repo or repo, and it has gist, read:org" in error.remedy


def test_a_missing_permission_of_a_fine_grained_token_is_named(github: Any, provider: GitHubProvider) -> None:
    headers = {"X-Accepted-GitHub-Permissions": "issues=write; pull_requests=write"}
    error = error_for(github, provider, refusal(403, "Resource not accessible by token", headers))
    assert error.remedy == "give the token the permission issues=write or pull_requests=write"


def test_single_sign_on_is_told_with_its_address(github: Any, provider: GitHubProvider) -> None:
    headers = {"X-GitHub-SSO": "required; url=https://github.com/orgs/acme/sso?x=1"}
    error = error_for(github, provider, refusal(403, "Resource protected by SAML", headers))
    assert isinstance(error, Forbidden)
    assert error.remedy.endswith("https://github.com/orgs/acme/sso?x=1")


def test_an_archived_repository_is_told_as_read_only(github: Any, provider: GitHubProvider) -> None:
    error = error_for(github, provider, refusal(403, "Repository was archived so is read-only."))
    assert isinstance(error, Forbidden)
    assert "archived: false" in error.remedy


def test_not_found_may_mean_that_the_token_must_not_see_it(github: Any, provider: GitHubProvider) -> None:
    headers = {"X-Accepted-OAuth-Scopes": "repo", "X-OAuth-Scopes": "gist"}
    error = error_for(github, provider, refusal(404, "Not Found", headers))
    assert isinstance(error, NotFound)
    assert "may not see" in error.remedy
    assert "lacks a scope" in error.remedy


def test_what_is_invalid_is_told_field_by_field(github: Any, provider: GitHubProvider) -> None:
    errors = [
        {"resource": "Label", "code": "invalid", "field": "color"},
        {"resource": "Label", "code": "custom", "field": "name", "message": "name is too long"},
    ]
    error = error_for(github, provider, refusal(422, "Validation Failed", errors=errors))
    assert isinstance(error, Rejected)
    assert "color: is not allowed; name: name is too long" in error.cause


@pytest.mark.parametrize(
    "detail",
    [
        {"resource": "Label", "code": "already_exists", "field": "name"},
        {"code": "custom", "field": "name", "message": "name already exists on this account"},
        {"code": "unprocessable", "field": "data", "message": "Name must be unique for this org"},
    ],
)
def test_what_exists_is_told_apart_from_what_is_wrong(
    github: Any, provider: GitHubProvider, detail: dict[str, Any]
) -> None:
    error = error_for(github, provider, refusal(422, "Validation Failed", errors=[detail]))
    assert isinstance(error, AlreadyExists)


def test_an_empty_repository_is_told_with_what_to_do(github: Any, provider: GitHubProvider) -> None:
    error = error_for(github, provider, refusal(409, "Git Repository is empty."))
    assert "auto_init" in error.remedy


def test_a_used_up_limit_is_waited_out_until_it_is_reset(
    github: Any, provider: GitHubProvider, clock: FakeClock
) -> None:
    reset = str(int(clock.now().timestamp()) + 42)
    headers = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": reset}
    error = error_for(github, provider, refusal(403, "API rate limit exceeded", headers))
    assert isinstance(error, RateLimited)
    assert clock.slept[0] == 42


def test_a_secondary_limit_without_a_time_is_waited_out_for_a_minute_and_then_for_longer(
    github: Any, provider: GitHubProvider, clock: FakeClock
) -> None:
    error = error_for(github, provider, refusal(403, "You have exceeded a secondary rate limit."))
    assert isinstance(error, RateLimited)
    assert len(clock.slept) == 3
    assert all(wait >= least for wait, least in zip(clock.slept, (60, 120, 240), strict=True))


def test_used_up_points_inside_a_good_answer_are_waited_out(
    github: Any, provider: GitHubProvider, clock: FakeClock, answer_fields: Any
) -> None:
    reset = str(int(clock.now().timestamp()) + 30)
    spent = answer_fields(None, {"type": "RATE_LIMITED", "message": "exceeded"}, x_ratelimit_reset=reset)
    github.on_query(spent, answer_fields())
    assert provider.account().id == "O_1"
    assert clock.slept == [30]


def test_a_failure_of_the_service_leaves_a_change_in_doubt(github: Any, provider: GitHubProvider) -> None:
    error = error_for(github, provider, refusal(502, "Server Error"))
    assert isinstance(error, OutcomeUnknown)
    assert github.calls == [CALL]


def test_an_answer_that_is_not_as_documented_leaves_a_change_in_doubt(
    github: Any, provider: GitHubProvider
) -> None:
    error = error_for(github, provider, httpx.Response(201, json={"hello": "there"}))
    assert isinstance(error, OutcomeUnknown)
    assert "not as documented" in error.cause


def test_the_token_is_in_no_error(github: Any, provider: GitHubProvider) -> None:
    error = error_for(github, provider, refusal(403, "no ghp_0123456789abcdef here"))
    assert "ghp_0123456789abcdef" not in f"{error} {error!r} {error.remedy}"
