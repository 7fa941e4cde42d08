"""Bookmarks: which calls are made for them, and what they tell."""

from typing import Any

import pytest

from reconciler.errors import AlreadyExists, Rejected
from reconciler.provider import Absent, Lookup, Object, Unreadable, Wanted
from reconciler_slack.provider import SlackProvider

TYPE, ROOM = "slack_bookmark", "C00000001"
DESIRED = {"channel": ROOM, "title": "Runs", "link": "https://example.com"}


def bookmark(bookmark_id: str = "Bk000001", title: str = "Runs", **others: Any) -> dict[str, Any]:
    return {
        "id": bookmark_id,
        "channel_id": ROOM,
        "title": title,
        "link": "https://example.com",
        "emoji": None,
        "icon_url": None,
        "type": "link",
        "date_created": 1767225600,
        "date_updated": 0,
        **others,
    }


def lookup(bookmark_id: str = "Bk000001", channel: str = ROOM) -> Lookup:
    return Lookup(TYPE, bookmark_id, {"channel": channel, "channel_id": channel})


def test_a_bookmark_is_added_once_nothing_has_its_title(slack: Any, provider: SlackProvider) -> None:
    slack.on("bookmarks.list", {"bookmarks": [bookmark(title="Other")]})
    slack.on("bookmarks.add", {"bookmark": bookmark(emoji=":rocket:")})
    made = provider.create(TYPE, {**DESIRED, "emoji": "rocket"})
    assert slack.methods == ["bookmarks.list", "bookmarks.add"]
    assert slack.arguments("bookmarks.add") == {
        "channel_id": ROOM,
        "type": "link",
        "title": "Runs",
        "link": "https://example.com",
        "emoji": ":rocket:",
    }
    assert made.attributes["emoji"] == ":rocket:"


def test_a_second_one_of_a_title_is_not_made(slack: Any, provider: SlackProvider) -> None:
    slack.on("bookmarks.list", {"bookmarks": [bookmark()]})
    with pytest.raises(AlreadyExists):
        provider.create(TYPE, DESIRED)
    assert slack.methods == ["bookmarks.list"]


def test_only_what_changed_is_sent(slack: Any, provider: SlackProvider) -> None:
    slack.on("bookmarks.edit", {"bookmark": bookmark(title="New")})
    prior = Object(TYPE, "Bk000001", {**DESIRED, "channel_id": ROOM})
    provider.update(prior, {**DESIRED, "title": "New"}, frozenset({"title"}))
    assert slack.arguments("bookmarks.edit") == {
        "channel_id": ROOM,
        "bookmark_id": "Bk000001",
        "title": "New",
    }


def test_bookmarks_cost_one_call_a_channel(slack: Any, provider: SlackProvider) -> None:
    slack.on("bookmarks.list", {"bookmarks": [bookmark(), bookmark("Bk000002", "Two")]})
    lookups = {one: lookup(one) for one in ("Bk000001", "Bk000002", "Bk000003")}
    answers = provider.read(lookups)
    assert slack.asked == [("bookmarks.list", {"channel_id": ROOM})]
    assert isinstance(answers["Bk000002"], Object)
    assert answers["Bk000003"] == Absent()


def test_a_channel_that_cannot_be_read_hides_only_its_own(slack: Any, provider: SlackProvider) -> None:
    def answer(asked: dict[str, Any]) -> dict[str, Any]:
        code = {"C00000002": "access_denied", "C00000003": "channel_not_found"}.get(asked["channel_id"])
        return {"ok": False, "error": code} if code else {"bookmarks": [bookmark()]}

    slack.on("bookmarks.list", answer)
    channels = (ROOM, "C00000002", "C00000003")
    answers = provider.read({channel: lookup(channel=channel) for channel in channels})
    assert isinstance(answers[ROOM], Object)
    assert isinstance(answers["C00000002"], Unreadable)
    assert answers["C00000003"] == Absent()


def test_several_of_one_title_are_told_as_candidates_and_folders_are_not(
    slack: Any, provider: SlackProvider
) -> None:
    found = [bookmark(), bookmark("Bk000002"), bookmark("Bk000003", type="folder")]
    slack.on("bookmarks.list", {"bookmarks": found})
    answer = provider.find({"": Wanted(TYPE, {"channel": ROOM, "title": "Runs"})})[""]
    assert isinstance(answer, tuple)
    assert [one.id for one in answer] == ["Bk000001", "Bk000002"]
    key = provider.import_key(TYPE, f"{ROOM}:Bk000002")
    imported = provider.find({"": Wanted(TYPE, key)})[""]
    assert isinstance(imported, tuple)
    assert [one.id for one in imported] == ["Bk000002"]


def test_a_title_may_hold_colons_in_an_import_id(provider: SlackProvider) -> None:
    assert provider.import_key(TYPE, "results:Run: 1") == {"channel": "results", "title": "Run: 1"}
    for text in ("results", "results:", ":Runs"):
        with pytest.raises(Rejected) as caught:
            provider.import_key(TYPE, text)
        assert "CHANNEL:TITLE" in caught.value.remedy


def test_in_a_channel_that_does_not_exist_there_is_none(
    slack: Any, provider: SlackProvider, channel: Any
) -> None:
    slack.on("conversations.list", {"channels": [channel()]})
    assert provider.find({"": Wanted(TYPE, {"channel": "nowhere", "title": "Runs"})}) == {"": ()}
    with pytest.raises(Rejected) as caught:
        provider.create(TYPE, {**DESIRED, "channel": "nowhere"})
    assert "nowhere" in caught.value.cause


def test_removing_one_that_is_gone_is_no_error(slack: Any, provider: SlackProvider) -> None:
    slack.refuse("bookmarks.remove", "not_found").on("bookmarks.list", {"bookmarks": []})
    provider.delete(Object(TYPE, "Bk000001", {**DESIRED, "channel_id": ROOM}), "delete")
    assert slack.methods == ["bookmarks.remove", "bookmarks.list"]


def test_emoji_are_written_with_or_without_colons(provider: SlackProvider) -> None:
    for written in ("rocket", ":rocket:", " rocket "):
        assert provider.normalise(TYPE, {"emoji": written}) == {"emoji": ":rocket:"}
    assert provider.normalise(TYPE, {"emoji": ""}) == {"emoji": ""}
