"""``slack_channel_members``: docs.slack.dev/reference/methods/conversations.members, invite, kick.

The list of one channel is one object, and goes by the channel's id. It is there as long as somebody of it is:
with ``exclusive`` anybody but the bot, with ``additive`` anybody who was declared.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from reconciler.errors import AlreadyExists, Call, NotFound, ProviderError
from reconciler.provider.objects import (
    Absent,
    Attributes,
    FindResult,
    Lookup,
    Object,
    ReadResult,
    Unreadable,
    Wanted,
)
from reconciler.provider.writes import half_created
from reconciler_slack import channels, people
from reconciler_slack.client import Client
from reconciler_slack.errors import code_of
from reconciler_slack.resources.kind import Kind
from reconciler_slack.written import forms, told

TYPE = "slack_channel_members"
EXCLUSIVE, ADDITIVE = "exclusive", "additive"
MOST_INVITED = 100
"""People whom one call invites (docs.slack.dev/reference/methods/conversations.invite)."""

Written = Sequence[tuple[str, str]]
"""How people were written, each with the id."""


@dataclass(slots=True)
class Members:
    """Who is in a channel, as far as we have seen and done. ``invited`` are those whom we have invited."""

    channel_id: str
    present: set[str]
    invited: list[str] = field(default_factory=list)


def read(client: Client, lookups: Mapping[str, Lookup]) -> Mapping[str, ReadResult]:
    """One call for each channel, and for each further thousand of its members."""
    members = {
        channel_id: _present(client, channel_id) for channel_id in {one.id for one in lookups.values()}
    }
    return {key: _answer(client, lookup, members[lookup.id]) for key, lookup in lookups.items()}


def find(client: Client, wanted: Mapping[str, Wanted]) -> Mapping[str, FindResult]:
    """The whole list of a channel that has members besides the bot; an additive list is never in the way."""
    asked = {key: one for key, one in wanted.items() if one.attributes.get("mode") == EXCLUSIVE}
    ids = channels.ids_of(client, (one.attributes["channel"] for one in asked.values()))
    answers: dict[str, FindResult] = dict.fromkeys(wanted, ())
    for key, one in asked.items():
        channel = one.attributes["channel"]
        if channel not in ids:
            continue
        present = _present(client, ids[channel])
        if isinstance(present, ProviderError):
            answers[key] = () if isinstance(present, NotFound) else Unreadable(present)
            continue
        found = _object(client, Members(ids[channel], present), {"channel": channel, "mode": EXCLUSIVE}, ())
        answers[key] = (found,) if found.attributes["users"] else ()
    return answers


def list_all(client: Client, everything: channels.Everything) -> Iterator[Object]:
    """One call for each channel that is not archived."""
    for channel in everything.channels():
        if channel["is_archived"]:
            continue
        present = _present(client, channel["id"])
        if isinstance(present, ProviderError):
            raise present
        members = Members(channel["id"], present)
        found = _object(client, members, {"channel": channel["id"], "mode": EXCLUSIVE}, ())
        if found.attributes["users"]:
            yield found


def create(client: Client, desired: Attributes) -> Object:
    """One call to see who is in, and one for each hundred to invite.

    An exclusive list is not begun where somebody is who is not on it: they would be removed unasked.
    """
    members, written = _look(client, desired)
    declared = {user_id for _, user_id in written}
    others = members.present - {client.workspace().user_id}
    if desired.get("mode") == EXCLUSIVE and others and (others - declared or declared <= members.present):
        raise AlreadyExists(
            f"the channel {desired['channel']} has members already",
            call=Call("slack", f"create a {TYPE}"),
            remedy="adopt its list of members, or declare `mode: additive`",
        )
    try:
        _invite(client, members, written)
    except ProviderError as error:
        if not members.invited:
            raise
        raise half_created(f"the list of members of {desired['channel']}", error) from error
    return _object(client, members, desired, written)


def update(client: Client, prior: Object, desired: Attributes, changed: frozenset[str]) -> Object:
    """One call to see who is in, one for each hundred to invite, one for each person to remove."""
    desired = {**prior.attributes, **desired}
    known = dict(forms(prior.attributes, "users", "user_ids"))
    members, written = _look(client, {**desired, "channel": prior.id}, known)
    _invite(client, members, written)
    declared = {user_id for _, user_id in written}
    leaving: set[str] = set()
    if desired["mode"] == EXCLUSIVE:
        leaving = members.present - declared
    elif prior.attributes["mode"] == ADDITIVE:
        leaving = (_ours(prior) & members.present) - declared
    _kick(client, members, leaving)
    return _object(client, members, desired, written, _ours(prior))


def delete(client: Client, prior: Object, how: str) -> None:
    """One call to see who is in, one for each person to remove: those invited, if the list is additive."""
    present = _present(client, prior.id)
    if isinstance(present, ProviderError):
        raise present
    _kick(client, Members(prior.id, present), present & _ours(prior))


def normalise(desired: Attributes) -> Attributes:
    """People and channel without what means nothing, each person once; additive unless said otherwise."""
    found = dict(desired)
    if "channel" in found:
        found["channel"] = channels.plain(found["channel"])
    if "users" in found:
        found["users"] = people.plain_list(found["users"])
    if "mode" in found:
        found["mode"] = found["mode"] or ADDITIVE
    return found


def _ours(prior: Object) -> set[str]:
    """Who leaves with the object."""
    if prior.attributes["mode"] == EXCLUSIVE:
        return set(prior.attributes["user_ids"])
    return set(prior.attributes["invited"])


def _look(
    client: Client, desired: Attributes, known: Mapping[str, str] | None = None
) -> tuple[Members, Written]:
    """Who is in the channel now, and who is to be in it."""
    ids = dict(known or {})
    ids |= people.resolve(client, (text for text in desired["users"] if text not in ids))
    channel_id = channels.resolve(client, [desired["channel"]])[desired["channel"]]
    present = _present(client, channel_id)
    if isinstance(present, ProviderError):
        raise present
    return Members(channel_id, present), [(text, ids[text]) for text in desired["users"]]


def _present(client: Client, channel_id: str) -> set[str] | ProviderError:
    try:
        return set(client.items("conversations.members", "members", channel=channel_id))
    except ProviderError as error:
        return error


def _invite(client: Client, members: Members, written: Written) -> None:
    bot = client.workspace().user_id
    missing = [identity for _, identity in written if identity not in members.present]
    missing = list(dict.fromkeys(identity for identity in missing if identity != bot))
    for start in range(0, len(missing), MOST_INVITED):
        some = missing[start : start + MOST_INVITED]

        def invite(some: Sequence[str] = some) -> None:
            client.do("conversations.invite", channel=members.channel_id, users=",".join(some))

        channels.as_member(client, members.channel_id, invite)
        members.present.update(some)
        members.invited += some


def _kick(client: Client, members: Members, leaving: Collection[str]) -> None:
    """Never the bot itself: without it nothing more could be done in the channel."""
    bot = client.workspace().user_id
    going = sorted(set(leaving) - {bot})
    if going and bot not in members.present:
        client.do("conversations.join", channel=members.channel_id)
        members.present.add(bot)
    for user_id in going:
        try:
            client.do("conversations.kick", channel=members.channel_id, user=user_id)
        except ProviderError as error:
            if code_of(error) != "not_in_channel":
                raise  # whoever left meanwhile need not be removed
        members.present.discard(user_id)


def _answer(client: Client, lookup: Lookup, present: set[str] | ProviderError) -> ReadResult:
    if isinstance(present, NotFound):
        return Absent()
    if isinstance(present, ProviderError):
        return Unreadable(present)
    attributes = lookup.attributes
    written = forms(attributes, "users", "user_ids")
    found = _object(client, Members(lookup.id, present), attributes, written, set(attributes["invited"]))
    return found if found.attributes["users"] else Absent()


def _object(
    client: Client,
    members: Members,
    attributes: Attributes,
    written: Written,
    invited: Collection[str] = (),
) -> Object:
    """The list as it is told: who was written and is there, and with ``exclusive`` everybody else too."""
    mode = attributes.get("mode") or ADDITIVE
    declared = {identity for _, identity in written}
    present = members.present - ({client.workspace().user_id} - declared)
    users, ids = told(written, present, whole=mode == EXCLUSIVE)
    ours = (set(invited) | set(members.invited)) & set(ids) if mode == ADDITIVE else set()
    values: dict[str, Any] = {
        "channel": attributes["channel"],
        "users": users,
        "mode": mode,
        "id": members.channel_id,
        "user_ids": ids,
        "invited": sorted(ours),
    }
    return Object(TYPE, members.channel_id, values)


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
