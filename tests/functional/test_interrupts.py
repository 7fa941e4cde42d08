"""Ctrl-C at every moment, SIGTERM, a terminal that is gone, an input that is closed: the truth is told.

Signals are sent when the output, or a question to the service, shows the moment.
"""

import json
import os
import signal
import subprocess
from pathlib import Path

import pytest

from tests.functional.processes import Process, program, read_until
from tests.functional.silent import silent_service
from tests.functional.small import ALL, Small
from tests.functional.terminal import CTRL_C, at_terminal

SIGNALS = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]
NOTHING = "Nothing has been changed."
LONGEST = 120
"""Seconds after which a process counts as stuck; none is waited for that long unless a test fails."""


def ended(process: Process) -> tuple[int, str, str]:
    """Exit code and all further output of a process that ends by itself, and soon."""
    try:
        out, err = process.communicate(timeout=LONGEST)
    except subprocess.TimeoutExpired:
        process.kill()
        out, err = process.communicate()
        pytest.fail(f"it did not end:\n{out}{err}")
    assert "mistake in reconciler" not in err + out
    assert "Traceback" not in err + out
    return process.returncode, out, err


def unwrapped(text: str) -> str:
    """A text without its line breaks."""
    return " ".join(text.split())


def check_that_books_and_service_agree(small: Small) -> None:
    """State names exactly what was made, and the next apply goes on to the end."""
    channels = [name.removeprefix("slack_channel.") for name in small.recorded() if "channel" in name]
    assert channels == small.made()
    assert small.command("apply", "--auto-approve").code == 0
    assert small.recorded() == ALL
    assert small.made() == ["a", "b", "c"]
    assert small.command("plan", "--detailed-exitcode").code == 0


@pytest.mark.parametrize("number", SIGNALS)
def test_the_first_signal_lets_the_running_step_finish_and_is_in_the_books(
    small: Small, number: signal.Signals
) -> None:
    small.slow_down()
    process = small.start("apply", "--auto-approve")
    read_until(process.stdout, "slack_channel.a: creating")
    process.send_signal(number)
    code, out, _ = ended(process)
    small.quicken()
    assert code == 130
    assert "Ctrl-C once more stops now" in out
    assert "slack_channel.a: created" in out
    assert "slack_channel.b: creating" not in out
    assert "Run `reconciler apply` again to go on from here" in unwrapped(out)
    assert [run["outcome"] for run in small.runs()] == ["interrupted"]
    assert small.made() == ["a"]
    check_that_books_and_service_agree(small)


def test_the_second_ctrl_c_says_where_what_was_under_way_is_and_how_to_go_on(small_alone: Small) -> None:
    small = small_alone
    small.slow_down()
    process = small.start("apply", "--auto-approve")
    read_until(process.stdout, "slack_channel.a: creating")
    process.send_signal(signal.SIGINT)
    read_until(process.stdout, "Stopping")
    process.send_signal(signal.SIGINT)
    code, _, err = ended(process)
    assert code == 130
    assert err.strip().startswith("Interrupted [RC-RUN-001]. What was under way is in the journal")
    assert "the next command looks up" in err
    assert "`reconciler apply`" in err
    assert "`reconciler rollback`" in err


def test_whoever_goes_on_pressing_still_gets_the_last_words_and_no_traceback(small_alone: Small) -> None:
    small = small_alone
    small.slow_down()
    process = small.start("apply", "--auto-approve")
    read_until(process.stdout, "slack_channel.a: creating")
    while process.poll() is None:
        process.send_signal(signal.SIGINT)
    code, _, err = ended(process)
    assert code == 130
    assert err.count("Interrupted [RC-RUN-001].") <= 1


def test_an_interrupted_rollback_names_the_command_that_goes_on_to_the_same_place(small: Small) -> None:
    small.command("apply", "--auto-approve")
    small.slow_down()
    process = small.start("rollback", "--auto-approve", "--to", "1")
    read_until(process.stdout, "slack_channel.c: archiving")
    process.send_signal(signal.SIGINT)
    code, out, _ = ended(process)
    small.quicken()
    assert code == 130
    assert "`reconciler rollback --to 1` again" in unwrapped(out)
    assert small.command("rollback", "--auto-approve", "--to", "1").code == 0
    assert small.made() == []


