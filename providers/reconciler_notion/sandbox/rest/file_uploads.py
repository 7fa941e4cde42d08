"""File uploads and custom emojis. Source: developers.notion.com/reference/create-a-file-upload,
/send-a-file-upload, /complete-a-file-upload, /list-file-uploads; recorded answers.

A file that Notion is to fetch from elsewhere stays pending: nothing here leaves the machine.
"""

import mimetypes

from reconciler.sandbox.world import Document
from reconciler_notion.sandbox.domain.files import upload_status
from reconciler_notion.sandbox.errors import failed_validation, invalid
from reconciler_notion.sandbox.fields import one_of, record, text, url, whole_number
from reconciler_notion.sandbox.representations.comments import file_upload
from reconciler_notion.sandbox.representations.users import LARGEST_UPLOAD
from reconciler_notion.sandbox.rest.routes import INSERT, READ, Answer, Call, Routes, page_of

ROUTES = Routes()

_MOST_PARTS = 10_000
_NEW = record(
    {
        "mode": one_of(("single_part", "multi_part", "external_url")),
        "filename": text(900),
        "content_type": text(),
        "number_of_parts": whole_number(1, _MOST_PARTS),
        "external_url": url,
    }
)


def _upload(call: Call, file_upload_id: str) -> Document:
    id_ = call.id_of(file_upload_id, "file_upload_id")
    found = call.store.get("file_upload", id_)
    if found is None:
        raise call.missing("file upload", id_)
    return found


@ROUTES.add("POST", "/v1/file_uploads", INSERT)
def create(call: Call) -> Answer:
    """Announce a file."""
    body = call.checked(_NEW)
    mode = body.get("mode", "single_part")
    needed = {"multi_part": ("filename", "number_of_parts"), "external_url": ("filename", "external_url")}
    missing = [name for name in needed.get(mode, ()) if name not in body]
    if missing:
        raise failed_validation(
            "body", [f"body.{name} should be defined, instead was `undefined`." for name in missing]
        )
    filename = body.get("filename")
    made: Document = {
        "id": call.store.new_id(),
        "status": "pending",
        "filename": filename,
        "content_type": body.get("content_type") or mimetypes.guess_type(filename or "")[0],
        "content_length": None,
        "mode": mode,
        "number_of_parts": body.get("number_of_parts"),
        "sent": 0,
        "is_attached": False,
        **call.store.made_by(call.bot["id"]),
    }
    call.store.save("file_upload", made)
    return Answer(file_upload(call.store, made, call.api))


@ROUTES.add("GET", "/v1/file_uploads", READ)
def list_file_uploads(call: Call) -> Answer:
    """The latest uploads first; ``status`` narrows them down."""
    status = call.query.get("status")
    found = [
        each for each in call.store.find("file_upload") if status in (None, upload_status(call.store, each))
    ]
    return Answer(
        page_of(call, found[::-1], lambda each: file_upload(call.store, each, call.api), "file_upload")
    )


@ROUTES.add("GET", "/v1/file_uploads/{file_upload_id}", READ)
def get(call: Call, file_upload_id: str) -> Answer:
    """One upload."""
    return Answer(file_upload(call.store, _upload(call, file_upload_id), call.api))


@ROUTES.add("POST", "/v1/file_uploads/{file_upload_id}/send", INSERT)
def send(call: Call, file_upload_id: str) -> Answer:
    """The file itself, or a part of it; its content is measured and not kept."""
    found = _upload(call, file_upload_id)
    if call.upload is None:
        raise failed_validation("body", ["body.file should be defined, instead was `undefined`."])
    if upload_status(call.store, found) != "pending" or found["mode"] == "external_url":
        raise invalid(f"File upload {found['id']} does not await a file.")
    if call.upload.size > LARGEST_UPLOAD:
        raise invalid(f"File size should be ≤ `{LARGEST_UPLOAD}` bytes, instead was `{call.upload.size}`.")
    size = (found["content_length"] or 0) + call.upload.size
    found = {**found, "sent": found["sent"] + 1, **call.store.edited_by(call.bot["id"])}
    found["content_length"] = size
    if found["mode"] == "single_part":
        found["status"] = "uploaded"
        found["filename"] = found["filename"] or call.upload.filename
        found["content_type"] = found["content_type"] or call.upload.content_type
    call.store.save("file_upload", found)
    return Answer(file_upload(call.store, found, call.api))


@ROUTES.add("POST", "/v1/file_uploads/{file_upload_id}/complete", INSERT)
def complete(call: Call, file_upload_id: str) -> Answer:
    """Put the parts together."""
    found = _upload(call, file_upload_id)
    if found["mode"] != "multi_part" or found["sent"] < found["number_of_parts"]:
        raise invalid(f"File upload {found['id']} has not been sent in full.")
    found = {**found, "status": "uploaded", **call.store.edited_by(call.bot["id"])}
    call.store.save("file_upload", found)
    return Answer(file_upload(call.store, found, call.api))


@ROUTES.add("GET", "/v1/custom_emojis", READ)
def list_custom_emojis(call: Call) -> Answer:
    """Custom emojis are made in the app alone, so there are none."""
    listed = page_of(call, [], lambda each: each, "custom_emoji")
    return Answer({key: each for key, each in listed.items() if key != "custom_emoji"})
