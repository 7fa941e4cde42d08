"""Users, organisations, memberships and tokens."""

from collections.abc import Mapping, Sequence
from typing import Any

from reconciler.sandbox.world import Document
from reconciler_github.sandbox.store import Store

ALL_SCOPES = ("admin:org", "admin:org_hook", "admin:repo_hook", "delete_repo", "repo", "user", "workflow")

_PROFILE: dict[str, Any] = {
    "name": None,
    "email": None,
    "bio": None,
    "description": None,
    "company": None,
    "blog": "",
    "location": None,
    "twitter_username": None,
    "site_admin": False,
}

ORGANISATION_SETTINGS: dict[str, Any] = {
    "advanced_security_enabled_for_new_repositories": False,
    "billing_email": "",
    "default_repository_permission": "read",
    "dependabot_alerts_enabled_for_new_repositories": False,
    "dependabot_security_updates_enabled_for_new_repositories": False,
    "dependency_graph_enabled_for_new_repositories": False,
    "deploy_keys_enabled_for_repositories": False,
    "has_organization_projects": True,
    "has_repository_projects": True,
    "members_allowed_repository_creation_type": "all",
    "members_can_create_internal_repositories": False,
    "members_can_create_pages": True,
    "members_can_create_private_pages": True,
    "members_can_create_private_repositories": True,
    "members_can_create_public_pages": True,
    "members_can_create_public_repositories": True,
    "members_can_create_repositories": True,
    "members_can_fork_private_repositories": False,
    "secret_scanning_enabled_for_new_repositories": False,
    "secret_scanning_push_protection_custom_link": None,
    "secret_scanning_push_protection_custom_link_enabled": False,
    "secret_scanning_push_protection_enabled_for_new_repositories": False,
    "web_commit_signoff_required": False,
}


def create_account(store: Store, type_: str, login: str, fields: Mapping[str, Any] | None = None) -> Document:
    """A new user or organisation (``type_`` is ``User`` or ``Organization``); the login must be free."""
    if store.account(login) is not None:
        raise ValueError(f"the login {login} is taken")
    now = store.now()
    given = dict(fields or {})
    account = {
        "id": store.next_id(1001),
        "type": type_,
        "login": login,
        "login_key": login.lower(),
        **_PROFILE,
    }
    account |= {"created_at": now, "updated_at": now}
    if type_ == "Organization":
        settings = {key: given.pop(key) for key in list(given) if key in ORGANISATION_SETTINGS}
        account["settings"] = {**ORGANISATION_SETTINGS, **settings}
    account |= {key: given[key] for key in given if key in _PROFILE}
    store.put("account", account["id"], account)
    return account


def update_organisation(store: Store, organisation: Document, fields: Mapping[str, Any]) -> Document:
    """Set some of an organisation's profile and settings; unknown names are let pass, as GitHub does."""
    settings = {key: value for key, value in fields.items() if key in ORGANISATION_SETTINGS}
    profile = {key: value for key, value in fields.items() if key in _PROFILE}
    organisation = {
        **organisation,
        **profile,
        "settings": {**organisation["settings"], **settings},
        "updated_at": store.now(),
    }
    store.put("account", organisation["id"], organisation)
    return organisation


def create_token(store: Store, token: str, user: Document, scopes: Sequence[str] = ALL_SCOPES) -> None:
    """A personal access token of a user."""
    store.put("token", token, {"token": token, "user_id": user["id"], "scopes": list(scopes)})


def set_membership(
    store: Store, organisation: Document, user: Document, role: str, state: str = "active"
) -> Document:
    """Make a user an ``admin`` or ``member`` of an organisation, or invite them (``pending``)."""
    membership = {
        "organization_id": organisation["id"],
        "user_id": user["id"],
        "role": role,
        "state": state,
    }
    store.put("membership", f"{organisation['id']}:{user['id']}", membership)
    return membership


def remove_membership(store: Store, organisation: Document, user: Document) -> bool:
    """End a membership, and with it the user's places in the organisation's teams."""
    for team in store.find("team", organization_id=organisation["id"]):
        store.delete("team_membership", f"{team['id']}:{user['id']}")
    return store.delete("membership", f"{organisation['id']}:{user['id']}")


def members(store: Store, organisation: Document, role: str | None = None) -> list[Document]:
    """The organisation's active members, by login."""
    found = [
        store.require("account", membership["user_id"])
        for membership in store.find("membership", organization_id=organisation["id"])
        if membership["state"] == "active" and role in (None, membership["role"])
    ]
    return sorted(found, key=lambda user: str(user["login_key"]))
