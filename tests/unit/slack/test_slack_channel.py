"""Channels: which calls are made for them, and what they tell."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from reconciler.errors import AlreadyExists, Forbidden, NotFound, OutcomeUnknown, Rejected
from reconciler.provider import Absent, Lookup, Object, Unreadable, Wanted
from reconciler_slack.provider import SlackProvider

ID = "C00000001"


def prior(**attributes: Any) -> Object:
    told = {"name": "results", "is_private": False, "archived": False, "is_member": True, "topic": "a"}
    return Object("slack_channel", ID, {**told, **attributes})


def lookup(channel_id: str = ID, **attributes: Any) -> Lookup:
    return Lookup("slack_channel", channel_id, attributes)


def test_creating_sets_topic_and_purpose_and_reads_nothing_back(
    slack: Any, provider: SlackProvider, channel: Any
) -> None:
    slack.on("conversations.create", {"channel": channel()})
    slack.on("conversations.setTopic", {"channel": channel(topic="a &amp; b")})
    slack.on("conversations.setPurpose", {"channel": channel(topic="a &amp; b", purpose="&lt;c&gt;")})
    desired = {"name": "#Results", "topic": "a & b", "purpose": "<c>", "is_private": False}
    made = provider.create("slack_channel", desired)
    assert slack.methods == ["conversations.create", "conversations.setTopic", "conversations.setPurpose"]
    assert slack.arguments("conversations.create") == {"name": "results", "is_private": False}
    assert slack.arguments("conversations.setTopic") == {"channel": ID, "topic": "a & b"}
    assert made.attributes["topic"] == "a & b"
    assert made.attributes["purpose"] == "<c>"
    assert made.attributes["url"] == f"https://acme.slack.com/archives/{ID}"


def test_a_create_that_stops_half_way_is_in_doubt_and_not_lost(
    slack: Any, provider: SlackProvider, channel: Any
) -> None:
    slack.on("conversations.create", {"channel": channel()}).refuse("conversations.setTopic", "too_long")
    with pytest.raises(OutcomeUnknown) as caught:
        provider.create("slack_channel", {"name": "results", "topic": "x"})
    assert "too_long" in caught.value.cause
    assert "250" in caught.value.remedy


def test_a_name_that_is_taken_is_told_as_existing(slack: Any, provider: SlackProvider) -> None:
    slack.refuse("conversations.create", "name_taken")
    with pytest.raises(AlreadyExists) as caught:
        provider.create("slack_channel", {"name": "results"})
    assert "archived" in caught.value.remedy


def test_names_are_normalised_as_slack_keeps_them(provider: SlackProvider) -> None:
    for written in ("#Test Results", "test  results", " TEST-results "):
        assert provider.normalise("slack_channel", {"name": written}) == {"name": "test-results"}


def test_only_what_changed_is_set(slack: Any, provider: SlackProvider, channel: Any) -> None:
    slack.on("conversations.rename", {"channel": channel(name="other")})
    desired = {"name": "other", "topic": "a", "purpose": "b"}
    found = provider.update(prior(), desired, frozenset({"name"}))
    assert slack.methods == ["conversations.rename"]
    assert found.attributes["name"] == "other"


def test_the_bot_joins_a_channel_that_it_is_not_in_before_it_changes_it(
    slack: Any, provider: SlackProvider, channel: Any
) -> None:
    slack.on("conversations.join", {"channel": channel()})
    slack.on("conversations.setTopic", {"channel": channel(topic="x")})
    provider.update(prior(is_member=False), {"topic": "x"}, frozenset({"topic"}))
    assert slack.methods == ["conversations.join", "conversations.setTopic"]


def test_the_bot_joins_when_it_turns_out_that_it_was_removed(
    slack: Any, provider: SlackProvider, channel: Any
) -> None:
    refused = {"ok": False, "error": "not_in_channel"}
    slack.on("conversations.setTopic", refused, {"channel": channel(topic="x")})
    slack.on("conversations.join", {"channel": channel()})
    found = provider.update(prior(), {"topic": "x"}, frozenset({"topic"}))
    assert slack.methods == ["conversations.setTopic", "conversations.join", "conversations.setTopic"]
    assert found.attributes["topic"] == "x"


def test_a_private_channel_that_the_bot_is_not_in_needs_an_invitation(
    slack: Any, provider: SlackProvider
) -> None:
    slack.refuse("conversations.setTopic", "not_in_channel")
    slack.refuse("conversations.join", "method_not_supported_for_channel_type")
    with pytest.raises(Rejected) as caught:
        provider.update(prior(), {"topic": "x"}, frozenset({"topic"}))
    assert "/invite" in caught.value.remedy


@pytest.mark.parametrize(("becomes", "word"), [(True, "private"), (False, "public")])
def test_making_it_private_or_public_is_refused_before_anything_is_done(
    slack: Any, provider: SlackProvider, becomes: bool, word: str
) -> None:
    desired = {"is_private": becomes, "topic": "x"}
    with pytest.raises(Rejected) as caught:
        provider.update(prior(is_private=not becomes), desired, frozenset(desired))
    assert f"make it {word} in Slack" in caught.value.remedy
    assert slack.methods == []


def test_archiving_comes_after_the_other_changes_and_tells_the_channel(
    slack: Any, provider: SlackProvider, channel: Any
) -> None:
    slack.on("conversations.setTopic", {"channel": channel(topic="x")}).on("conversations.archive", {})
    slack.on("conversations.info", {"channel": channel(topic="x", is_archived=True, is_member=False)})
    desired = {"topic": "x", "archived": True}
    found = provider.update(prior(), desired, frozenset(desired))
    assert slack.methods == ["conversations.setTopic", "conversations.archive", "conversations.info"]
    assert found.attributes["archived"] is True


def test_no_bot_unarchives_and_a_person_is_asked_to(slack: Any, provider: SlackProvider) -> None:
    with pytest.raises(Forbidden) as caught:
        provider.update(prior(archived=True), {"archived": False}, frozenset({"archived"}))
    assert "user_token" in caught.value.remedy
    assert slack.methods == []


def test_with_a_persons_token_a_public_channel_is_unarchived_and_joined_again(
    slack: Any, connect: Callable[..., SlackProvider], channel: Any
) -> None:
    slack.on("conversations.unarchive", {}).on("conversations.join", {"channel": channel()})
    provider = connect(user_token="xoxp-person")
    found = provider.update(prior(archived=True), {"archived": False}, frozenset({"archived"}))
    assert slack.methods == ["conversations.unarchive", "conversations.join"]
    tokens = [request.headers["authorization"] for request in slack.requests[:2]]
    assert tokens[0] == "Bearer xoxp-person"
    assert tokens[1].startswith("Bearer xoxb-")
    assert found.attributes["archived"] is False


def test_with_a_persons_token_the_bot_is_invited_into_an_unarchived_private_channel(
    slack: Any, connect: Callable[..., SlackProvider], channel: Any
) -> None:
    slack.on("conversations.unarchive", {}).on("conversations.invite", {"channel": channel()})
    slack.on("conversations.info", {"channel": channel(is_private=True)})
    provider = connect(user_token="xoxp-person")
    provider.update(prior(archived=True, is_private=True), {"archived": False}, frozenset({"archived"}))
    assert slack.methods == ["conversations.unarchive", "conversations.invite", "conversations.info"]
    assert slack.arguments("conversations.invite") == {"channel": ID, "users": "U0BOT0000"}


def test_an_archived_channel_is_left_as_it_is_when_it_is_removed(slack: Any, provider: SlackProvider) -> None:
    provider.delete(prior(archived=True), "archive")
    assert slack.methods == []
    slack.refuse("conversations.archive", "already_archived")
    provider.delete(prior(), "archive")
    assert slack.methods == ["conversations.archive"]


def test_removing_what_is_gone_is_no_error(slack: Any, provider: SlackProvider) -> None:
    slack.refuse("conversations.archive", "channel_not_found")
    slack.refuse("conversations.info", "channel_not_found")
    provider.delete(prior(), "archive")
    assert slack.methods == ["conversations.archive", "conversations.info"]


def test_a_few_channels_are_asked_for_one_by_one(slack: Any, provider: SlackProvider, channel: Any) -> None:
    slack.on("conversations.info", lambda asked: {"channel": channel(asked["channel"])})
    answers = provider.read({str(n): lookup(f"C0000000{n}") for n in range(3)})
    assert slack.methods == ["conversations.info"] * 3
    assert all(isinstance(answer, Object) for answer in answers.values())


def test_many_are_read_with_one_list_and_what_it_lacks_is_asked_for(
    slack: Any, provider: SlackProvider, channel: Any
) -> None:
    listed = [channel(f"C0000000{n}", f"n{n}") for n in range(4)]
    pages = (
        {"channels": listed[:3], "response_metadata": {"next_cursor": "x="}},
        {"channels": [], "response_metadata": {"next_cursor": "y="}},
        {"channels": listed[3:], "response_metadata": {"next_cursor": ""}},
    )
    slack.on("conversations.list", *pages).refuse("conversations.info", "channel_not_found")
    answers = provider.read({str(n): lookup(f"C0000000{n}") for n in range(5)})
    assert slack.methods == ["conversations.list"] * 3 + ["conversations.info"]
    expected = {"types": "public_channel,private_channel", "limit": "999", "cursor": "y="}
    assert slack.arguments("conversations.list") == expected
    assert answers["4"] == Absent()
    found = [answer.attributes["name"] for answer in answers.values() if isinstance(answer, Object)]
    assert found == ["n0", "n1", "n2", "n3"]


def test_a_private_channel_that_is_not_told_may_be_there_all_the_same(
    slack: Any, provider: SlackProvider
) -> None:
    slack.refuse("conversations.info", "channel_not_found")
    answers = provider.read({"a": lookup(is_private=True), "b": lookup(is_private=False)})
    assert isinstance(answers["a"], Unreadable)
    assert isinstance(answers["a"].error, NotFound)
    assert answers["b"] == Absent()


def test_a_list_that_leads_in_a_circle_is_never_taken_for_the_whole(
    slack: Any, provider: SlackProvider, channel: Any
) -> None:
    page = {"channels": [channel()], "response_metadata": {"next_cursor": "x="}}
    slack.on("conversations.list", page)
    answers = provider.read({str(n): lookup(f"C0000000{n}") for n in range(5)})
    assert all(isinstance(answer, Unreadable) for answer in answers.values())


def test_a_name_is_found_among_archived_channels_without_reading_further_than_needed(
    slack: Any, provider: SlackProvider, channel: Any
) -> None:
    found = channel(is_archived=True)
    page = {"channels": [channel("C00000002", "x"), found], "response_metadata": {"next_cursor": "more"}}
    slack.on("conversations.list", page)
    answer = provider.find({"": Wanted("slack_channel", {"name": "Results"})})[""]
    assert isinstance(answer, tuple)
    assert [one.id for one in answer] == [ID]
    assert answer[0].attributes["archived"] is True
    assert slack.methods == ["conversations.list"]
    assert "exclude_archived" not in slack.arguments("conversations.list")


def test_an_import_id_is_slacks_own_or_the_name(slack: Any, provider: SlackProvider, channel: Any) -> None:
    slack.on("conversations.info", {"channel": channel()}).on("conversations.list", {"channels": [channel()]})
    for text in (ID, "#results"):
        key = provider.import_key("slack_channel", text)
        answer = provider.find({"": Wanted("slack_channel", key)})[""]
        assert isinstance(answer, tuple)
        assert [one.id for one in answer] == [ID]
    slack.on("conversations.info", {"channel": channel("D00000001", is_im=True)})
    key = provider.import_key("slack_channel", "C0DIRECT1")
    assert provider.find({"": Wanted("slack_channel", key)}) == {"": ()}


def test_a_lost_answer_to_a_create_is_not_repeated(slack: Any, provider: SlackProvider) -> None:
    slack.on("conversations.create", httpx.Response(503))
    with pytest.raises(OutcomeUnknown):
        provider.create("slack_channel", {"name": "results"})
    assert slack.methods == ["conversations.create"]
