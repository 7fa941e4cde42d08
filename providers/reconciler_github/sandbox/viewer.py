"""Whose request it is, and what the token's owner may see and do.

Sources: docs.github.com, "Repository roles for an organization" (read < triage < write < maintain < admin,
the REST names being pull, triage, push, maintain, admin), "Scopes for OAuth apps".
"""

from collections.abc import Iterable
from dataclasses import dataclass

from reconciler.sandbox.world import Document
from reconciler_github.sandbox.errors import archived, forbidden, not_found
from reconciler_github.sandbox.store import Store

PERMISSIONS = ("pull", "triage", "push", "maintain", "admin")
_OF_ORGANISATION = {"none": None, "read": "pull", "write": "push", "admin": "admin"}
_IMPLIED_SCOPES = {
    "repo": ("repo:status", "repo_deployment", "public_repo", "repo:invite", "security_events"),
    "admin:org": ("write:org", "read:org"),
    "write:org": ("read:org",),
    "user": ("read:user", "user:email"),
}


@dataclass(frozen=True)
class Viewer:
    """The owner of the token that a request carries, and the token's scopes."""

    store: Store
    token: str
    user: Document
    scopes: tuple[str, ...]

    def has_scope(self, *any_of: str) -> bool:
        """Whether the token has one of these scopes, directly or within a wider one."""
        held = set(self.scopes)
        for scope in self.scopes:
            held.update(_IMPLIED_SCOPES.get(scope, ()))
        return bool(held.intersection(any_of))

    def role_in(self, organization_id: int) -> str | None:
        """``admin``, ``member``, or nothing."""
        membership = self.store.get("membership", f"{organization_id}:{self.user['id']}")
        return str(membership["role"]) if membership and membership["state"] == "active" else None

    def permission_on(self, repository: Document) -> str | None:
        """What the viewer may do with a repository, were the token's scopes no limit."""
        return permission_of(self.store, self.user["id"], repository)

    def may_see(self, repository: Document) -> bool:
        """Private repositories are seen by those with access, through a token with the scope ``repo``."""
        if not repository["private"]:
            return True
        return self.has_scope("repo") and self.permission_on(repository) is not None

    def require(self, repository: Document, permission: str, message: str | None = None) -> None:
        """Raise the ``Refusal`` that GitHub gives to somebody without this permission on a repository.

        Who may read but not write is told 403, and who may not see it 404.
        """
        if not self.may_see(repository):
            raise not_found()
        if permission == "pull":
            return
        scoped = self.has_scope("repo") or (not repository["private"] and self.has_scope("public_repo"))
        if not scoped or not at_least(self.permission_on(repository), permission):
            if message is not None:
                raise forbidden(message)
            raise forbidden("Must have admin rights to Repository.") if permission == "admin" else not_found()

    def require_write(self, repository: Document, permission: str = "push") -> None:
        """As ``require``, and the repository must not be archived."""
        self.require(repository, permission)
        if repository["archived"]:
            raise archived()

    def require_organisation_admin(self, organisation: Document) -> None:
        """Owners of the organisation only, with a token that may administer it."""
        if self.role_in(organisation["id"]) is None:
            raise not_found()
        if self.role_in(organisation["id"]) != "admin" or not self.has_scope("admin:org"):
            raise forbidden("You must be an admin to perform this action.")


def at_least(held: str | None, needed: str) -> bool:
    """Whether a permission includes another one."""
    return held is not None and PERMISSIONS.index(held) >= PERMISSIONS.index(needed)


def highest(permissions: Iterable[str | None]) -> str | None:
    """The widest of some permissions."""
    return max((found for found in permissions if found), key=PERMISSIONS.index, default=None)


def permission_of(store: Store, user_id: int, repository: Document) -> str | None:
    """A user's permission on a repository from all sources: ownership, organisation, teams, direct grants."""
    if repository["owner_id"] == user_id:
        return "admin"
    found: list[str | None] = [None if repository["private"] else "pull"]
    membership = store.get("membership", f"{repository['owner_id']}:{user_id}")
    if membership and membership["state"] == "active":
        if membership["role"] == "admin":
            return "admin"
        organisation = store.require("account", repository["owner_id"])
        found.append(_OF_ORGANISATION[organisation["settings"]["default_repository_permission"]])
    direct = store.get("collaborator", f"{repository['id']}:{user_id}")
    found.append(direct["permission"] if direct else None)
    for grant in store.find("grant", repository_id=repository["id"]):
        if _in_team_or_child(store, grant["team_id"], user_id):
            found.append(grant["permission"])
    return highest(found)


def _in_team_or_child(store: Store, team_id: int, user_id: int) -> bool:
    """Members of a child team have what its parents were given."""
    membership = store.get("team_membership", f"{team_id}:{user_id}")
    if membership and membership["state"] == "active":
        return True
    return any(
        _in_team_or_child(store, child["id"], user_id) for child in store.find("team", parent_id=team_id)
    )
