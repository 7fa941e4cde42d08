"""Channels and who is in them.

Sources: docs.slack.dev/reference/methods, the pages of conversations.create, .rename, .archive, .unarchive,
.setTopic, .join, .leave.
"""

from collections.abc import Iterable

from reconciler.sandbox.world import Document
from reconciler_slack.sandbox.domain.names import channel_name
from reconciler_slack.sandbox.errors import Refusal
from reconciler_slack.sandbox.store import Store

LONGEST_TOPIC = 250


def create_channel(store: Store, creator_id: str, name: str, is_private: bool = False) -> Document:
    """A new channel without members; raises ``Refusal`` for a bad name or one that is taken."""
    name = channel_name(name)
    require_free(store, name)
    now = store.now()
    channel: Document = {
        "id": store.new_id("channel"),
        "name": name,
        "is_private": is_private,
        "is_archived": False,
        "is_general": False,
        "creator": creator_id,
        "created": now,
        "updated": now * 1000,
        "topic": {"value": "", "creator": "", "last_set": 0},
        "purpose": {"value": "", "creator": "", "last_set": 0},
        "previous_names": [],
        "num_members": 0,
    }
    store.put("channel", channel["id"], channel)
    return channel


def require_free(store: Store, name: str) -> None:
    """Raise ``name_taken`` if any channel has the name: archived or private ones too."""
    if store.channel_named(name) is not None:
        raise Refusal("name_taken")


def keep(store: Store, channel: Document) -> Document:
    """Store a channel that has changed."""
    channel["updated"] = store.now() * 1000
    store.put("channel", channel["id"], channel)
    return channel


def rename(store: Store, channel: Document, name: str) -> Document:
    """Give a channel another name; the old one is free again and listed as a previous one."""
    name = channel_name(name)
    if name == channel["name"]:
        return channel
    require_free(store, name)
    earlier = [old for old in channel["previous_names"] if old not in (name, channel["name"])]
    channel["previous_names"] = [channel["name"], *earlier]
    channel["name"] = name
    return keep(store, channel)


def set_text(store: Store, channel: Document, field: str, text: str, user_id: str) -> Document:
    """Set ``topic`` or ``purpose``; raises ``too_long``."""
    if len(text) > LONGEST_TOPIC:
        raise Refusal("too_long")
    channel[field] = {"value": text, "creator": user_id, "last_set": store.now()}
    return keep(store, channel)


def add_members(store: Store, channel: Document, user_ids: Iterable[str]) -> Document:
    """Let users in; those who are in already stay as they are."""
    for user_id in user_ids:
        if not store.is_member(channel["id"], user_id):
            membership = {"channel_id": channel["id"], "user_id": user_id}
            store.put("membership", f"{channel['id']}:{user_id}", membership)
            channel["num_members"] += 1
    store.put("channel", channel["id"], channel)
    return channel


def remove_member(store: Store, channel: Document, user_id: str) -> Document:
    """Take a user out, if the user is in."""
    if store.delete("membership", f"{channel['id']}:{user_id}"):
        channel["num_members"] -= 1
        store.put("channel", channel["id"], channel)
    return channel


def archive(store: Store, channel: Document) -> Document:
    """Archive a channel; a public one loses its members, a private one keeps them."""
    channel["is_archived"] = True
    if not channel["is_private"]:
        store.delete_all("membership", channel_id=channel["id"])
        channel["num_members"] = 0
    return keep(store, channel)


def unarchive(store: Store, channel: Document, user_id: str) -> Document:
    """Open an archived channel again; whoever does it is in it."""
    channel["is_archived"] = False
    return add_members(store, keep(store, channel), [user_id])
