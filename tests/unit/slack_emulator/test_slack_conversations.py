"""Channels: names, topics, archiving, who may do what."""

from typing import Any

import pytest


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ("Test Results", "test-results"),
        ("a.b/c!", "abc"),
        ("  under_score-1  ", "under_score-1"),
        ("Übermut", "übermut"),
        ("x" * 80, "x" * 80),
    ],
)
def test_a_name_is_rewritten_and_given_back(slack: Any, asked: str, given: str) -> None:
    channel = slack("conversations.create", name=asked)["channel"]
    assert (channel["name"], channel["name_normalized"]) == (given, given)


@pytest.mark.parametrize(
    ("name", "error"),
    [
        (" ", "invalid_name_required"),
        ("!?", "invalid_name_punctuation"),
        ("_-", "invalid_name_punctuation"),
        ("smile😀", "invalid_name_specials"),
        ("x" * 81, "invalid_name_maxlength"),
    ],
)
def test_a_name_that_cannot_be_mended_is_refused(slack: Any, name: str, error: str) -> None:
    assert slack.error("conversations.create", name=name) == error
    assert slack.error("conversations.rename", channel=slack.create(), name=name) == error


def test_a_name_stays_taken_by_archived_and_private_channels(slack: Any) -> None:
    slack("conversations.archive", channel=slack.create("old"))
    slack.create("secret", is_private="true")
    other = slack.create("other")
    for taken in ("OLD", "secret", "general"):
        assert slack.error("conversations.create", name=taken) == "name_taken"
        assert slack.error("conversations.rename", channel=other, name=taken) == "name_taken"
    assert slack("conversations.rename", channel=other, name="other")["channel"]["previous_names"] == []


def test_a_new_channel_has_its_maker_in_it_and_no_topic(slack: Any, clock: Any) -> None:
    channel = slack("conversations.create", name="results")["channel"]
    bot = slack.user("reconciler")
    assert (channel["creator"], channel["created"]) == (bot, int(clock().timestamp()))
    assert (channel["is_member"], channel["is_private"], channel["is_archived"]) == (True, False, False)
    assert channel["topic"] == channel["purpose"] == {"value": "", "creator": "", "last_set": 0}
    assert slack("conversations.members", channel=channel["id"])["members"] == [bot]


@pytest.mark.parametrize(("field", "method"), [("topic", "setTopic"), ("purpose", "setPurpose")])
def test_a_text_tells_who_set_it_and_when(slack: Any, clock: Any, field: str, method: str) -> None:
    channel = slack.create()
    clock.forward(60)
    slack(f"conversations.{method}", channel=channel, **{field: "é" * 250})
    shown = slack("conversations.info", channel=channel)["channel"][field]
    now = int(clock().timestamp())
    assert shown == {"value": "é" * 250, "creator": slack.user("reconciler"), "last_set": now}
    assert slack.error(f"conversations.{method}", channel=channel, **{field: "x" * 251}) == "too_long"
    assert slack(f"conversations.{method}", channel=channel, **{field: ""})["channel"][field]["value"] == ""
    assert slack.error(f"conversations.{method}", channel=channel) == "invalid_arguments"


def test_only_members_set_the_topic(slack: Any) -> None:
    general = slack.channel("general")
    assert slack.error("conversations.setTopic", channel=general, topic="x") == "not_in_channel"
    slack("conversations.join", channel=general)
    assert slack("conversations.setTopic", channel=general, topic="x")["channel"]["topic"]["value"] == "x"


def test_the_creator_and_admins_rename_a_channel(slack: Any, owner: Any) -> None:
    made = slack.create("first")
    renamed = slack("conversations.rename", channel=made, name="Second")["channel"]
    assert (renamed["name"], renamed["previous_names"]) == ("second", ["first"])
    slack("conversations.invite", channel=made, users=f"{slack.user('alice')},{slack.user('owner')}")
    alice = slack.as_("alice")
    assert alice.error("conversations.rename", channel=made, name="third") == "not_authorized"
    assert owner("conversations.rename", channel=made, name="third")["channel"]["name"] == "third"
    back = slack("conversations.rename", channel=made, name="first")["channel"]
    assert back["previous_names"] == ["third", "second"]
    random = slack.channel("random")
    assert slack.error("conversations.rename", channel=random, name="x") == "not_in_channel"
    assert slack.error("conversations.rename", channel="C0NOWHERE", name="x") == "channel_not_found"


def test_an_archived_channel_is_closed_and_has_lost_its_members(slack: Any) -> None:
    made = slack.create()
    slack("conversations.archive", channel=made)
    assert slack("conversations.members", channel=made)["members"] == []
    assert slack("conversations.info", channel=made)["channel"]["is_archived"] is True
    assert slack.error("conversations.archive", channel=made) == "already_archived"
    for method, arguments in {
        "conversations.setTopic": {"topic": "x"},
        "conversations.setPurpose": {"purpose": "x"},
        "conversations.rename": {"name": "x"},
        "conversations.join": {},
        "conversations.leave": {},
        "conversations.invite": {"users": slack.user("alice")},
        "chat.postMessage": {"text": "x"},
    }.items():
        assert slack.error(method, channel=made, **arguments) == "is_archived", method


def test_only_people_open_an_archived_channel_again_and_are_in_it(slack: Any, owner: Any) -> None:
    made = slack.create()
    assert slack.error("conversations.unarchive", channel=made) == "not_archived"
    slack("conversations.archive", channel=made)
    assert slack.error("conversations.unarchive", channel=made) == "not_in_channel"
    owner("conversations.unarchive", channel=made)
    assert slack("conversations.members", channel=made)["members"] == [slack.user("owner")]


def test_a_channel_is_archived_by_its_members_and_the_general_one_never(slack: Any, owner: Any) -> None:
    assert slack.error("conversations.archive", channel=slack.channel("random")) == "not_in_channel"
    assert owner.error("conversations.archive", channel=slack.channel("general")) == "cant_archive_general"


def test_private_channels_are_seen_by_their_members_only(slack: Any, owner: Any) -> None:
    private = owner.create("secret", is_private="true")
    assert slack.error("conversations.info", channel=private) == "channel_not_found"
    assert slack.error("conversations.join", channel=private) == "channel_not_found"
    both = {"types": "public_channel,private_channel"}
    assert len(slack("conversations.list", **both)["channels"]) == 2
    owner("conversations.invite", channel=private, users=slack.user("reconciler"))
    assert len(slack("conversations.list", **both)["channels"]) == 3
    assert [each["id"] for each in slack("conversations.list", types="private_channel")["channels"]] == [
        private
    ]
    assert slack("conversations.list", types="im,mpim")["channels"] == []
    assert slack.error("conversations.list", types="rooms") == "invalid_types"


def test_the_list_has_archived_channels_unless_they_are_excluded(slack: Any) -> None:
    slack("conversations.archive", channel=slack.create("old"))
    listed = {each["name"]: each for each in slack("conversations.list")["channels"]}
    assert listed["old"]["is_archived"] is True
    assert (listed["general"]["num_members"], listed["old"]["num_members"]) == (4, 0)
    assert listed["general"]["is_general"] is True
    assert len(slack("conversations.list", exclude_archived="1")["channels"]) == 2


def test_the_number_of_members_comes_if_it_is_asked_for(slack: Any) -> None:
    general = slack.channel("general")
    assert "num_members" not in slack("conversations.info", channel=general)["channel"]
    shown = slack("conversations.info", channel=general, include_num_members="true", include_locale="1")
    assert (shown["channel"]["num_members"], shown["channel"]["locale"]) == (4, "en-US")
