"""Users. Source: developers.notion.com/reference/user; recorded answers."""

from typing import Any

from reconciler.sandbox.world import Document
from reconciler_notion.sandbox.store import Store

LARGEST_UPLOAD = 5 * 1024 * 1024


def listed_user(store: Store, document: Document) -> dict[str, Any]:
    """A user as the endpoints for users show one: of a person, recorded answers tell one thing more."""
    shown = user(store, document)
    if "person" in shown:
        shown["person"]["email_verified"] = True
    return shown


def user(store: Store, document: Document) -> dict[str, Any]:
    """A person, or a bot with the workspace that owns it."""
    shown = {
        "object": "user",
        "id": document["id"],
        "name": document["name"],
        "avatar_url": document["avatar_url"],
        "type": document["type"],
    }
    if document["type"] == "person":
        return {**shown, "person": {"email": document["email"]}}
    workspace = store.workspace()
    return {
        **shown,
        "bot": {
            "owner": {"type": "workspace", "workspace": True},
            "workspace_name": workspace["name"],
            "workspace_id": workspace["id"],
            "workspace_limits": {"max_file_upload_size_in_bytes": LARGEST_UPLOAD},
        },
    }
