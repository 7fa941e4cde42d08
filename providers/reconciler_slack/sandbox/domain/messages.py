"""Messages: those that people and apps post, and those by which a channel tells what happened to it.

Sources: docs.slack.dev/reference/events/message (subtypes such as ``channel_topic``), the pages of
chat.postMessage and chat.scheduleMessage.
"""

from collections.abc import Mapping
from typing import Any

from reconciler.sandbox.world import Document
from reconciler_slack.sandbox.store import Store


def key_of(channel_id: str, ts: str) -> str:
    """The key of a message, and of the pin on it."""
    return f"{channel_id}:{ts}"


def post(
    store: Store, channel_id: str, user_id: str, shown: Mapping[str, Any], thread_ts: str | None = None
) -> Document:
    """A new message in a channel, or in the thread below another message."""
    ts = store.new_ts()
    thread = {"thread_ts": thread_ts} if thread_ts else {}
    message = {
        "channel_id": channel_id,
        "thread_ts": thread_ts,
        "ts": ts,
        "user_id": user_id,
        "shown": {"type": "message", **shown, **thread, "ts": ts},
    }
    store.put("message", key_of(channel_id, ts), message)
    return message


def announce(
    store: Store, channel_id: str, user_id: str, subtype: str, text: str, **details: str
) -> Document:
    """A channel's own message: ``channel_join``, ``channel_topic`` and the like."""
    shown = {"subtype": subtype, "user": user_id, "text": f"<@{user_id}> {text}", **details}
    return post(store, channel_id, user_id, shown)


def deliver_due(store: Store) -> None:
    """Post the scheduled messages whose time has come."""
    now = store.now()
    due = [each for each in store.find("scheduled") if each["post_at"] <= now]
    for each in sorted(due, key=lambda scheduled: int(scheduled["post_at"])):
        store.delete("scheduled", each["id"])
        if not store.require("channel", each["channel_id"])["is_archived"]:
            post(store, each["channel_id"], each["user_id"], each["shown"], each["thread_ts"])


def remove(store: Store, message: Document) -> None:
    """Delete a message and the pin on it."""
    key = key_of(message["channel_id"], message["ts"])
    store.delete("message", key)
    store.delete("pin", key)
