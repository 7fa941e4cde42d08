"""Channels by id and by name, with the cheapest calls, and being in them.

Sources: docs.slack.dev/reference/methods/conversations.list, conversations.info, conversations.join;
…/reference/objects/conversation-object.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any, TypeVar

from reconciler.errors import Call, NotFound, ProviderError, Rejected
from reconciler_slack.client import Client
from reconciler_slack.errors import code_of

FEW = 3
"""Up to so many channels are asked for one by one; for more, the list of all is read."""

Channel = Mapping[str, Any]
"""A conversation object as Slack tells it."""

Result = TypeVar("Result")

_ID = re.compile(r"[CG][A-Z0-9]{7,}")
_MENTION = re.compile(r"<#([A-Z0-9]+)(?:\|[^>]*)?>")


def is_id(text: str) -> bool:
    """Whether a text is a channel's id. Names are in lower case, so that none looks like one."""
    return _ID.fullmatch(text) is not None


def plain_name(text: str) -> str:
    """A channel's name as Slack keeps it: without ``#``, in lower case, hyphens for spaces."""
    return re.sub(r"\s+", "-", text.strip().removeprefix("#").lower())


def plain(text: Any) -> Any:
    """A channel as written, an id or a name, without what means nothing."""
    if not isinstance(text, str):
        return text
    text = text.strip()
    if found := _MENTION.fullmatch(text):
        return found[1]
    return text if is_id(text) else plain_name(text)


def every(client: Client) -> Iterator[Channel]:
    """All channels that the bot may see, archived ones too. Raises ProviderError."""
    return client.items("conversations.list", "channels", types="public_channel,private_channel")


class Everything:
    """All channels that the bot may see, asked for once; one thread uses it."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._channels: list[Channel] | None = None

    def channels(self) -> list[Channel]:
        """Archived ones too. Raises ProviderError."""
        if self._channels is None:
            self._channels = list(every(self._client))
        return self._channels


def by_id(client: Client, ids: Collection[str]) -> dict[str, Channel | ProviderError]:
    """The channels with these ids, and for each of the others why it cannot be told.

    One that the list of all does not hold is asked for by itself, so that it is missing for certain.
    """
    found: dict[str, Channel | ProviderError] = {}
    if len(ids) > FEW:
        try:
            found |= {channel["id"]: channel for channel in every(client) if channel["id"] in ids}
        except ProviderError as error:
            return dict.fromkeys(ids, error)
    for channel_id in ids:
        if channel_id not in found:
            found[channel_id] = _one(client, channel_id)
    learn(client, (channel for channel in found.values() if not isinstance(channel, ProviderError)))
    return found


def by_name(client: Client, names: Collection[str]) -> dict[str, Channel]:
    """The channels with these names; no more pages are read than it takes. Raises ProviderError."""
    found: dict[str, Channel] = {}
    if names:
        for channel in every(client):
            if channel["name"] in names:
                found[channel["name"]] = channel
                if len(found) == len(names):
                    break
        learn(client, found.values())
    return found


def learn(client: Client, found: Iterable[Channel]) -> None:
    """Remember these channels' names."""
    client.identities.learn_channels({channel["name"]: channel["id"] for channel in found})


def ids_of(client: Client, texts: Iterable[str]) -> dict[str, str]:
    """The ids of channels written as ids or names, as far as there are such. Raises ProviderError."""
    ids: dict[str, str] = {}
    asked: list[str] = []
    for text in dict.fromkeys(texts):
        known = text if is_id(text) else client.identities.channel(text)
        if known is None:
            asked.append(text)
        else:
            ids[text] = known
    return ids | {name: channel["id"] for name, channel in by_name(client, asked).items()}


def resolve(client: Client, texts: Iterable[str]) -> dict[str, str]:
    """The ids of all these channels. Raises Rejected for those that are not there, and ProviderError."""
    wanted = list(texts)
    ids = ids_of(client, wanted)
    if missing := [text for text in wanted if text not in ids]:
        raise Rejected(
            f"there is no channel {', '.join(missing)}",
            call=Call("slack", "look up channels"),
            remedy="check the names; the bot sees a private channel only when it is in it",
        )
    return ids


def as_member(client: Client, channel_id: str, work: Callable[[], Result]) -> Result:
    """The result of ``work``, done again as a member of the channel if it takes one.

    A call that is refused with ``not_in_channel`` has done nothing. Raises ProviderError.
    """
    try:
        return work()
    except ProviderError as error:
        if code_of(error) != "not_in_channel":
            raise
    client.do("conversations.join", channel=channel_id)
    return work()


def _one(client: Client, channel_id: str) -> Channel | ProviderError:
    try:
        channel: Channel = client.ask("conversations.info", channel=channel_id)["channel"]
    except ProviderError as error:
        return error
    if channel.get("is_im") or channel.get("is_mpim"):
        return NotFound(
            f"{channel_id} is a direct message, and no channel",
            call=Call("slack", "conversations.info"),
            remedy="name a public or private channel",
        )
    return channel
