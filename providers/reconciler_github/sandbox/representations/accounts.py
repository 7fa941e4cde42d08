"""Users, organisations and teams as REST shows them.

Source: the schemas simple-user, public-user, private-user, organization-simple, organization-full, team,
team-simple and team-full of GitHub's REST description.
"""

from typing import Any

from reconciler.sandbox.world import Document
from reconciler_github.sandbox.domain.accounts import ORGANISATION_SETTINGS, members
from reconciler_github.sandbox.domain.teams import team_members, team_repositories
from reconciler_github.sandbox.rest.routes import Call
from reconciler_github.sandbox.store import Store, node_id_of
from reconciler_github.sandbox.viewer import PERMISSIONS, at_least

WEB = "https://github.com"


def simple_user(call: Call, account: Document) -> dict[str, Any]:
    """An account as it appears within other objects."""
    login = account["login"]
    url = f"{call.api}/users/{login}"
    return {
        "login": login,
        "id": account["id"],
        "node_id": node_id_of("account", account),
        "avatar_url": f"https://avatars.githubusercontent.com/u/{account['id']}?v=4",
        "gravatar_id": "",
        "url": url,
        "html_url": f"{WEB}/{login}",
        "followers_url": f"{url}/followers",
        "following_url": f"{url}/following{{/other_user}}",
        "gists_url": f"{url}/gists{{/gist_id}}",
        "starred_url": f"{url}/starred{{/owner}}{{/repo}}",
        "subscriptions_url": f"{url}/subscriptions",
        "organizations_url": f"{url}/orgs",
        "repos_url": f"{url}/repos",
        "events_url": f"{url}/events{{/privacy}}",
        "received_events_url": f"{url}/received_events",
        "type": account["type"],
        "user_view_type": "public",
        "site_admin": account["site_admin"],
    }


def public_user(call: Call, account: Document) -> dict[str, Any]:
    """An account on its own page, as everybody sees it."""
    owned = call.store.find("repository", owner_id=account["id"])
    return {
        **simple_user(call, account),
        "name": account["name"],
        "company": account["company"],
        "blog": account["blog"],
        "location": account["location"],
        "email": account["email"],
        "hireable": None,
        "bio": account["bio"],
        "twitter_username": account["twitter_username"],
        "notification_email": account["email"],
        "public_repos": sum(not each["private"] for each in owned),
        "public_gists": 0,
        "followers": 0,
        "following": 0,
        "created_at": account["created_at"],
        "updated_at": account["updated_at"],
    }


def private_user(call: Call, account: Document) -> dict[str, Any]:
    """A user as they see themselves."""
    private = sum(each["private"] for each in call.store.find("repository", owner_id=account["id"]))
    return {
        **public_user(call, account),
        "user_view_type": "private",
        "private_gists": 0,
        "total_private_repos": private,
        "owned_private_repos": private,
        "disk_usage": 0,
        "collaborators": 0,
        "two_factor_authentication": True,
        "plan": {"name": "free", "space": 976562499, "collaborators": 0, "private_repos": 10000},
    }


def simple_organisation(call: Call, account: Document) -> dict[str, Any]:
    """An organisation within other objects."""
    url = f"{call.api}/orgs/{account['login']}"
    return {
        "login": account["login"],
        "id": account["id"],
        "node_id": node_id_of("account", account),
        "url": url,
        "repos_url": f"{url}/repos",
        "events_url": f"{url}/events",
        "hooks_url": f"{url}/hooks",
        "issues_url": f"{url}/issues",
        "members_url": f"{url}/members{{/member}}",
        "public_members_url": f"{url}/public_members{{/member}}",
        "avatar_url": f"https://avatars.githubusercontent.com/u/{account['id']}?v=4",
        "description": account["description"],
    }


