"""``slack_channel``: docs.slack.dev/reference/objects/conversation-object, …/methods/conversations.*."""

from collections.abc import Iterator, Mapping
from typing import Any

from reconciler.errors import Call, Forbidden, NotFound, ProviderError, Rejected
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
from reconciler.provider.writes import half_created
from reconciler_slack import channels, codes
from reconciler_slack.channels import Channel
from reconciler_slack.client import Client
from reconciler_slack.errors import code_of
from reconciler_slack.resources.kind import Kind

TYPE = "slack_channel"

_SETTERS = {
    "name": "conversations.rename",
    "topic": "conversations.setTopic",
    "purpose": "conversations.setPurpose",
}
_FLAGS = ("is_general", "is_member", "is_shared", "is_ext_shared", "is_org_shared")


def read(client: Client, lookups: Mapping[str, Lookup]) -> Mapping[str, ReadResult]:
    """All at once: one list of the workspace, or one call each where there are few."""
    found = channels.by_id(client, {lookup.id for lookup in lookups.values()})
    return {key: _answer(client, lookup, found[lookup.id]) for key, lookup in lookups.items()}


def find(client: Client, wanted: Mapping[str, Wanted]) -> Mapping[str, FindResult]:
    """By name, or by id for an import; archived ones too."""
    ids = {key: one.attributes["id"] for key, one in wanted.items() if "id" in one.attributes}
    names = {key: one.attributes["name"] for key, one in wanted.items() if key not in ids}
    by_id = channels.by_id(client, set(ids.values())) if ids else {}
    by_name = channels.by_name(client, set(names.values()))
    answers: dict[str, FindResult] = {}
    for key, channel_id in ids.items():
        channel = by_id[channel_id]
        if isinstance(channel, NotFound):
            answers[key] = ()
        else:
            answers[key] = (
                Unreadable(channel) if isinstance(channel, ProviderError) else (told(client, channel),)
            )
    for key, name in names.items():
        answers[key] = (told(client, by_name[name]),) if name in by_name else ()
    return answers


def list_all(client: Client, everything: channels.Everything) -> Iterator[Object]:
    """All channels that the bot may see."""
    for channel in everything.channels():
        yield told(client, channel)


def create(client: Client, desired: Attributes) -> Object:
    """One call, and one each for topic, purpose and archiving. The bot is in a channel that it creates."""
    channel = client.do(
        "conversations.create", name=desired["name"], is_private=desired.get("is_private", False)
    )["channel"]
    settings = [name for name in ("topic", "purpose") if desired.get(name)]
    try:
        for name in settings:
            channel = _set(client, channel, name, desired[name])
        if desired.get("archived"):
            channel = _archive(client, channel["id"])
    except ProviderError as error:
        raise half_created(f"the channel {channel['name']}", error) from error
    channels.learn(client, [channel])
    return told(client, channel)


def update(client: Client, prior: Object, desired: Attributes, changed: frozenset[str]) -> Object:
    """One call for each attribute; joining or unarchiving goes before, archiving comes last."""
    if "is_private" in changed:
        raise _cannot_convert(prior, desired)
    found: Channel | None = None
    if "archived" in changed and not desired["archived"]:
        found = _unarchive(client, prior)
    elif not prior.attributes.get("is_member", True) and not prior.attributes.get("archived"):
        found = client.do("conversations.join", channel=prior.id)["channel"]
    for name in _SETTERS:
        if name in changed:
            found = _set(client, found or {"id": prior.id}, name, desired[name])
    if "archived" in changed and desired["archived"]:
        found = _archive(client, prior.id)
    if found is None:
        return prior
    channels.learn(client, [found])
    return told(client, found)


def delete(client: Client, prior: Object, how: str) -> None:
    """One call; one that is archived already stays so. Slack deletes no channel for a bot."""
    if prior.attributes.get("archived"):
        return
    try:
        _archive_only(client, prior.id)
    except ProviderError as error:
        if code_of(error) != "already_archived":
            raise


