"""A rollback that is cut off: the next one goes on to where it was going, or takes it back."""

import json
import signal
from collections.abc import Iterator
from typing import IO, Any

import httpx
import pytest

from tests.command_line import CommandLine
from tests.functional.processes import served, start
from tests.functional.remote import redirect

SLOW_MS = 50
"""Milliseconds for one call: to come in between two steps."""


@pytest.fixture
def remote(testx: CommandLine) -> Iterator[tuple[CommandLine, str]]:
    """The example, applied and destroyed again, against a server; and where that is."""
    with served(testx.directory) as ready:
        testx.environ = redirect(testx.directory, ready)
        assert testx("apply", "--auto-approve").code == 0
        assert testx("destroy", "--auto-approve").code == 0
        yield testx, ready["github"]["base_url"].removesuffix("/github")


def read_until(lines: IO[str] | None, text: str) -> None:
    assert lines is not None
    assert any(text in line for line in lines), f"the process ended without {text!r}"


def slow_down(origin: str, milliseconds: int) -> None:
    httpx.post(f"{origin}/_sandbox/latency", json={"ms": milliseconds}).raise_for_status()


def cut_off(testx: CommandLine, origin: str, number: signal.Signals) -> int:
    """Send a rollback a signal after it has made two objects; gives the exit code."""
    slow_down(origin, SLOW_MS)
    process = start(
        testx.directory, "rollback", "--auto-approve", "--parallelism", "1", environ=testx.environ
    )
    for _ in range(2):  # before the second one began, the first was on disk
        read_until(process.stdout, ": created after")
    process.send_signal(number)
    process.communicate()
    slow_down(origin, 0)
    return process.returncode


def last_run(testx: CommandLine) -> dict[str, Any]:
    run: dict[str, Any] = testx("snapshot", "list", "--json").document["runs"][-1]
    return run


@pytest.mark.parametrize(
    ("number", "code", "word"),
    [(signal.SIGINT, 130, "was interrupted"), (signal.SIGKILL, -signal.SIGKILL, "was cut off")],
)
def test_the_next_rollback_goes_on_to_where_it_was_going(
    remote: tuple[CommandLine, str], number: signal.Signals, code: int, word: str
) -> None:
    testx, origin = remote
    assert cut_off(testx, origin, number) == code
    begun = last_run(testx)
    assert 0 < len(testx("state", "list").out.splitlines()) < 27
    result = testx("rollback", "--auto-approve")
    assert result.code == 0, result.out + result.err
    assert f"The rollback {begun['id']} {word}; going on with it, back to serial 28" in result.out
    assert testx("plan", "--detailed-exitcode").code == 0
    assert testx("drift").code == 0
    repositories = json.loads(testx("sandbox", "show", "github", "--json").out)["github"]["repositories"]
    assert [found["name"] for found in repositories] == ["testx"]


def test_what_it_has_done_can_be_taken_back(remote: tuple[CommandLine, str]) -> None:
    testx, origin = remote
    assert cut_off(testx, origin, signal.SIGINT) == 130
    before = str(last_run(testx)["from_serial"])
    assert testx("rollback", "--auto-approve", "--to", before).code == 0
    assert testx("state", "list").out == ""
    assert testx("snapshot", "diff", before, "--live", "--json").document["added"] == []
    world = json.loads(testx("sandbox", "show", "github", "--json").out)["github"]
    assert world["repositories"] == []
    assert world["teams"] == []
