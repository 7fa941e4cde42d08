"""Import ids: Slack's own id, or what names the object to people."""

import re

from reconciler.errors import Call, Rejected
from reconciler.provider.objects import Attributes
from reconciler_slack import channels

_CHANNEL = re.compile(r"#?[^!-,./:-@\[-^`{-~]+")
_HANDLE = re.compile(r"@?[^\s@:/]+")
_USERGROUP = re.compile(r"S[A-Z0-9]{7,}")
_BOOKMARK = re.compile(r"Bk[A-Za-z0-9]{6,}")


def import_key(type_name: str, text: str) -> Attributes:
    """The attributes to find an object by; raises Rejected with the form that the id should have."""
    text = text.strip()
    if type_name == "slack_channel":
        if not _CHANNEL.fullmatch(text):
            raise _wrong(type_name, text, "it looks like CHANNEL, an id or a name")
        return {"id" if channels.is_id(text) else "name": text}
    if type_name == "slack_usergroup":
        if not _HANDLE.fullmatch(text):
            raise _wrong(type_name, text, "it looks like HANDLE, or is the user group's id")
        return {"id" if _USERGROUP.fullmatch(text) else "handle": text}
    channel, _, rest = text.partition(":")
    if type_name == "slack_channel_members":
        if rest == "additive":
            raise _wrong(type_name, text, "an additive list needs no import: declare it and apply")
        if channel and rest in ("", "exclusive"):
            return {"channel": channel, "mode": "exclusive"}
        raise _wrong(type_name, text, "it looks like CHANNEL, an id or a name")
    if not channel or not rest:
        raise _wrong(type_name, text, "it looks like CHANNEL:TITLE or CHANNEL:ID")
    return {"channel": channel, "id" if _BOOKMARK.fullmatch(rest) else "title": rest}


def _wrong(type_name: str, text: str, advice: str) -> Rejected:
    return Rejected(
        f"{text!r} cannot be imported as a {type_name}", call=Call("slack", "import"), remedy=advice
    )
