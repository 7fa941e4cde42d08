"""``slack_bookmark``: docs.slack.dev/reference/methods/bookmarks.add, edit, list, remove."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from reconciler.errors import AlreadyExists, Call, NotFound, ProviderError
from reconciler.provider.objects import (
    Absent,
    Attributes,
    FindResult,
    Lookup,
    Object,
    ReadResult,
    Unreadable,
    Wanted,
)
from reconciler_slack import channels
from reconciler_slack.client import Client
from reconciler_slack.resources.kind import Kind

TYPE = "slack_bookmark"

Bookmark = Mapping[str, Any]
"""A bookmark as Slack tells it."""

_SETTINGS = ("title", "link", "emoji")


def read(client: Client, lookups: Mapping[str, Lookup]) -> Mapping[str, ReadResult]:
    """One call for each channel that has any declared."""
    found = _by_channel(client, {lookup.attributes["channel_id"] for lookup in lookups.values()})
    answers: dict[str, ReadResult] = {}
    for key, lookup in lookups.items():
        there = found[lookup.attributes["channel_id"]]
        if isinstance(there, ProviderError):
            answers[key] = Absent() if isinstance(there, NotFound) else Unreadable(there)
            continue
        bookmark = next((one for one in there if one["id"] == lookup.id), None)
        answers[key] = _told(bookmark, lookup.attributes["channel"]) if bookmark else Absent()
    return answers


def find(client: Client, wanted: Mapping[str, Wanted]) -> Mapping[str, FindResult]:
    """By channel and title, which several may share, or by channel and id for an import."""
    ids = channels.ids_of(client, (one.attributes["channel"] for one in wanted.values()))
    found = _by_channel(client, set(ids.values()))
    answers: dict[str, FindResult] = {}
    for key, one in wanted.items():
        channel = one.attributes["channel"]
        there = found[ids[channel]] if channel in ids else []
        if isinstance(there, ProviderError):
            answers[key] = () if isinstance(there, NotFound) else Unreadable(there)
        else:
            answers[key] = tuple(_told(each, channel) for each in _meant(there, one.attributes))
    return answers


def list_all(client: Client, everything: channels.Everything) -> Iterator[Object]:
    """One call for each channel that is not archived."""
    for channel in everything.channels():
        if not channel["is_archived"]:
            for bookmark in _of(client, channel["id"]):
                if bookmark["type"] == "link":
                    yield _told(bookmark, channel["id"])


def create(client: Client, desired: Attributes) -> Object:
    """Two calls, since Slack itself would make a second bookmark of the same title."""
    channel = desired["channel"]
    channel_id = channels.resolve(client, [channel])[channel]
    if any(True for _ in _meant(_of(client, channel_id), {"title": desired["title"]})):
        raise AlreadyExists(
            f"the channel {channel} has a bookmark {desired['title']} already",
            call=Call("slack", f"create a {TYPE}"),
            remedy="adopt it, or choose another title",
        )
    body = {name: desired[name] for name in _SETTINGS if desired.get(name)}

    def add() -> Bookmark:
        found: Bookmark = client.do("bookmarks.add", channel_id=channel_id, type="link", **body)["bookmark"]
        return found

    return _told(channels.as_member(client, channel_id, add), channel)


def update(client: Client, prior: Object, desired: Attributes, changed: frozenset[str]) -> Object:
    """One call."""
    body = {name: desired[name] for name in _SETTINGS if name in changed}
    if not body:
        return prior
    channel_id = prior.attributes["channel_id"]

    def edit() -> Bookmark:
        found: Bookmark = client.do("bookmarks.edit", channel_id=channel_id, bookmark_id=prior.id, **body)[
            "bookmark"
        ]
        return found

    return _told(channels.as_member(client, channel_id, edit), prior.attributes["channel"])


def delete(client: Client, prior: Object, how: str) -> None:
    """One call."""
    channel_id = prior.attributes["channel_id"]

    def remove() -> None:
        client.do("bookmarks.remove", channel_id=channel_id, bookmark_id=prior.id)

    channels.as_member(client, channel_id, remove)


def normalise(desired: Attributes) -> Attributes:
    """Emoji between colons, the channel without what means nothing."""
    found = dict(desired)
    if "channel" in found:
        found["channel"] = channels.plain(found["channel"])
    if isinstance(found.get("emoji"), str) and found["emoji"].strip():
        found["emoji"] = f":{found['emoji'].strip().strip(':')}:"
    return found


def _of(client: Client, channel_id: str) -> list[Bookmark]:
    found: list[Bookmark] = client.ask_by_post("bookmarks.list", channel_id=channel_id)["bookmarks"]
    return found


def _by_channel(client: Client, ids: Iterable[str]) -> dict[str, list[Bookmark] | ProviderError]:
    found: dict[str, list[Bookmark] | ProviderError] = {}
    for channel_id in ids:
        try:
            found[channel_id] = _of(client, channel_id)
        except ProviderError as error:
            found[channel_id] = error
    return found


def _meant(bookmarks: Iterable[Bookmark], attributes: Attributes) -> Iterator[Bookmark]:
    for bookmark in bookmarks:
        if "id" in attributes:
            is_meant = bookmark["id"] == attributes["id"]
        else:
            is_meant = bookmark["title"] == attributes["title"]
        if is_meant and bookmark["type"] == "link":
            yield bookmark


def _told(bookmark: Bookmark, channel: str) -> Object:
    return Object(
        TYPE,
        bookmark["id"],
        {
            "channel": channel,
            "title": bookmark["title"],
            "link": bookmark["link"],
            "emoji": bookmark.get("emoji") or "",
            "id": bookmark["id"],
            "channel_id": bookmark["channel_id"],
            "type": bookmark["type"],
            "icon_url": bookmark.get("icon_url"),
            "created": bookmark["date_created"],
        },
    )


KIND = Kind(
    type=TYPE,
    read=read,
    find=find,
    list_all=list_all,
    create=create,
    update=update,
    delete=delete,
    normalise=normalise,
)
