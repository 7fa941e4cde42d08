"""Messages: posted, changed, taken back, answered, and sent later."""

import json
from typing import Any

import pytest


@pytest.fixture
def channel(slack: Any) -> str:
    return str(slack.create())


def test_a_message_tells_who_said_it(slack: Any, channel: str) -> None:
    answer = slack("chat.postMessage", channel=channel, text="Green")
    message = answer["message"]
    assert (message["text"], message["user"], message["ts"]) == (
        "Green",
        slack.user("reconciler"),
        answer["ts"],
    )
    assert message["bot_profile"]["id"] == message["bot_id"] == slack("auth.test")["bot_id"]


def test_a_channel_may_be_named_to_post_to_it(slack: Any, channel: str) -> None:
    for name in ("results", "#results"):
        assert slack("chat.postMessage", channel=name, text="x")["channel"] == channel


def test_messages_have_time_stamps_of_their_own_though_the_clock_stands(slack: Any, channel: str) -> None:
    stamps = [slack("chat.postMessage", channel=channel, text=str(n))["ts"] for n in range(5)]
    assert stamps == sorted(set(stamps))


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({}, "no_text"),
        ({"blocks": "{"}, "invalid_blocks_format"),
        ({"blocks": "{}"}, "invalid_blocks_format"),
        ({"blocks": json.dumps([{"text": "no type"}])}, "invalid_blocks"),
        ({"blocks": json.dumps([{"type": "divider"}] * 51)}, "invalid_blocks"),
        ({"attachments": json.dumps([{"text": "x"}] * 101)}, "too_many_attachments"),
        ({"text": "x", "markdown_text": "y"}, "markdown_text_conflict"),
        ({"text": "x", "metadata": "["}, "invalid_metadata_format"),
        ({"text": "x", "thread_ts": "1.000001"}, "cannot_reply_to_message"),
    ],
)
def test_a_message_that_says_nothing_or_nonsense_is_refused(
    slack: Any, channel: str, arguments: dict[str, str], error: str
) -> None:
    assert slack.error("chat.postMessage", channel=channel, **arguments) == error


def test_who_is_not_in_a_channel_posts_only_with_a_scope_for_that(slack: Any) -> None:
    random = slack.channel("random")
    assert slack.error("chat.postMessage", channel=random, text="x") == "not_in_channel"
    slack.as_("reconciler", "chat:write", "chat:write.public")("chat.postMessage", channel=random, text="x")


def test_a_very_long_text_is_cut_off_with_a_warning(slack: Any, channel: str) -> None:
    answer = slack("chat.postMessage", channel=channel, text="x" * 40_001)
    assert answer["warning"] == "message_truncated"
    assert len(answer["message"]["text"]) == 40_000


def test_one_s_own_messages_are_changed_and_taken_back(slack: Any, channel: str, owner: Any) -> None:
    slack("conversations.invite", channel=channel, users=f"{slack.user('alice')},{slack.user('owner')}")
    ts = slack("chat.postMessage", channel=channel, text="Red")["ts"]
    alice = slack.as_("alice")
    assert alice.error("chat.update", channel=channel, ts=ts, text="Green") == "cant_update_message"
    assert alice.error("chat.delete", channel=channel, ts=ts) == "cant_delete_message"
    changed = slack("chat.update", channel=channel, ts=ts, text="Green")
    assert (changed["text"], changed["message"]["edited"]["user"]) == ("Green", slack.user("reconciler"))
    assert slack("conversations.history", channel=channel)["messages"][0]["text"] == "Green"
    assert slack.error("chat.update", channel=channel, ts=ts, text="x" * 4001) == "msg_too_long"
    owner("chat.delete", channel=channel, ts=ts)
    for method in ("chat.update", "chat.delete"):
        assert slack.error(method, channel=channel, ts=ts, text="x") == "message_not_found"


def test_a_message_of_an_archived_channel_cannot_be_changed(slack: Any, channel: str) -> None:
    ts = slack("chat.postMessage", channel=channel, text="Red")["ts"]
    slack("conversations.archive", channel=channel)
    assert slack.error("chat.update", channel=channel, ts=ts, text="Green") == "is_inactive"


