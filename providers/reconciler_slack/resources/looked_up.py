"""The data types: ``slack_user`` and ``slack_channel``, looked up and never managed."""

from collections.abc import Mapping
from typing import Any

from reconciler.errors import NotFound, ProviderError
from reconciler.provider.objects import Attributes, FindResult, Object, Unreadable, Wanted
from reconciler_slack import channels, people
from reconciler_slack.client import Client
from reconciler_slack.people import User
from reconciler_slack.resources.channel import told
from reconciler_slack.resources.kind import DataKind

USER, CHANNEL = "data.slack_user", "data.slack_channel"

_FLAGS = (
    "deleted",
    "is_bot",
    "is_admin",
    "is_owner",
    "is_primary_owner",
    "is_restricted",
    "is_ultra_restricted",
)
_PROFILE = ("display_name", "title", "phone", "first_name", "last_name", "status_text", "status_emoji")


def find_users(client: Client, wanted: Mapping[str, Wanted]) -> Mapping[str, FindResult]:
    """By e-mail address, name or id: one call each for a few addresses, one list of all otherwise."""
    texts = {key: people.plain(_text(one.attributes)) for key, one in wanted.items()}
    found = people.look_up(client, list(dict.fromkeys(texts.values())))
    return {
        key: tuple(_user(user, one.attributes, texts[key]) for user in found[texts[key]])
        for key, one in wanted.items()
    }


def find_channels(client: Client, wanted: Mapping[str, Wanted]) -> Mapping[str, FindResult]:
    """By id or name, archived ones too."""
    ids = {key: one.attributes["id"] for key, one in wanted.items() if one.attributes.get("id")}
    names = {
        key: channels.plain_name(one.attributes["name"]) for key, one in wanted.items() if key not in ids
    }
    by_id = channels.by_id(client, set(ids.values())) if ids else {}
    by_name = channels.by_name(client, set(names.values()))
    answers: dict[str, FindResult] = {}
    for key, one in wanted.items():
        found = by_id[ids[key]] if key in ids else by_name.get(names[key])
        if found is None or isinstance(found, NotFound):
            answers[key] = ()
        elif isinstance(found, ProviderError):
            answers[key] = Unreadable(found)
        else:
            attributes = {**told(client, found).attributes, **one.attributes}
            answers[key] = (Object(one.type, found["id"], attributes),)
    return answers


def _text(attributes: Attributes) -> str:
    return str(attributes.get("email") or attributes.get("name") or attributes["id"])


def _user(user: User, asked: Attributes, text: str) -> Object:
    profile: Mapping[str, Any] = user.get("profile") or {}
    attributes: dict[str, Any] = {
        "id": user["id"],
        "team_id": user.get("team_id"),
        "name": user.get("name"),
        "username": user.get("name"),
        "email": profile.get("email") or (text if "@" in text else None),
        "real_name": user.get("real_name") or profile.get("real_name"),
        "tz": user.get("tz"),
        "image": profile.get("image_512") or profile.get("image_192"),
        **{name: profile.get(name) for name in _PROFILE},
        **{flag: bool(user.get(flag)) for flag in _FLAGS},
    }
    return Object(USER, user["id"], {**attributes, **asked})


KINDS = (DataKind(USER, find_users), DataKind(CHANNEL, find_channels))
