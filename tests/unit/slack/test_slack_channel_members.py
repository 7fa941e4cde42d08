"""Who is in a channel: who is invited, who is removed, and how they are told."""

from typing import Any

import pytest

from reconciler.errors import AlreadyExists, OutcomeUnknown, Rejected
from reconciler.provider import Absent, Lookup, Object, Unreadable, Wanted
from reconciler_slack.provider import SlackProvider

TYPE, ID, BOT = "slack_channel_members", "C00000001", "U0BOT0000"
ADA, BOB, EVE = "U00000ADA", "U00000BOB", "U00000EVE"


def prior(users: dict[str, str], mode: str = "additive", invited: tuple[str, ...] = ()) -> Object:
    told = {"channel": ID, "users": list(users), "user_ids": list(users.values()), "mode": mode}
    return Object(TYPE, ID, {**told, "id": ID, "invited": list(invited)})


def lookup(found: Object) -> Lookup:
    return Lookup(TYPE, ID, found.attributes)


def read(provider: SlackProvider, found: Object) -> Any:
    return provider.read({"": lookup(found)})[""]


def test_an_additive_list_invites_who_is_missing_and_remembers_whom_it_invited(
    slack: Any, provider: SlackProvider
) -> None:
    slack.on("conversations.members", {"members": [BOT, BOB]}).on("conversations.invite", {})
    made = provider.create(TYPE, {"channel": ID, "users": [ADA, BOB]})
    assert slack.methods == ["conversations.members", "conversations.invite"]
    assert slack.arguments("conversations.invite") == {"channel": ID, "users": ADA}
    assert made.attributes["mode"] == "additive"
    assert made.attributes["users"] == [ADA, BOB]
    assert made.attributes["invited"] == [ADA]


def test_people_are_told_as_they_were_written_without_asking_who_they_are(
    slack: Any, provider: SlackProvider
) -> None:
    slack.on("conversations.members", {"members": [BOT, EVE, BOB, ADA]})
    found = read(provider, prior({"ada@example.com": ADA, "bob": BOB}, "exclusive"))
    assert found.attributes["users"] == ["ada@example.com", "bob", EVE]
    assert found.attributes["user_ids"] == [ADA, BOB, EVE]
    assert slack.methods == ["conversations.members"]


def test_an_additive_list_looks_only_at_those_declared(slack: Any, provider: SlackProvider) -> None:
    slack.on("conversations.members", {"members": [BOT, EVE, ADA]})
    found = read(provider, prior({"ada": ADA, "bob": BOB}))
    assert found.attributes["users"] == ["ada"]
    slack.on("conversations.members", {"members": [BOT, EVE]})
    assert read(provider, prior({"ada": ADA})) == Absent()


def test_an_additive_list_removes_whom_it_had_invited_and_nobody_else(
    slack: Any, provider: SlackProvider
) -> None:
    slack.on("conversations.members", {"members": [BOT, EVE, ADA, BOB]}).on("conversations.kick", {})
    before = prior({"ada": ADA, "bob": BOB, "eve": EVE}, invited=(BOB, EVE))
    after = provider.update(before, {"channel": ID, "users": ["eve"]}, frozenset({"users"}))
    assert slack.methods == ["conversations.members", "conversations.kick"]
    assert slack.arguments("conversations.kick") == {"channel": ID, "user": BOB}
    assert after.attributes["users"] == ["eve"]
    assert after.attributes["invited"] == [EVE]


def test_an_exclusive_list_removes_everybody_else_but_the_bot(slack: Any, provider: SlackProvider) -> None:
    slack.on("conversations.members", {"members": [BOT, EVE, ADA]}).on("conversations.kick", {})
    slack.on("conversations.invite", {})
    desired = {"channel": ID, "users": [BOB], "mode": "exclusive"}
    after = provider.update(prior({ADA: ADA}), desired, frozenset({"users", "mode"}))
    kicked = [asked["user"] for method, asked in slack.asked if method == "conversations.kick"]
    assert kicked == [ADA, EVE]
    assert slack.arguments("conversations.invite") == {"channel": ID, "users": BOB}
    assert after.attributes["users"] == [BOB]
    assert after.attributes["invited"] == []


