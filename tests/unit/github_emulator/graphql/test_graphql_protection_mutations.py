"""Branch protection rules made, changed and removed by mutation."""

from collections.abc import Callable
from typing import Any

import pytest

from reconciler.sandbox.world import Document
from reconciler_github.sandbox.domain.repositories import create_repository, update_repository
from reconciler_github.sandbox.domain.teams import create_team, grant
from reconciler_github.sandbox.node_ids import node_id
from reconciler_github.sandbox.store import Store, node_id_of

Ask = Callable[..., dict[str, Any]]

ACTORS = (
    "nodes { actor { __typename ... on User { login } ... on Team { slug } ... on App { slug databaseId } } }"
)
RULE = f"""id databaseId pattern isAdminEnforced allowsForcePushes requiresApprovingReviews
  requiredApprovingReviewCount requiresStatusChecks requiredStatusCheckContexts restrictsPushes
  requiredStatusChecks {{ context app {{ slug }} }} creator {{ login }}
  pushAllowances(first: 9) {{ {ACTORS} }} reviewDismissalAllowances(first: 9) {{ {ACTORS} }}
  bypassPullRequestAllowances(first: 9) {{ {ACTORS} }} bypassForcePushAllowances(first: 9) {{ {ACTORS} }}"""
CREATE = f"""mutation($input: CreateBranchProtectionRuleInput!) {{
  createBranchProtectionRule(input: $input) {{ clientMutationId branchProtectionRule {{ {RULE} }} }} }}"""
UPDATE = f"""mutation($input: UpdateBranchProtectionRuleInput!) {{
  updateBranchProtectionRule(input: $input) {{ branchProtectionRule {{ {RULE} }} }} }}"""
DELETE = """mutation($input: DeleteBranchProtectionRuleInput!) {
  deleteBranchProtectionRule(input: $input) { clientMutationId } }"""


@pytest.fixture
def create(ask: Ask, testx: Document) -> Callable[..., dict[str, Any]]:
    """Create a rule of testx; gives the body."""
    return lambda **fields: ask(CREATE, input={"repositoryId": node_id_of("repository", testx), **fields})


def made(body: dict[str, Any]) -> Any:
    assert "errors" not in body
    return body["data"]["createBranchProtectionRule"]["branchProtectionRule"]


def test_a_rule_is_made_with_what_was_given_and_defaults(create: Ask, store: Store) -> None:
    body = create(
        pattern="release/*",
        isAdminEnforced=True,
        requiresApprovingReviews=True,
        requiredApprovingReviewCount=2,
        requiresStatusChecks=True,
        requiredStatusCheckContexts=["build", "lint"],
        clientMutationId="mine",
    )
    rule = made(body)
    assert body["data"]["createBranchProtectionRule"]["clientMutationId"] == "mine"
    assert rule["pattern"] == "release/*"
    assert rule["isAdminEnforced"]
    assert not rule["allowsForcePushes"]
    assert rule["requiredApprovingReviewCount"] == 2
    assert rule["requiredStatusCheckContexts"] == ["build", "lint"]
    assert rule["requiredStatusChecks"] == [
        {"context": "build", "app": None},
        {"context": "lint", "app": None},
    ]
    assert rule["creator"] == {"login": "octocat"}
    assert store.count("protection") == 1


def test_actors_are_users_teams_and_apps(
    create: Ask, store: Store, acme: Document, hubot: Document, testx: Document
) -> None:
    team = create_team(store, acme, None, "QA", {})
    grant(store, team, testx, "push")
    app = node_id("A", 15368)
    actors = [node_id_of("account", hubot), node_id_of("team", team)]
    rule = made(
        create(
            pattern="main",
            restrictsPushes=True,
            pushActorIds=actors,
            bypassPullRequestActorIds=[app],
            bypassForcePushActorIds=actors[1:],
            restrictsReviewDismissals=True,
            reviewDismissalActorIds=actors[:1],
        )
    )
    person, group = {"__typename": "User", "login": "hubot"}, {"__typename": "Team", "slug": "qa"}

    def allowed(name: str) -> list[Any]:
        return [node["actor"] for node in rule[name]["nodes"]]

    assert sorted(allowed("pushAllowances"), key=str) == sorted([person, group], key=str)
    assert allowed("bypassPullRequestAllowances") == [
        {"__typename": "App", "slug": "github-actions", "databaseId": 15368}
    ]
    assert allowed("bypassForcePushAllowances") == [group]
    assert allowed("reviewDismissalAllowances") == [person]


def test_a_status_check_may_name_the_app_that_must_report_it(create: Ask) -> None:
    checks = [{"context": "build", "appId": node_id("A", 15368)}, {"context": "lint", "appId": "any"}]
    rule = made(create(pattern="main", requiresStatusChecks=True, requiredStatusChecks=checks))
    assert rule["requiredStatusChecks"] == [
        {"context": "build", "app": {"slug": "github-actions"}},
        {"context": "lint", "app": None},
    ]
    (error,) = create(pattern="dev", requiredStatusChecks=[{"context": "x", "appId": "nonsense"}])["errors"]
    assert error["type"] == "NOT_FOUND"


