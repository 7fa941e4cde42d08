"""Secrets, the ``.env`` file, and literals that must not be shown."""

from pathlib import Path

import pytest

from reconciler.config.environment import read_env_file
from reconciler.diagnostics import Diagnostics
from reconciler.values import Sensitive
from reconciler.views.diagnostics import render
from tests.unit.config.forge import Loader

TOKEN = "providers:\n  forge: {token: '${secret.TOKEN}'}\n"


def test_a_secret_comes_from_the_environment_and_then_from_the_env_file(stack_of: Loader) -> None:
    stack_of.write(".env", "TOKEN=from-file\n")
    assert stack_of(TOKEN).providers["forge"].settings == {"token": Sensitive("from-file")}
    stack = stack_of(TOKEN, environ={"TOKEN": "from-environment"})
    assert stack.providers["forge"].settings == {"token": Sensitive("from-environment")}


def test_a_secret_that_is_set_nowhere_has_a_stand_in_in_the_sandbox_alone(stack_of: Loader) -> None:
    assert stack_of.summaries(TOKEN) == ["the secret TOKEN is not set"]
    assert stack_of(TOKEN, sandbox=True).providers["forge"].settings == {"token": Sensitive("sandbox-TOKEN")}


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("A=plain", "plain"),
        ("export A = spaced out # comment", "spaced out"),
        ("A=a#b", "a#b"),
        ("A=# nothing", ""),
        ('A="two\\nlines \\"x\\"" # comment', 'two\nlines "x"'),
        ("A='as $it \\n is'", "as $it \\n is"),
        ("  A=", ""),
    ],
)
def test_lines_of_the_env_file_are_read_as_a_shell_would(tmp_path: Path, line: str, value: str) -> None:
    (tmp_path / ".env").write_text(f"\ufeff# comment\n\n{line}\n", encoding="utf-8")
    assert read_env_file(tmp_path / ".env", Diagnostics()) == {"A": value}


@pytest.mark.parametrize("content", [b"A='hunter2\n", b"hunter2\n", b"1A=hunter2\n", b"A=hunter2\xff\n"])
def test_a_line_that_cannot_be_read_is_reported_without_showing_it(tmp_path: Path, content: bytes) -> None:
    (tmp_path / ".env").write_bytes(content)
    found = Diagnostics()
    assert read_env_file(tmp_path / ".env", found) == {}
    assert ".env:1:1" in render(found)
    assert "hunter2" not in render(found)


@pytest.mark.parametrize(
    "text",
    [
        "resources:\n  forge_secret:\n    1key: {value: hunter2}\n",
        "resources:\n  forge_secret:\n    key: {name: [x], value: 'hunter2', nme: 1}\n",
        "resources:\n  forge_secret:\n    key: {value: {part: hunter2}}\n",
        "resources:\n  forge_secret:\n    k:\n      value: |\n       hunter2\n\n       hunter2\n      x: 1\n",
        "providers:\n  forge: {token: [hunter2], tokn: x}\n",
        "variables:\n  x: {sensitive: true, default: hunter2, typ: y}\n",
        "variables:\n  x: {type: number, sensitive: true, default: hunter2}\n",
        "resources:\n  forge_secret:\n    key: {name: a, value: '${secret.T | int + [] }'}\n",
    ],
)
def test_no_message_shows_a_secret(stack_of: Loader, text: str) -> None:
    assert "hunter2" not in render(stack_of.problems(text, environ={"T": "hunter2"}))
