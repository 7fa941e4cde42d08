"""Ordinary work and ordinary mistakes, in which every method is called."""

import json
from collections.abc import Callable, Mapping
from typing import Any

Call = Callable[..., Mapping[str, Any]]
POST_AT = 1767326645


def run(call: Call) -> None:
    """Make the calls, in an order in which a person might."""
    for method in ("api.test", "auth.test", "team.info", "emoji.list"):
        call(method)
    call("auth.test", token="user_token")
    call("api.test", foo="bar")
    call("api.test", error="my_error", foo="bar")
    call("emoji.list", include_categories="true")
    members = call("users.list")["members"]
    call("users.list", limit=2, include_locale="true")
    users = {each["name"]: each["id"] for each in members}
    call("users.info", user=users["alice"], include_locale="true")
    call("users.lookupByEmail", email="alice@example.com")
    channels(call, users)
    groups(call, users)
    talk(call, users)
    mistakes(call, users)


def channels(call: Call, users: Mapping[str, str]) -> None:
    """A channel's whole life."""
    made = call("conversations.create", name="Results")["channel"]["id"]
    call("conversations.create", name="secret", is_private="true")
    steps: dict[str, dict[str, Any]] = {
        "conversations.setTopic": {"topic": "Runs"},
        "conversations.setPurpose": {"purpose": "What the runs say"},
        "conversations.rename": {"name": "runs"},
        "conversations.join": {},
        "conversations.invite": {"users": f"{users['alice']},{users['bob']}"},
        "conversations.members": {"limit": 2},
        "conversations.info": {"include_num_members": "true", "include_locale": "true"},
        "conversations.history": {},
    }
    for method, arguments in steps.items():
        call(method, channel=made, **arguments)
    call("conversations.invite", channel=made, users=f"U0NOBODY,{users['carol']}", force="true")
    call("conversations.kick", channel=made, user=users["alice"])
    call("conversations.list", types="public_channel,private_channel", limit=2)
    call("users.conversations", types="public_channel,private_channel")
    bookmark = {"title": "Board", "type": "link", "link": "https://example.com", "emoji": ":clap:"}
    added = call("bookmarks.add", channel_id=made, **bookmark)["bookmark"]["id"]
    call("bookmarks.edit", channel_id=made, bookmark_id=added, title="Wall")
    call("bookmarks.list", channel_id=made)
    call("bookmarks.remove", channel_id=made, bookmark_id=added)
    call("conversations.archive", channel=made)
    call("conversations.unarchive", channel=made)
    call("conversations.unarchive", token="user_token", channel=made)
    call("conversations.leave", token="user_token", channel=made)
    call("conversations.leave", token="user_token", channel=made)


def groups(call: Call, users: Mapping[str, str]) -> None:
    """A user group's whole life."""
    made = call("usergroups.create", name="Crew", include_count="true")["usergroup"]["id"]
    call("usergroups.update", usergroup=made, description="All hands")
    call("usergroups.users.update", usergroup=made, users=users["alice"], include_count="true")
    call("usergroups.users.list", usergroup=made)
    call("usergroups.list", include_users="true", include_count="true")
    call("usergroups.disable", usergroup=made)
    call("usergroups.list", include_disabled="true")
    call("usergroups.enable", usergroup=made)


