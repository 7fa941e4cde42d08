"""Teams of an organisation, who is in them, and which repositories they may use.

Sources: docs.github.com/en/rest/teams; "About teams" (nested teams are visible and inherit; the creator of a
team becomes its maintainer; owners of the organisation are maintainers of any team they join).
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from reconciler.sandbox.world import Document
from reconciler_github.sandbox.errors import Refusal, invalid
from reconciler_github.sandbox.store import Store
from reconciler_github.sandbox.viewer import PERMISSIONS, highest

_OLD_NAMES = {"read": "pull", "write": "push"}


def create_team(
    store: Store, organisation: Document, creator: Document | None, name: str, fields: Mapping[str, Any]
) -> Document:
    """A new team; ``fields``: description, privacy, notification_setting, permission, parent_id.

    Raises ``Refusal`` 422 if the name is taken or the parent does not fit.
    """
    now = store.now()
    parent_id = fields.get("parent_id")
    team = {
        "id": store.next_id(),
        "organization_id": organisation["id"],
        "description": None,
        "privacy": "secret" if parent_id is None else "closed",
        "notification_setting": "notifications_enabled",
        "permission": "pull",
        "parent_id": None,
        "created_at": now,
    }
    team = update_team(store, team, {**fields, "name": name})
    if creator is not None:
        set_team_membership(store, team, creator, "maintainer")
    return team


def update_team(store: Store, team: Document, changes: Mapping[str, Any]) -> Document:
    """Change a team; its slug follows its name."""
    team = {**team, **changes, "updated_at": store.now()}
    slug = slug_of(team["name"])
    if not slug:
        raise invalid("Team", "missing_field", "name")
    namesake = store.team(team["organization_id"], slug)
    if namesake is not None and namesake["id"] != team["id"]:
        raise invalid("Team", "unprocessable", "data", "Name must be unique for this org")
    team["slug"] = slug
    _check_parent(store, team)
    store.put("team", team["id"], team)
    return team


def delete_team(store: Store, team: Document) -> None:
    """Remove a team, and its child teams with it."""
    for child in store.find("team", parent_id=team["id"]):
        delete_team(store, child)
    store.delete_all("team_membership", team_id=team["id"])
    store.delete_all("grant", team_id=team["id"])
    store.delete("team", team["id"])


def set_team_membership(store: Store, team: Document, user: Document, role: str) -> Document:
    """Put a user into a team; who is not yet in the organisation is invited, and pending in both."""
    membership = store.get("membership", f"{team['organization_id']}:{user['id']}")
    if membership is None:
        membership = {
            "organization_id": team["organization_id"],
            "user_id": user["id"],
            "role": "member",
            "state": "pending",
        }
        store.put("membership", f"{team['organization_id']}:{user['id']}", membership)
    if membership["role"] == "admin":
        role = "maintainer"
    in_team = {"team_id": team["id"], "user_id": user["id"], "role": role, "state": membership["state"]}
    store.put("team_membership", f"{team['id']}:{user['id']}", in_team)
    return in_team


def remove_team_membership(store: Store, team: Document, user: Document) -> bool:
    """Take a user out of a team; says whether they were in it."""
    return store.delete("team_membership", f"{team['id']}:{user['id']}")


def team_members(store: Store, team: Document, role: str | None = None) -> list[Document]:
    """The active members of a team and of its child teams, by login."""
    found: dict[int, Document] = {}
    for each in [team, *descendants(store, team)]:
        for membership in store.find("team_membership", team_id=each["id"]):
            if membership["state"] == "active" and role in (None, membership["role"]):
                found[membership["user_id"]] = store.require("account", membership["user_id"])
    return sorted(found.values(), key=lambda user: str(user["login_key"]))


def grant(store: Store, team: Document, repository: Document, permission: str | None) -> Document:
    """Let a team use a repository; without a permission, with the team's default one."""
    wanted = _OLD_NAMES.get(permission or "", permission) or team["permission"]
    if wanted not in PERMISSIONS:
        raise Refusal(422, "Validation Failed", ["Invalid permission"])
    if repository["owner_id"] != team["organization_id"]:
        raise Refusal(422, "Validation Failed", ["Repository must be owned by the organization"])
    document = {"team_id": team["id"], "repository_id": repository["id"], "permission": wanted}
    store.put("grant", f"{team['id']}:{repository['id']}", document)
    return document


def revoke(store: Store, team: Document, repository: Document) -> bool:
    """Take a repository from a team; says whether it had it."""
    return store.delete("grant", f"{team['id']}:{repository['id']}")


def permission_of_team(store: Store, team: Document, repository: Document) -> str | None:
    """A team's permission on a repository, its own or one inherited from a parent team."""
    found = []
    for each in [team, *ancestors(store, team)]:
        granted = store.get("grant", f"{each['id']}:{repository['id']}")
        found.append(granted["permission"] if granted else None)
    return highest(found)


def team_repositories(store: Store, team: Document) -> list[tuple[Document, str]]:
    """The repositories a team may use, each with its permission, in the order of their creation."""
    found: dict[int, list[str | None]] = {}
    for each in [team, *ancestors(store, team)]:
        for granted in store.find("grant", team_id=each["id"]):
            found.setdefault(granted["repository_id"], []).append(granted["permission"])
    return [(store.require("repository", key), highest(found[key]) or "pull") for key in sorted(found)]


def repository_teams(store: Store, repository: Document) -> list[tuple[Document, str]]:
    """The teams that may use a repository, by name, each with its permission; child teams inherit."""
    found: dict[int, Document] = {}
    for granted in store.find("grant", repository_id=repository["id"]):
        team = store.require("team", granted["team_id"])
        found[team["id"]] = team
        found |= {child["id"]: child for child in descendants(store, team)}
    teams = sorted(found.values(), key=lambda team: str(team["name"]).lower())
    return [(team, permission_of_team(store, team, repository) or "pull") for team in teams]


def ancestors(store: Store, team: Document) -> Iterator[Document]:
    """The parent of a team, its parent, and so on."""
    while team["parent_id"] is not None:
        team = store.require("team", team["parent_id"])
        yield team


def descendants(store: Store, team: Document) -> Iterator[Document]:
    """All teams below a team."""
    for child in store.find("team", parent_id=team["id"]):
        yield child
        yield from descendants(store, child)


def slug_of(name: str) -> str:
    """A team's slug: its name without accents, lowered, with dashes for all that is no letter or digit."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9_]+", "-", plain).strip("-")


def _check_parent(store: Store, team: Document) -> None:
    if team["parent_id"] is None:
        if team["privacy"] == "secret" and any(True for _ in store.find("team", parent_id=team["id"])):
            raise Refusal(422, "Validation Failed", ["A parent team cannot be secret"])
        return
    parent = store.get("team", team["parent_id"])
    if parent is None or parent["organization_id"] != team["organization_id"]:
        raise invalid("Team", "invalid", "parent_team_id", "Parent team does not exist")
    if parent["privacy"] == "secret":
        raise Refusal(422, "Validation Failed", ["A secret team cannot be a parent team"])
    if team["privacy"] == "secret":
        raise Refusal(422, "Validation Failed", ["A child team cannot be secret"])
    if any(each["id"] == team["id"] for each in [parent, *ancestors(store, parent)]):
        raise invalid("Team", "invalid", "parent_team_id", "Parent team cannot be a descendant")
