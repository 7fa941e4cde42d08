"""What only a process of its own can show: signals, pipes, a world shared with a server."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.command_line import CommandLine
from tests.functional.processes import Process, read_until, served, start
from tests.functional.remote import redirect

SLOW_MS = 50
"""Milliseconds for one call: to come in between two steps."""


@dataclass(frozen=True)
class Remote:
    """The example against a server in its directory, without ``--sandbox``."""

    command: CommandLine
    origin: str

    def start(self, *arguments: str) -> Process:
        return start(self.command.directory, *arguments, environ=self.command.environ)

    def slow_down(self, milliseconds: int) -> None:
        httpx.post(f"{self.origin}/_sandbox/latency", json={"ms": milliseconds}).raise_for_status()


@pytest.fixture
def remote(testx: CommandLine) -> Iterator[Remote]:
    with served(testx.directory) as ready:
        testx.environ = redirect(testx.directory, ready)
        yield Remote(testx, ready["github"]["base_url"].removesuffix("/github"))


def test_the_first_ctrl_c_lets_running_steps_finish_and_starts_no_new_ones(remote: Remote) -> None:
    remote.slow_down(SLOW_MS)
    process = remote.start("apply", "--auto-approve", "--parallelism", "1")
    read_until(process.stdout, "created after")
    process.send_signal(signal.SIGINT)
    out, err = process.communicate()
    assert process.returncode == 130, out + err
    assert "Stopping: no new steps" in out
    assert "Apply interrupted" in out
    remote.slow_down(0)
    done = remote.command("state", "list").out.splitlines()
    assert 0 < len(done) < 27
    drift = remote.command("drift")
    assert drift.code == 0, drift.out
    assert remote.command("apply", "--auto-approve").code == 0
    assert remote.command("plan", "--detailed-exitcode").code == 0


def test_a_reader_that_leaves_does_not_cut_an_apply_off(testx: CommandLine) -> None:
    process = start(testx.directory, "--sandbox", "apply", "--auto-approve")
    assert process.stdout is not None
    process.stdout.close()
    _, err = process.communicate()
    assert err == ""
    assert process.returncode == 0
    assert testx.sandbox("plan", "--detailed-exitcode").code == 0


def test_a_server_and_the_sandbox_commands_share_one_world_and_the_ready_file_goes_with_it(
    testx: CommandLine,
) -> None:
    testx.sandbox("apply", "--auto-approve")
    with served(testx.directory) as ready:
        headers = {"Authorization": f"Bearer {ready['github']['token']}"}
        answer = httpx.get(f"{ready['github']['base_url']}/repos/acme/testx", headers=headers)
        assert answer.json()["name"] == "testx"
        assert (testx.directory / "ready.json").exists()
    assert not (testx.directory / "ready.json").exists()


def test_a_server_can_have_another_world(testx: CommandLine) -> None:
    testx.sandbox("apply", "--auto-approve")
    with served(testx.directory, "--db", str(testx.directory / "other.db")) as ready:
        headers = {"Authorization": f"Bearer {ready['github']['token']}"}
        answer = httpx.get(f"{ready['github']['base_url']}/repos/acme/testx", headers=headers)
        assert answer.status_code == 404


def test_output_that_the_terminal_cannot_encode_does_not_end_the_command(testx: CommandLine) -> None:
    environ = {**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0", "LC_ALL": "C"}
    process = start(testx.directory, "--sandbox", "plan", environ=environ)
    out, err = process.communicate()
    assert process.returncode == 0, err
    assert "27 to create" in out


def test_the_installed_command_answers() -> None:
    installed = Path(sys.executable).with_name("reconciler")
    done = subprocess.run([str(installed), "version"], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("reconciler ")