def talk(call: Call, users: Mapping[str, str]) -> None:
    """Messages of all sorts."""
    made = call("conversations.create", name="talk")["channel"]["id"]
    blocks = json.dumps([{"type": "section", "text": {"type": "mrkdwn", "text": "*Green*"}}])
    ts = call("chat.postMessage", channel=made, text="Green", blocks=blocks)["ts"]
    attachments = json.dumps([{"fallback": "a picture", "image_url": "https://example.com/a.png"}])
    call("chat.postMessage", channel=made, text="Look", attachments=attachments, thread_ts=ts)
    call("chat.postMessage", token="user_token", channel=made, text="not in it")
    call("chat.update", channel=made, ts=ts, text="Red")
    call("chat.getPermalink", channel=made, message_ts=ts)
    call("pins.add", channel=made, timestamp=ts)
    call("pins.list", channel=made)
    call("conversations.history", channel=made, limit=1)
    call("conversations.history", channel=made, oldest=ts, latest=f"{POST_AT}.000000", inclusive="1")
    call("pins.remove", channel=made, timestamp=ts)
    call("chat.delete", channel=made, ts=ts)
    later = call("chat.scheduleMessage", channel=made, text="Later", post_at=POST_AT)["scheduled_message_id"]
    call("chat.scheduledMessages.list", channel=made)
    call("chat.deleteScheduledMessage", channel=made, scheduled_message_id=later)


def mistakes(call: Call, users: Mapping[str, str]) -> None:
    """Calls that Slack refuses, each in its own way."""
    listed = call("conversations.list", types="public_channel,private_channel", limit=999)["channels"]
    by_name = {each["name"]: each["id"] for each in listed}
    general, talk_, secret = by_name["general"], by_name["talk"], by_name["secret"]
    old = call("conversations.create", name="old")["channel"]["id"]
    call("conversations.archive", channel=old)
    for name in ("old", "", "!", "x" * 81, "\U0001f600x"):
        call("conversations.create", name=name)
    for channel in (general, old, "C0NOWHERE"):
        call("conversations.setTopic", channel=channel, topic="x")
        call("conversations.setPurpose", channel=channel, purpose="x")
        call("conversations.rename", channel=channel, name="x")
        call("conversations.archive", channel=channel)
        call("conversations.join", channel=channel)
        call("conversations.leave", channel=channel)
        call("conversations.invite", channel=channel, users=users["alice"])
        call("conversations.kick", channel=channel, user=users["alice"])
        call("chat.postMessage", channel=channel, text="x")
        call("chat.scheduleMessage", channel=channel, text="x", post_at=POST_AT)
        call("pins.add", channel=channel, timestamp="1.000001")
        call("pins.remove", channel=channel, timestamp="")
        call("bookmarks.add", channel_id=channel, title="x", type="link", link="example.com")
        call("bookmarks.remove", channel_id=channel, bookmark_id="Bk0")
        call("chat.update", channel=channel, ts="1.000001", text="x")
        call("chat.delete", channel=channel, ts="1.000001")
        call("chat.getPermalink", channel=channel, message_ts="1.000001")
    call("conversations.unarchive", channel=talk_)
    call("conversations.join", channel=secret)
    call("conversations.setTopic", channel=talk_, topic="x" * 251)
    call("conversations.invite", channel=talk_, users=",".join(f"U{n}" for n in range(101)))
    call("conversations.kick", channel=talk_, user=users["reconciler"])
    call("conversations.list", cursor="x")
    call("conversations.list", limit="0")
    call("conversations.list", types="x")
    call("conversations.info")
    call("users.info", user="x")
    call("users.list", cursor="x")
    call("users.lookupByEmail", email="x")
    call("team.info", team="T0OTHER")
    call("usergroups.create", name="Crew", handle="crew-2")
    call("usergroups.create", name="Other", handle="crew")
    call("usergroups.create", name="Other", handle="a b")
    for method in ("update", "enable", "disable", "users.list", "users.update"):
        call(f"usergroups.{method}", usergroup="S0NOWHERE", users=users["alice"])
    other = call("usergroups.create", name="Second")["usergroup"]["id"]
    call("usergroups.update", usergroup=other, name="Crew")
    call("usergroups.users.update", usergroup=other)
    call("usergroups.users.update", usergroup=other, users="U0NOBODY")
    call("chat.postMessage", channel=talk_)
    call("chat.scheduleMessage", channel=talk_, text="x", post_at=1)
    call("chat.deleteScheduledMessage", channel=talk_, scheduled_message_id="Q0")
    call("chat.scheduledMessages.list", channel="C0NOWHERE")
