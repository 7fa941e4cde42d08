"""slack_sdk, as it is, works against the emulator behind a socket."""

import time
from collections.abc import Iterator

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from reconciler.sandbox.host import Host
from reconciler.sandbox.serving import running
from reconciler.sandbox.world import World
from reconciler_slack.sandbox import SlackEmulator

LEAST_METHODS = 30


@pytest.fixture(scope="module")
def host() -> Host:
    return Host(World(), {"slack": SlackEmulator})


@pytest.fixture(scope="module")
def origin(host: Host) -> Iterator[str]:
    with running(host) as origin:
        yield origin


@pytest.fixture
def slack(host: Host, origin: str) -> WebClient:
    host.reset()
    connection = host.connections(origin)["slack"]
    return WebClient(token=connection["token"], base_url=f"{connection['base_url']}/")


@pytest.fixture
def owner(host: Host, origin: str) -> WebClient:
    connection = host.connections(origin)["slack"]
    return WebClient(token=connection["user_token"], base_url=f"{connection['base_url']}/")


def _code(raised: pytest.ExceptionInfo[SlackApiError]) -> str:
    return str(raised.value.response["error"])


def test_it_does_the_ordinary_work_of_a_team(slack: WebClient, owner: WebClient, host: Host) -> None:
    me = slack.auth_test()
    assert me["team"] == slack.team_info()["team"]["name"] == "acme"
    assert slack.api_test(foo="bar")["args"]["foo"] == "bar"
    assert slack.emoji_list()["emoji"] == {}
    alice = slack.users_lookupByEmail(email="alice@example.com")["user"]["id"]
    assert slack.users_info(user=alice)["user"]["name"] == "alice"
    assert len(slack.users_list(limit=200)["members"]) == 6

    channel = slack.conversations_create(name="Test Results", is_private=False)["channel"]
    assert channel["name"] == "test-results"
    here = channel["id"]
    slack.conversations_setTopic(channel=here, topic="Runs")
    slack.conversations_setPurpose(channel=here, purpose="What the runs say")
    slack.conversations_invite(channel=here, users=[alice])
    assert set(slack.conversations_members(channel=here)["members"]) == {me["user_id"], alice}
    slack.conversations_kick(channel=here, user=alice)
    slack.conversations_rename(channel=here, name="test-runs")
    info = slack.conversations_info(channel=here, include_num_members=True)["channel"]
    assert (info["name"], info["topic"]["value"], info["num_members"]) == ("test-runs", "Runs", 1)
    slack.conversations_join(channel=host.show("slack")["slack"]["channels"][0]["id"])
    assert len(slack.users_conversations()["channels"]) == 2

    group = slack.usergroups_create(name="TestX maintainers", handle="testx")["usergroup"]["id"]
    slack.usergroups_users_update(usergroup=group, users=[alice])
    slack.usergroups_update(usergroup=group, description="They mend")
    assert slack.usergroups_users_list(usergroup=group)["users"] == [alice]
    slack.usergroups_disable(usergroup=group)
    assert slack.usergroups_list()["usergroups"] == []
    slack.usergroups_enable(usergroup=group)
    (listed,) = slack.usergroups_list(include_users=True, include_disabled=True)["usergroups"]
    assert (listed["description"], listed["users"]) == ("They mend", [alice])

    link = {"title": "Board", "type": "link", "link": "https://example.com"}
    bookmark = slack.bookmarks_add(channel_id=here, **link)["bookmark"]["id"]
    slack.bookmarks_edit(channel_id=here, bookmark_id=bookmark, title="Wall")
    assert slack.bookmarks_list(channel_id=here)["bookmarks"][0]["title"] == "Wall"
    slack.bookmarks_remove(channel_id=here, bookmark_id=bookmark)

    _talk(slack, here)
    slack.conversations_archive(channel=here)
    owner.conversations_unarchive(channel=here)
    owner.conversations_leave(channel=here)
    called = {call.rpartition("/")[2] for call in host.requests()["slack"]}
    assert "{method}" not in called
    assert len(called) >= LEAST_METHODS


def _talk(slack: WebClient, channel: str) -> None:
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "*Green*"}}]
    ts = slack.chat_postMessage(channel=channel, text="Green", blocks=blocks)["ts"]
    slack.pins_add(channel=channel, timestamp=ts)
    assert slack.pins_list(channel=channel)["items"][0]["message"]["blocks"] == blocks
    slack.pins_remove(channel=channel, timestamp=ts)
    slack.chat_update(channel=channel, ts=ts, text="Red")
    assert slack.conversations_history(channel=channel)["messages"][0]["text"] == "Red"
    assert channel in slack.chat_getPermalink(channel=channel, message_ts=ts)["permalink"]
    slack.chat_delete(channel=channel, ts=ts)
    post_at = int(time.time()) + 3600
    later = slack.chat_scheduleMessage(channel=channel, text="Later", post_at=post_at)
    assert len(slack.chat_scheduledMessages_list()["scheduled_messages"]) == 1
    slack.chat_deleteScheduledMessage(channel=channel, scheduled_message_id=later["scheduled_message_id"])


def test_it_pages_through_many_channels(slack: WebClient, host: Host) -> None:
    host.seed({"slack": {"channels": [{"name": f"c{number}"} for number in range(50)]}})
    names = [each["name"] for page in slack.conversations_list(limit=20) for each in page["channels"]]
    assert names == ["general", "random", *(f"c{number}" for number in range(50))]


def test_it_is_told_why_a_call_is_refused(slack: WebClient, origin: str) -> None:
    with pytest.raises(SlackApiError) as raised:
        slack.conversations_create(name="general")
    assert _code(raised) == "name_taken"
    with pytest.raises(SlackApiError) as raised:
        WebClient(token="xoxb-unknown", base_url=slack.base_url).auth_test()
    assert _code(raised) == "invalid_auth"


def test_it_is_told_how_long_to_wait(slack: WebClient, host: Host) -> None:
    host.seed({"slack": {"limits": {"scale": 0.05}}})
    slack.usergroups_list()
    with pytest.raises(SlackApiError) as raised:
        slack.usergroups_list()
    assert raised.value.response.status_code == 429
    assert 1 <= int(raised.value.response.headers["Retry-After"]) <= 60