def public_organisation(call: Call, account: Document) -> dict[str, Any]:
    """An organisation as everybody sees it, and as a team shows it."""
    owned = call.store.find("repository", owner_id=account["id"])
    return {
        **simple_organisation(call, account),
        "name": account["name"] or account["login"],
        "company": account["company"],
        "blog": account["blog"],
        "location": account["location"],
        "email": account["email"],
        "twitter_username": account["twitter_username"],
        "is_verified": False,
        "has_organization_projects": account["settings"]["has_organization_projects"],
        "has_repository_projects": account["settings"]["has_repository_projects"],
        "public_repos": sum(not each["private"] for each in owned),
        "public_gists": 0,
        "followers": 0,
        "following": 0,
        "html_url": f"{WEB}/{account['login']}",
        "created_at": account["created_at"],
        "updated_at": account["updated_at"],
        "archived_at": None,
        "type": "Organization",
    }


def full_organisation(call: Call, account: Document) -> dict[str, Any]:
    """An organisation as its owners see it."""
    private = sum(each["private"] for each in call.store.find("repository", owner_id=account["id"]))
    seats = len(members(call.store, account))
    return {
        **public_organisation(call, account),
        "total_private_repos": private,
        "owned_private_repos": private,
        "private_gists": 0,
        "disk_usage": 0,
        "collaborators": 0,
        "plan": {
            "name": "team",
            "space": 976562499,
            "private_repos": 999999,
            "filled_seats": seats,
            "seats": seats,
        },
        "two_factor_requirement_enabled": False,
        "default_repository_branch": "main",
        "members_can_change_repo_visibility": True,
        "members_can_create_teams": True,
        "members_can_delete_issues": False,
        "members_can_delete_repositories": True,
        "members_can_invite_outside_collaborators": True,
        "members_can_view_dependency_insights": True,
        "readers_can_create_discussions": True,
        "display_commenter_full_name_setting_enabled": False,
        "secret_scanning_validity_checks_enabled": False,
        **{key: account["settings"][key] for key in ORGANISATION_SETTINGS},
    }


def simple_team(call: Call, team: Document) -> dict[str, Any]:
    """A team as it appears as another one's parent."""
    organisation = call.store.require("account", team["organization_id"])
    url = f"{call.api}/organizations/{organisation['id']}/team/{team['id']}"
    return {
        "name": team["name"],
        "id": team["id"],
        "node_id": node_id_of("team", team),
        "slug": team["slug"],
        "description": team["description"],
        "privacy": team["privacy"],
        "notification_setting": team["notification_setting"],
        "url": url,
        "html_url": f"{WEB}/orgs/{organisation['login']}/teams/{team['slug']}",
        "members_url": f"{url}/members{{/member}}",
        "repositories_url": f"{url}/repos",
        "type": "organization",
        "organization_id": organisation["id"],
        "permission": team["permission"],
    }


def team(call: Call, document: Document, permission: str | None = None) -> dict[str, Any]:
    """A team in a list; of a repository's teams with what they may do there."""
    granted = {} if permission is None else {"permission": permission, "permissions": permissions(permission)}
    return {**simple_team(call, document), "parent": _parent(call, document), **granted}


def full_team(call: Call, document: Document) -> dict[str, Any]:
    """A team on its own."""
    organisation = call.store.require("account", document["organization_id"])
    return {
        **team(call, document),
        "created_at": document["created_at"],
        "updated_at": document["updated_at"],
        "members_count": len(team_members(call.store, document)),
        "repos_count": len(team_repositories(call.store, document)),
        "organization": public_organisation(call, organisation),
    }


def permissions(held: str | None) -> dict[str, bool]:
    """A permission as the five answers of REST's ``permissions``."""
    return {name: at_least(held, name) for name in reversed(PERMISSIONS)}


def role_name(permission: str) -> str:
    """A permission's name as a role: REST says pull and push, roles are called read and write."""
    return {"pull": "read", "push": "write"}.get(permission, permission)


def email_of(account: Document) -> str:
    """The address that commits of an account carry."""
    return account["email"] or f"{account['id']}+{account['login']}@users.noreply.github.com"


def author(store: Store, user_id: int) -> Document:
    """Whoever made something; accounts are never deleted from the world."""
    return store.require("account", user_id)


def _parent(call: Call, document: Document) -> dict[str, Any] | None:
    if document["parent_id"] is None:
        return None
    return simple_team(call, call.store.require("team", document["parent_id"]))
