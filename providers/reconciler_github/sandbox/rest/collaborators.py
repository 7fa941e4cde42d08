"""Collaborators of a repository and invitations to it.

Sources: docs.github.com/en/rest/collaborators/collaborators and /collaborators/invitations: a member of the
organisation is added at once (204), anybody else is invited (201).
"""

from typing import Any

from reconciler.sandbox.world import Document
from reconciler_github.sandbox.domain.accounts import members
from reconciler_github.sandbox.errors import Refusal, forbidden, not_found
from reconciler_github.sandbox.fields import checked
from reconciler_github.sandbox.node_ids import node_id
from reconciler_github.sandbox.representations.accounts import WEB, permissions, role_name, simple_user
from reconciler_github.sandbox.representations.repositories import minimal_repository
from reconciler_github.sandbox.rest.routes import Answer, Call, Routes, created, no_content, ok, page
from reconciler_github.sandbox.viewer import PERMISSIONS, at_least, permission_of

ROUTES = Routes()

_PATH = "/repos/{owner}/{repo}/collaborators"
_LEGACY = {"pull": "read", "triage": "read", "push": "write", "maintain": "write", "admin": "admin"}
_OLD_NAMES = {"read": "pull", "write": "push"}


@ROUTES.add("GET", _PATH)
def list_collaborators(call: Call, owner: str, repo: str) -> Answer:
    """Who has access; ``affiliation`` direct or outside leaves those who were added by name."""
    repository = call.repository(owner, repo, "push")
    direct = call.store.find("collaborator", repository_id=repository["id"])
    found = {each["user_id"]: call.store.require("account", each["user_id"]) for each in direct}
    affiliation = call.query.get("affiliation", "all")
    organisation = call.store.require("account", repository["owner_id"])
    if organisation["type"] == "User":
        found.setdefault(organisation["id"], organisation)
    elif affiliation == "outside":
        found = {key: user for key, user in found.items() if not _is_member(call, organisation, user)}
    elif affiliation == "all":
        for user in members(call.store, organisation):
            if permission_of(call.store, user["id"], repository) is not None:
                found[user["id"]] = user
    wanted = call.query.get("permission", "pull")
    shown = [
        (user, permission_of(call.store, user["id"], repository) or "pull")
        for user in sorted(found.values(), key=lambda user: str(user["login_key"]))
    ]
    shown = [(user, held) for user, held in shown if at_least(held, wanted)]
    return page(call, shown, lambda each: _collaborator(call, *each))


@ROUTES.add("GET", _PATH + "/{username}")
def is_collaborator(call: Call, owner: str, repo: str, username: str) -> Answer:
    """204 for a collaborator."""
    repository, user = call.repository(owner, repo, "push"), call.user(username)
    direct = call.store.get("collaborator", f"{repository['id']}:{user['id']}")
    organisation = call.store.require("account", repository["owner_id"])
    if direct is None and organisation["id"] != user["id"] and not _is_member(call, organisation, user):
        raise not_found()
    return no_content()


@ROUTES.add("PUT", _PATH + "/{username}")
def put(call: Call, owner: str, repo: str, username: str) -> Answer:
    """Add a collaborator, invite one, or change a permission."""
    repository, user = call.repository(owner, repo, "admin", write=True), call.user(username)
    permission = checked(call.body(), {"permission": "string"}).get("permission", "push")
    permission = _OLD_NAMES.get(permission, permission)
    if permission not in PERMISSIONS:
        raise Refusal(422, f'`{{"permission"=>"{permission}"}}` is not a valid permission.')
    if user["id"] == repository["owner_id"]:
        raise Refusal(422, "Validation Failed", ["Repository owner cannot be a collaborator"])
    key = f"{repository['id']}:{user['id']}"
    organisation = call.store.require("account", repository["owner_id"])
    if call.store.get("collaborator", key) is not None or _is_member(call, organisation, user):
        document = {"repository_id": repository["id"], "user_id": user["id"], "permission": permission}
        call.store.put("collaborator", key, document)
        return no_content()
    return created(_invitation(call, repository, _invite(call, repository, user, permission)))