def test_with_json_an_interruption_is_a_document_too(small: Small) -> None:
    with silent_service() as silent:
        process = small.start("plan", "--json", environ={"RECONCILER_VAR_url": silent.url})
        silent.wait_for_question()
        process.send_signal(signal.SIGINT)
        code, out, _ = ended(process)
    document = json.loads(out)
    assert code == document["error"]["exit_code"] == 130
    assert document["error"]["kind"] == "Interrupted"
    assert document["diagnostics"][0]["advice"] == NOTHING


@pytest.mark.parametrize(
    ("command", "number"),
    [
        (("plan",), signal.SIGINT),
        (("apply", "--auto-approve"), signal.SIGTERM),
        (("drift",), signal.SIGHUP),
        (("health",), signal.SIGINT),
    ],
)
def test_a_signal_while_a_service_does_not_answer_ends_the_command_at_once(
    small: Small, number: signal.Signals, command: tuple[str, ...]
) -> None:
    with silent_service() as silent:
        process = small.start(*command, environ={"RECONCILER_VAR_url": silent.url})
        silent.wait_for_question()
        process.send_signal(number)
        code, _, err = ended(process)
    assert code == 130
    assert err.strip() == f"Interrupted [RC-RUN-001]. {NOTHING}"
    assert small.runs() == []


def test_a_signal_while_a_service_has_asked_to_wait_ends_the_command_at_once(small: Small) -> None:
    with silent_service() as silent:
        process = small.start("plan", environ={"RECONCILER_VAR_url": silent.url})
        silent.wait_for_question()
        silent.ask_to_wait(290)
        process.send_signal(signal.SIGINT)
        code, _, err = ended(process)
    assert code == 130
    assert NOTHING in err


def test_a_signal_between_plan_and_run_is_told_as_it_is(small: Small) -> None:
    small.slow_down()
    process = small.start("apply", "--auto-approve")
    read_until(process.stdout, "Plan:")
    process.send_signal(signal.SIGINT)
    code, _, err = ended(process)
    small.quicken()
    assert code == 130
    assert "b" not in small.made()
    assert (NOTHING in err) <= (small.recorded() == [])
    check_that_books_and_service_agree(small)


def test_a_signal_after_the_last_step_undoes_nothing_of_the_result(small: Small) -> None:
    small.slow_down()
    process = small.start("apply", "--auto-approve")
    read_until(process.stdout, "slack_channel.c: created")
    process.send_signal(signal.SIGINT)
    code, out, _ = ended(process)
    small.quicken()
    assert code == 0
    assert "Apply complete: 4 created" in out
    assert [run["outcome"] for run in small.runs()] == ["done"]
    assert small.command("output", "topic").out == "first\n"
    check_that_books_and_service_agree(small)


