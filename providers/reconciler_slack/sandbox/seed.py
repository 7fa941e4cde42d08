"""Seed files: one's own workspace, users, channels, user groups and tokens.

``{team: {name, domain, email_domain, plan, usergroups_managed_by},
users: [{name, email, real_name, display_name, title, role, deleted}],
channels: [{name, is_private, topic, purpose, creator, members: [user name, …], is_archived,
bookmarks: [{title, link, emoji}]}],
usergroups: [{name, handle, description, users: [user name, …], channels: [channel name, …], enabled}],
tokens: [{token, user, scopes}], emoji: {name: URL},
limits: {enforced, scale, short_pages, random_seed}}``.

``plan`` is ``free``, ``std`` (the default) or ``plus``; ``usergroups_managed_by`` is ``everyone`` (the
default) or ``admins``. A role is ``primary_owner``, ``owner``, ``admin``, ``member`` (the default) or
``guest``. A token of the user ``reconciler`` is a bot token, any other a user token; without scopes it has
the usual ones. ``limits.scale`` multiplies the calls that each tier allows; ``limits.enforced: false`` lifts
them; ``limits.random_seed`` decides which pages are short, and ``limits.short_pages: false`` that none is.
"""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Any

from reconciler.sandbox.emulator import SeedError
from reconciler.sandbox.seeds import place
from reconciler.sandbox.world import Document
from reconciler_slack.sandbox.domain.bookmarks import create_bookmark
from reconciler_slack.sandbox.domain.channels import add_members, archive, create_channel, set_text
from reconciler_slack.sandbox.domain.people import create_token, create_user
from reconciler_slack.sandbox.domain.usergroups import create_usergroup, set_enabled, update_usergroup
from reconciler_slack.sandbox.errors import Refusal
from reconciler_slack.sandbox.first_world import BOT, OWNER
from reconciler_slack.sandbox.store import LIMITS, Store

_SECTIONS = ("team", "users", "channels", "usergroups", "tokens", "emoji", "limits")
_TEAM = {
    "name": None,
    "domain": None,
    "email_domain": None,
    "plan": ("free", "std", "plus"),
    "usergroups_managed_by": ("everyone", "admins"),
}


def plant(store: Store, document: Mapping[str, Any]) -> None:
    """Add what a seed declares to the world; raises ``SeedError`` for the first thing that is wrong."""
    for section in document:
        if section not in _SECTIONS:
            raise SeedError(f"slack.{section}", "is not known", f"use one of: {', '.join(_SECTIONS)}")
    with _at("slack.team"):
        _plant_team(store, document.get("team", {}))
    with _at("slack.limits"):
        _plant_limits(store, document.get("limits", {}))
    for number, user in enumerate(document.get("users", [])):
        with _at(f"slack.users[{number}]"):
            create_user(store, user["name"], user)
    for number, channel in enumerate(document.get("channels", [])):
        with _at(f"slack.channels[{number}]"):
            _plant_channel(store, channel)
    for number, usergroup in enumerate(document.get("usergroups", [])):
        with _at(f"slack.usergroups[{number}]"):
            _plant_usergroup(store, usergroup)
    for number, token in enumerate(document.get("tokens", [])):
        with _at(f"slack.tokens[{number}]"):
            app_id = _user(store, BOT)["app_id"]
            create_token(store, token["token"], _user(store, token["user"]), app_id, token.get("scopes"))
    with _at("slack.emoji"):
        for name, url in document.get("emoji", {}).items():
            store.put("emoji", name, {"name": name, "url": url})


def _plant_team(store: Store, declared: Mapping[str, Any]) -> None:
    team = store.team()
    for field, value in declared.items():
        if field not in _TEAM:
            raise ValueError(f"{field} is not known: {', '.join(_TEAM)}")
        allowed = _TEAM[field]
        if allowed is not None and value not in allowed:
            raise ValueError(f"{field} must be one of {', '.join(allowed)}")
        team[field] = value
    store.put("team", team["id"], team)


def _plant_limits(store: Store, declared: Mapping[str, Any]) -> None:
    for field, value in declared.items():
        if field not in LIMITS:
            raise ValueError(f"{field} is not known: {', '.join(LIMITS)}")
        if field == "scale" and value <= 0:
            raise ValueError("scale must be more than 0")
    store.put("setting", "limits", {**store.limits(), **declared})
    store.delete_all("bucket")


def _plant_channel(store: Store, declared: Mapping[str, Any]) -> None:
    creator = _user(store, declared.get("creator", OWNER))
    channel = create_channel(store, creator["id"], declared["name"], bool(declared.get("is_private", False)))
    for field in ("topic", "purpose"):
        if declared.get(field):
            set_text(store, channel, field, declared[field], creator["id"])
    members = declared.get("members", [creator["name"]])
    add_members(store, channel, [_user(store, name)["id"] for name in members])
    for bookmark in declared.get("bookmarks", []):
        create_bookmark(store, channel["id"], creator["id"], bookmark)
    if declared.get("is_archived"):
        archive(store, channel)


def _plant_usergroup(store: Store, declared: Mapping[str, Any]) -> None:
    owner = _user(store, declared.get("creator", OWNER))
    fields = {name: declared[name] for name in ("name", "handle", "description") if name in declared}
    usergroup = create_usergroup(store, owner["id"], fields)
    users = [_user(store, name)["id"] for name in declared.get("users", [])]
    channels = [_channel(store, name)["id"] for name in declared.get("channels", [])]
    update_usergroup(store, usergroup, owner["id"], {"users": users, "channels": channels})
    if not declared.get("enabled", True):
        set_enabled(store, usergroup, owner["id"], False)


def _user(store: Store, name: str) -> Document:
    found = store.user_named(name)
    if found is None:
        raise LookupError(f"there is no user {name}")
    return found


def _channel(store: Store, name: str) -> Document:
    found = store.channel_named(name)
    if found is None:
        raise LookupError(f"there is no channel {name}")
    return found


def _at(path: str) -> AbstractContextManager[None]:
    """Say where in the seed something is wrong."""
    return place(path, Refusal, lambda refusal: f"Slack would answer {refusal.error}")
