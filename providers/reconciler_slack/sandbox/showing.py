"""The emulated Slack's world for a reader: names in place of ids, no credentials, no bookkeeping."""

from collections.abc import Mapping
from typing import Any

from reconciler.sandbox.world import Document
from reconciler_slack.sandbox.domain.messages import key_of
from reconciler_slack.sandbox.store import Store

_HIDDEN = ("name_key",)


def show_world(store: Store) -> dict[str, list[dict[str, Any]]]:
    """All objects by kind, in the order of their creation."""
    names = {user["id"]: user["name"] for user in store.find("user")}
    channels = store.find("channel")
    channel_names = {channel["id"]: channel["name"] for channel in channels}
    names |= channel_names
    members: dict[str, list[str]] = {channel["id"]: [] for channel in channels}
    for membership in store.find("membership"):
        members[membership["channel_id"]].append(names[membership["user_id"]])
    return {
        "team": store.find("team"),
        "users": store.find("user"),
        "channels": [_channel(channel, names, members[channel["id"]]) for channel in channels],
        "usergroups": [_usergroup(found, names) for found in store.find("usergroup")],
        "bookmarks": [_in_channel(found, names) for found in store.find("bookmark")],
        "messages": [_message(found, names) for found in store.find("message")],
        "pins": [_pin(store, found, names) for found in store.find("pin")],
    }


def _channel(found: Document, names: Mapping[str, str], members: list[str]) -> dict[str, Any]:
    texts = {field: found[field]["value"] for field in ("topic", "purpose")}
    return {**found, **texts, "creator": names[found["creator"]], "members": members}


def _usergroup(found: Document, names: Mapping[str, str]) -> dict[str, Any]:
    shown = {key: value for key, value in found.items() if key not in _HIDDEN}
    for field in ("users", "channels"):
        shown[field] = [names[each] for each in found[field]]
    for field in ("created_by", "updated_by", "deleted_by"):
        shown[field] = names.get(found[field])
    return {**shown, "is_enabled": not found["date_delete"]}


def _in_channel(found: Document, names: Mapping[str, str]) -> dict[str, Any]:
    rest = {key: value for key, value in found.items() if key != "channel_id"}
    return {**rest, "channel": names[found["channel_id"]]}


def _message(found: Document, names: Mapping[str, str]) -> dict[str, Any]:
    shown = {"channel": names[found["channel_id"]], "ts": found["ts"], "user": names[found["user_id"]]}
    kept = ("text", "subtype", "thread_ts")
    return {**shown, **{key: found["shown"][key] for key in kept if key in found["shown"]}}


def _pin(store: Store, found: Document, names: Mapping[str, str]) -> dict[str, Any]:
    message = store.require("message", key_of(found["channel_id"], found["ts"]))
    return {
        "channel": names[found["channel_id"]],
        "ts": found["ts"],
        "text": message["shown"]["text"],
        "created_by": names[found["created_by"]],
    }
