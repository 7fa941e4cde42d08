"""Who may use a repository, how far, and by virtue of what.

Source: docs.github.com/en/graphql/reference/objects (RepositoryCollaboratorConnection, PermissionSource);
"Repository roles for an organization". All is found in bulk: an organisation's members and a team's people
are read once in a request, however many repositories ask for them.
"""

from typing import Any

from reconciler.sandbox.world import Document
from reconciler_github.sandbox.domain.teams import descendants
from reconciler_github.sandbox.graphql.connections import Listing, page
from reconciler_github.sandbox.graphql.refusals import Problem
from reconciler_github.sandbox.graphql.resolvers.fields import Fields, found
from reconciler_github.sandbox.graphql.session import PERMISSIONS, Info, Session, typed
from reconciler_github.sandbox.viewer import highest

_BASE_PERMISSIONS = {"pull": "READ", "triage": "READ", "push": "WRITE", "maintain": "WRITE", "admin": "ADMIN"}
_OF_ORGANISATION = {"none": None, "read": "pull", "write": "push", "admin": "admin"}

Sources = dict[int, list[tuple[str, Document]]]
"""User to the permissions they have, each with the organisation, team or repository it comes from."""


def _collaborators(repository: Document, info: Info, **arguments: Any) -> dict[str, Any]:
    """Who may use the repository; only those who may push are told."""
    session = info.context
    if not session.allows(repository, "push"):
        raise Problem("FORBIDDEN", "Must have push access to view repository collaborators.")
    sources = _sources(session, repository)
    query, login = (arguments.get("query") or "").lower(), (arguments.get("login") or "").lower()
    keys = sorted(key for key in sources if _is_affiliated(session, repository, sources[key], key, arguments))
    if login:
        keys = [key for key in keys if session.account(key)["login_key"] == login]
    if query:
        keys = [key for key in keys if query in _names(session.account(key))]

    def edge(key: int) -> dict[str, Any]:
        held = highest(permission for permission, _ in sources[key]) or "pull"
        return {"permission": PERMISSIONS[held], "sources": sources[key], "owner_id": repository["owner_id"]}

    return page(info, Listing(keys, lambda key: [key], node=session.account, edge=edge), arguments)


def _sources(session: Session, repository: Document) -> Sources:
    owner, sources = session.account(repository["owner_id"]), Sources()
    this = typed("repository", repository)
    if owner["type"] == "User":
        sources[owner["id"]] = [("admin", this)]
    else:
        base = _OF_ORGANISATION[owner["settings"]["default_repository_permission"]]
        for user, role in _roles(session, owner["id"]).items():
            held = "admin" if role == "admin" else base
            if held is not None:
                sources.setdefault(user, []).append((held, owner))
    for granted in session.store.find("grant", repository_id=repository["id"]):
        team = typed("team", session.document("team", granted["team_id"]))
        for user in _people(session, team):
            sources.setdefault(user, []).append((granted["permission"], team))
    for direct in session.store.find("collaborator", repository_id=repository["id"]):
        sources.setdefault(direct["user_id"], []).append((direct["permission"], this))
    return sources


def _roles(session: Session, organization_id: int) -> dict[int, str]:
    """The active members of an organisation with their roles."""

    def read() -> dict[int, str]:
        memberships = session.store.find("membership", organization_id=organization_id)
        return {each["user_id"]: each["role"] for each in memberships if each["state"] == "active"}

    return session.once("roles", organization_id, read)


def _people(session: Session, team: Document) -> list[int]:
    """The users in a team or in a team below it."""

    def read() -> list[int]:
        found_users: dict[int, None] = {}
        for each in [team, *descendants(session.store, team)]:
            for membership in session.store.find("team_membership", team_id=each["id"]):
                if membership["state"] == "active":
                    found_users[membership["user_id"]] = None
        return list(found_users)

    return session.once("people", team["id"], read)


def _is_affiliated(
    session: Session,
    repository: Document,
    sources: list[tuple[str, Document]],
    user: int,
    arguments: dict[str, Any],
) -> bool:
    affiliation = arguments.get("affiliation") or "ALL"
    if affiliation == "ALL":
        return True
    direct = any(source["__typename"] == "Repository" for _, source in sources)
    return direct and (affiliation == "DIRECT" or user not in _roles(session, repository["owner_id"]))


def _names(user: Document) -> str:
    return f"{user['login']} {user['name'] or ''}".lower()


def _permission_sources(session: Session, edge: dict[str, Any]) -> list[dict[str, Any]]:
    """Only organisations' repositories have them."""
    owner = session.account(edge["owner_id"])
    if owner["type"] == "User":
        return []
    return [
        {
            "organization": owner,
            "permission": _BASE_PERMISSIONS[held],
            "roleName": PERMISSIONS[held].lower(),
            "source": source,
        }
        for held, source in edge["sources"]
    ]


FIELDS: Fields = {
    "Repository": {"collaborators": _collaborators},
    "RepositoryCollaboratorEdge": {"permissionSources": found(_permission_sources)},
}
