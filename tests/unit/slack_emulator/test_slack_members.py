"""Who is in a channel."""

from typing import Any


def test_to_join_twice_is_a_warning(slack: Any) -> None:
    general = slack.channel("general")
    assert "warning" not in slack("conversations.join", channel=general)
    again = slack("conversations.join", channel=general)
    assert again["warning"] == "already_in_channel"
    assert again["response_metadata"] == {"warnings": ["already_in_channel"]}
    assert slack("conversations.info", channel=general, include_num_members=1)["channel"]["num_members"] == 5


def test_a_private_channel_cannot_be_joined(slack: Any) -> None:
    private = slack.create("secret", is_private="true")
    assert slack.error("conversations.join", channel=private) == "method_not_supported_for_channel_type"


def test_users_are_invited_all_or_none(slack: Any) -> None:
    channel = slack.create()
    alice, bob, bot = (slack.user(name) for name in ("alice", "bob", "reconciler"))
    slack("conversations.invite", channel=channel, users=alice)
    answer = slack.send(
        "conversations.invite", data={"channel": channel, "users": f"{alice},U0NOBODY,{bot},{bob}"}
    ).json()
    assert answer["error"] == "already_in_channel"
    assert answer["errors"] == [
        {"user": alice, "ok": False, "error": "already_in_channel"},
        {"user": "U0NOBODY", "ok": False, "error": "user_not_found"},
        {"user": bot, "ok": False, "error": "cant_invite_self"},
    ]
    assert slack("conversations.members", channel=channel)["members"] == [bot, alice]


def test_force_passes_over_those_who_cannot_come(slack: Any) -> None:
    channel, bob = slack.create(), slack.user("bob")
    answer = slack("conversations.invite", channel=channel, users=f"U0NOBODY,{bob}", force="true")
    assert [each["error"] for each in answer["errors"]] == ["user_not_found"]
    assert bob in slack("conversations.members", channel=channel)["members"]
    assert (
        slack.error("conversations.invite", channel=channel, users="U0NOBODY", force="1") == "user_not_found"
    )


def test_at_most_100_users_are_invited_at_once(slack: Any, host: Any) -> None:
    host.seed({"slack": {"users": [{"name": f"u{number}"} for number in range(101)]}})
    ids = [slack.user(f"u{number}") for number in (0, 1)]
    channel = slack.create()
    everybody = [each["id"] for each in host.show("slack")["slack"]["users"] if each["name"].startswith("u")]
    assert slack.error("conversations.invite", channel=channel, users=",".join(everybody)) == "too_many_users"
    slack("conversations.invite", channel=channel, users=",".join(everybody[:100]))
    assert set(ids) <= set(slack("conversations.members", channel=channel, limit=1000)["members"])


def test_only_members_invite(slack: Any) -> None:
    random = slack.channel("random")
    assert slack.error("conversations.invite", channel=random, users=slack.user("alice")) == "not_in_channel"
    assert slack.error("conversations.invite", channel=slack.create(), users="") == "no_user"


def test_users_are_kicked_but_never_oneself_or_out_of_general(slack: Any, owner: Any) -> None:
    channel, alice = slack.create(), slack.user("alice")
    slack("conversations.invite", channel=channel, users=alice)
    assert slack("conversations.kick", channel=channel, user=alice)["errors"] == {}
    assert slack.error("conversations.kick", channel=channel, user=alice) == "not_in_channel"
    assert (
        slack.error("conversations.kick", channel=channel, user=slack.user("reconciler")) == "cant_kick_self"
    )
    assert slack.error("conversations.kick", channel=channel, user="U0NOBODY") == "user_not_found"
    general = slack.channel("general")
    assert owner.error("conversations.kick", channel=general, user=alice) == "cant_kick_from_general"
    assert slack.error("conversations.kick", channel=slack.channel("random"), user=alice) == "not_in_channel"


def test_members_leave_but_not_the_general_channel_nor_a_private_one_last(slack: Any, owner: Any) -> None:
    channel = slack.create()
    slack("conversations.leave", channel=channel)
    assert slack.send("conversations.leave", data={"channel": channel}).json() == {
        "ok": False,
        "not_in_channel": True,
    }
    assert owner.error("conversations.leave", channel=slack.channel("general")) == "cant_leave_general"
    private = slack.create("secret", is_private=1)
    assert slack.error("conversations.leave", channel=private) == "last_member"


def test_a_guest_may_do_little(slack: Any, host: Any) -> None:
    host.seed({"slack": {"users": [{"name": "gus", "role": "guest"}]}})
    channel = slack.create()
    slack("conversations.invite", channel=channel, users=slack.user("gus"))
    guest = slack.as_("gus")
    alice = slack.user("alice")
    assert guest.error("conversations.create", name="x") == "restricted_action"
    assert guest.error("conversations.setTopic", channel=channel, topic="x") == "user_is_restricted"
    assert guest.error("conversations.invite", channel=channel, users=alice) == "no_permission"
    assert guest.error("conversations.leave", channel=channel) == "user_is_restricted"
    assert guest.error("usergroups.create", name="x") == "permission_denied"


def test_the_members_come_in_pages_in_the_order_of_joining(slack: Any, host: Any) -> None:
    names = [f"u{number}" for number in range(250)]
    host.seed(
        {
            "slack": {
                "users": [{"name": name} for name in names],
                "channels": [{"name": "all", "members": names}],
            }
        }
    )
    channel, found, cursor = slack.channel("all"), [], ""
    while True:
        answer = slack("conversations.members", channel=channel, cursor=cursor)
        found += answer["members"]
        cursor = answer["response_metadata"]["next_cursor"]
        if not cursor:
            break
    by_name = {each["name"]: each["id"] for each in host.show("slack")["slack"]["users"]}
    assert found == [by_name[name] for name in names]


def test_a_user_s_channels_are_those_that_the_caller_may_see(slack: Any, owner: Any) -> None:
    owner.create("secret", is_private="true")
    own = slack.create()
    both = {"types": "public_channel,private_channel"}
    assert [each["id"] for each in slack("users.conversations")["channels"]] == [own]
    names = [each["name"] for each in owner("users.conversations", **both)["channels"]]
    assert names == ["general", "random", "secret"]
    seen = slack("users.conversations", user=slack.user("owner"), **both)["channels"]
    assert [each["name"] for each in seen] == ["general", "random"]
    assert "num_members" not in seen[0]


def test_a_channel_tells_what_happened_to_it(slack: Any) -> None:
    channel = slack.create("first")
    slack("conversations.setTopic", channel=channel, topic="T")
    slack("conversations.rename", channel=channel, name="second")
    slack("conversations.invite", channel=channel, users=slack.user("alice"))
    messages = slack("conversations.history", channel=channel)["messages"]
    subtypes = [each["subtype"] for each in messages]
    assert subtypes == ["channel_join", "channel_name", "channel_topic", "channel_join"]
    assert messages[0]["inviter"] == slack.user("reconciler")
    assert (messages[1]["old_name"], messages[1]["name"]) == ("first", "second")
    assert messages[2]["topic"] == "T"
