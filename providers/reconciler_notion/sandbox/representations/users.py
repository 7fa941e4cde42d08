"""Users. Source: developers.notion.com/reference/user; recorded answers."""

from typing import Any

from reconciler.sandbox.world import Document
from reconciler_notion.sandbox.store import Store

LARGEST_UPLOAD = 5 * 1024 * 1024


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
        return {**shown, "person": {"email": document["email"], "email_verified": True}}
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
