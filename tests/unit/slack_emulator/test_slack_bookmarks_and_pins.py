"""Bookmarks and pins of a channel."""

from typing import Any

import pytest

LINK = {"title": "Board", "type": "link", "link": "https://example.com/board?a=1"}


@pytest.fixture
def channel(slack: Any) -> str:
    return str(slack.create())


def test_a_bookmark_is_added_edited_listed_and_removed(slack: Any, channel: str, clock: Any) -> None:
    made = slack("bookmarks.add", channel_id=channel, emoji=":clap:", **LINK)["bookmark"]
    now, bot = int(clock().timestamp()), slack.user("reconciler")
    assert (made["title"], made["link"], made["emoji"]) == ("Board", LINK["link"], ":clap:")
    assert (made["date_created"], made["date_updated"], made["last_updated_by_user_id"]) == (now, 0, bot)
    assert made["icon_url"] == "https://example.com/favicon.ico"
    clock.forward(9)
    ids = {"channel_id": channel, "bookmark_id": made["id"]}
    edited = slack("bookmarks.edit", title="Wall", **ids)["bookmark"]
    assert (edited["title"], edited["link"], edited["date_updated"]) == ("Wall", LINK["link"], now + 9)
    assert slack("bookmarks.edit", emoji="", **ids)["bookmark"]["emoji"] == ""
    assert [each["title"] for each in slack("bookmarks.list", channel_id=channel)["bookmarks"]] == ["Wall"]
    slack("bookmarks.remove", **ids)
    assert slack("bookmarks.list", channel_id=channel)["bookmarks"] == []
    for method in ("edit", "remove"):
        assert slack.error(f"bookmarks.{method}", **ids) == "not_found"


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"link": "ftp://example.com"}, "invalid_link"),
        ({"link": "https://"}, "invalid_link"),
        ({"link": "http://[x"}, "invalid_link"),
        ({"emoji": "clap"}, "invalid_emoji"),
        ({"title": "x" * 257}, "invalid_arguments"),
        ({"title": " "}, "invalid_arguments"),
        ({"link": f"https://example.com/{'x' * 2048}"}, "invalid_arguments"),
    ],
)
def test_a_bookmark_that_is_wrong_is_refused(
    slack: Any, channel: str, change: dict[str, str], error: str
) -> None:
    assert slack.error("bookmarks.add", **{"channel_id": channel, **LINK, **change}) == error
    made = slack("bookmarks.add", channel_id=channel, **LINK)["bookmark"]["id"]
    assert slack.error("bookmarks.edit", channel_id=channel, bookmark_id=made, **change) == error


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"type": "widget"}, "invalid_bookmark_type"),
        ({"type": "folder"}, "not_implemented"),
        ({"parent_id": "Bk0X"}, "parent_bookmark_disabled"),
        ({"channel_id": "C0NOWHERE"}, "channel_not_found"),
    ],
)
def test_only_links_to_a_channel_are_bookmarked(
    slack: Any, channel: str, change: dict[str, str], error: str
) -> None:
    assert slack.error("bookmarks.add", **{"channel_id": channel, **LINK, **change}) == error


def test_a_channel_holds_100_bookmarks_in_their_order(slack: Any, channel: str, host: Any) -> None:
    host.seed({"slack": {"limits": {"enforced": False}}})
    made = [
        slack("bookmarks.add", channel_id=channel, **{**LINK, "title": str(n)})["bookmark"]
        for n in range(100)
    ]
    ranks = [each["rank"] for each in made]
    assert ranks == sorted(ranks)
    assert len(set(ranks)) == 100
    assert slack.error("bookmarks.add", channel_id=channel, **LINK) == "too_many_bookmarks"


def test_an_archived_channel_keeps_its_bookmarks_as_they_are(slack: Any, channel: str) -> None:
    slack("bookmarks.add", channel_id=channel, **LINK)
    slack("conversations.archive", channel=channel)
    assert slack.error("bookmarks.add", channel_id=channel, **LINK) == "permission_denied"
    assert len(slack("bookmarks.list", channel_id=channel)["bookmarks"]) == 1


def test_a_message_is_pinned_once_and_unpinned(slack: Any, channel: str, clock: Any) -> None:
    ts = slack("chat.postMessage", channel=channel, text="Read this")["ts"]
    at = {"channel": channel, "timestamp": ts}
    slack("pins.add", **at)
    assert slack.error("pins.add", **at) == "already_pinned"
    (item,) = slack("pins.list", channel=channel)["items"]
    assert (item["type"], item["message"]["text"]) == ("message", "Read this")
    assert item["created"] == int(clock().timestamp())
    assert item["message"]["pinned_to"] == [channel]
    assert slack("conversations.history", channel=channel)["pin_count"] == 1
    slack("pins.remove", **at)
    assert slack.error("pins.remove", **at) == "no_pin"
    assert slack("pins.list", channel=channel)["items"] == []


def test_only_messages_that_are_there_are_pinned(slack: Any, channel: str, owner: Any) -> None:
    assert slack.error("pins.add", channel=channel) == "no_item_specified"
    assert slack.error("pins.add", channel=channel, timestamp="x") == "bad_timestamp"
    assert slack.error("pins.add", channel=channel, timestamp="1.000001") == "message_not_found"
    assert slack.error("pins.add", channel="C0NOWHERE", timestamp="1.000001") == "channel_not_found"
    random = slack.channel("random")
    ts = owner("chat.postMessage", channel=random, text="hi")["ts"]
    assert slack.error("pins.add", channel=random, timestamp=ts) == "not_in_channel"


def test_a_deleted_message_takes_its_pin_along(slack: Any, channel: str) -> None:
    ts = slack("chat.postMessage", channel=channel, text="Read this")["ts"]
    slack("pins.add", channel=channel, timestamp=ts)
    slack("chat.delete", channel=channel, ts=ts)
    assert slack("pins.list", channel=channel)["items"] == []