def normalise(desired: Attributes) -> Attributes:
    """Names as Slack keeps them; texts with the three characters that Slack escapes in its answers."""
    found = dict(desired)
    if isinstance(found.get("name"), str):
        found["name"] = channels.plain_name(found["name"])
    for name in ("topic", "purpose"):
        if isinstance(found.get(name), str):
            found[name] = unescaped(found[name])
    return found


def unescaped(text: str) -> str:
    """A text without Slack's escapes of ``&``, ``<`` and ``>``.

    Source: docs.slack.dev/messaging/formatting-message-text#escaping
    """
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def told(client: Client, channel: Channel) -> Object:
    """A channel as Slack tells it. Its address is made of the workspace's own: Slack gives none."""
    attributes: dict[str, Any] = {
        "name": channel["name"],
        "is_private": channel["is_private"],
        "topic": unescaped(channel["topic"]["value"]),
        "purpose": unescaped(channel["purpose"]["value"]),
        "archived": channel["is_archived"],
        "id": channel["id"],
        "creator": channel["creator"],
        "created": channel["created"],
        "previous_names": list(channel.get("previous_names") or ()),
        "url": f"{client.workspace().url}archives/{channel['id']}",
        **{flag: bool(channel.get(flag)) for flag in _FLAGS},
    }
    return Object(TYPE, channel["id"], attributes)


def _answer(client: Client, lookup: Lookup, found: Channel | ProviderError) -> ReadResult:
    """A private channel that is not told may be there all the same: the bot may have been removed from it."""
    if isinstance(found, NotFound) and not lookup.attributes.get("is_private"):
        return Absent()
    return Unreadable(found) if isinstance(found, ProviderError) else told(client, found)


def _set(client: Client, channel: Channel, name: str, value: str) -> Channel:
    def call() -> Channel:
        arguments: dict[str, Any] = {"channel": channel["id"], name: value}
        found: Channel = client.do(_SETTERS[name], **arguments)["channel"]
        return found

    return channels.as_member(client, channel["id"], call)


def _archive_only(client: Client, channel_id: str) -> None:
    channels.as_member(client, channel_id, lambda: client.do("conversations.archive", channel=channel_id))


def _archive(client: Client, channel_id: str) -> Channel:
    """Two calls: Slack does not answer with the channel, and archiving takes its members out."""
    _archive_only(client, channel_id)
    found: Channel = client.ask("conversations.info", channel=channel_id)["channel"]
    return found


def _unarchive(client: Client, prior: Object) -> Channel:
    """Two calls: a person unarchives it, and the bot comes back into it.

    Slack documents scopes of bots for it, and refuses them all the same: a bot is not in an archived channel.
    """
    if not client.has_user_token:
        raise Forbidden(
            f"no bot can unarchive a channel, {prior.attributes['name']} neither",
            call=Call("slack", "conversations.unarchive"),
            remedy="unarchive it in Slack, or give the provider a `user_token` of a person who may "
            "(scopes channels:write, groups:write), then apply again",
            code=codes.TOKEN_TYPE,
        )
    client.do("conversations.unarchive", channel=prior.id, as_person=True)
    if prior.attributes["is_private"]:
        bot = client.workspace().user_id
        client.do("conversations.invite", channel=prior.id, users=bot, as_person=True)
        found: Channel = client.ask("conversations.info", channel=prior.id)["channel"]
    else:
        found = client.do("conversations.join", channel=prior.id)["channel"]
    return found


def _cannot_convert(prior: Object, desired: Attributes) -> Rejected:
    name, becomes = prior.attributes["name"], "private" if desired["is_private"] else "public"
    return Rejected(
        f"Slack lets no app make the channel {name} {becomes}",
        call=Call("slack", "update a slack_channel"),
        remedy=f"make it {becomes} in Slack (the channel's settings), or declare another resource with "
        "another name: an archived channel keeps its own",
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
