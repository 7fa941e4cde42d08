"""Organisations, their members, and users.

Sources: docs.github.com/en/rest/orgs/orgs, /orgs/members, /users/users.
"""

from typing import Any

from reconciler.sandbox.world import Document
from reconciler_github.sandbox.domain.accounts import (
    ORGANISATION_SETTINGS,
    members,
    remove_membership,
    set_membership,
    update_organisation,
)
from reconciler_github.sandbox.errors import Refusal, forbidden, not_found
from reconciler_github.sandbox.fields import Spec, checked
from reconciler_github.sandbox.representations import accounts as show
from reconciler_github.sandbox.rest.routes import Answer, Call, Routes, no_content, ok, page

ROUTES = Routes()

_TEXTS = ("billing_email", "blog", "company", "description", "email", "location", "name", "twitter_username")
_SPEC: Spec = {
    **{key: "boolean" for key, value in ORGANISATION_SETTINGS.items() if isinstance(value, bool)},
    **dict.fromkeys(_TEXTS, "string?"),
    "default_repository_permission": ("read", "write", "admin", "none"),
    "members_allowed_repository_creation_type": ("all", "private", "none"),
    "secret_scanning_push_protection_custom_link": "string?",
}


@ROUTES.add("GET", "/orgs/{org}")
def get(call: Call, org: str) -> Answer:
    """An organisation; its settings only to those who own it."""
    organisation = call.organisation(org)
    is_owner = call.viewer.role_in(organisation["id"]) == "admin" and call.viewer.has_scope("read:org")
    shown = show.full_organisation if is_owner else show.public_organisation
    return ok(shown(call, organisation))


@ROUTES.add("PATCH", "/orgs/{org}")
def update(call: Call, org: str) -> Answer:
    """Change an organisation's profile and settings."""
    organisation = call.organisation(org)
    call.viewer.require_organisation_admin(organisation)
    changes = checked(call.body(), _SPEC)
    if "blog" in changes and changes["blog"] is None:
        changes["blog"] = ""
    return ok(show.full_organisation(call, update_organisation(call.store, organisation, changes)))


@ROUTES.add("GET", "/user/orgs")
def list_of_viewer(call: Call) -> Answer:
    """The organisations of the token's owner."""
    found = call.store.find("membership", user_id=call.viewer.user["id"])
    organisations = [call.store.require("account", each["organization_id"]) for each in found]
    return page(call, organisations, lambda each: show.simple_organisation(call, each))


@ROUTES.add("GET", "/orgs/{org}/members")
def list_members(call: Call, org: str) -> Answer:
    """Members by login; to outsiders none is public here."""
    organisation = call.organisation(org)
    if call.viewer.role_in(organisation["id"]) is None:
        return page(call, [], lambda each: each)
    role = call.query.get("role", "all")
    found = members(call.store, organisation, None if role == "all" else role)
    return page(call, found, lambda each: show.simple_user(call, each))


@ROUTES.add("GET", "/orgs/{org}/members/{username}")
def is_member(call: Call, org: str, username: str) -> Answer:
    """204 for a member."""
    organisation, user = call.organisation(org), call.store.account(username, "User")
    if user is None or _membership(call, organisation, user) is None:
        raise Refusal(404, "User does not exist or is not a member of the organization")
    return no_content()


@ROUTES.add("DELETE", "/orgs/{org}/members/{username}")
def remove_member(call: Call, org: str, username: str) -> Answer:
    """End a membership."""
    return _remove(call, org, username)


@ROUTES.add("GET", "/orgs/{org}/memberships/{username}")
def get_membership(call: Call, org: str, username: str) -> Answer:
    """A user's membership, active or pending."""
    organisation, user = call.organisation(org), call.user(username)
    membership = call.store.get("membership", f"{organisation['id']}:{user['id']}")
    if membership is None or call.viewer.role_in(organisation["id"]) is None:
        raise not_found()
    return ok(_shown(call, organisation, user, membership))


@ROUTES.add("PUT", "/orgs/{org}/memberships/{username}")
def put_membership(call: Call, org: str, username: str) -> Answer:
    """Invite a user (who is then pending) or change a member's role."""
    organisation, user = call.organisation(org), call.user(username)
    call.viewer.require_organisation_admin(organisation)
    role = checked(call.body(), {"role": ("admin", "member")}).get("role", "member")
    before = call.store.get("membership", f"{organisation['id']}:{user['id']}")
    if role != "admin" and _is_last_admin(call, organisation, user):
        raise forbidden("You can't demote the last owner of the organization.")
    state = before["state"] if before else "pending"
    membership = set_membership(call.store, organisation, user, role, state)
    return ok(_shown(call, organisation, user, membership))


@ROUTES.add("DELETE", "/orgs/{org}/memberships/{username}")
def delete_membership(call: Call, org: str, username: str) -> Answer:
    """End a membership or take back an invitation."""
    return _remove(call, org, username)


@ROUTES.add("GET", "/user")
def get_viewer(call: Call) -> Answer:
    """The token's owner."""
    private = call.viewer.has_scope("user", "read:user")
    return ok((show.private_user if private else show.public_user)(call, call.viewer.user))


@ROUTES.add("GET", "/users/{username}")
def get_user(call: Call, username: str) -> Answer:
    """A user or organisation by login."""
    account = call.store.account(username)
    if account is None:
        raise not_found()
    return ok(show.public_user(call, account))


def _membership(call: Call, organisation: Document, user: Document) -> Document | None:
    found = call.store.get("membership", f"{organisation['id']}:{user['id']}")
    return found if found is not None and found["state"] == "active" else None


def _is_last_admin(call: Call, organisation: Document, user: Document) -> bool:
    return [each["id"] for each in members(call.store, organisation, "admin")] == [user["id"]]


def _remove(call: Call, org: str, username: str) -> Answer:
    organisation, user = call.organisation(org), call.user(username)
    call.viewer.require_organisation_admin(organisation)
    if _is_last_admin(call, organisation, user):
        raise forbidden("You can't remove the last owner of the organization.")
    if not remove_membership(call.store, organisation, user):
        raise not_found()
    return no_content()


def _shown(call: Call, organisation: Document, user: Document, membership: Document) -> dict[str, Any]:
    url = f"{call.api}/orgs/{organisation['login']}"
    return {
        "url": f"{url}/memberships/{user['login']}",
        "state": membership["state"],
        "role": membership["role"],
        "organization_url": url,
        "organization": show.simple_organisation(call, organisation),
        "user": show.simple_user(call, user),
    }
