"""``watch --heal`` as a long-running process over the four services: people's hands, two at once, signals."""

import json
import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import httpx
import pytest

from tests.command_line import CommandLine
from tests.functional.processes import Process, served, start

LONGEST = 120
"""Seconds after which a process counts as stuck; none is waited for that long unless a test fails."""


class Watching:
    """A process that watches, and its events as they come."""

    def __init__(self, command: CommandLine) -> None:
        often = ("--interval", "0.2", "--drift-interval", "0.2")
        arguments = ("--sandbox", "--json", "watch", "--heal", *often)
        self.process: Process = start(command.directory, *arguments, environ=command.environ)

    def until(self, is_it: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """The next event of which this is true; those before it are passed over."""
        assert self.process.stdout is not None
        passed = []
        for line in self.process.stdout:
            event: dict[str, Any] = json.loads(line)
            passed.append(event)
            if is_it(event):
                return event
        raise AssertionError(f"it ended without that: {passed}, {self.process.stderr}")

    def named(self, name: str, text: str = "") -> dict[str, Any]:
        return self.until(lambda event: event["event"] == name and text in json.dumps(event))

    def end(self, number: signal.Signals) -> int:
        self.process.send_signal(number)
        self.process.communicate(timeout=LONGEST)
        return self.process.returncode


@pytest.fixture
def github(testx: CommandLine) -> Iterator[httpx.Client]:
    assert testx.sandbox("apply", "--auto-approve").code == 0
    with served(testx.directory) as ready, ExitStack() as stack:
        connection = ready["github"]
        headers = {"Authorization": f"Bearer {connection['token']}"}
        yield stack.enter_context(httpx.Client(base_url=connection["base_url"], headers=headers))


@pytest.fixture
def watching(testx: CommandLine, github: httpx.Client) -> Iterator[Watching]:
    found = Watching(testx)
    try:
        found.named("transition", "github")
        yield found
    finally:
        found.process.kill()
        found.process.communicate()


def test_what_hands_do_is_put_right_or_left_to_people_with_the_command_for_it(
    testx: CommandLine, github: httpx.Client, watching: Watching
) -> None:
    repository = "/repos/acme/testx"
    label = github.get(f"{repository}/labels").raise_for_status().json()[0]["name"]
    github.patch(repository, json={"description": "by hand"}).raise_for_status()
    watching.named("restored", "github_repository.testx")
    assert github.get(repository).json()["description"] != "by hand"

    ours = next(
        one
        for one in testx.sandbox("state", "list").out.splitlines()
        if one.startswith("github_issue_label.")
    )
    name = testx.sandbox("state", "show", ours, "--json").document["attributes"]["name"]
    github.delete(f"{repository}/labels/{name}").raise_for_status()
    watching.named("restored", "github_issue_label")
    assert github.get(f"{repository}/labels/{name}").status_code == 200, label

    github.delete(repository).raise_for_status()
    left = watching.until(
        lambda event: event["event"] == "left" and event["address"] == "github_repository.testx"
    )
    assert "its content, issues, pull requests and settings are lost" in left["reason"]
    assert github.get(repository).status_code == 404
    command = left["remedy"].split("`")[1].split()
    assert testx.sandbox(*command[1:], "--auto-approve").code == 0
    watching.named("drift-over", "github_repository.testx")
    assert github.get(repository).status_code == 200
    assert watching.end(signal.SIGTERM) == 0


def test_files_are_read_anew_and_wrong_ones_are_told_until_they_are_right(
    testx: CommandLine, watching: Watching
) -> None:
    good = (testx.directory / "reconciler.yaml").read_text(encoding="utf-8")
    testx.write("stack: [")
    (problem,) = watching.named("hindered", "files")["diagnostics"]
    assert problem["place"]["line"] == 1
    testx.write(good)
    watching.named("not-hindered", "files")
    assert watching.end(signal.SIGINT) == 0


def test_a_second_watch_is_refused_and_an_apply_is_not(testx: CommandLine, watching: Watching) -> None:
    second = testx.sandbox("watch")
    assert second.code == 5
    assert f"(process {watching.process.pid})" in second.err
    assert testx.sandbox("apply", "--auto-approve").code == 0
    assert watching.end(signal.SIGHUP) == 0


def test_a_watch_that_was_killed_leaves_nothing_in_the_way(testx: CommandLine, watching: Watching) -> None:
    watching.process.kill()
    watching.process.communicate()
    next_one = Watching(testx)
    next_one.named("transition")
    assert next_one.end(signal.SIGTERM) == 0
