"""Pins on messages. Source: docs.slack.dev/reference/methods, the pages pins.*."""

import re

from reconciler.sandbox.world import Document
from reconciler_slack.sandbox import representations
from reconciler_slack.sandbox.domain.messages import key_of
from reconciler_slack.sandbox.errors import Refusal
from reconciler_slack.sandbox.methods.registry import Answer, Call, Methods
from reconciler_slack.sandbox.scopes import both

METHODS = Methods()
MOST_PINS = 100
_READ, _WRITE = both("pins:read"), both("pins:write")


@METHODS.add("pins.add", 2, _WRITE, "channel")
def add(call: Call) -> Answer:
    """Pin a message to its channel."""
    channel = call.channel()
    message = _message(call, channel)
    call.require_member(channel)
    key = key_of(channel["id"], message["ts"])
    if call.store.get("pin", key):
        raise Refusal("already_pinned")
    if call.store.count("pin", channel_id=channel["id"]) >= MOST_PINS:
        raise Refusal("too_many_pins")
    pin = {
        "channel_id": channel["id"],
        "ts": message["ts"],
        "created": call.store.now(),
        "created_by": call.viewer.id,
    }
    call.store.put("pin", key, pin)
    return {}


@METHODS.add("pins.remove", 2, _WRITE, "channel")
def remove(call: Call) -> Answer:
    """Take a pin away; the message stays."""
    channel = call.channel()
    message = _message(call, channel)
    if not call.store.delete("pin", key_of(channel["id"], message["ts"])):
        raise Refusal("no_pin")
    return {}


@METHODS.add("pins.list", 2, _READ, "channel", takes_json=False)
def list_pins(call: Call) -> Answer:
    """What is pinned to a channel, the latest first."""
    channel = call.channel()
    pins = call.store.find("pin", channel_id=channel["id"])
    return {"items": [_shown(call, pin) for pin in reversed(pins)]}


def _message(call: Call, channel: Document) -> Document:
    ts = call.arguments.text("timestamp")
    if not ts:
        raise Refusal("no_item_specified")
    if not re.fullmatch(r"\d+\.\d+", ts):
        raise Refusal("bad_timestamp")
    found = call.store.get("message", key_of(channel["id"], ts))
    if found is None:
        raise Refusal("message_not_found")
    return found


def _shown(call: Call, pin: Document) -> Answer:
    message = call.store.require("message", key_of(pin["channel_id"], pin["ts"]))
    link = representations.permalink(call.store.team(), pin["channel_id"], pin["ts"], message["thread_ts"])
    return {
        "type": "message",
        "channel": pin["channel_id"],
        "created": pin["created"],
        "created_by": pin["created_by"],
        "message": {**representations.message(call.store, message, pinned=True), "permalink": link},
    }
