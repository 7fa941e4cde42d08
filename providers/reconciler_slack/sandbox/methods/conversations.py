"""Make, find and change channels. Source: docs.slack.dev/reference/methods, the pages conversations.*."""

from reconciler.sandbox.world import Document
from reconciler_slack.sandbox import representations
from reconciler_slack.sandbox.domain import channels
from reconciler_slack.sandbox.domain.messages import announce
from reconciler_slack.sandbox.errors import Refusal
from reconciler_slack.sandbox.methods.registry import Answer, Call, Methods
from reconciler_slack.sandbox.scopes import MANAGE, READ, TOPIC

METHODS = Methods()
_TABS = ("workflows", "files", "bookmarks")


def shown(call: Call, channel: Document) -> Answer:
    """A channel as the answer to a call that is about it alone."""
    seen = representations.channel(call.store.team()["id"], channel)
    seen["is_member"] = call.is_member(channel)
    if seen["is_member"]:
        seen["last_read"] = "0000000000.000000"
    return {"channel": seen}


@METHODS.add("conversations.create", 2, MANAGE, "name")
def create(call: Call) -> Answer:
    """A new channel, with its maker in it."""
    is_private = call.arguments.boolean("is_private")
    call.require_scope_for(is_private)
    if call.viewer.is_guest:
        raise Refusal("restricted_action")
    made = channels.create_channel(call.store, call.viewer.id, call.arguments.text("name"), is_private)
    channels.add_members(call.store, made, [call.viewer.id])
    announce(call.store, made["id"], call.viewer.id, "channel_join", "has joined the channel")
    answer = shown(call, made)
    answer["channel"]["priority"] = 0
    return answer


@METHODS.add("conversations.rename", 2, MANAGE, "channel", "name")
def rename(call: Call) -> Answer:
    """Another name; only the channel's creator or an admin may give it."""
    channel = call.conversation()
    before = channel["name"]
    if channel["is_archived"]:
        raise Refusal("is_archived")
    call.require_member(channel)
    if channel["creator"] != call.viewer.id and not call.viewer.is_admin:
        raise Refusal("not_authorized")
    renamed = channels.rename(call.store, channel, call.arguments.text("name"))
    if renamed["name"] != before:
        text = f'has renamed the channel from "{before}" to "{renamed["name"]}"'
        names = {"old_name": before, "name": renamed["name"]}
        announce(call.store, channel["id"], call.viewer.id, "channel_name", text, **names)
    return shown(call, renamed)


@METHODS.add("conversations.archive", 2, MANAGE, "channel")
def archive(call: Call) -> Answer:
    """Close a channel; its name stays taken."""
    channel = call.conversation()
    if channel["is_archived"]:
        raise Refusal("already_archived")
    if channel["is_general"]:
        raise Refusal("cant_archive_general")
    call.require_member(channel)
    announce(call.store, channel["id"], call.viewer.id, "channel_archive", "archived the channel")
    channels.archive(call.store, channel)
    return {}


@METHODS.add("conversations.unarchive", 2, MANAGE, "channel")
def unarchive(call: Call) -> Answer:
    """Open a channel again. Bots cannot: their scopes are documented, and the answer is not_in_channel."""
    channel = call.conversation()
    if not channel["is_archived"]:
        raise Refusal("not_archived")
    if call.viewer.is_bot:
        raise Refusal("not_in_channel")
    channels.unarchive(call.store, channel, call.viewer.id)
    announce(call.store, channel["id"], call.viewer.id, "channel_unarchive", "un-archived the channel")
    return {}


@METHODS.add("conversations.setTopic", 2, TOPIC, "channel", "topic")
def set_topic(call: Call) -> Answer:
    """The topic, at most 250 characters; empty to have none."""
    return _set_text(call, "topic", "channel_topic")


@METHODS.add("conversations.setPurpose", 2, TOPIC, "channel", "purpose")
def set_purpose(call: Call) -> Answer:
    """The description, at most 250 characters; empty to have none."""
    return _set_text(call, "purpose", "channel_purpose")


@METHODS.add("conversations.list", 2, READ, takes_json=False)
def list_channels(call: Call) -> Answer:
    """Public channels, and private ones that the caller is in, archived ones too unless excluded."""
    kinds, archived_too = _kinds(call), not call.arguments.boolean("exclude_archived")
    mine = {found["channel_id"] for found in call.store.find("membership", user_id=call.viewer.id)}
    found = [
        channel
        for channel in call.store.find("channel")
        if channel["is_private"] in kinds
        and (not channel["is_private"] or channel["id"] in mine)
        and (archived_too or not channel["is_archived"])
    ]
    page, more = call.page(found, lambda channel: str(channel["id"]), call.limit(100))
    team_id = call.store.team()["id"]
    listed = [
        {
            **representations.channel(team_id, channel),
            "is_member": channel["id"] in mine,
            "num_members": channel["num_members"],
        }
        for channel in page
    ]
    return {"channels": listed, **more}


@METHODS.add("users.conversations", 3, READ, takes_json=False)
def list_of_user(call: Call) -> Answer:
    """The channels that a user is in, as far as the caller may see them; without the number of members."""
    kinds, archived_too = _kinds(call), not call.arguments.boolean("exclude_archived")
    user_id = call.arguments.text("user") or call.viewer.id
    joined = call.store.find("membership", user_id=user_id)
    channels_of = [call.store.require("channel", found["channel_id"]) for found in joined]
    found = [
        channel
        for channel in channels_of
        if channel["is_private"] in kinds
        and call.may_see(channel)
        and (archived_too or not channel["is_archived"])
    ]
    page, more = call.page(found, lambda channel: str(channel["id"]), call.limit(100))
    team_id = call.store.team()["id"]
    return {"channels": [representations.channel(team_id, channel) for channel in page], **more}


@METHODS.add("conversations.info", 3, READ, "channel", takes_json=False)
def show(call: Call) -> Answer:
    """One channel, with the number of its members if that is asked for."""
    channel = call.conversation()
    answer = shown(call, channel)
    answer["channel"]["properties"] = {"tabs": [{"id": tab, "label": "", "type": tab} for tab in _TABS]}
    if call.arguments.boolean("include_num_members"):
        answer["channel"]["num_members"] = channel["num_members"]
    if call.arguments.boolean("include_locale"):
        answer["channel"]["locale"] = "en-US"
    return answer


def _set_text(call: Call, field: str, subtype: str) -> Answer:
    channel = call.conversation()
    if channel["is_archived"]:
        raise Refusal("is_archived")
    call.require_member(channel)
    if call.viewer.is_guest:
        raise Refusal("user_is_restricted")
    text = call.arguments.text(field)
    channels.set_text(call.store, channel, field, text, call.viewer.id)
    kind = {"topic": "topic", "purpose": "description"}[field]
    said = f"set the channel {kind}: {text}" if text else f"cleared the channel {kind}"
    announce(call.store, channel["id"], call.viewer.id, subtype, said, **{field: text})
    return shown(call, channel)


def _kinds(call: Call) -> set[bool]:
    """Whether private channels, public ones, or both are asked for; there are no direct messages here."""
    known = {"public_channel": False, "private_channel": True, "im": None, "mpim": None}
    asked = call.arguments.texts("types") or ["public_channel"]
    if not set(asked) <= set(known):
        raise Refusal("invalid_types")
    kinds = {private for name in asked if (private := known[name]) is not None}
    for private in sorted(kinds):
        call.require_scope_for(private)
    return kinds
