"""User groups: which calls are made for them, and what they tell."""

from typing import Any

import pytest

from reconciler.errors import AlreadyExists, Forbidden, OutcomeUnknown
from reconciler.provider import Absent, Lookup, Object, Wanted
from reconciler_slack.provider import SlackProvider

TYPE, ID = "slack_usergroup", "S00000001"
ADA, BOB, EVE = "U00000ADA", "U00000BOB", "U00000EVE"
ROOM = "C00000001"


def prior(**attributes: Any) -> Object:
    told = {
        "handle": "crew",
        "name": "Crew",
        "users": ["ada"],
        "user_ids": [ADA],
        "channels": ["results"],
        "channel_ids": [ROOM],
        "enabled": True,
    }
    return Object(TYPE, ID, {**told, **attributes})


def test_creating_sends_channels_and_people_by_id(
    slack: Any, provider: SlackProvider, usergroup: Any, channel: Any
) -> None:
    slack.on("conversations.list", {"channels": [channel(), channel("C00000002", "other")]})
    prefs = {"channels": [ROOM], "groups": []}
    slack.on("usergroups.create", {"usergroup": usergroup(prefs=prefs)})
    slack.on("usergroups.users.update", {"usergroup": usergroup(prefs=prefs, users=[ADA, BOB])})
    desired = {
        "handle": "@Crew",
        "name": "Crew",
        "description": "x",
        "channels": ["#results"],
        "additional_channels": ["other", "C00000003"],
        "users": [ADA, BOB],
        "enable_section": True,
    }
    made = provider.create(TYPE, desired)
    assert slack.methods == ["conversations.list", "usergroups.create", "usergroups.users.update"]
    assert slack.arguments("usergroups.create") == {
        "handle": "crew",
        "name": "Crew",
        "description": "x",
        "channels": ROOM,
        "additional_channels": "C00000002,C00000003",
        "enable_section": True,
        "include_count": True,
    }
    assert slack.arguments("usergroups.users.update")["users"] == f"{ADA},{BOB}"
    assert made.attributes["channels"] == ["results"]
    assert made.attributes["channel_ids"] == [ROOM]
    assert "additional_channels" not in made.attributes


def test_one_that_is_to_be_disabled_is_disabled_last(
    slack: Any, provider: SlackProvider, usergroup: Any
) -> None:
    slack.on("usergroups.create", {"usergroup": usergroup()})
    without_people = {key: value for key, value in usergroup(date_delete=1).items() if key != "users"}
    slack.on("usergroups.users.update", {"usergroup": usergroup(users=[ADA])})
    slack.on("usergroups.disable", {"usergroup": without_people})
    made = provider.create(TYPE, {"handle": "crew", "name": "Crew", "users": [ADA], "enabled": False})
    assert slack.methods[-1] == "usergroups.disable"
    assert made.attributes["enabled"] is False
    assert made.attributes["users"] == [ADA]


def test_a_create_without_its_people_is_in_doubt(slack: Any, provider: SlackProvider, usergroup: Any) -> None:
    slack.on("usergroups.create", {"usergroup": usergroup()}).refuse(
        "usergroups.users.update", "invalid_users"
    )
    with pytest.raises(OutcomeUnknown):
        provider.create(TYPE, {"handle": "crew", "name": "Crew", "users": [ADA]})


@pytest.mark.parametrize("code", ["handle_already_exists", "name_already_exists"])
def test_what_is_taken_is_told_as_existing(slack: Any, provider: SlackProvider, code: str) -> None:
    slack.refuse("usergroups.create", code)
    with pytest.raises(AlreadyExists):
        provider.create(TYPE, {"handle": "crew", "name": "Crew"})


@pytest.mark.parametrize("code", ["paid_teams_only", "plan_upgrade_required"])
def test_a_free_workspace_is_told_to_upgrade(slack: Any, provider: SlackProvider, code: str) -> None:
    slack.refuse("usergroups.create", code)
    with pytest.raises(Forbidden) as caught:
        provider.create(TYPE, {"handle": "crew", "name": "Crew"})
    assert "paid plan" in caught.value.remedy


def test_enabling_comes_first_and_the_rest_follows(
    slack: Any, provider: SlackProvider, usergroup: Any
) -> None:
    slack.on("usergroups.enable", {"usergroup": usergroup(users=[ADA])})
    slack.on("usergroups.update", {"usergroup": usergroup(name="New", users=[ADA])})
    slack.on("usergroups.users.update", {"usergroup": usergroup(name="New", users=[BOB])})
    desired = {"enabled": True, "name": "New", "users": [BOB]}
    after = provider.update(prior(enabled=False), desired, frozenset(desired))
    assert slack.methods == ["usergroups.enable", "usergroups.update", "usergroups.users.update"]
    assert slack.arguments("usergroups.update") == {"usergroup": ID, "name": "New", "include_count": True}
    assert after.attributes["users"] == [BOB]


def test_the_default_channels_can_be_taken_away(slack: Any, provider: SlackProvider, usergroup: Any) -> None:
    slack.on("usergroups.update", {"usergroup": usergroup(users=[ADA])})
    after = provider.update(prior(), {"channels": []}, frozenset({"channels"}))
    assert slack.arguments("usergroups.update")["channels"] == ""
    assert after.attributes["channels"] == []
    assert after.attributes["users"] == ["ada"]


def test_people_written_otherwise_cost_no_change(slack: Any, provider: SlackProvider, user: Any) -> None:
    slack.on("users.lookupByEmail", {"user": user(ADA, "ada")})
    after = provider.update(prior(), {"users": ["ada@example.com"]}, frozenset({"users"}))
    assert slack.methods == ["users.lookupByEmail"]
    assert after.attributes["users"] == ["ada@example.com"]
    assert after.attributes["user_ids"] == [ADA]


def test_all_are_read_with_one_call_and_told_as_they_were_written(
    slack: Any, provider: SlackProvider, usergroup: Any
) -> None:
    groups = [
        usergroup(users=[EVE, ADA], prefs={"channels": [ROOM], "groups": ["C00000009"]}),
        usergroup("S00000002", "off", date_delete=5),
    ]
    slack.on("usergroups.list", {"usergroups": groups})
    ids = (ID, "S00000002", "S00000003")
    answers = provider.read({one: Lookup(TYPE, one, prior().attributes) for one in ids})
    assert slack.asked == [
        (
            "usergroups.list",
            {"include_users": "true", "include_disabled": "true", "include_count": "true"},
        )
    ]
    first, second = answers[ID], answers["S00000002"]
    assert isinstance(first, Object)
    assert isinstance(second, Object)
    assert first.attributes["users"] == ["ada", EVE]
    assert first.attributes["channels"] == ["results", "C00000009"]
    assert second.attributes["enabled"] is False
    assert answers["S00000003"] == Absent()


def test_a_disabled_one_is_found_by_its_handle_or_id(
    slack: Any, provider: SlackProvider, usergroup: Any
) -> None:
    slack.on("usergroups.list", {"usergroups": [usergroup(date_delete=5)]})
    for text in ("@Crew", "crew", ID):
        answer = provider.find({"": Wanted(TYPE, provider.import_key(TYPE, text))})[""]
        assert isinstance(answer, tuple)
        assert [one.id for one in answer] == [ID], text


def test_removing_disables_unless_it_is_disabled(slack: Any, provider: SlackProvider, usergroup: Any) -> None:
    slack.on("usergroups.disable", {"usergroup": usergroup(date_delete=1)})
    provider.delete(prior(enabled=False), "disable")
    assert slack.methods == []
    provider.delete(prior(), "disable")
    assert slack.methods == ["usergroups.disable"]
