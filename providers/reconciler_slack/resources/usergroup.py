"""``slack_usergroup``: docs.slack.dev/reference/objects/usergroup-object, …/methods/usergroups.*."""

from collections.abc import Iterator, Mapping
from typing import Any

from reconciler.errors import ProviderError
from reconciler.provider.objects import Absent, Attributes, FindResult, Lookup, Object, ReadResult, Wanted
from reconciler.provider.writes import half_created
from reconciler_slack import channels, people
from reconciler_slack.client import Client
from reconciler_slack.resources.channel import unescaped
from reconciler_slack.resources.kind import Kind
from reconciler_slack.written import forms, told

TYPE = "slack_usergroup"

Usergroup = Mapping[str, Any]
"""A user group as Slack tells it."""

_PLAIN = ("handle", "name", "description", "enable_section")
_CHANNELS = ("channels", "additional_channels")
_COUNTED = {"include_count": True}


def read(client: Client, lookups: Mapping[str, Lookup]) -> Mapping[str, ReadResult]:
    """One call for all, with their people, disabled ones too."""
    found = {group["id"]: group for group in _every(client)}
    return {
        key: _told(found[lookup.id], lookup.attributes) if lookup.id in found else Absent()
        for key, lookup in lookups.items()
    }


def find(client: Client, wanted: Mapping[str, Wanted]) -> Mapping[str, FindResult]:
    """By handle, or by id for an import; disabled ones too."""
    groups = _every(client)
    return {
        key: tuple(_told(group, {}) for group in groups if _is_meant(group, one.attributes))
        for key, one in wanted.items()
    }


def list_all(client: Client, everything: channels.Everything) -> Iterator[Object]:
    """All user groups of the workspace, disabled ones too."""
    for group in _every(client):
        yield _told(group, {})


def create(client: Client, desired: Attributes) -> Object:
    """One call, one more for its people, and one to disable it."""
    users, linked = _users(client, desired), _linked(client, desired, _CHANNELS)
    body = _body(desired, frozenset(desired), linked)
    group = client.do("usergroups.create", **body, **_COUNTED)["usergroup"]
    try:
        if users:
            group = _set_users(client, group["id"], users)
        if desired.get("enabled") is False:
            group = _with_people(_switch(client, group["id"], "usergroups.disable"), group)
    except ProviderError as error:
        raise half_created(f"the user group {desired['handle']}", error) from error
    return _told(group, _written(desired, users, linked))


def update(client: Client, prior: Object, desired: Attributes, changed: frozenset[str]) -> Object:
    """One call for the settings, one for the people; enabling comes first, disabling last."""
    known = dict(forms(prior.attributes, "users", "user_ids"))
    users = _users(client, desired, known) if "users" in changed else known
    names = [name for name in _CHANNELS if name in changed]
    linked = dict(forms(prior.attributes, "channels", "channel_ids"))
    linked |= _linked(client, desired, names, linked)
    found: Usergroup = {"users": prior.attributes["user_ids"]}
    if "enabled" in changed and desired["enabled"]:
        found = _with_people(_switch(client, prior.id, "usergroups.enable"), found)
    if body := _body(desired, changed, linked):
        answer = client.do("usergroups.update", usergroup=prior.id, **body, **_COUNTED)["usergroup"]
        found = _with_people(answer, found)
    if "users" in changed and set(users.values()) != set(found["users"]):
        found = _set_users(client, prior.id, users)
    if "enabled" in changed and not desired["enabled"]:
        found = _with_people(_switch(client, prior.id, "usergroups.disable"), found)
    written = _written({**prior.attributes, **desired}, users, linked)
    if "id" in found:
        return _told(found, written)
    return Object(TYPE, prior.id, {**prior.attributes, **written})  # the same people, written otherwise


def delete(client: Client, prior: Object, how: str) -> None:
    """One call, none when it is disabled already. Slack deletes no user groups."""
    if prior.attributes.get("enabled", True):
        _switch(client, prior.id, "usergroups.disable")


