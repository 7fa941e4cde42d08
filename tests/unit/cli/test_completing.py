"""What a shell offers for a word that is being typed."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest
from click.shell_completion import CompletionItem, ShellComplete, get_completion_class

from reconciler.cli.door import reconciler
from reconciler.cli.invocation import Invocation
from reconciler.cli.shells import SHELLS, VARIABLE, answer, script
from reconciler.testing import MemoryService
from tests.command_line import CommandLine

STACK = """stack: lab
variables:
  region: {type: string, default: eu, description: "Where it\\n  lives"}
environments: {dev: {}, prod: {}}
resources:
  memory_thing:
    a: {name: a}
    b: {name: b}
data:
  memory_thing:
    seen: {name: a}
outputs:
  first: {value: "${memory_thing.a.name}"}
"""

Offered = Callable[..., list[str]]


def completion(shell: str, command: CommandLine) -> ShellComplete:
    found = get_completion_class(shell)
    assert found is not None
    return found(reconciler, {"obj": Invocation(command.environ)}, "reconciler", VARIABLE)


def items(command: CommandLine, *words: str) -> list[CompletionItem]:
    arguments = ["-C", str(command.directory), *words[:-1]]
    return completion("zsh", command).get_completions(arguments, words[-1])


@pytest.fixture
def offered(command: CommandLine, service: MemoryService) -> Offered:
    """The words offered for the last one."""
    service.put("memory_thing", name="a")
    command.write(STACK)
    return lambda *words: [str(item.value) for item in items(command, *words)]


def options(group: click.Group, before: str = "") -> Iterator[tuple[str, click.Parameter]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from options(command, f"{before}{name} ")
        else:
            yield from ((f"{before}{name}", parameter) for parameter in command.params)


def test_commands_and_options_are_offered_each_with_what_it_does(
    offered: Offered, command: CommandLine
) -> None:
    assert offered("pl") == ["plan"]
    assert offered("state", "mv"[:1]) == ["mv"]
    assert offered("--env") == ["--environment"]
    assert offered("plan", "--detailed") == ["--detailed-exitcode"]
    assert [item.help for item in items(command, "plan")] == ["Show what apply would change."]


def test_offering_commands_loads_none_of_them() -> None:
    code = (
        "import os, sys; os.environ.update(_RECONCILER_COMPLETE='bash_complete', COMP_CWORD='1', "
        "COMP_WORDS='reconciler\\np'); from reconciler.cli import main\n"
        "try: main()\n"
        "finally: print('loaded:', *sys.modules, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "plain,plan\n"
    loaded = set(done.stderr.partition("loaded:")[2].split())
    assert loaded.isdisjoint({"yaml", "httpx", "json", "sqlite3", "reconciler.errors"})
    assert not [name for name in loaded if name.startswith("reconciler.cli.commands")]


def test_environments_are_those_of_the_stack(offered: Offered) -> None:
    assert offered("--environment", "") == ["dev", "prod", "default"]
    assert offered("--environment", "p") == ["prod"]


def test_variables_are_offered_with_what_they_are_for(offered: Offered, command: CommandLine) -> None:
    assert offered("plan", "--var", "") == ["region="]
    (item,) = items(command, "plan", "--var", "reg")
    assert item.help == "Where it lives"


def test_addresses_are_those_declared_and_those_recorded(offered: Offered, command: CommandLine) -> None:
    declared = ["memory_thing.a", "memory_thing.b", "data.memory_thing.seen"]
    assert offered("graph", "--target", "") == declared
    assert offered("state", "show", "") == []
    command("import", "memory_thing.a", "a")
    command("state", "mv", "memory_thing.a", 'memory_thing.old["x y"]')
    assert offered("state", "show", "") == ['memory_thing.old["x y"]']
    assert offered("state", "rm", "memory_thing.") == ['memory_thing.old["x y"]']
    assert offered("rollback", "--target", "") == [*declared, 'memory_thing.old["x y"]']
    assert offered("import", "memory_thing.b") == ["memory_thing.b"]


def test_states_of_the_past_are_offered_by_name_run_and_serial(
    offered: Offered, command: CommandLine
) -> None:
    assert command("apply", "--auto-approve", "--var", "region=us").code == 1  # a is there already
    command("import", "memory_thing.a", "a")
    command("apply", "--auto-approve")
    command("snapshot", "name", "good")
    name, *rest = offered("rollback", "--to", "")
    assert name == "good"
    serials = [word for word in rest if word.isdigit()]
    assert serials == sorted(serials, key=int, reverse=True)
    runs = command("state", "history", "--json").document["runs"]
    assert {run["id"] for run in runs} <= set(rest)
    assert offered("snapshot", "show", "goo") == ["good"]
    assert offered("snapshot", "name", "--remove", "") == ["good"]
    assert offered("output", "") == ["first"]


def test_codes_types_templates_and_services_are_offered(offered: Offered) -> None:
    assert "RC-CONF-007" in offered("explain", "RC-CONF")
    assert offered("schema", "memory_t") == ["memory_thing"]
    assert offered("init", "--template", "t") == ["testx"]
    assert offered("sandbox", "show", "g") == ["github"]
    assert offered("completion", "") == list(SHELLS)


@pytest.mark.parametrize(
    "words",
    [
        ["--environment", ""],
        ["plan", "--var", ""],
        ["graph", "--target", ""],
        ["state", "show", ""],
        ["rollback", "--to", ""],
        ["output", ""],
        ["sync", "--drop", ""],
    ],
)
@pytest.mark.parametrize("text", ["", "[" * 1000, "stack: [1]", "stack: lab\nresources: 7\n", "\x00", "- a"])
def test_a_broken_stack_offers_nothing_and_says_nothing(
    command: CommandLine, words: list[str], text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    command.write(text)
    capsys.readouterr()
    assert [item.value for item in items(command, *words)] in ([], ["default"])
    assert capsys.readouterr() == ("", "")


def test_a_stack_that_is_wrong_still_offers_what_is_recorded(offered: Offered, command: CommandLine) -> None:
    command("import", "memory_thing.a", "a")
    command.write(STACK.replace("name: b", "nmae: b"))
    assert offered("state", "show", "") == ["memory_thing.a"]
    assert offered("graph", "--target", "") == ["memory_thing.a"]


def test_a_directory_or_state_that_cannot_be_used_offers_nothing(
    offered: Offered, command: CommandLine
) -> None:
    state = command.directory / ".reconciler" / "state" / "lab.default.db"
    state.parent.mkdir(parents=True)
    state.write_text("this is no state")
    assert offered("state", "show", "") == []
    assert [*completion("zsh", command).get_completions(["-C", "/nowhere", "state", "show"], "")] == []
    command.environ["RECONCILER_SANDBOX"] = "perhaps"
    assert offered("state", "show", "") == []


def test_every_address_and_state_that_a_command_takes_is_completed() -> None:
    seen = 0
    for name, parameter in options(reconciler):
        if any(word in str(parameter.metavar) for word in ("ADDR", "FROM", "SERIAL|RUN|NAME", "NAME=VALUE")):
            seen += 1
            assert parameter._custom_shell_complete is not None, (
                f"{name}: give it shell_complete=completing.…"
            )
    assert seen > 10


@pytest.mark.parametrize("shell", SHELLS)
def test_the_script_for_a_shell_is_printed(command: CommandLine, shell: str) -> None:
    printed = command("completion", shell)
    assert printed.code == 0
    assert VARIABLE in printed.out
    assert printed.out.strip() == script(shell, reconciler).strip()


@pytest.mark.parametrize("asked", ["", "bash", "bash_", "tcsh_complete", "bash_source_x", "_complete"])
def test_a_question_that_no_shell_asks_is_answered_with_silence(
    asked: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert answer(reconciler, Invocation({VARIABLE: asked})) == 1
    assert capsys.readouterr() == ("", "")


def test_a_mistake_of_our_own_is_not_told_to_somebody_who_is_typing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("a mistake")

    monkeypatch.setattr(ShellComplete, "complete", fail)
    assert answer(reconciler, Invocation({VARIABLE: "zsh_complete"})) == 1
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("shell", SHELLS)
def test_each_shell_is_answered_in_its_own_form(
    shell: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "reconciler.yaml").write_text(STACK)
    words = f"reconciler -C {tmp_path} --environment p"
    monkeypatch.setenv("COMP_WORDS", words)
    monkeypatch.setenv("COMP_CWORD", "p" if shell == "fish" else "4")
    assert answer(reconciler, Invocation({**os.environ, VARIABLE: f"{shell}_complete"})) == 0
    assert "prod" in capsys.readouterr().out