@ROUTES.add("DELETE", _PATH + "/{username}")
def remove(call: Call, owner: str, repo: str, username: str) -> Answer:
    """Take a collaborator off a repository."""
    repository, user = call.repository(owner, repo, "admin", write=True), call.user(username)
    call.store.delete("collaborator", f"{repository['id']}:{user['id']}")
    call.store.delete_all("invitation", repository_id=repository["id"], invitee_id=user["id"])
    return no_content()


@ROUTES.add("GET", _PATH + "/{username}/permission")
def get_permission(call: Call, owner: str, repo: str, username: str) -> Answer:
    """What a user may do with a repository, from all sources together."""
    repository = call.repository(owner, repo)
    if not at_least(call.viewer.permission_on(repository), "push"):
        raise forbidden("Must have push access to view collaborator permission.")
    user = call.user(username)
    held = permission_of(call.store, user["id"], repository)
    if held is None:
        body = {"permission": "none", "role_name": "", "user": _collaborator(call, user, None)}
    else:
        shown = _collaborator(call, user, held)
        body = {"permission": _LEGACY[held], "role_name": role_name(held), "user": shown}
    return ok(body)


@ROUTES.add("GET", "/repos/{owner}/{repo}/invitations")
def list_invitations(call: Call, owner: str, repo: str) -> Answer:
    """Invitations that nobody has answered yet."""
    repository = call.repository(owner, repo, "admin")
    found = call.store.find("invitation", repository_id=repository["id"])
    return page(call, found, lambda each: _invitation(call, repository, each))


@ROUTES.add("PATCH", "/repos/{owner}/{repo}/invitations/{invitation_id}")
def update_invitation(call: Call, owner: str, repo: str, invitation_id: str) -> Answer:
    """Change the permission that an invitation offers."""
    repository = call.repository(owner, repo, "admin", write=True)
    found = _find_invitation(call, repository, invitation_id)
    wanted = checked(call.body(), {"permissions": ("read", "write", "maintain", "triage", "admin")})
    permission = wanted.get("permissions", role_name(found["permission"]))
    found["permission"] = _OLD_NAMES.get(permission, permission)
    call.store.put("invitation", found["id"], found)
    return ok(_invitation(call, repository, found))


@ROUTES.add("DELETE", "/repos/{owner}/{repo}/invitations/{invitation_id}")
def delete_invitation(call: Call, owner: str, repo: str, invitation_id: str) -> Answer:
    """Take an invitation back."""
    repository = call.repository(owner, repo, "admin", write=True)
    call.store.delete("invitation", _find_invitation(call, repository, invitation_id)["id"])
    return no_content()


def _invite(call: Call, repository: Document, user: Document, permission: str) -> Document:
    earlier = call.store.find("invitation", invitee_id=user["id"], repository_id=repository["id"])
    invitation: Document = (
        earlier[0] if earlier else {"id": call.store.next_id(), "created_at": call.store.now()}
    )
    invitation |= {
        "repository_id": repository["id"],
        "invitee_id": user["id"],
        "inviter_id": call.viewer.user["id"],
        "permission": permission,
    }
    call.store.put("invitation", invitation["id"], invitation)
    return invitation


def _find_invitation(call: Call, repository: Document, invitation_id: str) -> Document:
    found = call.store.get("invitation", invitation_id)
    if found is None or found["repository_id"] != repository["id"]:
        raise not_found()
    return found


def _is_member(call: Call, organisation: Document, user: Document) -> bool:
    membership = call.store.get("membership", f"{organisation['id']}:{user['id']}")
    return membership is not None and membership["state"] == "active"


def _collaborator(call: Call, user: Document, held: str | None) -> dict[str, Any]:
    shown_role = role_name(held) if held else ""
    return {**simple_user(call, user), "permissions": permissions(held), "role_name": shown_role}


def _invitation(call: Call, repository: Document, invitation: Document) -> dict[str, Any]:
    full_name = call.full_name(repository)
    return {
        "id": invitation["id"],
        "node_id": node_id("RI", repository["id"], invitation["id"]),
        "repository": minimal_repository(call, repository),
        "invitee": simple_user(call, call.store.require("account", invitation["invitee_id"])),
        "inviter": simple_user(call, call.store.require("account", invitation["inviter_id"])),
        "permissions": role_name(invitation["permission"]),
        "created_at": invitation["created_at"],
        "expired": False,
        "url": f"{call.api}/user/repository_invitations/{invitation['id']}",
        "html_url": f"{WEB}/{full_name}/invitations",
    }
