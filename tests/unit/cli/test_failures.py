"""Errors on their way to the person: what, why, what to do; never a traceback, never a secret."""

from pathlib import Path

import pytest

from reconciler.errors import Unauthorized
from reconciler.testing import MemoryService
from tests.command_line import CommandLine

STACK = """stack: lab
providers:
  memory: {token: "${secret.MEMORY_TOKEN}"}
resources:
  memory_thing: {a: {name: a}}
"""
BUG = "reconciler.operations.planning.refresh"


@pytest.fixture
def broken(command: CommandLine, service: MemoryService, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    """A command line with a mistake in it, whose message holds a secret."""

    def fail(*_: object) -> None:
        raise RuntimeError(f"the token {command.environ['MEMORY_TOKEN']} is odd")

    command.environ["MEMORY_TOKEN"] = service.token = "s3cr3t-in-memory"
    command.write(STACK)
    monkeypatch.setattr(BUG, fail)
    return command


def crash_files(directory: Path) -> list[Path]:
    return list(directory.glob(".reconciler/crash-*.txt"))


def test_a_problem_in_a_file_has_place_caret_and_advice(command: CommandLine) -> None:
    command.write("stack: lab\nresorces: {}\n")
    result = command("plan")
    assert result.code == 1
    assert "reconciler.yaml:2:1" in result.err
    assert "  2 | resorces: {}\n    | ^" in result.err
    assert "did you mean 'resources'?" in result.err


def test_a_service_that_refuses_is_named_with_the_reason_and_what_to_do(
    command: CommandLine, service: MemoryService
) -> None:
    command.write("stack: lab\nresources:\n  memory_thing: {a: {name: a}}\n")
    service.fail("account", Unauthorized, times=None)
    result = command("plan")
    assert result.code == 1
    assert "memory: the test made it fail" in result.err
    assert "help: check the credentials" in result.err


def test_a_mistake_of_ours_is_one_honest_message_and_its_traceback_a_file(broken: CommandLine) -> None:
    result = broken("plan")
    assert result.code == 1
    assert "a mistake in reconciler itself" in result.err
    assert "Traceback" not in result.out + result.err
    (file,) = crash_files(broken.directory)
    assert str(file) in result.err
    assert "Traceback" in file.read_text(encoding="utf-8")


def test_a_secret_is_neither_in_the_message_nor_in_the_crash_file(broken: CommandLine) -> None:
    result = broken("plan", "--json")
    (file,) = crash_files(broken.directory)
    assert "s3cr3t-in-memory" not in result.out + result.err + file.read_text(encoding="utf-8")
    assert "the token (sensitive) is odd" in result.document["diagnostics"][0]["summary"]


def test_a_secret_from_the_env_file_is_masked_too(broken: CommandLine) -> None:
    broken.write("OTHER='another-s3cr3t'\n", ".env")
    broken.environ["MEMORY_TOKEN"] = "another-s3cr3t"
    assert "another-s3cr3t" not in broken("plan").err


def test_verbose_shows_the_traceback_masked(broken: CommandLine) -> None:
    result = broken("-v", "plan")
    assert "Traceback (most recent call last)" in result.err
    assert "s3cr3t-in-memory" not in result.err


def test_outside_a_stack_nothing_is_left_in_the_directory(
    command: CommandLine, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    monkeypatch.setattr("tempfile.tempdir", str(elsewhere))

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("odd")

    monkeypatch.setattr("reconciler.operations.workspace.config.load", fail)
    assert command("validate").code == 1
    assert list(command.directory.iterdir()) == []
    assert len(list(elsewhere.glob("crash-*.txt"))) == 1


def test_what_the_system_forbids_is_an_error_and_no_mistake_of_ours(
    command: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", "/etc/shadow")

    monkeypatch.setattr("reconciler.operations.workspace.config.load", refuse)
    result = command("validate")
    assert result.code == 1
    assert "/etc/shadow: Permission denied" in result.err
    assert crash_files(command.directory) == []
