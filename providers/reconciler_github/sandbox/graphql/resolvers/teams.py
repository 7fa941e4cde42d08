"""Teams, who is in them, and what they may use.

Source: docs.github.com/en/graphql/reference/objects (Team); "About teams".
"""

from collections.abc import Iterable, Mapping
from typing import Any

from reconciler.sandbox.world import Document
from reconciler_github.sandbox.domain.teams import ancestors, descendants, team_repositories
from reconciler_github.sandbox.graphql.connections import Listing, page
from reconciler_github.sandbox.graphql.resolvers.fields import Fields, addressed, found, id_of, stored, upper
from reconciler_github.sandbox.graphql.session import PERMISSIONS, WEB, Info, Session
from reconciler_github.sandbox.viewer import PERMISSIONS as RANKS

_PRIVACY = {"closed": "VISIBLE", "secret": "SECRET"}


def team_called(session: Session, organisation: Document, slug: str) -> Document | None:
    """The team with this slug, if there is one that the viewer may see."""
    team = session.store.team(organisation["id"], slug)
    return team if team is not None and session.may_see_team(team) else None


def teams_page(info: Info, teams: Iterable[Document], arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Those of the teams that the viewer may see and the arguments leave, by name."""
    session = info.context
    wanted = [team for team in teams if session.may_see_team(team) and _fits(session, team, arguments)]
    listing = Listing(wanted, _by_name).ordered(arguments.get("orderBy"), {"NAME": _by_name})
    return page(info, listing, arguments)


def _fits(session: Session, team: Document, arguments: Mapping[str, Any]) -> bool:
    given = {key: value for key, value in arguments.items() if value is not None}
    if given.get("rootTeamsOnly") and team["parent_id"] is not None:
        return False
    if "privacy" in given and given["privacy"] != _PRIVACY[team["privacy"]]:
        return False
    if (
        "notificationSetting" in given
        and given["notificationSetting"] != team["notification_setting"].upper()
    ):
        return False
    if "query" in given and given["query"].lower() not in f"{team['name']} {team['slug']}".lower():
        return False
    if "userLogins" in given:
        users = [session.store.account(login, "User") for login in given["userLogins"]]
        if not any(
            user and session.store.get("team_membership", f"{team['id']}:{user['id']}") for user in users
        ):
            return False
    if "role" in given:
        own = session.store.get("team_membership", f"{team['id']}:{session.viewer.user['id']}")
        return own is not None and (own["role"] == "maintainer") is (given["role"] == "ADMIN")
    return True


def _members(team: Document, info: Info, **arguments: Any) -> dict[str, Any]:
    session = info.context
    wanted = arguments.get("membership") or "ALL"
    below = [] if wanted == "IMMEDIATE" else list(descendants(session.store, team))
    roles: dict[int, dict[str, Any]] = {}
    for each in [*([] if wanted == "CHILD_TEAM" else [team]), *below]:
        for membership in session.store.find("team_membership", team_id=each["id"]):
            if membership["state"] == "active":
                roles.setdefault(membership["user_id"], membership)
    role, query = arguments.get("role"), (arguments.get("query") or "").lower()
    users = [
        user
        for user in map(session.account, roles)
        if role in (None, roles[user["id"]]["role"].upper())
        and query in f"{user['login']} {user['name'] or ''}".lower()
    ]
    path = f"/orgs/{session.account(team['organization_id'])['login']}/teams/{team['slug']}/members"

    def edge(user: Document) -> dict[str, Any]:
        own = f"{path}/{user['login']}"
        return {
            "role": roles[user["id"]]["role"].upper(),
            "memberAccessResourcePath": own,
            "memberAccessUrl": WEB + own,
        }

    keys = {
        "LOGIN": lambda user: [user["login_key"]],
        "CREATED_AT": lambda user: [user["created_at"], user["id"]],
    }
    listing = Listing(users, _by_id, edge=edge).ordered(arguments.get("orderBy"), keys)
    return page(info, listing, arguments)


def _repositories(team: Document, info: Info, **arguments: Any) -> dict[str, Any]:
    session = info.context
    granted = _granted(session, team)
    query = (arguments.get("query") or "").lower()
    wanted = [pair for pair in granted if query in pair[0]["name"].lower() and session.may_see(pair[0])]
    keys = {
        "CREATED_AT": lambda pair: [pair[0]["created_at"], pair[0]["id"]],
        "NAME": lambda pair: [pair[0]["name_key"], pair[0]["id"]],
        "PERMISSION": lambda pair: [RANKS.index(pair[1]), pair[0]["id"]],
        "PUSHED_AT": lambda pair: [pair[0]["pushed_at"], pair[0]["id"]],
        "STARGAZERS": lambda pair: [0, pair[0]["id"]],
        "UPDATED_AT": lambda pair: [pair[0]["updated_at"], pair[0]["id"]],
    }
    listing = Listing(
        wanted,
        key=lambda pair: [pair[0]["id"]],
        node=lambda pair: pair[0],
        edge=lambda pair: {"permission": PERMISSIONS[pair[1]]},
    )
    return page(info, listing.ordered(arguments.get("orderBy"), keys), arguments)


def _granted(session: Session, team: Document) -> list[tuple[Document, str]]:
    """The team's repositories with permissions; those that the session has read are not read again."""
    if team["parent_id"] is not None:
        return team_repositories(session.store, team)
    grants = session.store.find("grant", team_id=team["id"])
    return [(session.document("repository", each["repository_id"]), each["permission"]) for each in grants]


def _ancestors(team: Document, info: Info, **arguments: Any) -> dict[str, Any]:
    return teams_page(info, ancestors(info.context.store, team), arguments)


def _children(
    team: Document,
    info: Info,
    *,
    immediateOnly: bool = True,  # noqa: N803 (GraphQL's name)
    **arguments: Any,
) -> dict[str, Any]:
    store = info.context.store
    below = store.find("team", parent_id=team["id"]) if immediateOnly else descendants(store, team)
    return teams_page(info, below, arguments)


def _administers(session: Session, team: Document) -> bool:
    own = session.store.get("team_membership", f"{team['id']}:{session.viewer.user['id']}")
    maintains = own is not None and own["state"] == "active" and own["role"] == "maintainer"
    return maintains or session.role_in(team["organization_id"]) == "admin"


def _parent(session: Session, team: Document) -> Document | None:
    return None if team["parent_id"] is None else session.document("team", team["parent_id"])


def _login(session: Session, team: Document) -> str:
    return str(session.account(team["organization_id"])["login"])


def _by_id(document: Document) -> list[Any]:
    return [document["id"]]


def _by_name(team: Document) -> list[Any]:
    return [team["name"].lower(), team["id"]]


FIELDS: Fields = {
    "Team": {
        "ancestors": _ancestors,
        "childTeams": _children,
        "combinedSlug": found(lambda session, team: f"{_login(session, team)}/{team['slug']}"),
        "createdAt": stored("created_at"),
        "databaseId": stored("id"),
        "description": stored("description"),
        "id": id_of("team"),
        "members": _members,
        "name": stored("name"),
        "notificationSetting": upper("notification_setting"),
        "organization": found(lambda session, team: session.account(team["organization_id"])),
        "parentTeam": found(_parent),
        "privacy": found(lambda _, team: _PRIVACY[team["privacy"]]),
        "repositories": _repositories,
        "slug": stored("slug"),
        "updatedAt": stored("updated_at"),
        "viewerCanAdminister": found(_administers),
        **addressed(lambda session, team: f"/orgs/{_login(session, team)}/teams/{team['slug']}"),
    }
}
