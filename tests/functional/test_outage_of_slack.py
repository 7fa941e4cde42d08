"""Slack is down, and its writes wait: what is done without it, what is deferred, and how it ends well."""

from collections.abc import Iterator

import httpx
import pytest

from reconciler.config import load
from reconciler.registry import Registry
from reconciler.sandbox.host import Host
from reconciler.sandbox.outages import outage
from reconciler.sandbox.serving import running
from reconciler.sandbox.world import World
from tests.command_line import CommandLine
from tests.functional.remote import redirect

TOPIC = "topic: Results of the end-to-end tests"


@pytest.fixture
def host() -> Host:
    return Host(World())


@pytest.fixture
def remote(testx: CommandLine, host: Host) -> Iterator[CommandLine]:
    file = testx.directory / "reconciler.yaml"
    with running(host) as origin:
        testx.environ = redirect(testx.directory, host.connections(origin))
        text = file.read_text(encoding="utf-8")
        assert text.count("\n  slack:\n") == 1
        file.write_text(text.replace("\n  slack:\n", "\n  slack:\n    fallback: queue\n"), "utf-8")
        yield testx


def lose_slack(host: Host) -> None:
    outages = host.outages
    outages.set([outage("slack", "down", begins=outages.now(), lasts=None, rate=1.0, seed=0)])


def providers_of(things: list[dict[str, str]]) -> set[str]:
    return {one["provider"] for one in things}


def queue(remote: CommandLine) -> list[dict[str, str]]:
    entries: list[dict[str, str]] = remote("sync", "--list", "--json").document["deferred"]
    return entries


def ends_well(remote: CommandLine, host: Host) -> None:
    host.outages.end()
    synced = remote("sync")
    assert synced.code == 0, synced.out + synced.err
    assert queue(remote) == []
    assert remote("plan", "--detailed-exitcode").code == 0
    assert remote("drift").code == 0


def test_in_the_usual_sequence_anykrowd_is_applied_and_the_others_are_deferred(
    remote: CommandLine, host: Host
) -> None:
    lose_slack(host)
    result = remote("--json", "apply", "--auto-approve")
    assert result.code == 3
    last = result.events[-1]
    assert providers_of(last["done"]) == {"anykrowd"}
    assert providers_of(last["deferred"]) == {"slack", "notion", "github"}
    assert [one["address"] for one in queue(remote)] == [one["address"] for one in last["deferred"]]
    assert (last["failed"], last["not_reached"]) == ([], [])
    assert all(one["address"].startswith("data.") for one in last["held"])
    ends_well(remote, host)


def needing_slack(remote: CommandLine) -> set[str]:
    """The resources of Slack, and those that refer to them, however far."""
    stack = load(remote.directory, environment=None, types=Registry.installed(), environ=remote.environ)
    everything = {**stack.data, **stack.resources}
    found = {address for address, one in everything.items() if one.provider == "slack"}
    while more := {
        address
        for address, one in everything.items()
        if address not in found and not found.isdisjoint(one.references | one.depends_on)
    }:
        found |= more
    return {str(address) for address in found if not address.is_data}


def test_without_the_sequence_only_what_refers_to_its_resources_is_deferred(
    remote: CommandLine, host: Host
) -> None:
    remote.environ["INTEGRATION_SEQUENCE_ENABLED"] = "false"
    lose_slack(host)
    result = remote("--json", "apply", "--auto-approve")
    assert result.code == 3
    last = result.events[-1]
    assert providers_of(last["done"]) == {"anykrowd", "github"}
    assert {one["address"] for one in last["deferred"]} == needing_slack(remote)
    ends_well(remote, host)


def retopic(remote: CommandLine, topic: str) -> None:
    """Change the channel as somebody does who has a token."""
    headers = {"Authorization": f"Bearer {remote.environ['SLACK_BOT_TOKEN']}"}
    with httpx.Client(base_url=remote.environ["RECONCILER_VAR_slack_url"], headers=headers) as slack:
        channels = slack.get("/conversations.list").json()["channels"]
        (channel,) = [one["id"] for one in channels if one["name"] == "testx"]
        assert slack.post("/conversations.setTopic", json={"channel": channel, "topic": topic}).json()["ok"]


def test_a_channel_that_somebody_changes_during_the_outage_is_shown_and_asked_about(
    remote: CommandLine, host: Host
) -> None:
    assert remote("apply", "--auto-approve").code == 0
    file = remote.directory / "resources" / "slack.yaml"
    text = file.read_text(encoding="utf-8")
    assert text.count(TOPIC) == 1
    file.write_text(text.replace(TOPIC, "topic: Results"), encoding="utf-8")
    lose_slack(host)
    assert remote("apply", "--auto-approve").code == 3
    assert [(one["address"], one["action"]) for one in queue(remote)] == [("slack_channel.testx", "update")]
    host.outages.end()
    retopic(remote, "By hand")
    asked = remote("sync")
    assert asked.code == 1
    told = " ".join(asked.out.split())
    assert "somebody has changed it in the service since it was deferred: slack_channel.testx" in told
    assert '~ topic = "By hand" → "Results"' in told
    assert "--auto-approve" in asked.err
    assert remote("sync", "--auto-approve").code == 0
    ends_well(remote, host)


def test_the_environment_says_how_often_a_call_is_made_while_nobody_answers(
    remote: CommandLine, host: Host
) -> None:
    remote.environ["INTEGRATION_RETRY_BASE_DELAY"] = "0"
    calls = {}
    for attempts in ("1", "2"):
        remote.environ["INTEGRATION_RETRY_MAX_ATTEMPTS"] = attempts
        lose_slack(host)
        assert remote("health", "--fresh").code == 1
        (seen,) = host.outages.all()
        calls[attempts] = seen.hit
    assert calls["1"] > 0
    assert calls["2"] == 2 * calls["1"]
