"""Completion in a bash of its own, with somebody at the keyboard."""

import os
import pty
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.command_line import CommandLine
from tests.functional.terminal import Terminal

STACK = """stack: lab
environments: {dev: {}, production: {}}
resources:
  reconciler_value:
    plain: {input: a}
    kept: {input: b}
"""

BASH = shutil.which("bash")

COMMENT = "\x01# \n"
"""Makes a comment of the line, and enters it."""

pytestmark = pytest.mark.skipif(BASH is None, reason="there is no bash")


@pytest.fixture
def bash(tmp_path: Path, command: CommandLine) -> Iterator[Terminal]:
    """A bash in the stack's directory, which has read the script. ``shown`` prints its words."""
    command.write(STACK)
    assert command("apply", "--auto-approve").code == 0
    assert command("state", "mv", "reconciler_value.kept", 'reconciler_value.k["a b"]').code == 0
    tools = tmp_path / "tools"
    tools.mkdir()
    program = tools / "reconciler"
    program.write_text(
        f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -c "from reconciler.cli import main; main()" "$@"\n'
    )
    program.chmod(0o755)
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [BASH or "bash", "--norc", "--noprofile", "-i"],
        cwd=tmp_path,
        env={**os.environ, "PATH": f"{tools}:{os.environ['PATH']}", "PS1": "> ", "TERM": "dumb",
             "HISTFILE": "", "INPUTRC": "/dev/null"},
        stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True,
    )  # fmt: skip
    os.close(theirs)
    terminal = Terminal(process, ours)
    terminal.type(
        'bind "set enable-bracketed-paste off"; eval "$(reconciler completion bash)"; echo r""eady\n'
    )
    terminal.read_until("ready")
    yield terminal
    terminal.close()
    process.kill()
    process.wait()


@pytest.mark.parametrize(
    ("typed", "becomes"),
    [
        ("reconciler roll", "reconciler rollback "),
        ("reconciler --environment prod", "reconciler --environment production "),
        ("reconciler --environment=prod", "reconciler --environment=production "),
        ("reconciler state show reconciler_value.p", "reconciler state show reconciler_value.plain "),
        ("reconciler state show reconciler_value.k", 'show reconciler_value.k\\[\\"a\\ b\\"\\] '),
        ("reconciler state show 'reconciler_value.k", "reconciler state show 'reconciler_value.k[\"a b\"]' "),
        ("reconciler completion z", "reconciler completion zsh "),
    ],
)  # fmt: skip
def test_a_word_that_is_begun_is_completed(bash: Terminal, typed: str, becomes: str) -> None:
    bash.type(f"{typed}\t{COMMENT}exit\n")
    bash.read_until(becomes)


def test_a_completed_address_with_a_key_is_one_that_the_command_takes(bash: Terminal) -> None:
    bash.type("reconciler state show reconciler_value.k\t\nexit\n")
    bash.read_until('"b"')
