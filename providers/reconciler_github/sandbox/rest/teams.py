"""Teams, their members and their repositories. Source: docs.github.com/en/rest/teams."""

from typing import Any

from reconciler.sandbox.world import Document
from reconciler_github.sandbox.domain import teams
from reconciler_github.sandbox.errors import forbidden, invalid, not_found
from reconciler_github.sandbox.fields import Spec, checked
from reconciler_github.sandbox.representations import accounts
from reconciler_github.sandbox.representations.repositories import listed_team_repository, team_repository
from reconciler_github.sandbox.rest.routes import Answer, Call, Routes, created, no_content, ok, page

ROUTES = Routes()

_SPEC: Spec = {
    "name": "string",
    "description": "string?",
    "privacy": ("secret", "closed"),
    "notification_setting": ("notifications_enabled", "notifications_disabled"),
    "permission": ("pull", "push", "admin"),
    "parent_team_id": "integer?",
    "parent_team_slug": "string?",
    "maintainers": "array",
    "repo_names": "array",
}
_STORED = ("description", "privacy", "notification_setting", "permission")


@ROUTES.add("GET", "/orgs/{org}/teams")
def list_teams(call: Call, org: str) -> Answer:
    """The teams that the viewer may see, by name."""
    organisation = call.organisation(org)
    if call.viewer.role_in(organisation["id"]) is None:
        raise not_found()
    found = [
        each for each in call.store.find("team", organization_id=organisation["id"]) if _seen(call, each)
    ]
    found.sort(key=lambda each: str(each["name"]).lower())
    return page(call, found, lambda each: accounts.team(call, each))


@ROUTES.add("POST", "/orgs/{org}/teams")
def create(call: Call, org: str) -> Answer:
    """A new team; whoever creates it becomes its maintainer."""
    organisation = call.organisation(org)
    if call.viewer.role_in(organisation["id"]) is None or not call.viewer.has_scope("admin:org", "write:org"):
        raise not_found()
    body = checked(call.body(), _SPEC)
    if not body.get("name"):
        raise invalid("Team", "missing_field", "name")
    fields = _fields(call, organisation, body)
    if fields.get("parent_id") is not None:
        fields.setdefault("privacy", "closed")
    team = teams.create_team(call.store, organisation, call.viewer.user, body["name"], fields)
    for login in body.get("maintainers", []):
        teams.set_team_membership(call.store, team, call.user(str(login)), "maintainer")
    for full_name in body.get("repo_names", []):
        owner, _, name = str(full_name).partition("/")
        teams.grant(call.store, team, call.repository(owner, name, "admin"), None)
    return created(accounts.full_team(call, team))


@ROUTES.add("GET", "/orgs/{org}/teams/{team_slug}")
def get(call: Call, org: str, team_slug: str) -> Answer:
    """One team."""
    return ok(accounts.full_team(call, call.team(org, team_slug)))


@ROUTES.add("PATCH", "/orgs/{org}/teams/{team_slug}")
def update(call: Call, org: str, team_slug: str) -> Answer:
    """Change a team; with its name its slug changes."""
    team = _maintained(call, org, team_slug)
    body = checked(call.body(), _SPEC)
    changes = _fields(call, call.organisation(org), body)
    if "name" in body:
        changes["name"] = body["name"]
    # A team that gets a parent becomes visible, as every team with a parent is.
    if changes.get("parent_id") is not None and "privacy" not in changes:
        changes["privacy"] = "closed"
    return ok(accounts.full_team(call, teams.update_team(call.store, team, changes)))


@ROUTES.add("DELETE", "/orgs/{org}/teams/{team_slug}")
def delete(call: Call, org: str, team_slug: str) -> Answer:
    """Remove a team and its child teams."""
    teams.delete_team(call.store, _maintained(call, org, team_slug))
    return no_content()


@ROUTES.add("GET", "/orgs/{org}/teams/{team_slug}/teams")
def list_children(call: Call, org: str, team_slug: str) -> Answer:
    """The teams directly below a team."""
    children = call.store.find("team", parent_id=call.team(org, team_slug)["id"])
    return page(call, children, lambda each: accounts.team(call, each))


@ROUTES.add("GET", "/orgs/{org}/teams/{team_slug}/members")
def list_members(call: Call, org: str, team_slug: str) -> Answer:
    """The members of a team and of its child teams; ``role`` narrows them down."""
    role = call.query.get("role", "all")
    found = teams.team_members(call.store, call.team(org, team_slug), None if role == "all" else role)
    return page(call, found, lambda each: accounts.simple_user(call, each))


@ROUTES.add("GET", "/orgs/{org}/teams/{team_slug}/invitations")
def list_invitations(call: Call, org: str, team_slug: str) -> Answer:
    """Pending memberships are told by GET memberships; invitations by address are not kept here."""
    call.team(org, team_slug)
    return page(call, [], lambda each: each)


