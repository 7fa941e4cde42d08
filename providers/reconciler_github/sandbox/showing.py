"""The emulated GitHub's world for a reader: names in place of ids, no credentials, no bookkeeping."""

from collections.abc import Mapping
from typing import Any

from reconciler.sandbox.world import Document
from reconciler_github.sandbox.store import Store

_KINDS = {
    "organizations": "account",
    "users": "account",
    "memberships": "membership",
    "repositories": "repository",
    "branches": "ref",
    "labels": "label",
    "milestones": "milestone",
    "branch_protection_rules": "protection",
    "teams": "team",
    "team_memberships": "team_membership",
    "team_repositories": "grant",
    "collaborators": "collaborator",
    "invitations": "invitation",
    "actions_secrets": "secret",
    "actions_variables": "variable",
}
_HIDDEN = ("encrypted_value", "key_id")


def show_world(store: Store) -> dict[str, list[dict[str, Any]]]:
    """All objects by kind, in the order of their creation."""
    names = _names(store)
    return {
        title: [_shown(document, names) for document in store.find(kind) if _belongs(title, document)]
        for title, kind in _KINDS.items()
    }


def _belongs(title: str, document: Document) -> bool:
    if title in ("organizations", "users"):
        return bool(document["type"] == ("Organization" if title == "organizations" else "User"))
    return title != "branches" or document["ref"].startswith("refs/heads/")


def _names(store: Store) -> dict[tuple[str, int], str]:
    logins = {account["id"]: account["login"] for account in store.find("account")}
    names = {
        (kind, key): login for key, login in logins.items() for kind in ("user", "organization", "owner")
    }
    for kind in ("creator", "invitee", "inviter"):
        names |= {(kind, key): login for key, login in logins.items()}
    for repository in store.find("repository"):
        full_name = f"{logins[repository['owner_id']]}/{repository['name']}"
        names |= {(kind, repository["id"]): full_name for kind in ("repository", "template")}
    for team in store.find("team"):
        names |= {(kind, team["id"]): team["slug"] for kind in ("team", "parent")}
    return names


def _shown(document: Document, names: Mapping[tuple[str, int], str]) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    for key, value in document.items():
        kind = key.removesuffix("_id")
        if key in _HIDDEN or key.endswith("_key"):
            continue
        if kind != key and isinstance(value, int) and (kind, value) in names:
            shown[kind] = names[kind, value]
        elif key == "scope":
            owner, _, number = value.partition(":")
            shown[owner] = names.get((owner, int(number)), value)
        else:
            shown[key] = value
    return shown
