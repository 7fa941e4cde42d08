"""Teams, members and collaborators as queries show them, and to whom."""

from collections.abc import Callable
from typing import Any

from reconciler.sandbox.world import Document
from reconciler_github.sandbox.domain.accounts import create_account, set_membership, update_organisation
from reconciler_github.sandbox.domain.teams import create_team, grant, set_team_membership
from reconciler_github.sandbox.store import Store
from reconciler_github.sandbox.viewer import permission_of

Ask = Callable[..., dict[str, Any]]

REPOSITORY = 'repository(owner: "acme", name: "testx")'


def test_teams_show_members_with_roles_and_repositories_with_permissions(
    ask: Ask, store: Store, acme: Document, octocat: Document, hubot: Document, testx: Document
) -> None:
    parent = create_team(store, acme, None, "Everyone", {"privacy": "closed"})
    team = create_team(store, acme, None, "QA", {"parent_id": parent["id"], "privacy": "closed"})
    set_team_membership(store, team, hubot, "member")
    set_team_membership(store, team, octocat, "maintainer")
    grant(store, parent, testx, "pull")
    grant(store, team, testx, "maintain")
    shown = ask("""{ organization(login: "acme") { team(slug: "qa") { slug combinedSlug privacy
      notificationSetting parentTeam { slug } members(first: 10) { edges { role node { login } } }
      repositories(first: 10) { edges { permission node { name } } } }
      roots: teams(first: 10, rootTeamsOnly: true) {
        nodes { slug childTeams(first: 1) { totalCount } } } } }""")
    organisation = shown["data"]["organization"]
    assert organisation["team"] == {
        "slug": "qa",
        "combinedSlug": "acme/qa",
        "privacy": "VISIBLE",
        "notificationSetting": "NOTIFICATIONS_ENABLED",
        "parentTeam": {"slug": "everyone"},
        "members": {
            "edges": [
                {"role": "MAINTAINER", "node": {"login": "octocat"}},
                {"role": "MEMBER", "node": {"login": "hubot"}},
            ]
        },
        "repositories": {"edges": [{"permission": "MAINTAIN", "node": {"name": "testx"}}]},
    }
    assert organisation["roots"]["nodes"] == [{"slug": "everyone", "childTeams": {"totalCount": 1}}]


def test_a_parent_team_counts_the_members_of_its_child_teams_unless_asked_for_its_own(
    ask: Ask, store: Store, acme: Document, hubot: Document
) -> None:
    parent = create_team(store, acme, None, "Everyone", {"privacy": "closed"})
    child = create_team(store, acme, None, "QA", {"parent_id": parent["id"], "privacy": "closed"})
    set_team_membership(store, child, hubot, "member")
    shown = ask("""{ organization(login: "acme") { team(slug: "everyone") {
      all: members(first: 9) { totalCount }
      own: members(first: 9, membership: IMMEDIATE) { totalCount } } } }""")["data"]["organization"]["team"]
    assert shown == {"all": {"totalCount": 1}, "own": {"totalCount": 0}}


def test_secret_teams_are_shown_to_their_members_and_owners_alone(
    ask: Ask, ask_as: Ask, store: Store, acme: Document, hubot: Document
) -> None:
    create_team(store, acme, None, "Open", {"privacy": "closed"})
    create_team(store, acme, None, "Hidden", {"privacy": "secret"})
    mine = create_team(store, acme, None, "Mine", {"privacy": "secret"})
    set_team_membership(store, mine, hubot, "member")
    stranger = create_account(store, "User", "stranger")
    query = '{ organization(login: "acme") { teams(first: 9) { nodes { name privacy } } } }'

    def names(body: dict[str, Any]) -> list[str]:
        return [team["name"] for team in body["data"]["organization"]["teams"]["nodes"]]

    assert names(ask(query)) == ["Hidden", "Mine", "Open"]
    assert names(ask_as(hubot, query)) == ["Mine", "Open"]
    assert names(ask_as(stranger, query)) == []


def test_members_of_an_organisation_have_roles_and_are_shown_to_members(
    ask: Ask, ask_as: Ask, store: Store, acme: Document, hubot: Document
) -> None:
    invited = create_account(store, "User", "invited")
    set_membership(store, acme, invited, "member", "pending")
    query = '{ organization(login: "acme") { membersWithRole(first: 9) { edges { role node { login } } } } }'
    assert ask(query)["data"]["organization"]["membersWithRole"]["edges"] == [
        {"role": "ADMIN", "node": {"login": "octocat"}},
        {"role": "MEMBER", "node": {"login": "hubot"}},
    ]
    assert ask_as(invited, query)["data"]["organization"]["membersWithRole"]["edges"] == []


