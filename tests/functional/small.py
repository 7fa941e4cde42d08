"""Three Slack channels, one after the other, and a value: a stack whose moments can be caught."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from tests.command_line import CommandLine
from tests.functional.processes import Process, start

STACK = """
stack: small
variables:
  url: {type: string}
  topic: {type: string, default: first}
providers:
  slack: {token: "${secret.SLACK_BOT_TOKEN}", base_url: "${var.url}", retry: {attempts: 2}, timeout: 600}
resources:
  reconciler_value:
    note: {input: "${var.topic}"}
  slack_channel:
    a: {name: a}
    b: {name: b, depends_on: [slack_channel.a]}
    c: {name: c, depends_on: [slack_channel.b], topic: "${var.topic}"}
outputs:
  topic: {value: "${slack_channel.c.topic}"}
"""
ALL = ["reconciler_value.note", "slack_channel.a", "slack_channel.b", "slack_channel.c"]
_NAMES = ("a", "b", "c")

STUCK_MS = 300
"""Milliseconds for one call: to be sure of catching it while it runs."""


@dataclass(frozen=True)
class Small:
    """The stack in a directory, with its channels on a server that others may use before and after it."""

    command: CommandLine
    origin: str

    def start(self, *arguments: str, environ: dict[str, str] | None = None) -> Process:
        environ = {**self.command.environ, **(environ or {})}
        return start(self.command.directory, *arguments, environ=environ)

    def slow_down(self, milliseconds: int = STUCK_MS) -> None:
        httpx.post(f"{self.origin}/_sandbox/latency", json={"ms": milliseconds}).raise_for_status()

    def reset(self) -> None:
        """Empty the world and let calls be quick."""
        self.quicken()
        httpx.post(f"{self.origin}/_sandbox/reset").raise_for_status()

    def quicken(self) -> None:
        self.slow_down(0)

    def recorded(self) -> list[str]:
        """The addresses in state."""
        return self.command("state", "list").out.splitlines()

    def made(self) -> list[str]:
        """The names of our channels in the service, those that are archived left out."""
        return sorted(self._channels())

    def topic_of(self, name: str) -> str:
        """The topic that a channel has in the service."""
        topic: str = self._channels()[name]["topic"]["value"]
        return topic

    def _channels(self) -> dict[str, dict[str, Any]]:
        headers = {"Authorization": f"Bearer {self.command.environ['SLACK_BOT_TOKEN']}"}
        url = f"{self.command.environ['RECONCILER_VAR_url']}/conversations.list"
        answer = httpx.get(url, params={"exclude_archived": "true", "limit": 200}, headers=headers)
        return {found["name"]: found for found in answer.json()["channels"] if found["name"] in _NAMES}

    def runs(self) -> list[dict[str, Any]]:
        """What the books say of each run, oldest first."""
        listed: list[dict[str, Any]] = self.command("snapshot", "list", "--json").document["runs"]
        return listed


def stack_on(slack: Mapping[str, str], command: CommandLine) -> Small:
    """Write the stack into a command's directory, for a server's Slack."""
    command.write(STACK)
    command.environ = {"RECONCILER_VAR_url": slack["base_url"], "SLACK_BOT_TOKEN": slack["token"]}
    return Small(command, slack["base_url"].removesuffix("/slack/api"))