def test_a_second_rule_of_the_same_pattern_is_unprocessable(create: Ask) -> None:
    create(pattern="main")
    body = create(pattern="main")
    assert body["data"] == {"createBranchProtectionRule": None}
    (error,) = body["errors"]
    assert error["type"] == "UNPROCESSABLE"
    assert error["path"] == ["createBranchProtectionRule"]
    assert error["message"] == "Name already protected: main"


@pytest.mark.parametrize("fields", [{"pattern": " "}, {"pattern": "main", "requiredApprovingReviewCount": 7}])
def test_values_that_cannot_be_are_unprocessable(create: Ask, store: Store, fields: dict[str, Any]) -> None:
    (error,) = create(**fields)["errors"]
    assert error["type"] == "UNPROCESSABLE"
    assert store.count("protection") == 0


def test_an_actor_that_is_none_is_not_found(create: Ask, testx: Document) -> None:
    text = node_id_of("repository", testx)
    (error,) = create(pattern="main", restrictsPushes=True, pushActorIds=[text])["errors"]
    assert error["message"] == f"Could not resolve to a node with the global id of '{text}'"


def test_a_users_repository_can_name_no_actors(ask: Ask, store: Store, octocat: Document) -> None:
    mine = create_repository(store, octocat, "mine", {})
    fields = {"repositoryId": node_id_of("repository", mine), "pattern": "main", "restrictsPushes": True}
    (error,) = ask(CREATE, input={**fields, "pushActorIds": [node_id_of("account", octocat)]})["errors"]
    assert error["message"] == "Only organization repositories can have users and team restrictions"


def test_an_update_changes_only_what_it_names(create: Ask, ask: Ask) -> None:
    rule = made(create(pattern="main", isAdminEnforced=True))
    body = ask(
        UPDATE, input={"branchProtectionRuleId": rule["id"], "allowsForcePushes": True, "pattern": "m*"}
    )
    changed = body["data"]["updateBranchProtectionRule"]["branchProtectionRule"]
    assert changed == {**rule, "allowsForcePushes": True, "pattern": "m*"}


def test_an_update_cannot_take_another_rules_pattern(create: Ask, ask: Ask) -> None:
    create(pattern="main")
    rule = made(create(pattern="dev"))
    (error,) = ask(UPDATE, input={"branchProtectionRuleId": rule["id"], "pattern": "main"})["errors"]
    assert error["message"] == "Name already protected: main"


def test_lifting_the_restriction_of_pushes_forgets_who_was_allowed(
    create: Ask, ask: Ask, hubot: Document
) -> None:
    actors = [node_id_of("account", hubot)]
    rule = made(create(pattern="main", restrictsPushes=True, pushActorIds=actors))
    for restricted in (False, True):
        body = ask(UPDATE, input={"branchProtectionRuleId": rule["id"], "restrictsPushes": restricted})
    assert body["data"]["updateBranchProtectionRule"]["branchProtectionRule"]["pushAllowances"]["nodes"] == []


def test_a_deleted_rule_is_gone_and_its_id_no_longer_resolves(create: Ask, ask: Ask, store: Store) -> None:
    rule = made(create(pattern="main"))
    fields = {"branchProtectionRuleId": rule["id"], "clientMutationId": "x"}
    assert ask(DELETE, input=fields) == {"data": {"deleteBranchProtectionRule": {"clientMutationId": "x"}}}
    assert store.count("protection") == 0
    (error,) = ask(DELETE, input=fields)["errors"]
    assert error["type"] == "NOT_FOUND"


def test_who_may_not_administer_is_forbidden(ask_as: Ask, hubot: Document, testx: Document) -> None:
    fields = {"repositoryId": node_id_of("repository", testx), "pattern": "main"}
    (error,) = ask_as(hubot, CREATE, input=fields)["errors"]
    assert error["type"] == "FORBIDDEN"
    assert (
        error["message"]
        == "hubot does not have the correct permissions to execute `CreateBranchProtectionRule`"
    )


def test_an_archived_repository_takes_no_rules(create: Ask, store: Store, testx: Document) -> None:
    update_repository(store, testx, {"archived": True})
    (error,) = create(pattern="main")["errors"]
    assert (error["type"], error["message"]) == ("UNPROCESSABLE", "Repository was archived so is read-only")


def test_a_field_that_the_input_lacks_is_an_invalid_variable(create: Ask) -> None:
    (error,) = create(pattern="main", nonsense=True)["errors"]
    assert error["message"] == (
        "Variable $input of type CreateBranchProtectionRuleInput! was provided invalid value"
    )