def test_collaborators_have_their_effective_permission_and_its_sources(
    ask: Ask, store: Store, acme: Document, hubot: Document, testx: Document
) -> None:
    update_organisation(store, acme, {"default_repository_permission": "none"})
    team = create_team(store, acme, None, "QA", {})
    set_team_membership(store, team, hubot, "member")
    grant(store, team, testx, "triage")
    outsider = create_account(store, "User", "outsider")
    direct = {"repository_id": testx["id"], "user_id": outsider["id"], "permission": "push"}
    store.put("collaborator", f"{testx['id']}:{outsider['id']}", direct)
    shown = ask(f"""{{ {REPOSITORY} {{ collaborators(first: 9) {{ edges {{ permission node {{ login }}
      permissionSources {{ permission roleName source {{ __typename }} }} }} }}
      direct: collaborators(first: 9, affiliation: DIRECT) {{ nodes {{ login }} }} }} }}""")["data"][
        "repository"
    ]
    edges = {edge["node"]["login"]: edge for edge in shown["collaborators"]["edges"]}
    assert {login: edge["permission"] for login, edge in edges.items()} == {
        "octocat": "ADMIN",
        "hubot": "TRIAGE",
        "outsider": "WRITE",
    }
    assert edges["hubot"]["permissionSources"] == [
        {"permission": "READ", "roleName": "triage", "source": {"__typename": "Team"}}
    ]
    assert shown["direct"]["nodes"] == [{"login": "outsider"}]


def test_collaborators_are_told_only_to_those_who_may_push(
    ask_as: Ask, hubot: Document, testx: Document
) -> None:
    body = ask_as(hubot, f"{{ {REPOSITORY} {{ name collaborators(first: 1) {{ totalCount }} }} }}")
    assert body["data"]["repository"] == {"name": "testx", "collaborators": None}
    assert [(error["type"], error["message"]) for error in body["errors"]] == [
        ("FORBIDDEN", "Must have push access to view repository collaborators.")
    ]


def test_the_permissions_of_collaborators_are_those_that_the_world_grants_them(
    ask: Ask, store: Store, acme: Document, octocat: Document, hubot: Document, testx: Document
) -> None:
    parent = create_team(store, acme, None, "Everyone", {"privacy": "closed"})
    child = create_team(store, acme, None, "QA", {"parent_id": parent["id"], "privacy": "closed"})
    users = [octocat, hubot, *(create_account(store, "User", f"user{number}") for number in range(3))]
    set_membership(store, acme, users[2], "member")
    set_team_membership(store, child, users[2], "member")
    grant(store, parent, testx, "maintain")
    direct = {"repository_id": testx["id"], "user_id": users[3]["id"], "permission": "triage"}
    store.put("collaborator", f"{testx['id']}:{users[3]['id']}", direct)
    query = f"{{ {REPOSITORY} {{ collaborators(first: 9) {{ edges {{ permission node {{ login }} }} }} }} }}"
    edges = ask(query)["data"]["repository"]["collaborators"]["edges"]
    held = {user["login"]: permission_of(store, user["id"], testx) for user in users}
    spelled = {"pull": "READ", "triage": "TRIAGE", "push": "WRITE", "maintain": "MAINTAIN", "admin": "ADMIN"}
    assert {edge["node"]["login"]: edge["permission"] for edge in edges} == {
        login: spelled[permission] for login, permission in held.items() if permission is not None
    }
    assert held == {
        "octocat": "admin",
        "hubot": "pull",
        "user0": "maintain",
        "user1": "triage",
        "user2": None,
    }


def test_outside_collaborators_are_those_who_are_not_in_the_organisation(
    ask: Ask, store: Store, hubot: Document, testx: Document
) -> None:
    outsider = create_account(store, "User", "outsider")
    for user in (hubot, outsider):
        direct = {"repository_id": testx["id"], "user_id": user["id"], "permission": "push"}
        store.put("collaborator", f"{testx['id']}:{user['id']}", direct)
    query = f"{{ {REPOSITORY} {{ collaborators(first: 9, affiliation: OUTSIDE) {{ nodes {{ login }} }} }} }}"
    assert ask(query)["data"]["repository"]["collaborators"]["nodes"] == [{"login": "outsider"}]
