"""Comments and file uploads. Sources: developers.notion.com/reference/comment-object, /file-upload; recorded
answers."""

from datetime import datetime
from typing import Any

from reconciler.sandbox.world import Document
from reconciler_notion.sandbox.domain.files import UPLOAD_LASTS, upload_status
from reconciler_notion.sandbox.representations.shared import to_the_minute, user_reference
from reconciler_notion.sandbox.store import Store, timestamp


def comment(document: Document) -> dict[str, Any]:
    """A comment on a page or block."""
    return {
        "object": "comment",
        "id": document["id"],
        "parent": {"type": document["parent"], document["parent"]: document["container"]},
        "discussion_id": document["discussion_id"],
        "created_time": to_the_minute(document["created_time"]),
        "last_edited_time": to_the_minute(document["last_edited_time"]),
        "created_by": user_reference(document["created_by"]),
        "rich_text": document["rich_text"],
        "display_name": document["display_name"],
    }


def file_upload(store: Store, document: Document, api: str) -> dict[str, Any]:
    """A file on its way to Notion; where below ``api`` to send it, as long as it is awaited."""
    status = upload_status(store, document)
    pending = status == "pending"
    awaited = status != "expired" and not document["is_attached"]
    expires = datetime.fromisoformat(document["created_time"]) + UPLOAD_LASTS
    shown = {
        "object": "file_upload",
        "id": document["id"],
        "created_time": to_the_minute(document["created_time"]),
        "created_by": {"id": document["created_by"], "type": "bot"},
        "last_edited_time": to_the_minute(document["last_edited_time"]),
        "expiry_time": to_the_minute(timestamp(expires)) if awaited else None,
        "in_trash": False,
        "status": status,
        "filename": document["filename"],
        "content_type": document["content_type"],
        "content_length": document["content_length"],
        "archived": False,
    }
    if pending:
        shown["upload_url"] = f"{api}/v1/file_uploads/{document['id']}/send"
    if document["mode"] == "multi_part":
        shown["number_of_parts"] = {"total": document["number_of_parts"], "sent": document["sent"]}
        if pending:
            shown["complete_url"] = f"{api}/v1/file_uploads/{document['id']}/complete"
    return shown
