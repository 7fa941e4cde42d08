"""Files that are not what their names say: nothing stalls the tool, and each has a message."""

import os
import resource

from tests.command_line import CommandLine

STACK = "stack: odd\nresources: {reconciler_value: {a: {input: 1}}}\n"


def test_a_pipe_beside_a_broken_stack_does_not_stall_its_message(command: CommandLine) -> None:
    command.write(STACK + "nonsense: 1\n")
    os.mkfifo(command.directory / "notes.yaml")
    result = command("validate")
    assert result.code == 1
    assert "nonsense" in result.err


def test_a_link_to_an_endless_device_is_not_read(command: CommandLine) -> None:
    command.write(STACK + "include: [endless.yaml]\n")
    (command.directory / "endless.yaml").symlink_to("/dev/zero")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (before * 1024 + 4 * 2**30, hard))
    try:
        result = command("validate")
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
    assert result.code == 1
    assert "leaves the stack's directory" in result.err


def test_a_sandbox_world_that_is_none_is_named_with_what_to_do(command: CommandLine) -> None:
    world = command.directory / ".reconciler" / "sandbox" / "world.db"
    world.parent.mkdir(parents=True)
    world.write_text("no database at all, but long enough to be taken for one\n" * 100)
    result = command.sandbox("sandbox", "show")
    assert result.code == 1
    assert "world.db: this is not the sandbox's world" in result.err
    assert "remove the file" in result.err


def test_resetting_the_sandbox_says_that_state_still_knows_what_was_there(command: CommandLine) -> None:
    command.write(STACK)
    assert "remove" not in command.sandbox("sandbox", "reset").err
    assert command.sandbox("apply", "--auto-approve").code == 0
    result = command.sandbox("sandbox", "reset")
    assert ".reconciler/sandbox/state" in result.err
