"""Labels, branches, teams, grants and protections: the calls they make."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from reconciler.errors import AlreadyExists, Rejected
from reconciler.provider import Lookup, Object, Unreadable
from reconciler_github.provider import GitHubProvider

Fields = Callable[..., httpx.Response]
REPOSITORY = {"id": "R_1", "databaseId": 1, "name": "docs", "nameWithOwner": "acme/docs"}
TEAM = {
    "id": "T_1", "databaseId": 1, "slug": "crew", "name": "Crew", "description": None, "privacy": "VISIBLE",
    "notificationSetting": "NOTIFICATIONS_ENABLED", "url": "https://t", "createdAt": "2026-01-01T00:00:00Z",
    "parentTeam": None,
}  # fmt: skip


def rule(**others: Any) -> dict[str, Any]:
    flags = (
        "isAdminEnforced", "requiresCommitSignatures", "requiresLinearHistory",
        "requiresConversationResolution", "allowsForcePushes", "allowsDeletions", "lockBranch",
        "lockAllowsFetchAndMerge", "blocksCreations", "requiresApprovingReviews", "dismissesStaleReviews",
        "requiresCodeOwnerReviews", "requireLastPushApproval", "restrictsReviewDismissals",
        "requiresStatusChecks", "requiresStrictStatusChecks", "requiresDeployments", "restrictsPushes",
    )  # fmt: skip
    lists = (
        "reviewDismissalAllowances",
        "bypassPullRequestAllowances",
        "bypassForcePushAllowances",
        "pushAllowances",
    )
    return {
        "id": "BPR_1",
        "databaseId": 1,
        "pattern": "main",
        **dict.fromkeys(flags, False),
        **{name: {"nodes": []} for name in lists},
        "requiredApprovingReviewCount": None,
        "requiredStatusChecks": [],
        "requiredDeploymentEnvironments": [],
        **others,
    }


def test_a_label_is_renamed_in_one_call(github: Any, provider: GitHubProvider) -> None:
    answer = {"node_id": "LA_1", "name": "b/c", "color": "00FF00", "default": False, "description": None}
    github.on("PATCH /repos/acme/docs/labels/a%2Fb%20c", httpx.Response(200, json=answer))
    prior = Object("github_issue_label", "LA_1", {"repository": "docs", "name": "a/b c", "color": "ffffff"})
    after = provider.update(prior, {"name": "b/c", "color": "#00FF00"}, frozenset({"name", "color"}))
    assert github.asked == [
        ("PATCH /repos/acme/docs/labels/a%2Fb%20c", {"color": "00ff00", "new_name": "b/c"})
    ]
    assert (after.id, after.attributes["color"], after.attributes["description"]) == ("LA_1", "00ff00", "")


def test_a_branch_begins_where_its_source_is(
    github: Any, provider: GitHubProvider, answer_fields: Fields
) -> None:
    start = {"id": "REF", "name": "dev", "prefix": "refs/heads/", "target": {"oid": "abc"}}
    github.on_query(answer_fields({"item0": {**REPOSITORY, "ref0": start}}))
    created = {"ref": "refs/heads/x/y", "node_id": "REF_2", "object": {"sha": "abc"}}
    github.on("POST /repos/acme/docs/git/refs", httpx.Response(201, json=created))
    desired = {"repository": "docs", "branch": "x/y", "source_branch": "dev"}
    made = provider.create("github_branch", desired)
    assert github.body("POST /repos/acme/docs/git/refs") == {"ref": "refs/heads/x/y", "sha": "abc"}
    assert made.id == "R_1/x/y"
    assert len(github.asked) == 2


def test_a_branch_of_an_empty_repository_is_refused_with_what_to_do(
    github: Any, provider: GitHubProvider, answer_fields: Fields
) -> None:
    github.on_query(answer_fields({"item0": {**REPOSITORY, "defaultBranchRef": None}}))
    with pytest.raises(Rejected) as caught:
        provider.create("github_branch", {"repository": "docs", "branch": "x"})
    assert "auto_init" in caught.value.remedy


def test_a_slash_in_a_branch_stays_a_slash_when_it_is_deleted(github: Any, provider: GitHubProvider) -> None:
    github.on("DELETE /repos/acme/docs/git/refs/heads/x/y%23", httpx.Response(204))
    provider.delete(Object("github_branch", "R_1/x/y#", {"repository": "docs", "branch": "x/y#"}), "delete")
    assert len(github.asked) == 1


def test_the_default_branch_cannot_be_deleted_and_the_error_says_what_to_do(
    github: Any, provider: GitHubProvider
) -> None:
    refusal = httpx.Response(422, json={"message": "Cannot delete the default branch"})
    github.on("DELETE /repos/acme/docs/git/refs/heads/main", refusal)
    with pytest.raises(Rejected) as caught:
        provider.delete(
            Object("github_branch", "R_1/main", {"repository": "docs", "branch": "main"}), "delete"
        )
    assert "default_branch" in caught.value.remedy
    assert "forget" in caught.value.remedy


def test_a_team_leaves_its_parent_with_null(github: Any, provider: GitHubProvider) -> None:
    answer = {"id": 1, "node_id": "T_1", "name": "Kid", "slug": "kid", "html_url": "x", "parent": None}
    github.on("PATCH /orgs/acme/teams/kid", httpx.Response(200, json=answer))
    prior = Object("github_team", "T_1", {"name": "Kid", "slug": "kid", "parent_team": "crew"})
    after = provider.update(prior, {"parent_team": None}, frozenset({"parent_team"}))
    assert github.asked[0][1] == {"parent_team_slug": None}
    assert after.attributes["parent_team"] is None


def test_a_grant_that_is_there_is_not_overwritten_by_a_create(
    github: Any, provider: GitHubProvider, answer_fields: Fields
) -> None:
    github.on_query(answer_fields({"item0": REPOSITORY, "item1": {"team": TEAM}}))
    github.on("GET /orgs/acme/teams/crew/repos/acme/docs", httpx.Response(204))
    with pytest.raises(AlreadyExists):
        provider.create(
            "github_team_repository", {"team": "crew", "repository": "docs", "permission": "push"}
        )
    assert not any(call.startswith("PUT") for call in github.calls)


def test_a_custom_role_is_read_by_rest(github: Any, provider: GitHubProvider, answer_fields: Fields) -> None:
    edges = [{"permission": "WRITE", "node": {"id": "R_1", "name": "docs"}}]
    page = {"pageInfo": {"hasNextPage": False, "endCursor": None}, "edges": edges}
    github.on_query(answer_fields({"item0": {**TEAM, "repositories": page}}))
    listed = [{"node_id": "R_1", "role_name": "security-reviewer"}]
    github.on("GET /orgs/acme/teams/crew/repos", httpx.Response(200, json=listed))
    known = {"team": "crew", "repository": "docs", "permission": "security-reviewer"}
    answer = provider.read({"g": Lookup("github_team_repository", "T_1/R_1", known)})["g"]
    assert isinstance(answer, Object)
    assert answer.attributes["permission"] == "security-reviewer"


def test_grants_are_followed_page_by_page_and_a_broken_page_is_no_absence(
    github: Any, provider: GitHubProvider, answer_fields: Fields
) -> None:
    page = {"pageInfo": {"hasNextPage": True, "endCursor": "c1"}, "edges": []}
    trouble = {"path": ["item0"], "type": "FORBIDDEN", "message": "not now"}
    github.on_query(
        answer_fields({"item0": {**TEAM, "repositories": page}}), answer_fields({"item0": None}, trouble)
    )
    known = {"team": "crew", "repository": "docs", "permission": "push"}
    answer = provider.read({"g": Lookup("github_team_repository", "T_1/R_1", known)})["g"]
    assert isinstance(answer, Unreadable)
    assert "c1" in github.asked[1][1]["variables"].values()


def test_a_protection_is_one_mutation_with_ids_for_names(
    github: Any, provider: GitHubProvider, answer_fields: Fields
) -> None:
    answered = {"createBranchProtectionRule": {"branchProtectionRule": rule(restrictsPushes=True)}}
    mona = {"id": "U_9", "login": "mona"}
    github.on_query(
        answer_fields({"item0": REPOSITORY, "item1": {"team": TEAM}, "item2": mona}),
        httpx.Response(200, json={"data": answered}),
    )
    desired = {
        "repository": "docs",
        "pattern": "main",
        "restrictions": {"users": ["Mona"], "teams": ["crew"]},
        "required_status_checks": {"strict": True, "checks": [{"context": "ci", "from_app": "any"}]},
        "required_pull_request_reviews": None,
    }
    made = provider.create("github_branch_protection", desired)
    assert github.asked[1][1]["variables"]["input"] == {
        "repositoryId": "R_1",
        "pattern": "main",
        "restrictsPushes": True,
        "pushActorIds": ["U_9", "T_1"],
        "requiresStatusChecks": True,
        "requiresStrictStatusChecks": True,
        "requiredStatusChecks": [{"context": "ci", "appId": "any"}],
        "requiresApprovingReviews": False,
    }
    assert made.attributes["restrictions"] == {"users": [], "teams": [], "apps": []}
    assert made.attributes["required_pull_request_reviews"] is None


def test_a_protection_changes_only_what_changed_and_by_its_id(github: Any, provider: GitHubProvider) -> None:
    answered = {"updateBranchProtectionRule": {"branchProtectionRule": rule(isAdminEnforced=True)}}
    github.on_query(httpx.Response(200, json={"data": answered}))
    prior = Object("github_branch_protection", "BPR_1", {"repository": "docs", "pattern": "main"})
    provider.update(prior, {"enforce_admins": True, "pattern": "main"}, frozenset({"enforce_admins"}))
    assert github.asked[0][1]["variables"]["input"] == {
        "branchProtectionRuleId": "BPR_1",
        "isAdminEnforced": True,
    }


def test_somebody_who_is_not_there_is_named(
    github: Any, provider: GitHubProvider, answer_fields: Fields
) -> None:
    missing = {"type": "NOT_FOUND", "path": ["item1"], "message": "Could not resolve to a User"}
    github.on_query(answer_fields({"item0": REPOSITORY, "item1": None}, missing))
    desired = {"repository": "docs", "pattern": "main", "restrictions": {"users": ["nobody"]}}
    with pytest.raises(Rejected) as caught:
        provider.create("github_branch_protection", desired)
    assert caught.value.cause == "there is no user nobody"


def test_health_names_missing_scopes_and_what_is_left_of_the_limits(
    github: Any, provider: GitHubProvider, answer_fields: Fields
) -> None:
    github.on_query(answer_fields())
    limit = {"limit": 5000, "remaining": 4991, "reset": 1767225660}
    body = {"resources": {"core": limit, "graphql": {**limit, "remaining": 7}}}
    github.on(
        "GET /rate_limit", httpx.Response(200, json=body, headers={"X-OAuth-Scopes": "repo, admin:org"})
    )
    health = provider.health()
    assert health.missing_scopes == ("delete_repo",)
    assert not health.is_healthy
    assert [(quota.name, quota.remaining, quota.resets_in) for quota in health.quotas] == [
        ("GitHub", 4991, 60.0),
        ("GitHub GraphQL", 7, 60.0),
    ]


def test_a_token_without_scopes_lacks_none(
    github: Any, provider: GitHubProvider, answer_fields: Fields
) -> None:
    github.on_query(answer_fields())
    github.on("GET /rate_limit", httpx.Response(200, json={"resources": {}}))
    assert provider.health().is_healthy


def test_a_server_without_limits_is_healthy(
    github: Any, provider: GitHubProvider, answer_fields: Fields
) -> None:
    github.on_query(answer_fields())
    github.on("GET /rate_limit", httpx.Response(404, json={"message": "Rate limiting is not enabled."}))
    health = provider.health()
    assert health.is_healthy
    assert health.quotas == ()
