"""A first stack, and the services that it can be tried on without an account."""

from pathlib import Path

import pytest

from tests.command_line import CommandLine

EXAMPLES = Path(__file__).parents[3] / "examples"


@pytest.mark.parametrize("template", ["empty", "testx"])
def test_a_template_is_the_example_of_that_name_and_valid(command: CommandLine, template: str) -> None:
    assert command("init", "--template", template).code == 0
    written = {file.relative_to(command.directory) for file in command.directory.rglob("*") if file.is_file()}
    assert {Path("reconciler.yaml"), Path(".env.example"), Path(".gitignore")} <= written
    for file in written:
        assert (command.directory / file).read_bytes() == (EXAMPLES / template / file).read_bytes()
    assert command.sandbox("validate").code == 0


def test_without_a_template_it_is_the_empty_one(command: CommandLine) -> None:
    command("init")
    assert "stack: example" in (command.directory / "reconciler.yaml").read_text(encoding="utf-8")


def test_a_stack_that_is_there_is_never_overwritten(command: CommandLine) -> None:
    command.write("stack: mine\n")
    result = command("init")
    assert result.code == 1
    assert [file.name for file in command.directory.iterdir()] == ["reconciler.yaml"]
    assert (command.directory / "reconciler.yaml").read_text(encoding="utf-8") == "stack: mine\n"


def test_what_else_is_there_stays_and_the_ignore_file_gets_what_it_lacks(command: CommandLine) -> None:
    command.write("MINE=1\n", ".env.example")
    command.write("*.pyc\n.env", ".gitignore")
    document = command("init", "--json").document
    assert document["kept"] == [".env.example"]
    assert (command.directory / ".env.example").read_text(encoding="utf-8") == "MINE=1\n"
    assert (command.directory / ".gitignore").read_text(encoding="utf-8") == "*.pyc\n.env\n.reconciler/\n"


def test_the_sandbox_is_shown_filled_and_emptied(command: CommandLine) -> None:
    command("init", "--template", "testx")
    assert command.sandbox("apply", "--auto-approve").code == 0
    world = command("sandbox", "show", "--json").document
    assert [found["name"] for found in world["github"]["repositories"]] == ["testx"]
    assert "repositories" in command("sandbox", "show").out
    assert set(world) == {"slack", "notion", "github", "anykrowd"}
    for service, shown in world.items():
        assert command("sandbox", "show", service, "--json").document == {service: shown}
    assert command("sandbox", "reset").code == 0
    assert command("sandbox", "show", "--json").document["github"]["repositories"] == []
    assert command("sandbox", "show", "gitbub").code == 1


def test_a_seed_that_is_wrong_says_where_and_plants_nothing(command: CommandLine) -> None:
    before = command("sandbox", "show", "--json").document
    command.write("gitbub: {}\n", "seed.yaml")
    result = command("sandbox", "seed", str(command.directory / "seed.yaml"))
    assert result.code == 1
    assert "gitbub" in result.err
    assert command("sandbox", "show", "--json").document == before


def test_the_variable_of_the_environment_means_the_sandbox_too(command: CommandLine) -> None:
    command("init", "--template", "testx")
    assert command("plan").code == 1
    command.environ["RECONCILER_SANDBOX"] = "1"
    assert command("plan", "--detailed-exitcode").code == 2


def test_sandbox_and_real_state_are_apart(command: CommandLine) -> None:
    command("init")
    assert command.sandbox("apply", "--auto-approve").code == 0
    assert command.sandbox("state", "list").out == "reconciler_value.greeting\n"
    assert command("state", "list").out == ""