@ROUTES.add("GET", "/orgs/{org}/teams/{team_slug}/memberships/{username}")
def get_membership(call: Call, org: str, team_slug: str, username: str) -> Answer:
    """A user's place in a team."""
    team, user = call.team(org, team_slug), call.user(username)
    membership = call.store.get("team_membership", f"{team['id']}:{user['id']}")
    if membership is None:
        raise not_found()
    return ok(_membership(call, team, user, membership))


@ROUTES.add("PUT", "/orgs/{org}/teams/{team_slug}/memberships/{username}")
def set_membership(call: Call, org: str, team_slug: str, username: str) -> Answer:
    """Put a user into a team or change their role."""
    team, user = _maintained(call, org, team_slug), call.user(username)
    role = checked(call.body(), {"role": ("member", "maintainer")}).get("role", "member")
    membership = teams.set_team_membership(call.store, team, user, role)
    return ok(_membership(call, team, user, membership))


@ROUTES.add("DELETE", "/orgs/{org}/teams/{team_slug}/memberships/{username}")
def remove_membership(call: Call, org: str, team_slug: str, username: str) -> Answer:
    """Take a user out of a team."""
    team, user = _maintained(call, org, team_slug), call.user(username)
    if not teams.remove_team_membership(call.store, team, user):
        raise not_found()
    return no_content()


@ROUTES.add("GET", "/orgs/{org}/teams/{team_slug}/repos")
def list_repositories(call: Call, org: str, team_slug: str) -> Answer:
    """A team's repositories, with the permission it has on each."""
    found = teams.team_repositories(call.store, call.team(org, team_slug))
    return page(call, found, lambda each: listed_team_repository(call, *each))


@ROUTES.add("GET", "/orgs/{org}/teams/{team_slug}/repos/{owner}/{repo}")
def get_repository(call: Call, org: str, team_slug: str, owner: str, repo: str) -> Answer:
    """Whether a team has a repository; with the repository media type, which permission."""
    team, repository = call.team(org, team_slug), call.repository(owner, repo)
    permission = teams.permission_of_team(call.store, team, repository)
    if permission is None:
        raise not_found()
    if "repository" not in call.accept:
        return no_content()
    return ok(team_repository(call, repository, permission))


@ROUTES.add("PUT", "/orgs/{org}/teams/{team_slug}/repos/{owner}/{repo}")
def grant_repository(call: Call, org: str, team_slug: str, owner: str, repo: str) -> Answer:
    """Let a team use a repository, or change with which permission."""
    team = call.team(org, team_slug)
    repository = call.repository(owner, repo, "admin", write=True)
    permission = checked(call.body(), {"permission": "string"}).get("permission")
    teams.grant(call.store, team, repository, permission)
    return no_content()


@ROUTES.add("DELETE", "/orgs/{org}/teams/{team_slug}/repos/{owner}/{repo}")
def revoke_repository(call: Call, org: str, team_slug: str, owner: str, repo: str) -> Answer:
    """Take a repository from a team."""
    team = call.team(org, team_slug)
    repository = call.repository(owner, repo, "admin", write=True)
    teams.revoke(call.store, team, repository)
    return no_content()


@ROUTES.add("GET", "/repos/{owner}/{repo}/teams")
def list_of_repository(call: Call, owner: str, repo: str) -> Answer:
    """The teams that may use a repository, with their permission there."""
    found = teams.repository_teams(call.store, call.repository(owner, repo))
    return page(call, found, lambda each: accounts.team(call, *each))


def _fields(call: Call, organisation: Document, body: dict[str, Any]) -> dict[str, Any]:
    fields = {key: body[key] for key in _STORED if key in body}
    if "parent_team_id" in body:
        fields["parent_id"] = body["parent_team_id"]
    elif body.get("parent_team_slug"):
        parent = call.store.team(organisation["id"], body["parent_team_slug"])
        fields["parent_id"] = parent["id"] if parent else 0
    return fields


def _maintained(call: Call, org: str, team_slug: str) -> Document:
    """A team that the viewer may change: as owner of the organisation or maintainer of the team."""
    team = call.team(org, team_slug)
    in_team = call.store.get("team_membership", f"{team['id']}:{call.viewer.user['id']}")
    is_maintainer = in_team is not None and in_team["role"] == "maintainer"
    if call.viewer.role_in(team["organization_id"]) != "admin" and not is_maintainer:
        raise forbidden("You must be an organization owner or team maintainer to perform this action.")
    if not call.viewer.has_scope("admin:org", "write:org"):
        raise forbidden("Must have admin rights to Organization.")
    return team


def _seen(call: Call, team: Document) -> bool:
    if team["privacy"] != "secret" or call.viewer.role_in(team["organization_id"]) == "admin":
        return True
    return call.store.get("team_membership", f"{team['id']}:{call.viewer.user['id']}") is not None


def _membership(call: Call, team: Document, user: Document, membership: Document) -> dict[str, Any]:
    url = f"{call.api}/organizations/{team['organization_id']}/team/{team['id']}/memberships/{user['login']}"
    return {"url": url, "role": membership["role"], "state": membership["state"]}
