"""User groups: unique names and handles, disabled and enabled again, members replaced as a whole."""

from typing import Any

import pytest


def _create(slack: Any, **fields: Any) -> dict[str, Any]:
    return dict(slack("usergroups.create", **fields)["usergroup"])


def test_a_new_group_is_enabled_and_empty(slack: Any, clock: Any) -> None:
    made = _create(slack, name="TestX Maintainers", description="They mend")
    now, bot = int(clock().timestamp()), slack.user("reconciler")
    assert made["handle"] == "testx-maintainers"
    assert (made["date_create"], made["date_delete"], made["created_by"]) == (now, 0, bot)
    assert (made["users"], made["prefs"]) == ([], {"channels": [], "groups": []})


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"name": "crew", "handle": "other"}, "name_already_exists"),
        ({"name": "Other", "handle": "crew"}, "handle_already_exists"),
        ({"name": "Other", "handle": "general"}, "handle_already_exists"),
        ({"name": "Other", "handle": "alice"}, "handle_already_exists"),
        ({"name": "Other", "handle": "a b"}, "bad_handle"),
        ({"name": "Other", "handle": "here"}, "forbidden_handle"),
        ({"name": " "}, "missing_subteam_name"),
        ({"name": "x" * 81, "handle": "x"}, "name_too_long"),
        ({"name": "Other", "description": "x" * 141}, "description_too_long"),
        ({"name": "Other", "channels": "C0NOWHERE"}, "invalid_channel_provided"),
    ],
)
def test_what_is_taken_or_wrong_is_refused(slack: Any, fields: dict[str, str], error: str) -> None:
    _create(slack, name="Crew")
    other = _create(slack, name="Second")
    assert slack.error("usergroups.create", **fields) == error
    assert slack.error("usergroups.update", usergroup=other["id"], **fields) == error


def test_a_group_is_updated_in_part(slack: Any, clock: Any) -> None:
    made = _create(slack, name="Crew", description="All hands")
    clock.forward(5)
    general = slack.channel("general")
    changed = slack("usergroups.update", usergroup=made["id"], handle="hands", channels=general)["usergroup"]
    assert (changed["name"], changed["handle"], changed["description"]) == ("Crew", "hands", "All hands")
    assert changed["prefs"]["channels"] == [general]
    assert changed["date_update"] == made["date_update"] + 5
    cleared = slack("usergroups.update", usergroup=made["id"], description="", channels="")["usergroup"]
    assert (cleared["description"], cleared["prefs"]["channels"]) == ("", [])


def test_a_disabled_group_is_listed_only_if_asked_for_and_keeps_all_it_had(slack: Any, clock: Any) -> None:
    made = _create(slack, name="Crew")["id"]
    slack("usergroups.users.update", usergroup=made, users=slack.user("alice"))
    gone = slack("usergroups.disable", usergroup=made)["usergroup"]
    assert (gone["date_delete"], gone["deleted_by"]) == (int(clock().timestamp()), slack.user("reconciler"))
    assert slack("usergroups.list")["usergroups"] == []
    listed = slack("usergroups.list", include_disabled="true", include_users="true")["usergroups"]
    assert [(each["id"], each["users"]) for each in listed] == [(made, [slack.user("alice")])]
    assert slack.error("usergroups.create", name="Crew", handle="other") == "name_already_exists"
    assert slack.error("usergroups.create", name="Other", handle="crew") == "handle_already_exists"
    assert slack.error("usergroups.users.list", usergroup=made) == "no_such_subteam"
    assert slack("usergroups.users.list", usergroup=made, include_disabled=1)["users"] == [
        slack.user("alice")
    ]
    back = slack("usergroups.enable", usergroup=made)["usergroup"]
    assert (back["date_delete"], back["deleted_by"], back["users"]) == (0, None, [slack.user("alice")])


def test_members_are_replaced_as_a_whole_and_never_by_nobody(slack: Any) -> None:
    made = _create(slack, name="Crew")["id"]
    alice, bob, carol = (slack.user(name) for name in ("alice", "bob", "carol"))
    slack("usergroups.users.update", usergroup=made, users=f"{alice},{bob},{alice}")
    assert slack("usergroups.users.list", usergroup=made)["users"] == [alice, bob]
    answer = slack.send("usergroups.users.update", json={"usergroup": made, "users": [carol]}).json()
    assert answer["usergroup"]["users"] == [carol]
    for nobody in ({"users": ""}, {}):
        assert slack.error("usergroups.users.update", usergroup=made, **nobody) == "no_users_provided"
    assert slack.error("usergroups.users.update", usergroup=made, users="U0NOBODY") == "invalid_users"
    assert slack("usergroups.users.list", usergroup=made)["users"] == [carol]


def test_users_and_their_number_come_if_they_are_asked_for(slack: Any) -> None:
    made = _create(slack, name="Crew")["id"]
    slack("usergroups.users.update", usergroup=made, users=slack.user("alice"))
    (plain,) = slack("usergroups.list")["usergroups"]
    assert not {"users", "user_count"} & set(plain)
    (full,) = slack("usergroups.list", include_users=1, include_count=1)["usergroups"]
    assert (full["users"], full["user_count"]) == ([slack.user("alice")], 1)


@pytest.mark.parametrize("method", ["update", "enable", "disable", "users.list", "users.update"])
def test_a_group_that_is_not_there_is_not_found(slack: Any, method: str) -> None:
    arguments = {"usergroup": "S0NOWHERE", "users": slack.user("alice")}
    assert slack.error(f"usergroups.{method}", **arguments) == "no_such_subteam"


def test_a_workspace_may_leave_groups_to_its_admins(slack: Any, owner: Any, host: Any) -> None:
    host.seed({"slack": {"team": {"usergroups_managed_by": "admins"}}})
    assert slack.error("usergroups.create", name="Crew") == "permission_denied"
    made = owner("usergroups.create", name="Crew")["usergroup"]["id"]
    for method in ("update", "enable", "disable", "users.update"):
        assert slack.error(f"usergroups.{method}", usergroup=made) == "permission_denied"
    assert len(slack("usergroups.list")["usergroups"]) == 1


def test_a_free_plan_has_no_groups(slack: Any, host: Any) -> None:
    host.seed({"slack": {"team": {"plan": "free"}}})
    assert slack.error("usergroups.create", name="Crew") == "paid_teams_only"
    assert slack.error("usergroups.list") == "plan_upgrade_required"