def test_who_was_told_to_survive_the_terminal_does(small: Small) -> None:
    small.slow_down()
    nohup = "import signal\nsignal.signal(signal.SIGHUP, signal.SIG_IGN)\n"
    process = subprocess.Popen(
        program("apply", "--auto-approve", before=nohup),
        cwd=small.command.directory,
        env={**os.environ, **small.command.environ},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    read_until(process.stdout, "slack_channel.a: creating")
    process.send_signal(signal.SIGHUP)
    assert ended(process)[0] == 0
    assert small.recorded() == ALL


@pytest.mark.parametrize("look", [(), ("--no-color",)])
def test_a_terminal_that_is_gone_is_a_request_to_stop_and_cuts_no_step_off(
    small: Small, look: tuple[str, ...]
) -> None:
    small.slow_down()
    arguments = (*look, "apply", "--auto-approve")
    with at_terminal(small.command.directory, *arguments, environ=small.command.environ) as terminal:
        terminal.read_until("slack_channel.a: creating")
        terminal.close()
        assert terminal.process.wait(timeout=LONGEST) == 130
    small.quicken()
    assert [run["outcome"] for run in small.runs()] == ["interrupted"]
    assert small.made() == ["a"]
    assert not list(small.command.directory.glob(".reconciler/crash-*"))
    check_that_books_and_service_agree(small)


def test_ctrl_c_at_a_terminal_stops_the_run_and_gives_the_terminal_back(small: Small) -> None:
    small.slow_down()
    arguments = ("apply", "--auto-approve")
    with at_terminal(small.command.directory, *arguments, environ=small.command.environ) as terminal:
        terminal.read_until("slack_channel.a: creating")
        terminal.type(CTRL_C)
        terminal.read_until("Stopping: no new steps")
        assert terminal.read_to_end() == 130
    small.quicken()
    assert "Apply interrupted" in terminal.seen
    assert terminal.seen.rindex("\x1b[?25h") > terminal.seen.rindex("\x1b[?25l"), "the cursor is hidden"
    check_that_books_and_service_agree(small)


@pytest.mark.parametrize(
    ("command", "leaves"),
    [
        ("apply", "Ctrl-C"),
        ("apply", "closes the window"),
        ("destroy", "Ctrl-D"),
        ("rollback", "Ctrl-C"),
    ],
)
def test_who_leaves_at_the_question_has_changed_nothing(small: Small, command: str, leaves: str) -> None:
    if command != "apply":
        small.command("apply", "--auto-approve")
    before = small.recorded(), small.made(), small.runs()
    with at_terminal(small.command.directory, command, environ=small.command.environ) as terminal:
        terminal.read_until("Only yes is taken for yes")
        if leaves == "closes the window":
            terminal.close()
            assert terminal.process.wait(timeout=LONGEST) == 130
        else:
            terminal.type({"Ctrl-C": CTRL_C, "Ctrl-D": "\x04"}[leaves])
            assert terminal.read_to_end() == 130
            assert f"Interrupted [RC-RUN-001]. {NOTHING}" in terminal.seen
    assert (small.recorded(), small.made(), small.runs()) == before


@pytest.mark.parametrize("answer", [CTRL_C, "another\r"])
def test_destroy_asks_a_second_time_and_nothing_happens_before_the_answer(small: Small, answer: str) -> None:
    small.command("apply", "--auto-approve")
    with at_terminal(small.command.directory, "destroy", environ=small.command.environ) as terminal:
        terminal.read_until("Only yes is taken for yes")
        terminal.type("yes\r")
        terminal.read_until("Type small to go on")
        terminal.type(answer)
        assert terminal.read_to_end() == (130 if answer == CTRL_C else 1)
        assert NOTHING in terminal.seen
    assert small.recorded() == ALL
    with at_terminal(small.command.directory, "destroy", environ=small.command.environ) as terminal:
        terminal.read_until("Only yes is taken for yes")
        terminal.type("yes\r")
        terminal.read_until("Type small to go on")
        terminal.type("small\r")
        assert terminal.read_to_end() == 0
    assert small.recorded() == []


def shell(small: Small, redirection: str, *arguments: str) -> tuple[int, str, str]:
    """Run the command line as a shell does that was told to redirect something."""
    process = subprocess.Popen(
        ["/bin/sh", "-c", f'exec "$@" {redirection}', "sh", *program(*arguments)],
        cwd=small.command.directory,
        env={**os.environ, **small.command.environ},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    return ended(process)


@pytest.mark.parametrize(
    ("command", "redirection"),
    [
        ("apply", "<&-"),
        ("apply", "</dev/null"),
        ("apply", "<&- >&-"),
        ("destroy", "<&-"),
        ("destroy", "</dev/null"),
        ("rollback", "<&-"),
    ],
)
def test_where_nobody_can_answer_nobody_is_asked_and_the_flag_is_named(
    small: Small, redirection: str, command: str
) -> None:
    if command != "apply":
        small.command("apply", "--auto-approve")
    before = small.recorded(), small.made(), small.runs()
    code, _, err = shell(small, redirection, command)
    assert code == 1
    assert "--auto-approve" in err
    assert (small.recorded(), small.made(), small.runs()) == before


@pytest.mark.parametrize("redirection", [">&-", "2>&-", "<&- >&- 2>&-"])
def test_a_run_without_input_or_output_is_a_run_all_the_same(small: Small, redirection: str) -> None:
    assert shell(small, redirection, "apply", "--auto-approve")[0] == 0
    assert small.recorded() == ALL
    assert small.command("plan", "--detailed-exitcode").code == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is always full")
def test_a_run_whose_log_finds_no_space_is_carried_out_and_says_that_the_log_is_not_complete(
    small: Small,
) -> None:
    code, _, err = shell(small, ">/dev/full", "apply", "--auto-approve")
    assert code == 1
    assert "error[RC-SYSTEM-001]: the output is not complete: No space left on device" in err
    assert small.recorded() == ALL
    assert [run["outcome"] for run in small.runs()] == ["done"]
