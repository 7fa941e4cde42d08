"""What the documents say is so."""

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest

from reconciler import config
from reconciler.cli.door import reconciler
from reconciler.cli.exit_codes import ExitCode
from reconciler.cli.invocation import Invocation
from reconciler.operations import sandboxes
from reconciler.registry import Registry
from reconciler.sandbox.host import Host
from reconciler.sandbox.world import World
from tests.unit.docs.markdown import (
    DOCUMENTS,
    ROOT,
    blocks,
    first_column,
    headings,
    links,
    section,
    write_modules,
)

CLI = ROOT / "docs" / "cli.md"
DECISIONS = sorted((ROOT / "docs" / "adr").glob("*.md"))
LANGUAGE = ROOT / "docs" / "language.md"
STACKS = [block.text for block in blocks(LANGUAGE) if block.kind == "yaml stack"]
README_EXAMPLE = next(block.text for block in blocks(ROOT / "README.md") if block.kind == "yaml")


def called(file: Path) -> str:
    return str(file.relative_to(ROOT))


def command_lines() -> Iterator[str]:
    """Every call of reconciler in the documents' blocks, without what is put before it, such as ``$``."""
    for file in DOCUMENTS:
        for block in blocks(file):
            prompt = r"\$ " if block.kind == "console" else ""
            if block.kind in ("console", ""):
                yield from re.findall(rf"^{prompt}(reconciler .+)$", block.text, re.MULTILINE)


def commands(group: click.Group, before: str = "") -> Iterator[tuple[str, click.Command]]:
    """All commands, by the words that call them."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from commands(command, f"{before}{name} ")
        else:
            yield f"{before}{name}", command


@pytest.mark.parametrize("file", DOCUMENTS, ids=called)
def test_every_relative_link_leads_somewhere(file: Path) -> None:
    for link in links(file):
        if re.match(r"\w+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (file.parent / path).resolve() if path else file
        assert target.exists(), link
        assert not anchor or anchor in headings(target), link


@pytest.mark.parametrize("line", sorted(set(command_lines())))
def test_every_command_line_is_one_that_the_command_takes(
    line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(click.Command, "invoke", lambda command, context: None)  # parsed, and not carried out
    (tmp_path / "shop").mkdir()
    for name in ("world.yaml", "state.json", "saved.plan", "back.plan"):
        (tmp_path / name).touch()
    command_line = line.partition(" > ")[0]  # what follows is for the shell
    arguments = [word for word in shlex.split(command_line, comments=True)[1:] if word != "&"]
    reconciler.main(arguments, prog_name="reconciler", standalone_mode=False, obj=Invocation({}))


def test_a_command_line_that_is_wrong_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(click.Command, "invoke", lambda command, context: None)
    for arguments in (["plam"], ["plan", "--nonsense"], ["snapshot", "show"]):
        with pytest.raises(click.UsageError):
            reconciler.main(arguments, standalone_mode=False, obj=Invocation({}))


def test_there_are_command_lines_and_stacks_to_look_at() -> None:
    assert len(set(command_lines())) > 15
    assert len(STACKS) > 5


@pytest.mark.parametrize("text", [*STACKS, README_EXAMPLE])
def test_every_stack_in_the_documents_loads(text: str, tmp_path: Path) -> None:
    (tmp_path / "reconciler.yaml").write_text(text, encoding="utf-8")
    write_modules(LANGUAGE, tmp_path)
    stack = config.load(tmp_path, environment=None, types=Registry.installed(), environ={}, sandbox=True)
    assert text.count(f"stack: {stack.name}") == 1


def test_the_seed_in_the_documents_can_be_planted(tmp_path: Path) -> None:
    (text,) = [block.text for block in blocks(ROOT / "docs" / "sandbox.md") if block.kind == "yaml seed"]
    file = tmp_path / "world.yaml"
    file.write_text(text, encoding="utf-8")
    sandboxes.seed(tmp_path, file)
    world: Any = sandboxes.show(tmp_path)
    for service, kind, name, value in (
        ("github", "repositories", "name", "shop"),
        ("github", "teams", "name", "crew"),
        ("slack", "channels", "name", "releases"),
        ("slack", "usergroups", "handle", "on-call"),
        ("notion", "pages", "title", "Handbook"),
        ("anykrowd", "roles", "name", "Bar"),
        ("anykrowd", "events", "name", "Summer Night"),
        ("anykrowd", "staff_members", "external_id", "1815"),
    ):
        assert value in [found[name] for found in world[service][kind]]


def test_the_ready_document_in_the_documents_is_the_one_that_is_written() -> None:
    (text,) = [block.text for block in blocks(ROOT / "docs" / "sandbox.md") if block.kind == "json"]
    assert json.loads(text) == Host(World()).connections("http://127.0.0.1:8800")


def test_the_exit_codes_are_those_of_the_command() -> None:
    told = {int(cell) for cell in first_column(section(CLI, "Exit codes"))}
    assert told == {int(code) for code in ExitCode}


def test_every_command_and_each_of_its_options_is_told_of_and_no_other() -> None:
    text = CLI.read_text(encoding="utf-8")
    told = {
        re.split(r" (?=\[|[A-Z])", cell)[0]
        for row in first_column(section(CLI, "Commands"))
        for cell in re.findall(r"`([^`]+)`", row)
    }
    known = dict(commands(reconciler))
    assert told == set(known)
    for name, command in [("", reconciler), *known.items()]:
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                assert any(option in text for option in parameter.opts), (name, parameter.opts)


def test_every_environment_variable_in_the_documents_is_read_by_something() -> None:
    sources = "".join(
        file.read_text(encoding="utf-8")
        for room in ("reconciler", "providers")
        for file in (ROOT / room).rglob("*.py")
    )
    for cell in first_column(section(CLI, "Environment variables")):
        for name in re.findall(r"`([A-Z_]+)(?:<name>)?`", cell):
            assert name in sources, name


@pytest.mark.parametrize("file", DECISIONS, ids=called)
def test_every_decision_has_a_number_context_decision_and_consequences(file: Path) -> None:
    lines = file.read_text(encoding="utf-8").splitlines()
    number = int(file.name[:4])
    assert number == DECISIONS.index(file) + 1
    assert lines[0].startswith(f"# {number}. ")
    titles = [line for line in lines if line.startswith("## ")]
    assert titles == ["## Context", "## Decision", "## Consequences"]


def test_the_two_commands_of_the_readme_are_targets_of_the_makefile() -> None:
    (first,) = [
        block.text for block in blocks(ROOT / "README.md") if "make" in block.text and block.kind == "console"
    ]
    assert first.splitlines() == ["$ make demo", "$ make test"]
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in ("demo", "test"):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE)
