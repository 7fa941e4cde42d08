"""What a destroy leaves: nothing where the service deletes, and otherwise what the plan says."""

from typing import Any

import pytest

from tests.command_line import CommandLine

USER_TOKEN = "    user_token: ${secret.SLACK_USER_TOKEN}\n"


def world(testx: CommandLine) -> dict[str, dict[str, list[dict[str, Any]]]]:
    shown: dict[str, dict[str, list[dict[str, Any]]]] = testx("sandbox", "show", "--json").document
    return shown


def channel(testx: CommandLine) -> dict[str, Any]:
    (found,) = [found for found in world(testx)["slack"]["channels"] if found["name"] == "testx"]
    return found


def changed(testx: CommandLine) -> list[str]:
    """The addresses that a plan would do something to."""
    changes = testx.sandbox("plan", "--json").document["resource_changes"]
    return [change["address"] for change in changes if change["change"]["actions"] != ["no-op"]]


@pytest.fixture
def applied(testx: CommandLine) -> CommandLine:
    assert testx.sandbox("apply", "--auto-approve").code == 0
    return testx


def test_the_plan_says_what_stays_in_each_service(applied: CommandLine) -> None:
    text = " ".join(applied.sandbox("plan", "--destroy").out.split())
    assert "slack_channel.testx will be archived" in text
    assert "its name stays taken" in text
    assert "slack_usergroup.maintainers will be removed (disable)" in text
    assert "slack_bookmark.repository will be forgotten, and stays in the service" in text
    assert "it goes to Notion's trash with all that is in it" in text
    assert "anyKrowd cannot delete a person" in text
    assert "25 to destroy, 2 to forget" in text


def test_destroy_leaves_no_state_and_in_the_services_what_the_plan_said(applied: CommandLine) -> None:
    assert applied.sandbox("destroy", "--auto-approve").code == 0
    assert applied.sandbox("state", "list").out == ""
    left = world(applied)
    assert channel(applied)["is_archived"]
    assert [found["is_enabled"] for found in left["slack"]["usergroups"]] == [False]
    assert [found["in_trash"] for found in left["notion"]["pages"] if found["title"] == "TestX"] == [True]
    assert all(found["in_trash"] for found in left["notion"]["databases"])
    for kind in ("repositories", "branches", "labels", "branch_protection_rules", "teams", "actions_secrets"):
        assert kind not in left["github"] or left["github"][kind] == []
    assert [found["roles"] for found in left["anykrowd"]["staff_members"]] == [[], []]


def test_an_apply_after_a_destroy_takes_back_what_stayed_and_makes_the_rest_anew(
    applied: CommandLine,
) -> None:
    before = channel(applied)["id"]
    applied.sandbox("destroy", "--auto-approve")
    again = applied.sandbox("apply", "--auto-approve")
    assert again.code == 0, again.out + again.err
    assert "22 created, 5 taken over" in again.out
    assert applied.sandbox("plan", "--detailed-exitcode").code == 0
    back = channel(applied)
    assert back["id"] == before
    assert not back["is_archived"]
    assert {"alice", "bob"} <= set(back["members"])
    assert [found["is_enabled"] for found in world(applied)["slack"]["usergroups"]] == [True]
    roles = [found["roles"][0]["role"] for found in world(applied)["anykrowd"]["staff_members"]]
    assert sorted(roles) == ["Admin", "Checkin"]


def test_a_bot_alone_cannot_bring_the_channel_back_and_the_apply_says_what_to_do(
    testx: CommandLine,
) -> None:
    file = testx.directory / "reconciler.yaml"
    text = file.read_text(encoding="utf-8")
    assert USER_TOKEN in text
    file.write_text(text.replace(USER_TOKEN, ""), encoding="utf-8")
    assert testx.sandbox("apply", "--auto-approve").code == 0
    assert testx.sandbox("destroy", "--auto-approve").code == 0
    result = testx.sandbox("apply", "--auto-approve")
    assert result.code == 3
    assert "no bot can unarchive a channel" in result.out
    assert "unarchive it in Slack, or give the provider a `user_token`" in result.out
    file.write_text(text, encoding="utf-8")
    assert testx.sandbox("apply", "--auto-approve").code == 0
    assert testx.sandbox("plan", "--detailed-exitcode").code == 0


def test_a_destroyed_stack_can_be_rolled_back_to(applied: CommandLine) -> None:
    applied.sandbox("destroy", "--auto-approve")
    back = applied.sandbox("rollback", "--auto-approve")
    assert back.code == 0, back.out + back.err
    assert "22 created, 5 taken over" in back.out
    assert changed(applied) == []
    assert applied.sandbox("apply", "--auto-approve").code == 0
    assert applied.sandbox("plan", "--detailed-exitcode").code == 0
