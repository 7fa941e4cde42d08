"""Messages for later. Source: docs.slack.dev/reference/methods, chat.scheduleMessage and its siblings."""

from reconciler_slack.sandbox.domain.drafts import author_of, content_of
from reconciler_slack.sandbox.domain.messages import deliver_due
from reconciler_slack.sandbox.errors import Refusal
from reconciler_slack.sandbox.methods.messages import WRITE, channel_to_write, thread_of
from reconciler_slack.sandbox.methods.registry import Answer, Call, Methods
from reconciler_slack.sandbox.scopes import NOTHING

METHODS = Methods()
_FURTHEST_S = 120 * 24 * 3600
_WINDOW_S, _MOST_IN_WINDOW = 300, 30


@METHODS.add("chat.scheduleMessage", 3, WRITE, "channel", "post_at")
def schedule(call: Call) -> Answer:
    """Say something later, within 120 days; at most 30 to a channel in five minutes."""
    deliver_due(call.store)
    channel = channel_to_write(call)
    content = content_of(call.arguments)
    post_at = _post_at(call)
    others = call.store.find("scheduled", channel_id=channel["id"])
    if sum(each["post_at"] // _WINDOW_S == post_at // _WINDOW_S for each in others) >= _MOST_IN_WINDOW:
        raise Refusal("restricted_too_many")
    author = author_of(call.store.team()["id"], call.viewer.user)
    scheduled = {
        "id": call.store.new_id("scheduled"),
        "channel_id": channel["id"],
        "user_id": call.viewer.id,
        "post_at": post_at,
        "date_created": call.store.now(),
        "thread_ts": thread_of(call, channel),
        "shown": {**author, **content},
    }
    call.store.put("scheduled", scheduled["id"], scheduled)
    return {
        "channel": channel["id"],
        "scheduled_message_id": scheduled["id"],
        "post_at": post_at,
        "message": {"type": "delayed_message", **author, **content},
    }


@METHODS.add("chat.deleteScheduledMessage", 3, WRITE, "channel", "scheduled_message_id")
def delete(call: Call) -> Answer:
    """Drop a message that has not been posted yet; it must be one's own."""
    deliver_due(call.store)
    channel = call.channel()
    found = call.store.get("scheduled", call.arguments.text("scheduled_message_id"))
    if found is None or found["channel_id"] != channel["id"] or found["user_id"] != call.viewer.id:
        raise Refusal("invalid_scheduled_message_id")
    call.store.delete("scheduled", found["id"])
    return {}


@METHODS.add("chat.scheduledMessages.list", 3, NOTHING)
def list_scheduled(call: Call) -> Answer:
    """One's own messages that have not been posted yet, in the order of their times."""
    deliver_due(call.store)
    if "channel" in call.arguments:
        call.channel(error="invalid_channel")
    oldest, latest = call.arguments.integer("oldest"), call.arguments.integer("latest")
    channel_id = call.arguments.text("channel")
    found = [
        each
        for each in call.store.find("scheduled", user_id=call.viewer.id)
        if channel_id in ("", each["channel_id"])
        and (oldest is None or each["post_at"] >= oldest)
        and (latest is None or each["post_at"] <= latest)
    ]
    found.sort(key=lambda each: int(each["post_at"]))
    limit = max(1, call.arguments.integer("limit") or 100)
    page, more = call.page(found, lambda each: str(each["id"]), limit)
    listed = [
        {
            "id": each["id"],
            "channel_id": each["channel_id"],
            "post_at": each["post_at"],
            "date_created": each["date_created"],
            "text": each["shown"]["text"],
        }
        for each in page
    ]
    return {"scheduled_messages": listed, **more}


def _post_at(call: Call) -> int:
    text = call.arguments.text("post_at")
    if not text.isdecimal():
        raise Refusal("invalid_time")
    now = call.store.now()
    if int(text) <= now:
        raise Refusal("time_in_past")
    if int(text) > now + _FURTHEST_S:
        raise Refusal("time_too_far")
    return int(text)
