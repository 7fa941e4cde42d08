"""Who is meant by an e-mail address, a name or an id."""

from typing import Any

import pytest

from reconciler.errors import Forbidden, Rejected
from reconciler.provider import Unreadable, Wanted
from reconciler.testing import FakeClock
from reconciler_slack.provider import SlackProvider

ADA, BOB, EVE = "U00000ADA", "U00000BOB", "U00000EVE"
GROUP = {"handle": "crew", "name": "Crew"}


@pytest.fixture
def group(slack: Any, usergroup: Any) -> Any:
    """A Slack that has nobody yet, and takes user groups."""
    slack.on("usergroups.create", {"usergroup": usergroup()})
    return slack.on("usergroups.users.update", {"usergroup": usergroup()})


def ids(provider: SlackProvider, group: Any, *texts: str) -> list[str]:
    provider.create("slack_usergroup", {**GROUP, "users": list(texts)})
    found: str = group.arguments("usergroups.users.update")["users"]
    return found.split(",")


def test_a_few_addresses_are_looked_up_one_by_one(group: Any, provider: SlackProvider, user: Any) -> None:
    group.on("users.lookupByEmail", lambda asked: {"user": user(ADA, asked["email"].partition("@")[0])})
    assert ids(provider, group, "Ada@Example.com") == [ADA]
    assert group.methods[0] == "users.lookupByEmail"
    assert group.asked[0][1] == {"email": "ada@example.com"}


def test_many_addresses_are_looked_up_in_one_list(group: Any, provider: SlackProvider, user: Any) -> None:
    everybody = [user(f"U{n:08}", f"p{n}") for n in range(9)]
    group.on("users.list", {"members": everybody})
    assert ids(provider, group, *(f"p{n}@example.com" for n in range(5))) == [f"U{n:08}" for n in range(5)]
    assert group.methods[0] == "users.list"
    assert "users.lookupByEmail" not in group.methods


@pytest.mark.parametrize("text", ["ada", "@ada", "ADA the Great", "Ada", f"<@{ADA}>", f" {ADA} "])
def test_a_person_may_be_written_in_many_ways(
    group: Any, provider: SlackProvider, user: Any, text: str
) -> None:
    group.on("users.list", {"members": [user(BOB, "bob"), user(ADA, "ada")]})
    assert ids(provider, group, text) == [ADA]


def test_a_user_name_goes_before_a_full_name(group: Any, provider: SlackProvider, user: Any) -> None:
    group.on("users.list", {"members": [user(BOB, "bob", real_name="ada"), user(ADA, "ada")]})
    assert ids(provider, group, "ada") == [ADA]


def test_all_people_who_cannot_be_told_are_told_together(
    group: Any, provider: SlackProvider, user: Any
) -> None:
    members = [
        user(ADA, "a1", real_name="Ada"),
        user(EVE, "a2", real_name="Ada"),
        user(BOB, "bob", deleted=True),
    ]
    group.on("users.list", {"members": members})
    with pytest.raises(Rejected) as caught:
        provider.create("slack_usergroup", {**GROUP, "users": ["Ada", "bob", "nobody"]})
    cause = caught.value.cause
    assert f"several people are called Ada: {ADA}, {EVE}" in cause
    assert "bob is deactivated" in cause
    assert "there is nobody called nobody" in cause
    assert "usergroups.create" not in group.methods


def test_a_list_without_addresses_is_told_as_a_missing_scope(
    group: Any, provider: SlackProvider, user: Any
) -> None:
    group.on("users.list", {"members": [user(ADA, "ada", profile={})]})
    with pytest.raises(Forbidden) as caught:
        provider.create("slack_usergroup", {**GROUP, "users": ["ada@example.com", "ada"]})
    assert "users:read.email" in caught.value.remedy


def test_who_was_looked_up_is_known_for_a_while(
    group: Any, provider: SlackProvider, user: Any, clock: FakeClock
) -> None:
    group.on("users.lookupByEmail", {"user": user(ADA, "ada")})
    for _ in range(2):
        ids(provider, group, "ada@example.com")
    assert group.methods.count("users.lookupByEmail") == 1
    clock.sleep(600)
    ids(provider, group, "ada@example.com")
    assert group.methods.count("users.lookupByEmail") == 2


def test_a_looked_up_person_is_asked_for_each_time(slack: Any, provider: SlackProvider, user: Any) -> None:
    slack.on("users.lookupByEmail", {"user": user(ADA, "ada", is_admin=True)})
    for _ in range(2):
        answer = provider.find({"": Wanted("data.slack_user", {"email": "ada@example.com"})})[""]
        assert isinstance(answer, tuple)
        assert answer[0].id == ADA
        assert answer[0].attributes["is_admin"] is True
        assert answer[0].attributes["username"] == "ada"
    assert slack.methods == ["users.lookupByEmail"] * 2


def test_nobody_and_several_are_told_as_such(slack: Any, provider: SlackProvider, user: Any) -> None:
    slack.refuse("users.lookupByEmail", "users_not_found").refuse("users.info", "user_not_found")
    slack.on("users.list", {"members": [user(ADA, "x", real_name="Ada"), user(EVE, "y", real_name="Ada")]})
    for attributes in ({"email": "no@example.com"}, {"id": "U0NOBODY0"}):
        assert provider.find({"": Wanted("data.slack_user", attributes)}) == {"": ()}
    several = provider.find({"": Wanted("data.slack_user", {"name": "Ada"})})[""]
    assert isinstance(several, tuple)
    assert [one.id for one in several] == [ADA, EVE]


def test_a_failed_look_up_is_unreadable(slack: Any, provider: SlackProvider) -> None:
    slack.refuse("users.list", "missing_scope", needed="users:read", provided="chat:write")
    answer = provider.find({"": Wanted("data.slack_user", {"name": "ada"})})[""]
    assert isinstance(answer, Unreadable)
    assert "the scope users:read" in answer.error.remedy
    assert "its token has chat:write" in answer.error.remedy


def test_a_deactivated_person_is_told_as_such(slack: Any, provider: SlackProvider, user: Any) -> None:
    slack.on("users.list", {"members": [user(ADA, "ada", deleted=True)]})
    answer = provider.find({"": Wanted("data.slack_user", {"name": "ada"})})[""]
    assert isinstance(answer, tuple)
    assert answer[0].attributes["deleted"] is True