def normalise(desired: Attributes) -> Attributes:
    """Handles without ``@`` and in lower case; people and channels without what means nothing, each once."""
    found = dict(desired)
    if isinstance(found.get("handle"), str):
        found["handle"] = found["handle"].strip().removeprefix("@").lower()
    for name in ("name", "description"):
        if isinstance(found.get(name), str):
            found[name] = unescaped(found[name])
    if "users" in found:
        found["users"] = people.plain_list(found["users"])
    for name in _CHANNELS:
        if isinstance(found.get(name), list):
            found[name] = list(dict.fromkeys(channels.plain(text) for text in found[name]))
    return found


def _every(client: Client) -> list[Usergroup]:
    groups: list[Usergroup] = client.ask(
        "usergroups.list", include_users=True, include_disabled=True, **_COUNTED
    )["usergroups"]
    return groups


def _is_meant(group: Usergroup, attributes: Attributes) -> bool:
    if "id" in attributes:
        return bool(group["id"] == attributes["id"])
    return bool(group["handle"] == attributes["handle"])


def _users(client: Client, desired: Attributes, known: Mapping[str, str] | None = None) -> dict[str, str]:
    """The ids of the people, in the order in which they are written."""
    texts, ids = desired.get("users") or [], dict(known or {})
    ids |= people.resolve(client, (text for text in texts if text not in ids))
    return {text: ids[text] for text in texts}


def _linked(
    client: Client,
    desired: Attributes,
    names: tuple[str, ...] | list[str],
    known: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """The ids of the channels that these attributes hold."""
    texts = [text for name in names for text in desired.get(name) or ()]
    ids = dict(known or {})
    return ids | channels.resolve(client, (text for text in texts if text not in ids))


def _body(desired: Attributes, names: frozenset[str], linked: Mapping[str, str]) -> dict[str, Any]:
    """The arguments; lists travel as text with commas, an empty text for none."""
    body = {name: desired[name] for name in _PLAIN if name in names and name in desired}
    for name in _CHANNELS:
        if name in names and desired.get(name) is not None:
            body[name] = ",".join(dict.fromkeys(linked[text] for text in desired[name]))
    return body


def _set_users(client: Client, group_id: str, users: Mapping[str, str]) -> Usergroup:
    """The whole list: Slack has no call for one person."""
    ids = list(dict.fromkeys(users.values()))
    answer = client.do("usergroups.users.update", usergroup=group_id, users=",".join(ids), **_COUNTED)
    return _with_people(answer["usergroup"], {"users": ids})


def _switch(client: Client, group_id: str, method: str) -> Usergroup:
    found: Usergroup = client.do(method, usergroup=group_id, **_COUNTED)["usergroup"]
    return found


def _with_people(group: Usergroup, earlier: Usergroup) -> Usergroup:
    """A user group with its people, which not every answer holds."""
    if isinstance(group.get("users"), list):
        return group
    return {**group, "users": earlier.get("users") or []}


def _written(attributes: Attributes, users: Mapping[str, str], linked: Mapping[str, str]) -> dict[str, Any]:
    """How people and channels are written, as ``forms`` understands it."""
    texts = [text for text in attributes.get("channels") or () if text in linked]
    return {
        "users": list(users),
        "user_ids": list(users.values()),
        "channels": texts,
        "channel_ids": [linked[text] for text in texts],
    }


def _told(group: Usergroup, attributes: Attributes) -> Object:
    prefs = group.get("prefs") or {}
    linked = {*(prefs.get("channels") or ()), *(prefs.get("groups") or ())}
    users, user_ids = told(forms(attributes, "users", "user_ids"), set(group.get("users") or ()))
    names, channel_ids = told(forms(attributes, "channels", "channel_ids"), linked)
    return Object(
        TYPE,
        group["id"],
        {
            "handle": group["handle"],
            "name": unescaped(group["name"]),
            "description": unescaped(group.get("description") or ""),
            "channels": names,
            "users": users,
            "enabled": not group.get("date_delete"),
            "enable_section": bool(group.get("is_section")),
            "id": group["id"],
            "team_id": group["team_id"],
            "creator": group.get("created_by"),
            "created": group.get("date_create"),
            "is_external": bool(group.get("is_external")),
            "user_ids": user_ids,
            "channel_ids": channel_ids,
        },
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
