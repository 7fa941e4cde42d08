"""Messages. Source: docs.slack.dev/reference/methods, the pages chat.* and conversations.history."""

import re

from reconciler.sandbox.world import Document
from reconciler_slack.sandbox import representations
from reconciler_slack.sandbox.domain.drafts import LONGEST_TEXT, author_of, content_of
from reconciler_slack.sandbox.domain.messages import deliver_due, key_of, post
from reconciler_slack.sandbox.domain.messages import remove as remove_message
from reconciler_slack.sandbox.errors import Refusal
from reconciler_slack.sandbox.limits import SPECIAL
from reconciler_slack.sandbox.methods.registry import Answer, Call, Methods
from reconciler_slack.sandbox.scopes import HISTORY, NOTHING, both

METHODS = Methods()
WRITE = both("chat:write")
LONGEST_UPDATE = 4_000


def channel_to_write(call: Call) -> Document:
    """The channel of the argument, by id or name, that the caller may post to; raises ``Refusal``."""
    named = call.store.channel_named(call.arguments.text("channel").removeprefix("#"))
    channel = named if named is not None and call.may_see(named) else call.channel()
    if channel["is_archived"]:
        raise Refusal("is_archived")
    if not call.is_member(channel) and not call.has_scope("chat:write.public"):
        raise Refusal("not_in_channel")
    return channel


def thread_of(call: Call, channel: Document) -> str | None:
    """The message that the new one answers, if it is to be one in a thread."""
    ts = call.arguments.text("thread_ts")
    if not ts:
        return None
    parent = call.store.get("message", key_of(channel["id"], ts))
    if parent is None:
        raise Refusal("cannot_reply_to_message")
    return str(parent["thread_ts"] or parent["ts"])


@METHODS.add("chat.postMessage", SPECIAL, WRITE, "channel")
def post_message(call: Call) -> Answer:
    """Say something."""
    channel = channel_to_write(call)
    content = content_of(call.arguments)
    author = author_of(call.store.team()["id"], call.viewer.user)
    thread = thread_of(call, channel)
    message = post(call.store, channel["id"], call.viewer.id, {**author, **content}, thread)
    shown = representations.message(call.store, message)
    answer = {"channel": channel["id"], "ts": message["ts"], "message": shown}
    if len(call.arguments.text("text")) > LONGEST_TEXT:
        answer |= {"warning": "message_truncated"}
        answer |= {"response_metadata": {"warnings": ["message_truncated"]}}
    return answer


@METHODS.add("chat.update", 3, WRITE, "channel", "ts")
def update(call: Call) -> Answer:
    """Say something else instead; only one's own messages can be changed."""
    channel = call.channel()
    message = _find(call, channel, call.arguments.text("ts"))
    if channel["is_archived"]:
        raise Refusal("is_inactive")
    if message["user_id"] != call.viewer.id or "subtype" in message["shown"]:
        raise Refusal("cant_update_message")
    content = content_of(call.arguments)
    if len(content["text"]) > LONGEST_UPDATE:
        raise Refusal("msg_too_long")
    edited = {"edited": {"user": call.viewer.id, "ts": f"{call.store.now()}.000000"}}
    kept = {key: message["shown"][key] for key in message["shown"] if key not in ("blocks", "attachments")}
    message["shown"] = {**kept, **content, **edited}
    call.store.put("message", key_of(channel["id"], message["ts"]), message)
    return {
        "channel": channel["id"],
        "ts": message["ts"],
        "text": content["text"],
        "message": {key: value for key, value in message["shown"].items() if key != "ts"},
    }


@METHODS.add("chat.delete", 3, WRITE, "channel", "ts")
def delete(call: Call) -> Answer:
    """Take a message back; apps and members can take back their own, and admins with a user token any."""
    channel = call.channel()
    message = _find(call, channel, call.arguments.text("ts"))
    may_any = call.viewer.is_admin and not call.viewer.is_bot
    if message["user_id"] != call.viewer.id and not may_any:
        raise Refusal("cant_delete_message")
    remove_message(call.store, message)
    return {"channel": channel["id"], "ts": message["ts"]}


@METHODS.add("chat.getPermalink", SPECIAL, NOTHING, "channel", "message_ts", takes_json=False)
def get_permalink(call: Call) -> Answer:
    """The address of a message."""
    channel = call.channel()
    message = _find(call, channel, call.arguments.text("message_ts"))
    link = representations.permalink(call.store.team(), channel["id"], message["ts"], message["thread_ts"])
    return {"channel": channel["id"], "permalink": link}


@METHODS.add("conversations.history", 3, HISTORY, "channel")
def history(call: Call) -> Answer:
    """A channel's messages, the latest first, without those in threads."""
    deliver_due(call.store)
    channel = call.conversation()
    if call.viewer.is_bot:
        call.require_member(channel)
    oldest, latest = _moment(call, "oldest"), _moment(call, "latest")
    inclusive = call.arguments.boolean("inclusive")
    found = [
        message
        for message in reversed(call.store.find("message", channel_id=channel["id"]))
        if message["thread_ts"] is None and _within(message["ts"], oldest, latest, inclusive)
    ]
    page, more = call.page(found, lambda message: str(message["ts"]), call.limit(100))
    pinned = {pin["ts"] for pin in call.store.find("pin", channel_id=channel["id"])}
    has_more = bool(more["response_metadata"]["next_cursor"])
    answer: Answer = {
        "messages": [representations.message(call.store, each, each["ts"] in pinned) for each in page],
        "has_more": has_more,
        "pin_count": len(pinned),
        "channel_actions_ts": None,
        "channel_actions_count": 0,
    }
    for name, moment in (("oldest", oldest), ("latest", latest)):
        answer |= {name: moment} if moment else {}
    return {**answer, **more} if has_more else answer


def _find(call: Call, channel: Document, ts: str) -> Document:
    found = call.store.get("message", key_of(channel["id"], ts))
    if found is None:
        raise Refusal("message_not_found")
    return found


def _moment(call: Call, name: str) -> str:
    text = call.arguments.text(name)
    if text and not re.fullmatch(r"\d+(\.\d+)?", text):
        raise Refusal(f"invalid_ts_{name}")
    return text


def _within(ts: str, oldest: str, latest: str, inclusive: bool) -> bool:
    after = not oldest or float(ts) > float(oldest) or (inclusive and ts == oldest)
    return after and (not latest or float(ts) < float(latest) or (inclusive and ts == latest))
