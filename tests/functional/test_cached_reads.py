"""A service of the sandbox is down: what it has last said stands in for it, and nothing is written to it."""

import json
import re
from typing import Any

import pytest

from tests.command_line import CommandLine

SERVICES = ("slack", "notion", "github", "anykrowd")


@pytest.fixture
def applied(testx: CommandLine) -> CommandLine:
    """The example, applied, with ``fallback: cached`` for every provider, and no patience."""
    testx.environ["INTEGRATION_RETRY_MAX_ATTEMPTS"] = "1"
    path = testx.directory / "reconciler.yaml"
    text = path.read_text(encoding="utf-8")
    for service in SERVICES:
        text, count = re.subn(rf"(?m)^  {service}:$", rf"  {service}:\n    fallback: cached", text)
        assert count == 1, service
    path.write_text(text, encoding="utf-8")
    assert testx.sandbox("apply", "--auto-approve").code == 0
    assert testx.sandbox("plan", "--detailed-exitcode").code == 0
    return testx


@pytest.mark.parametrize("service", SERVICES)
def test_a_plan_tells_the_objects_of_a_service_that_is_down_from_the_cache(
    applied: CommandLine, service: str
) -> None:
    assert applied("sandbox", "outage", service, "--mode", "down").code == 0
    planned = applied.sandbox("plan", "--json").document
    cached = {one["address"] for one in planned["reconciler"]["cached"]}
    owned = {
        one["address"]
        for one in planned["resource_changes"]
        if one["reconciler"]["provider"] == service and one["mode"] == "managed"
    }
    assert owned
    assert owned <= cached
    assert {address.removeprefix("data.").partition("_")[0] for address in cached} == {service}
    assert {tuple(one["change"]["actions"]) for one in planned["resource_changes"]} == {("no-op",)}
    assert list(planned["reconciler"]["fell_back"]) == [service]
    assert planned["reconciler"]["unread"] == []


def test_the_rest_is_done_and_after_the_outage_so_is_what_was_held_back(applied: CommandLine) -> None:
    applied.environ["INTEGRATION_SEQUENCE_ENABLED"] = "false"
    change(applied, "slack.yaml", r"(?m)^(      topic: ).*$", r"\1Another topic")
    change(applied, "repository.yaml", r"(?m)^(      description: ).*$", r"\1Another description")
    assert applied("sandbox", "outage", "slack", "--mode", "down").code == 0
    run = applied.sandbox("apply", "--auto-approve")
    assert run.code == 3
    assert "1 updated" in run.out
    assert "1 resource held back" in run.out
    assert [one["description"] for one in world(applied)["github"]["repositories"]] == ["Another description"]
    assert "Another topic" not in json.dumps(world(applied)["slack"])
    assert applied("sandbox", "outage", "--end").code == 0
    assert applied.sandbox("apply", "--auto-approve").code == 0
    assert "Another topic" in json.dumps(world(applied)["slack"])
    assert applied.sandbox("plan", "--detailed-exitcode").code == 0


def test_nothing_is_deleted_while_the_service_is_down(applied: CommandLine) -> None:
    before = world(applied)["slack"]
    assert applied("sandbox", "outage", "slack", "--mode", "down").code == 0
    planned = applied.sandbox("plan", "--destroy", "--json").document
    held = {one["address"] for one in planned["reconciler"]["held"] if one["provider"] == "slack"}
    assert held
    deleted = [one for one in planned["resource_changes"] if "delete" in one["change"]["actions"]]
    assert "slack" not in {one["reconciler"]["provider"] for one in deleted}
    assert applied.sandbox("destroy", "--auto-approve").code == 3
    assert world(applied)["slack"] == before


def test_without_a_call_the_whole_example_is_as_declared(applied: CommandLine) -> None:
    for service in SERVICES:
        assert applied("sandbox", "outage", service, "--mode", "down").code == 0
    assert applied.sandbox("--offline", "plan", "--detailed-exitcode").code == 0
    assert applied.sandbox("--offline", "drift").code == 0
    assert applied.sandbox("--offline", "apply", "--auto-approve").code == 1


def change(applied: CommandLine, file: str, pattern: str, after: str) -> None:
    path = applied.directory / "resources" / file
    text, count = re.subn(pattern, after, path.read_text(encoding="utf-8"), count=1)
    assert count == 1, file
    path.write_text(text, encoding="utf-8")


def world(applied: CommandLine) -> Any:
    return applied("sandbox", "show", "--json").document