def test_turning_to_additive_removes_nobody(slack: Any, provider: SlackProvider) -> None:
    slack.on("conversations.members", {"members": [BOT, EVE, ADA]})
    desired = {"channel": ID, "users": [ADA], "mode": "additive"}
    after = provider.update(prior({ADA: ADA, EVE: EVE}, "exclusive"), desired, frozenset({"users", "mode"}))
    assert slack.methods == ["conversations.members"]
    assert after.attributes["users"] == [ADA]


def test_an_exclusive_list_is_not_begun_where_people_are(slack: Any, provider: SlackProvider) -> None:
    slack.on("conversations.members", {"members": [BOT, EVE]})
    with pytest.raises(AlreadyExists):
        provider.create(TYPE, {"channel": ID, "users": [ADA], "mode": "exclusive"})
    assert slack.methods == ["conversations.members"]


def test_an_exclusive_list_that_is_begun_in_part_is_completed(slack: Any, provider: SlackProvider) -> None:
    slack.on("conversations.members", {"members": [BOT, ADA]}).on("conversations.invite", {})
    provider.create(TYPE, {"channel": ID, "users": [ADA, BOB], "mode": "exclusive"})
    assert slack.arguments("conversations.invite")["users"] == BOB
    with pytest.raises(AlreadyExists):
        provider.create(TYPE, {"channel": ID, "users": [ADA], "mode": "exclusive"})


def test_a_hundred_people_are_invited_a_call(slack: Any, provider: SlackProvider) -> None:
    people = [f"U{n:08}" for n in range(205)]
    slack.on("conversations.members", {"members": [BOT]}).on("conversations.invite", {})
    provider.create(TYPE, {"channel": ID, "users": people})
    invited = [asked["users"] for method, asked in slack.asked if method == "conversations.invite"]
    assert [len(users.split(",")) for users in invited] == [100, 100, 5]
    assert ",".join(invited).split(",") == people


def test_invitations_that_stop_half_way_leave_the_list_in_doubt(slack: Any, provider: SlackProvider) -> None:
    people = [f"U{n:08}" for n in range(150)]
    slack.on("conversations.members", {"members": [BOT]})
    slack.on("conversations.invite", {}, {"ok": False, "error": "cant_invite"})
    with pytest.raises(OutcomeUnknown):
        provider.create(TYPE, {"channel": ID, "users": people})


def test_who_cannot_be_invited_is_named(slack: Any, provider: SlackProvider) -> None:
    slack.on("conversations.members", {"members": [BOT]})
    errors = [{"user": ADA, "ok": False, "error": "user_not_found"}]
    slack.refuse("conversations.invite", "user_not_found", errors=errors)
    with pytest.raises(Rejected) as caught:
        provider.create(TYPE, {"channel": ID, "users": [ADA]})
    assert f"{ADA}: user_not_found" in caught.value.cause


def test_the_bot_joins_before_it_invites_where_it_is_not_in(
    slack: Any, provider: SlackProvider, channel: Any
) -> None:
    slack.on("conversations.members", {"members": [EVE]}).on("conversations.join", {"channel": channel()})
    slack.on("conversations.invite", {"ok": False, "error": "not_in_channel"}, {})
    provider.create(TYPE, {"channel": ID, "users": [ADA]})
    assert slack.methods[1:] == ["conversations.invite", "conversations.join", "conversations.invite"]


def test_the_bot_is_neither_invited_nor_removed(slack: Any, provider: SlackProvider) -> None:
    slack.on("conversations.members", {"members": [BOT]}).on("conversations.invite", {})
    made = provider.create(TYPE, {"channel": ID, "users": [ADA, BOT], "mode": "exclusive"})
    assert slack.arguments("conversations.invite")["users"] == ADA
    assert made.attributes["users"] == [ADA, BOT]
    slack.on("conversations.members", {"members": [BOT, ADA]}).on("conversations.kick", {})
    provider.update(made, {**made.attributes, "users": [ADA]}, frozenset({"users"}))
    assert "conversations.kick" not in slack.methods


