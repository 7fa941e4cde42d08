"""The console with somebody at the keyboard."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.command_line import CommandLine
from tests.functional.terminal import CTRL_C, Terminal, at_terminal

CTRL_D = "\x04"
UP = "\x1b[A"

STACK = """stack: lab
variables:
  region: {type: string, default: eu}
  regional: {type: bool, default: true}
locals:
  long: ${range(40) | list}
resources:
  reconciler_value:
    kept: {input: "${secret.TOKEN}"}
"""

CANARY = "canary-of-the-terminal"


@pytest.fixture
def console(tmp_path: Path, command: CommandLine) -> Iterator[Terminal]:
    command.write(STACK)
    environ = {"TOKEN": CANARY, "PYTHON_HISTORY": str(tmp_path / "history"), "HOME": str(tmp_path)}
    with at_terminal(tmp_path, "console", environ={**environ, "INPUTRC": "/dev/null"}) as terminal:
        terminal.read_until("> ")
        yield terminal


@pytest.mark.parametrize("leaving", ["exit\n", "quit\n", CTRL_D])
def test_an_expression_is_answered_until_somebody_leaves(console: Terminal, leaving: str) -> None:
    console.type("var.region\n")
    console.read_until('"eu"')
    console.type("reconciler_value.kept.input\n")
    console.read_until("(known after apply)\r\n> ")
    console.type(leaving)
    assert console.read_to_end() == 0


def test_what_is_wrong_is_told_and_the_next_is_answered(console: Terminal) -> None:
    console.type("var.regoin\n")
    console.read_until("did you mean 'region'?")
    console.type("1 + 1\n")
    console.read_until("2\r\n")
    console.type("exit\n")
    assert console.read_to_end() == 0


def test_ctrl_c_clears_the_line_as_often_as_it_is_pressed(console: Terminal) -> None:
    for number in range(3):
        console.type(f"nothing{number}")
        console.read_until(f"nothing{number}")
        # A Ctrl-C in the instant before readline listens takes effect, and takes along, the next line.
        console.type(f"{CTRL_C}var.region\nvar.region\n")
        console.read_until('"eu"')
    console.type("exit\n")
    assert console.read_to_end() == 0
    assert "error" not in console.seen


def test_the_tab_key_completes_names(console: Terminal) -> None:
    console.type("var.regiona\t | string\n")
    console.read_until('"True"')
    console.type("reconciler_value.k\t.inp\t\n")
    console.read_until("reconciler_value.kept.input\r\n(known after apply)")
    console.type("exit\n")
    assert console.read_to_end() == 0


def test_lines_come_back_and_are_kept_nowhere(console: Terminal, tmp_path: Path) -> None:
    console.type(f"'{CANARY}' ~ var.region\n")
    console.read_until("(sensitive)")
    console.type("40 + 2\n")
    console.read_until("42\r\n")
    console.type(f"{UP} + 1\n")
    console.read_until("43\r\n")
    console.type("exit\n")
    assert console.read_to_end() == 0
    for file in tmp_path.rglob("*"):
        assert not file.is_file() or CANARY not in file.read_text(errors="replace"), file
    assert not (tmp_path / "history").exists()


def test_a_long_value_is_shown_in_lines(console: Terminal) -> None:
    console.type("local.long\n")
    console.read_until("[\r\n  0\r\n  1\r\n")
    console.type("exit\n")
    assert console.read_to_end() == 0


def test_who_is_told_to_end_ends(console: Terminal) -> None:
    console.process.send_signal(signal.SIGTERM)
    console.type("1\n")  # in case it came in the instant before readline listens
    assert console.read_to_end() == 130
