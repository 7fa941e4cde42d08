"""Bookmarks of a channel. Source: docs.slack.dev/reference/methods, the pages bookmarks.*."""

from reconciler.sandbox.world import Document
from reconciler_slack.sandbox import representations
from reconciler_slack.sandbox.domain.bookmarks import create_bookmark, update_bookmark
from reconciler_slack.sandbox.errors import Refusal, invalid_arguments
from reconciler_slack.sandbox.methods.registry import Answer, Call, Methods
from reconciler_slack.sandbox.scopes import both

METHODS = Methods()
LONGEST = {"title": 256, "link": 2048}
_READ, _WRITE = both("bookmarks:read"), both("bookmarks:write")
_OTHER_TYPES = ("file", "message", "folder", "canvas")


@METHODS.add("bookmarks.add", 2, _WRITE, "channel_id", "title", "type")
def add(call: Call) -> Answer:
    """A new bookmark, after the others; those of other types than ``link`` are not implemented here."""
    channel = _writable_channel(call)
    kind = call.arguments.text("type")
    if kind != "link":
        raise Refusal("not_implemented" if kind in _OTHER_TYPES else "invalid_bookmark_type")
    if call.arguments.text("parent_id"):
        raise Refusal("parent_bookmark_disabled")
    made = create_bookmark(call.store, channel["id"], call.viewer.id, _fields(call))
    return {"bookmark": representations.bookmark(made)}


@METHODS.add("bookmarks.edit", 2, _WRITE, "channel_id", "bookmark_id")
def edit(call: Call) -> Answer:
    """Another title, link or emoji; what is not given stays."""
    bookmark = _find(call, _writable_channel(call))
    changed = update_bookmark(call.store, bookmark, call.viewer.id, _fields(call))
    return {"bookmark": representations.bookmark(changed)}


@METHODS.add("bookmarks.remove", 2, _WRITE, "channel_id", "bookmark_id")
def remove(call: Call) -> Answer:
    """Take a bookmark away."""
    call.store.delete("bookmark", _find(call, _writable_channel(call))["id"])
    return {}


@METHODS.add("bookmarks.list", 3, _READ, "channel_id")
def list_bookmarks(call: Call) -> Answer:
    """All bookmarks of a channel, in their order."""
    channel = call.channel("channel_id")
    found = call.store.find("bookmark", channel_id=channel["id"])
    return {"bookmarks": [representations.bookmark(bookmark) for bookmark in found]}


def _writable_channel(call: Call) -> Document:
    channel = call.channel("channel_id")
    if channel["is_archived"] or call.viewer.is_guest:
        raise Refusal("permission_denied")
    return channel


def _fields(call: Call) -> dict[str, str]:
    found = {name: call.arguments.text(name) for name in ("title", "link", "emoji") if name in call.arguments}
    problems = [
        f"must be at most {most} characters [json-pointer:/{name}]"
        for name, most in LONGEST.items()
        if len(found.get(name, "")) > most
    ]
    if "title" in found and not found["title"].strip():
        problems.append("must not be empty [json-pointer:/title]")
    if problems:
        raise invalid_arguments(*problems)
    return found


def _find(call: Call, channel: Document) -> Document:
    found = call.store.get("bookmark", call.arguments.text("bookmark_id"))
    if found is None or found["channel_id"] != channel["id"]:
        raise Refusal("not_found")
    return found