def test_people_written_otherwise_are_the_same_people(slack: Any, provider: SlackProvider, user: Any) -> None:
    slack.on("conversations.members", {"members": [BOT, ADA]}).on(
        "users.lookupByEmail", {"user": user(ADA, "ada")}
    )
    desired = {"channel": ID, "users": ["ada@example.com"], "mode": "exclusive"}
    after = provider.update(prior({ADA: ADA}, "exclusive"), desired, frozenset({"users"}))
    assert slack.methods == ["users.lookupByEmail", "conversations.members"]
    assert after.attributes["users"] == ["ada@example.com"]
    assert after.attributes["user_ids"] == [ADA]


def test_removing_an_additive_list_takes_out_whom_it_had_invited(slack: Any, provider: SlackProvider) -> None:
    slack.on("conversations.members", {"members": [BOT, ADA, BOB]}).on("conversations.kick", {})
    provider.delete(prior({"ada": ADA, "bob": BOB}, invited=(ADA,)), "delete")
    assert slack.methods == ["conversations.members", "conversations.kick"]
    assert slack.arguments("conversations.kick")["user"] == ADA


def test_who_left_meanwhile_need_not_be_removed(slack: Any, provider: SlackProvider) -> None:
    slack.on("conversations.members", {"members": [BOT, ADA]}).refuse("conversations.kick", "not_in_channel")
    provider.delete(prior({"ada": ADA}, "exclusive"), "delete")
    assert slack.methods == ["conversations.members", "conversations.kick"]


def test_the_general_channel_is_told_as_one_that_nobody_can_be_removed_from(
    slack: Any, provider: SlackProvider
) -> None:
    slack.on("conversations.members", {"members": [BOT, ADA]})
    slack.refuse("conversations.kick", "cant_kick_from_general")
    with pytest.raises(Rejected) as caught:
        provider.delete(prior({"ada": ADA}, "exclusive"), "delete")
    assert "mode: additive" in caught.value.remedy


def test_the_channel_may_be_written_by_name(slack: Any, provider: SlackProvider, channel: Any) -> None:
    slack.on("conversations.list", {"channels": [channel()]})
    slack.on("conversations.members", {"members": [BOT]}).on("conversations.invite", {})
    made = provider.create(TYPE, {"channel": "#Results", "users": [ADA]})
    assert made.id == ID
    assert made.attributes["channel"] == "results"
    assert slack.arguments("conversations.members")["channel"] == ID


def test_an_additive_list_is_never_in_the_way(slack: Any, provider: SlackProvider) -> None:
    for mode in ("additive", None):
        assert provider.find({"": Wanted(TYPE, {"channel": ID, "mode": mode})}) == {"": ()}
    assert slack.methods == []


def test_a_list_is_imported_by_its_channel(slack: Any, provider: SlackProvider) -> None:
    slack.on("conversations.members", {"members": [BOT, ADA]})
    key = provider.import_key(TYPE, ID)
    assert key == provider.import_key(TYPE, f"{ID}:exclusive")
    answer = provider.find({"": Wanted(TYPE, key)})[""]
    assert isinstance(answer, tuple)
    assert answer[0].attributes["users"] == [ADA]
    with pytest.raises(Rejected, match="additive"):
        provider.import_key(TYPE, f"{ID}:additive")


def test_members_that_cannot_be_read_are_unreadable_and_those_of_others_are_not(
    slack: Any, provider: SlackProvider
) -> None:
    def answer(asked: dict[str, Any]) -> dict[str, Any]:
        if asked["channel"] == ID:
            return {"members": [ADA]}
        return {"ok": False, "error": "access_denied"}

    slack.on("conversations.members", answer)
    other = Lookup(TYPE, "C00000002", prior({ADA: ADA}).attributes)
    answers = provider.read({"a": lookup(prior({ADA: ADA})), "b": other})
    assert isinstance(answers["a"], Object)
    assert isinstance(answers["b"], Unreadable)
