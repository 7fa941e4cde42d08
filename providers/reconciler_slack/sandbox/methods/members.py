"""Who is in a channel. Source: docs.slack.dev/reference/methods, the pages conversations.*."""

from typing import Any

from reconciler.sandbox.world import Document
from reconciler_slack.sandbox.domain.channels import add_members, remove_member
from reconciler_slack.sandbox.domain.messages import announce
from reconciler_slack.sandbox.errors import Refusal
from reconciler_slack.sandbox.methods.conversations import shown
from reconciler_slack.sandbox.methods.registry import Answer, Call, Methods
from reconciler_slack.sandbox.scopes import INVITE, JOIN, KICK, MANAGE, READ

METHODS = Methods()
MOST_INVITED = 100


@METHODS.add("conversations.members", 4, READ, "channel", takes_json=False)
def list_members(call: Call) -> Answer:
    """The ids of a channel's members, in pages."""
    channel = call.conversation()
    page, more = call.page(call.store.member_ids(channel["id"]), str, call.limit(100, most=1000))
    return {"members": list(page), **more}


@METHODS.add("conversations.join", 3, JOIN, "channel")
def join(call: Call) -> Answer:
    """Enter a public channel; to be in it already is a warning."""
    channel = call.channel()
    if channel["is_private"]:
        raise Refusal("method_not_supported_for_channel_type")
    if channel["is_archived"]:
        raise Refusal("is_archived")
    if call.is_member(channel):
        warning = "already_in_channel"
        return {**shown(call, channel), "warning": warning, "response_metadata": {"warnings": [warning]}}
    add_members(call.store, channel, [call.viewer.id])
    announce(call.store, channel["id"], call.viewer.id, "channel_join", "has joined the channel")
    return shown(call, channel)


@METHODS.add("conversations.leave", 3, MANAGE, "channel")
def leave(call: Call) -> Answer:
    """Leave a channel; not to be in it is told without an error code."""
    channel = call.conversation()
    if channel["is_archived"]:
        raise Refusal("is_archived")
    if not call.is_member(channel):
        return {"ok": False, "not_in_channel": True}
    if channel["is_general"]:
        raise Refusal("cant_leave_general")
    if call.viewer.is_guest:
        raise Refusal("user_is_restricted")
    if channel["is_private"] and channel["num_members"] == 1:
        raise Refusal("last_member")
    remove_member(call.store, channel, call.viewer.id)
    announce(call.store, channel["id"], call.viewer.id, "channel_leave", "has left the channel")
    return {}


@METHODS.add("conversations.invite", 3, INVITE, "channel", "users")
def invite(call: Call) -> Answer:
    """Bring users in, at most 100 a call: all or none, unless ``force`` passes over those who cannot come."""
    channel = call.conversation()
    if channel["is_archived"]:
        raise Refusal("is_archived")
    call.require_member(channel)
    user_ids = [part.strip() for part in call.arguments.text("users").split(",") if part.strip()]
    if not user_ids:
        raise Refusal("no_user")
    if len(user_ids) > MOST_INVITED:
        raise Refusal("too_many_users")
    problems = [
        {"user": user_id, "ok": False, "error": error}
        for user_id in user_ids
        if (error := _why_not(call, channel, user_id)) is not None
    ]
    refused = {problem["user"] for problem in problems}
    welcome = [user_id for user_id in user_ids if user_id not in refused]
    details: dict[str, Any] = {"errors": problems} if problems else {}
    if problems and not (welcome and call.arguments.boolean("force")):
        raise Refusal(str(problems[0]["error"]), details)
    add_members(call.store, channel, welcome)
    for user_id in welcome:
        text = f"has joined the channel. Inviter: <@{call.viewer.id}>"
        announce(call.store, channel["id"], user_id, "channel_join", text, inviter=call.viewer.id)
    return {**shown(call, channel), **details}


@METHODS.add("conversations.kick", 3, KICK, "channel")
def kick(call: Call) -> Answer:
    """Take a user out of a channel that the caller is in; nobody can be taken out of the general one."""
    channel = call.conversation()
    user_id = call.arguments.text("user")
    if call.store.get("user", user_id) is None:
        raise Refusal("user_not_found")
    if user_id == call.viewer.id:
        raise Refusal("cant_kick_self")
    if channel["is_general"]:
        raise Refusal("cant_kick_from_general")
    if call.viewer.is_guest:
        raise Refusal("restricted_action")
    if not call.is_member(channel) or not call.store.is_member(channel["id"], user_id):
        raise Refusal("not_in_channel")
    if channel["is_archived"]:
        raise Refusal("not_supported")
    remove_member(call.store, channel, user_id)
    announce(call.store, channel["id"], user_id, "channel_leave", "was removed from the channel")
    return {"errors": {}}


def _why_not(call: Call, channel: Document, user_id: str) -> str | None:
    """Why a user cannot be invited; nothing if the user can."""
    user = call.store.get("user", user_id)
    if user is None or user["deleted"]:
        return "user_not_found"
    if user_id == call.viewer.id:
        return "cant_invite_self"
    if call.store.is_member(channel["id"], user_id):
        return "already_in_channel"
    return "no_permission" if call.viewer.is_guest else None