def test_answers_hang_below_the_message_they_answer(slack: Any, channel: str) -> None:
    ts = slack("chat.postMessage", channel=channel, text="Question")["ts"]
    answer = slack("chat.postMessage", channel=channel, text="Answer", thread_ts=ts)
    nested = slack("chat.postMessage", channel=channel, text="More", thread_ts=answer["ts"])
    assert nested["message"]["thread_ts"] == ts
    question = slack("conversations.history", channel=channel)["messages"][0]
    assert (question["text"], question["reply_count"], question["latest_reply"]) == (
        "Question",
        2,
        nested["ts"],
    )
    link = slack("chat.getPermalink", channel=channel, message_ts=answer["ts"])["permalink"]
    stamp = answer["ts"].replace(".", "")
    assert link == f"https://acme.slack.com/archives/{channel}/p{stamp}?thread_ts={ts}&cid={channel}"


def test_history_is_read_in_pages_and_between_moments(
    slack: Any, channel: str, clock: Any, owner: Any
) -> None:
    stamps = []
    for number in range(6):
        clock.forward(10)
        stamps.append(slack("chat.postMessage", channel=channel, text=str(number))["ts"])
    between = {"channel": channel, "oldest": stamps[1], "latest": stamps[4]}
    texts = [each["text"] for each in slack("conversations.history", **between)["messages"]]
    assert texts == ["3", "2"]
    texts = [each["text"] for each in slack("conversations.history", inclusive=1, **between)["messages"]]
    assert texts == ["4", "3", "2", "1"]
    found, cursor = [], ""
    while True:
        page = slack("conversations.history", channel=channel, limit=2, cursor=cursor)
        found += [each["text"] for each in page["messages"]]
        if not page["has_more"]:
            break
        cursor = page["response_metadata"]["next_cursor"]
    assert found[:6] == ["5", "4", "3", "2", "1", "0"]
    assert slack.error("conversations.history", channel=channel, oldest="x") == "invalid_ts_oldest"
    assert slack.error("conversations.history", channel=slack.channel("random")) == "not_in_channel"
    assert owner("conversations.history", channel=channel)["messages"], "people may read public channels"


def test_a_message_is_sent_when_its_time_comes(slack: Any, channel: str, clock: Any) -> None:
    soon = int(clock().timestamp()) + 60
    made = slack("chat.scheduleMessage", channel=channel, text="Later", post_at=soon)
    assert made["message"]["type"] == "delayed_message"
    (listed,) = slack("chat.scheduledMessages.list")["scheduled_messages"]
    assert (listed["id"], listed["post_at"]) == (made["scheduled_message_id"], soon)
    assert slack("chat.scheduledMessages.list", latest=soon - 1)["scheduled_messages"] == []
    clock.forward(60)
    assert slack("conversations.history", channel=channel)["messages"][0]["text"] == "Later"
    assert slack("chat.scheduledMessages.list", channel=channel)["scheduled_messages"] == []
    gone = {"channel": channel, "scheduled_message_id": made["scheduled_message_id"]}
    assert slack.error("chat.deleteScheduledMessage", **gone) == "invalid_scheduled_message_id"


def test_a_scheduled_message_is_dropped(slack: Any, channel: str, clock: Any) -> None:
    soon = int(clock().timestamp()) + 60
    made = slack("chat.scheduleMessage", channel=channel, text="Later", post_at=soon)["scheduled_message_id"]
    slack("chat.deleteScheduledMessage", channel=channel, scheduled_message_id=made)
    clock.forward(61)
    assert slack("conversations.history", channel=channel)["messages"][0]["subtype"] == "channel_join"


def test_a_message_is_scheduled_for_the_next_120_days(
    slack: Any, channel: str, clock: Any, host: Any
) -> None:
    host.seed({"slack": {"limits": {"enforced": False}}})
    now = int(clock().timestamp())
    late = {"channel": channel, "text": "x"}
    assert slack.error("chat.scheduleMessage", post_at=now, **late) == "time_in_past"
    assert slack.error("chat.scheduleMessage", post_at=now + 121 * 86400, **late) == "time_too_far"
    assert slack.error("chat.scheduleMessage", post_at="soon", **late) == "invalid_time"
    assert slack.error("chat.scheduledMessages.list", channel="C0NOWHERE") == "invalid_channel"
    for _ in range(30):
        slack("chat.scheduleMessage", post_at=now + 600, **late)
    assert slack.error("chat.scheduleMessage", post_at=now + 600, **late) == "restricted_too_many"
