"""User groups.

Sources: docs.slack.dev/reference/methods, the pages of usergroups.*; a handle must be unique among channels,
users and user groups, a name among user groups. Disabled ones keep both. How long name and description may
be is not documented; the limits here are those of Slack's own dialogue.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from reconciler.sandbox.world import Document
from reconciler_slack.sandbox.errors import Refusal
from reconciler_slack.sandbox.store import Store

LONGEST_NAME = 80
LONGEST_DESCRIPTION = 140
LONGEST_HANDLE = 80
_FORBIDDEN_HANDLES = ("channel", "everyone", "here", "group", "me")


def create_usergroup(store: Store, creator_id: str, fields: Mapping[str, Any]) -> Document:
    """A new user group without members; raises ``Refusal``. ``handle`` follows from the name if not given."""
    if not str(fields.get("name", "")).strip():
        raise Refusal("missing_subteam_name")
    now = store.now()
    usergroup: Document = {
        "id": store.new_id("usergroup"),
        "name": "",
        "name_key": "",
        "handle": "",
        "description": "",
        "users": [],
        "channels": [],
        "enable_section": False,
        "created_by": creator_id,
        "updated_by": creator_id,
        "deleted_by": None,
        "date_create": now,
        "date_update": now,
        "date_delete": 0,
    }
    handle = fields.get("handle") or handle_from(str(fields["name"]))
    return update_usergroup(store, usergroup, creator_id, {**fields, "handle": handle})


def update_usergroup(store: Store, usergroup: Document, user_id: str, fields: Mapping[str, Any]) -> Document:
    """Change name, handle, description, channels or users of a group; raises ``Refusal``."""
    if "name" in fields:
        _set_name(store, usergroup, fields["name"].strip())
    if "handle" in fields:
        _set_handle(store, usergroup, fields["handle"].strip().lower())
    if len(fields.get("description", "")) > LONGEST_DESCRIPTION:
        raise Refusal("description_too_long")
    for field in ("description", "channels", "users", "enable_section"):
        if field in fields:
            usergroup[field] = fields[field]
    usergroup |= {"updated_by": user_id, "date_update": store.now()}
    store.put("usergroup", usergroup["id"], usergroup)
    return usergroup


def set_enabled(store: Store, usergroup: Document, user_id: str, enabled: bool) -> Document:
    """Enable or disable a group; it keeps its name, handle and members."""
    usergroup |= {"deleted_by": None, "date_delete": 0}
    if not enabled:
        usergroup |= {"deleted_by": user_id, "date_delete": store.now()}
    return update_usergroup(store, usergroup, user_id, {})


def handle_from(name: str) -> str:
    """The handle that a group gets from its name."""
    return re.sub(r"[^a-z0-9._-]+", "-", name.strip().lower()).strip("-._")


def require_channels(store: Store, channel_ids: Sequence[str]) -> list[str]:
    """Default channels of a group, all of which must exist; raises ``invalid_channel_provided``."""
    if not all(store.get("channel", channel_id) for channel_id in channel_ids):
        raise Refusal("invalid_channel_provided")
    return list(channel_ids)


def _set_name(store: Store, usergroup: Document, name: str) -> None:
    if not name:
        raise Refusal("missing_subteam_name")
    if len(name) > LONGEST_NAME:
        raise Refusal("name_too_long")
    if any(each["id"] != usergroup["id"] for each in store.find("usergroup", name_key=name.lower())):
        raise Refusal("name_already_exists")
    usergroup |= {"name": name, "name_key": name.lower()}


def _set_handle(store: Store, usergroup: Document, handle: str) -> None:
    if not re.fullmatch(r"[^\W_][\w.-]*", handle) or len(handle) > LONGEST_HANDLE:
        raise Refusal("bad_handle")
    if handle in _FORBIDDEN_HANDLES:
        raise Refusal("forbidden_handle")
    others = [each for each in store.find("usergroup", handle=handle) if each["id"] != usergroup["id"]]
    if others or store.channel_named(handle) or store.user_named(handle):
        raise Refusal("handle_already_exists")
    usergroup["handle"] = handle
