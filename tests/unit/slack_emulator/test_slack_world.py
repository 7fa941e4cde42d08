"""The first world of the emulated Slack, its people, seeds, settings, size, and what lasts."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from reconciler.sandbox.emulator import SeedError
from reconciler.sandbox.host import Host
from reconciler.sandbox.world import World
from reconciler_slack.sandbox import SlackEmulator

SEED: dict[str, Any] = {
    "team": {"name": "Globex", "domain": "globex", "email_domain": "globex.example"},
    "users": [{"name": "dana", "email": "Dana@globex.example", "role": "admin"}],
    "channels": [
        {
            "name": "qa",
            "topic": "Quality",
            "purpose": "All of it",
            "creator": "dana",
            "members": ["dana", "alice"],
            "bookmarks": [{"title": "Board", "link": "https://example.com", "emoji": ":eyes:"}],
        },
        {"name": "old", "is_archived": True},
        {"name": "secret", "is_private": True},
    ],
    "usergroups": [
        {"name": "QA", "handle": "qa-crew", "users": ["dana"], "channels": ["qa"]},
        {"name": "Gone", "enabled": False},
    ],
    "tokens": [
        {"token": "xoxp-dana", "user": "dana"},
        {"token": "xoxb-narrow", "user": "reconciler", "scopes": []},
    ],
    "emoji": {"party": "https://example.com/party.png"},
}


def test_the_first_world_has_a_workspace_its_people_an_app_and_two_channels(slack: Any, owner: Any) -> None:
    me = slack("auth.test")
    assert (me["team"], me["user"], me["url"]) == ("acme", "reconciler", "https://acme.slack.com/")
    assert "bot_id" not in owner("auth.test")
    assert slack("team.info")["team"]["domain"] == "acme"
    assert slack.error("team.info", team="T0OTHER") == "team_not_found"
    users = {each["name"]: each for each in slack("users.list")["members"]}
    assert list(users) == ["slackbot", "owner", "alice", "bob", "carol", "reconciler"]
    assert users["alice"]["profile"]["email"] == "alice@example.com"
    assert users["owner"]["is_primary_owner"] is True
    assert (users["reconciler"]["is_bot"], "email" in users["reconciler"]["profile"]) == (True, False)
    assert [each["name"] for each in slack("conversations.list")["channels"]] == ["general", "random"]
    assert slack("emoji.list")["emoji"] == {}


def test_users_are_found_by_id_and_by_e_mail(slack: Any, host: Any) -> None:
    host.seed({"slack": {"users": [{"name": "gone", "deleted": True}]}})
    alice = slack("users.lookupByEmail", email="ALICE@example.com")["user"]
    assert slack("users.info", user=alice["id"])["user"]["name"] == "alice"
    assert slack.error("users.lookupByEmail", email="nobody@example.com") == "users_not_found"
    assert slack.error("users.lookupByEmail", email="gone@example.com") == "users_not_found"
    assert slack.error("users.info", user="U0NOBODY") == "user_not_found"
    gone = slack("users.info", user=slack.user("gone"))["user"]
    assert (gone["deleted"], "tz" in gone) == (True, False)


def test_e_mail_addresses_need_a_scope(slack: Any) -> None:
    narrow = slack.as_("reconciler", "users:read")
    alice = next(each for each in narrow("users.list")["members"] if each["name"] == "alice")
    assert "email" not in alice["profile"]
    assert narrow.error("users.lookupByEmail", email="alice@example.com") == "missing_scope"


def test_everybody_comes_at_once_unless_the_workspace_is_large(slack: Any, host: Any) -> None:
    host.seed({"slack": {"users": [{"name": f"u{number}"} for number in range(5000)]}})
    assert slack.error("users.list") == "limit_required"
    found, cursor = 0, ""
    while True:
        answer = slack("users.list", limit=1000, cursor=cursor)
        found += len(answer["members"])
        cursor = answer["response_metadata"]["next_cursor"]
        if not cursor:
            break
    assert found == 5006


def test_a_seed_plants_what_it_declares(slack: Any, host: Any) -> None:
    host.seed({"slack": SEED})
    assert slack("team.info")["team"]["name"] == "Globex"
    assert slack("users.lookupByEmail", email="dana@globex.example")["user"]["is_admin"] is True
    world = host.show("slack")["slack"]
    channels = {each["name"]: each for each in world["channels"]}
    assert channels["qa"]["topic"] == "Quality"
    assert (channels["qa"]["creator"], channels["qa"]["members"]) == ("dana", ["dana", "alice"])
    assert (channels["old"]["is_archived"], channels["secret"]["is_private"]) == (True, True)
    groups = {each["handle"]: each for each in world["usergroups"]}
    assert (groups["qa-crew"]["users"], groups["qa-crew"]["channels"]) == (["dana"], ["qa"])
    assert (groups["qa-crew"]["is_enabled"], groups["gone"]["is_enabled"]) == (True, False)
    assert [(each["channel"], each["title"]) for each in world["bookmarks"]] == [("qa", "Board")]
    dana = slack.client.post("/slack/api/auth.test", headers={"Authorization": "Bearer xoxp-dana"}).json()
    assert dana["user"] == "dana"
    narrow = {"Authorization": "Bearer xoxb-narrow"}
    assert slack.client.post("/slack/api/team.info", headers=narrow).json()["error"] == "missing_scope"
    assert slack("emoji.list")["emoji"] == SEED["emoji"]


@pytest.mark.parametrize(
    ("seed", "path"),
    [
        ({"workspace": {}}, "slack.workspace"),
        ({"team": {"colour": "red"}}, "slack.team"),
        ({"team": {"plan": "gold"}}, "slack.team"),
        ({"limits": {"tier": 9}}, "slack.limits"),
        ({"limits": {"scale": 0}}, "slack.limits"),
        ({"users": [{"email": "x@example.com"}]}, r"slack.users\[0\]"),
        ({"users": [{"name": "zoe"}, {"name": "alice"}]}, r"slack.users\[1\]"),
        ({"users": [{"name": "zoe", "email": "alice@example.com"}]}, r"slack.users\[0\]"),
        ({"users": [{"name": "zoe", "role": "queen"}]}, r"slack.users\[0\]"),
        ({"channels": [{"name": "general"}]}, r"slack.channels\[0\]"),
        ({"channels": [{"name": "a", "members": ["nobody"]}]}, r"slack.channels\[0\]"),
        ({"channels": [{"name": "a", "topic": "x" * 251}]}, r"slack.channels\[0\]"),
        ({"channels": [{"name": "a", "bookmarks": [{"title": "x", "link": "y"}]}]}, r"slack.channels\[0\]"),
        ({"usergroups": [{"name": "a", "channels": ["none"]}]}, r"slack.usergroups\[0\]"),
        ({"tokens": [{"token": "t", "user": "nobody"}]}, r"slack.tokens\[0\]"),
        ({"tokens": [{"token": "", "user": "alice"}]}, r"slack.tokens\[0\]"),
        ({"emoji": ["party"]}, "slack.emoji"),
    ],
)
def test_a_seed_that_is_wrong_says_where_and_plants_nothing(
    host: Any, seed: dict[str, Any], path: str
) -> None:
    before = host.show()
    with pytest.raises(SeedError, match=path):
        host.seed({"slack": seed})
    assert host.show() == before


def test_settings_are_turned_to_the_sandbox(host: Any) -> None:
    origin = "http://127.0.0.1:9999"
    declared = {"token": "xoxb-real", "retry": {"attempts": 1}}
    turned = host.settings("slack", declared, origin)
    connection = host.connections(origin)["slack"]
    assert turned == {
        "token": connection["token"],
        "base_url": "http://127.0.0.1:9999/slack/api",
        "retry": {"attempts": 1},
    }
    with_user = host.settings("slack", {**declared, "user_token": "xoxp-real"}, origin)
    assert with_user["user_token"] == connection["user_token"]
    assert connection["team"] == "acme"


def test_calls_are_counted_by_method(slack: Any, host: Any) -> None:
    slack("auth.test")
    slack.send("conversations.list", "GET")
    slack.send("no.such.method")
    assert host.requests()["slack"] == {
        "GET /api/conversations.list": 1,
        "POST /api/auth.test": 1,
        "POST /api/{method}": 1,
    }


def test_what_is_shown_has_names_and_no_credentials(slack: Any, host: Any) -> None:
    channel = slack.create()
    ts = slack("chat.postMessage", channel=channel, text="Read this")["ts"]
    slack("pins.add", channel=channel, timestamp=ts)
    shown = host.show("slack")["slack"]
    assert set(shown) == {"team", "users", "channels", "usergroups", "bookmarks", "messages", "pins"}
    assert (shown["pins"][0]["channel"], shown["pins"][0]["text"]) == ("results", "Read this")
    assert [each["user"] for each in shown["messages"]] == ["reconciler", "reconciler"]
    assert slack.token not in str(shown)


def test_the_same_calls_make_the_same_ids(slack: Any, host: Any) -> None:
    first = slack.create()
    host.reset()
    assert slack.create() == first
    assert first.startswith("C0")


def test_the_world_lasts_between_two_openings(tmp_path: Path) -> None:
    for number in range(2):
        world = World(tmp_path / "world.db")
        host = Host(world, {"slack": SlackEmulator})
        headers = {"Authorization": f"Bearer {host.connections()['slack']['token']}"}
        with httpx.Client(transport=host.transport(), base_url="http://127.0.0.1", headers=headers) as client:
            made = client.post("/slack/api/conversations.create", data={"name": "lasting"}).json()
        assert made["ok"] is (number == 0)
        world.close()


def test_a_large_workspace_is_read_in_few_calls(slack: Any, host: Any) -> None:
    host.seed(
        {
            "slack": {
                "channels": [{"name": f"c{number}"} for number in range(5000)],
                "usergroups": [{"name": f"g{number}"} for number in range(200)],
            }
        }
    )
    found, calls, cursor = 0, 0, ""
    while True:
        answer = slack("conversations.list", limit=999, cursor=cursor, types="public_channel,private_channel")
        found, calls = found + len(answer["channels"]), calls + 1
        cursor = answer["response_metadata"]["next_cursor"]
        if not cursor:
            break
    assert (found, calls) == (5002, 6)
    assert len(slack("usergroups.list", include_users="true", include_disabled="true")["usergroups"]) == 200
