"""Icons, covers and other files: links to the web, or uploads to Notion.

Source: developers.notion.com/reference/file-object, /emoji-object. An upload is used by its id and then
shown as a file with an address that expires.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from reconciler.sandbox.world import Document
from reconciler_notion.sandbox.errors import invalid
from reconciler_notion.sandbox.fields import anything, record, tagged, text, url, uuid_, variant_of
from reconciler_notion.sandbox.ids import normal_id
from reconciler_notion.sandbox.store import Store, timestamp

UPLOAD_LASTS = timedelta(hours=1)
"""How long an upload may stay unattached, and an address of a file may be used."""
_STORAGE = "https://prod-files-secure.s3.us-west-2.amazonaws.com"

EXTERNAL = record({"url": url}, ("url",))
FILE_UPLOAD = record({"id": uuid_}, ("id",))
FILE = record({"url": url, "expiry_time": text()}, ("url",))
COVER = tagged({"external": EXTERNAL, "file_upload": FILE_UPLOAD})
ICON = tagged(
    {
        "emoji": text(),
        "external": EXTERNAL,
        "file_upload": FILE_UPLOAD,
        "custom_emoji": record({"id": uuid_, "name": text(), "url": url}, ("id",)),
        "icon": record({"name": text(), "color": text()}, ("name",)),
    }
)
NAMED_FILE = tagged(
    {"external": EXTERNAL, "file": FILE, "file_upload": FILE_UPLOAD},
    {"name": text(100), "caption": anything},
)
_KINDS = ("emoji", "external", "file_upload", "file", "custom_emoji", "icon")


def kept_file(store: Store, given: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """An icon, cover or file of a request in the form that answers have; raises ``Refusal`` for an upload
    that is not there or has no content yet."""
    if given is None:
        return None
    kind = str(variant_of(given, _KINDS))
    if kind == "file_upload":
        return {"type": "file", "file": uploaded(store, given["file_upload"]["id"])}
    if kind == "external":
        return {"type": kind, kind: {"url": given[kind]["url"]}}
    if kind == "icon":
        return {"type": kind, kind: {"name": given[kind]["name"], "color": given[kind].get("color", "gray")}}
    return {"type": kind, kind: given[kind]}


def upload_status(store: Store, document: Document) -> str:
    """An upload's status now: what is not attached within an hour expires."""
    expires = datetime.fromisoformat(document["created_time"]) + UPLOAD_LASTS
    is_expired = not document["is_attached"] and store.world.now() >= expires
    return "expired" if is_expired else str(document["status"])


def uploaded(store: Store, id_: str) -> dict[str, str]:
    """The address of an upload, and when it ends; the upload is attached and does not expire any more."""
    upload = store.get("file_upload", str(normal_id(id_)))
    if upload is None or upload_status(store, upload) != "uploaded":
        raise invalid(f"File upload {id_} is not uploaded and cannot be attached.")
    store.save("file_upload", {**upload, "is_attached": True})
    return {
        "url": f"{_STORAGE}/{upload['id']}/{upload['filename']}",
        "expiry_time": timestamp(store.world.now() + UPLOAD_LASTS),
    }


def named_file(store: Store, given: Mapping[str, Any]) -> dict[str, Any]:
    """A file in a list of files, with its name."""
    made = kept_file(store, given) or {}
    kind = str(made["type"])
    return {"name": given.get("name") or made[kind]["url"].rpartition("/")[2], **made}
