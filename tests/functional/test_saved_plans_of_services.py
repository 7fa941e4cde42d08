"""Saved plans against the services: others work on meanwhile, and a run is killed in the middle of one."""

import httpx

from tests.command_line import CommandLine
from tests.functional.documented import edit, succeeds
from tests.functional.processes import read_until
from tests.functional.small import ALL, Small


def saved(line: CommandLine) -> str:
    return str(line.directory / "saved.plan")


def set_topic(small: Small, name: str, topic: str) -> None:
    """Somebody gives a channel another topic."""
    headers = {"Authorization": f"Bearer {small.command.environ['SLACK_BOT_TOKEN']}"}
    url = small.command.environ["RECONCILER_VAR_url"]
    channels = httpx.get(f"{url}/conversations.list", params={"limit": 200}, headers=headers).json()[
        "channels"
    ]
    (found,) = (channel for channel in channels if channel["name"] == name)
    answer = httpx.post(
        f"{url}/conversations.setTopic", json={"channel": found["id"], "topic": topic}, headers=headers
    )
    assert answer.json()["ok"], answer.text


def test_a_plan_of_all_services_is_saved_shown_and_carried_out(testx: CommandLine) -> None:
    succeeds(testx.sandbox("plan", "--out", saved(testx)))
    shown = testx.sandbox("show", saved(testx))
    assert "Plan: 27 to create, 0 to update, 0 to destroy" in shown.out
    succeeds(testx.sandbox("apply", saved(testx)))
    assert testx.sandbox("plan", "--detailed-exitcode").code == 0
    edit(testx, "Results of the end-to-end tests", "Results")
    edit(testx, "color: 5319e7", "color: 111111", "labels")
    succeeds(testx.sandbox("plan", "--out", saved(testx)))
    succeeds(testx.sandbox("apply", saved(testx)))
    assert testx.sandbox("plan", "--detailed-exitcode").code == 0
    succeeds(testx.sandbox("rollback", "--out", saved(testx)))
    succeeds(testx.sandbox("apply", saved(testx)))
    edit(testx, "Results", "Results of the end-to-end tests")
    edit(testx, "color: 111111", "color: 5319e7", "labels")
    assert testx.sandbox("plan", "--detailed-exitcode").code == 0


def test_a_plan_followed_by_an_unrelated_run_is_carried_out(small: Small) -> None:
    line = small.command
    succeeds(line("apply", "--auto-approve"))
    succeeds(line("plan", "--var", "topic=second", "--target", "slack_channel.c", "--out", saved(line)))
    succeeds(line("apply", "--auto-approve", "--var", "topic=third", "--target", "reconciler_value.note"))
    succeeds(line("apply", saved(line)))
    assert small.topic_of("c") == "second"
    assert [run["why"].partition(" ")[0] for run in small.runs()] == ["", "", "saved"]


def test_a_plan_followed_by_a_change_of_one_object_refuses_just_that(small: Small) -> None:
    line = small.command
    succeeds(line("apply", "--auto-approve"))
    succeeds(line("plan", "--var", "topic=second", "--out", saved(line)))
    set_topic(small, "c", "by hand")
    result = line("apply", saved(line))
    assert result.code == 3, result.out + result.err
    told = " ".join(result.out.split())
    assert (
        'topic has changed in the service since the plan was made: it was "first", and is "by hand"' in told
    )
    assert small.topic_of("c") == "by hand"
    assert (
        line("state", "show", "reconciler_value.note", "--json").document["attributes"]["output"] == "second"
    )


def test_a_run_of_a_saved_plan_that_is_killed_is_made_good_by_the_next(small_alone: Small) -> None:
    small, line = small_alone, small_alone.command
    succeeds(line("plan", "--target", "slack_channel.c", "--out", saved(line)))
    small.slow_down()
    process = small.start("apply", saved(line), "--parallelism", "1")
    read_until(process.stdout, "created after")
    process.kill()
    process.communicate()
    small.quicken()
    again = line("apply", saved(line))
    assert again.code in (1, 3), again.out + again.err
    succeeds(line("apply", "--auto-approve"))
    assert small.recorded() == ALL
    assert small.made() == ["a", "b", "c"]
    assert line("plan", "--detailed-exitcode").code == 0
