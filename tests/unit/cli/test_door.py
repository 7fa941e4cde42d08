"""What is before the command: options, exit codes, and what is loaded."""

import json
import subprocess
import sys

import pytest

from reconciler import __version__
from reconciler.cli.door import run
from tests.command_line import CommandLine

_FORBIDDEN = ("rich", "httpx", "yaml", "sqlite3", "flask", "jinja2", "json", "pathlib", "reconciler.errors")


@pytest.mark.parametrize("arguments", [["--help"], ["version"]])
def test_help_and_version_load_click_and_nothing_heavy(arguments: list[str]) -> None:
    code = (
        "import sys; from reconciler.cli.door import run; code = run(sys.argv[1:], {}); "
        "print('loaded:', *sys.modules, file=sys.stderr); sys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True
    )
    loaded = set(done.stderr.partition("loaded:")[2].split())
    assert "click" in loaded
    assert loaded.isdisjoint(_FORBIDDEN)


def test_help_lists_every_command_with_a_line_about_it(command: CommandLine) -> None:
    shown = command("--help").out
    for name in ("init", "validate", "plan", "apply", "destroy", "drift", "health", "rollback", "snapshot",
                 "state", "output", "graph", "import", "schema", "version", "sandbox"):  # fmt: skip
        assert f"\n  {name} " in shown


@pytest.mark.parametrize(
    "name",
    ["init", "validate", "plan", "apply", "destroy", "drift", "health", "rollback", "snapshot", "state",
     "output", "graph", "import", "schema", "version", "sandbox"],
)  # fmt: skip
def test_every_command_explains_itself(command: CommandLine, name: str) -> None:
    result = command(name, "--help")
    assert result.code == 0
    assert f"Usage: reconciler {name}" in result.out


def test_version_is_told_as_text_and_as_json_before_and_after_the_command(command: CommandLine) -> None:
    assert command("version").out == f"reconciler {__version__}\n"
    assert command("--json", "version").document == {"reconciler": __version__}
    assert command("version", "--json").document == {"reconciler": __version__}


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["plam"],
        ["plan", "--colour"],
        ["plan", "--format", "pdf"],
        ["plan", "--var", "no-value"],
        ["apply", "--parallelism", "0"],
        ["state", "show", "not-an-address"],
        ["--log-format", "xml", "version"],
    ],
)
def test_wrong_usage_is_64_and_changes_nothing(command: CommandLine, arguments: list[str]) -> None:
    result = command(*arguments)
    assert result.code == 64
    assert result.out == ""
    assert "Usage: reconciler" in result.err


def test_a_directory_that_is_not_there_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["-C", "/nowhere/at/all", "plan"], {}) == 64
    assert "does not exist" in capsys.readouterr().err


def test_wrong_usage_is_a_document_with_json(command: CommandLine) -> None:
    result = command("plan", "--json", "--colour")
    assert result.code == 64
    assert result.document["error"] == {"kind": "WrongUsage", "exit_code": 64}
    assert "--colour" in result.document["diagnostics"][0]["summary"]


def test_an_environment_variable_that_is_neither_yes_nor_no_is_wrong_usage(command: CommandLine) -> None:
    command.environ["RECONCILER_SANDBOX"] = "perhaps"
    result = command("plan")
    assert result.code == 64
    assert "RECONCILER_SANDBOX" in result.err


def test_an_interrupted_command_is_130(command: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("reconciler.operations.workspace.config.load", interrupt)
    assert command("validate").code == 130


def test_json_is_one_document_even_for_an_error(command: CommandLine) -> None:
    command.write("stack: 1x\n")
    result = command("validate", "--json")
    assert result.code == 1
    assert json.loads(result.out)["error"]["kind"] == "InvalidConfiguration"
    assert result.document["diagnostics"][0]["place"]["file"] == "reconciler.yaml"
    assert result.err == ""
