"""Bookmarks of the type ``link``.

Sources: docs.slack.dev/reference/methods/bookmarks.add and .edit: a link begins with http:// or https://, an
emoji is ``:name:``, a channel holds at most 100.
"""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from reconciler.sandbox.world import Document
from reconciler_slack.sandbox.errors import Refusal
from reconciler_slack.sandbox.store import Store

MOST_BOOKMARKS = 100
_EMOJI = re.compile(r":[\w+'-]+:")


def create_bookmark(store: Store, channel_id: str, user_id: str, fields: Mapping[str, str]) -> Document:
    """A new bookmark after the channel's others: title, link, and maybe emoji; raises ``Refusal``."""
    others = store.find("bookmark", channel_id=channel_id)
    if len(others) >= MOST_BOOKMARKS:
        raise Refusal("too_many_bookmarks")
    link = fields.get("link", "")
    bookmark: dict[str, Any] = {
        "id": store.new_id("bookmark"),
        "channel_id": channel_id,
        "title": "",
        "link": "",
        "emoji": "",
        "icon_url": f"{'/'.join(link.split('/')[:3])}/favicon.ico",
        "type": "link",
        "entity_id": None,
        "date_created": store.now(),
        "date_updated": 0,
        "rank": _rank_after(others[-1]["rank"] if others else None),
        "last_updated_by_user_id": user_id,
        "last_updated_by_team_id": store.team()["id"],
        "shortcut_id": None,
        "app_id": None,
    }
    return _keep(store, bookmark, {**fields, "link": link})


def update_bookmark(store: Store, bookmark: Document, user_id: str, fields: Mapping[str, str]) -> Document:
    """Another title, link or emoji; raises ``Refusal``."""
    author = {"last_updated_by_user_id": user_id, "date_updated": store.now()}
    return _keep(store, {**bookmark, **author}, fields)


def _keep(store: Store, bookmark: Document, fields: Mapping[str, str]) -> Document:
    if "link" in fields and not _is_link(fields["link"]):
        raise Refusal("invalid_link")
    if fields.get("emoji") and not _EMOJI.fullmatch(fields["emoji"]):
        raise Refusal("invalid_emoji")
    bookmark = {**bookmark, **fields}
    store.put("bookmark", bookmark["id"], bookmark)
    return bookmark


def _is_link(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def _rank_after(last: str | None) -> str:
    """A text that sorts after the last one: the next letter, or a letter more."""
    if last is None:
        return "g"
    return f"{last}g" if last[-1] == "z" else f"{last[:-1]}{chr(ord(last[-1]) + 1)}"
