"""Every command of the pages for bad days is run, as it is written, on the example in the sandbox."""

import re
import signal
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.command_line import CommandLine
from tests.functional.documented import Block, blocks, edit, succeeds
from tests.functional.processes import read_until, start

LONGEST = 60
"""Seconds after which a process counts as stuck."""

OURS: Mapping[str, str] = {
    "slack_channel.results": "slack_channel.testx",
    "example.com": "127.0.0.1",
    "region=eu": "owner=acme",
}
"""What the pages call it, and what the example does."""

TERRAFORM = '{"version": 4, "terraform_version": "1.9.0", "resources": []}'
"""A state that knows nothing."""

RUN = re.compile(r"\d{8}T\d{6}-[0-9a-f]{4}")
ASKS = frozenset(("apply", "rollback", "destroy", "--prune"))
"""What asks somebody; here nobody can answer."""


@pytest.fixture
def deferred(calm: CommandLine) -> CommandLine:
    """The same, with a write to Slack that waits in the queue; Slack is back."""
    text = (calm.directory / "reconciler.yaml").read_text("utf-8")
    calm.write(text.replace("\n  slack:\n", "\n  slack:\n    fallback: queue\n"))
    edit(calm, "topic: Results", "topic: All results")
    succeeds(calm.sandbox("sandbox", "outage", "slack", "--mode", "down"))
    assert calm.sandbox("apply", "--auto-approve").code == 3
    succeeds(calm.sandbox("sandbox", "outage", "--end"))
    return calm


@pytest.fixture
def forgotten(calm: CommandLine) -> CommandLine:
    """The same, where the state does not know of the channel."""
    succeeds(calm.sandbox("state", "rm", "slack_channel.testx"))
    return calm


@pytest.mark.parametrize("block", blocks(), ids=lambda block: " ; ".join(map(" ".join, block)))
def test_a_documented_command_does_what_its_page_is_about(
    block: Block, request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # files that a command writes are not to stay
    line: CommandLine = request.getfixturevalue(_situation(block))
    for command in block:
        assert command[0] == "reconciler", f"nobody here knows how to try {command}"
        words = [_ours(word, line) for word in command[1:]]
        if "--tfstate" in words:
            (tmp_path / "terraform.tfstate").write_text(TERRAFORM, encoding="utf-8")
        if "--generate" in words:
            monkeypatch.chdir(tmp_path)
        if "init" in words:
            line.directory = tmp_path / "empty"
            line.directory.mkdir()
        if "watch" in words:
            _watched(line, words)
            continue
        if not ASKS.isdisjoint(words) and "--auto-approve" not in words:
            words.append("--auto-approve")
        ended = line.sandbox(*words)
        assert ended.code == 0, f"{words} ended with {ended.code}:\n{ended.out}{ended.err}"


def _situation(block: Block) -> str:
    words = {word for command in block for word in command}
    makes_the_name = ("reconciler", "snapshot", "name", "before-the-move") in block
    if "sync" in words:
        return "deferred"
    if "import" in words and words.isdisjoint(("--all", "--tfstate")):
        return "forgotten"
    return "named" if "before-the-move" in words and not makes_the_name else "calm"


def _ours(word: str, line: CommandLine) -> str:
    if RUN.fullmatch(word):
        runs = line.sandbox("snapshot", "list", "--runs", "--json").document["runs"]
        return str(runs[0]["id"])
    return OURS.get(word, word)


def _watched(line: CommandLine, words: list[str]) -> None:
    """It watches until it is told to stop, and then ends well."""
    process = start(line.directory, "--sandbox", *words, environ=line.environ)
    try:
        read_until(process.stdout, "slack")
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=LONGEST)
    finally:
        process.kill()
        process.communicate()  # its pipes are not to be left to a later test
    assert process.returncode == 0
