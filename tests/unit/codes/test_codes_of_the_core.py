"""Mistakes that a command can be called with, each with its code, as a document and as a log."""

import json
from pathlib import Path

import pytest

from tests.command_line import CommandLine

R = "resources:\n  reconciler_value:\n"


@pytest.fixture
def command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    return CommandLine(tmp_path, capsys)


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("RC-CONF-001", "stack: my shop\n"),
        ("RC-CONF-003", "stack: s\ninclude: [none/*.yaml]\n"),
        ("RC-CONF-004", "stack: [s\n"),
        ("RC-CONF-005", "stack: s\nstack: t\n"),
        ("RC-CONF-006", "stack: s\nresources:\n  slack_chanel: {a: {name: a}}\n"),
        ("RC-CONF-007", f"stack: s\n{R}    a: {{valeu: 1}}\n"),
        ("RC-CONF-008", "stack: s\noutputs: {a: {value: '${1 +}'}}\n"),
        ("RC-CONF-009", "stack: s\nproviders: {slack: {token: '${secret.NONE}'}}\n"),
        ("RC-CONF-010", "stack: s\nvariables: {region: {type: string}}\n"),
        ("RC-CONF-011", "stack: s\nlocals: {a: '${local.b}', b: '${local.a}'}\n"),
        ("RC-CONF-014", "stack: s\nrequires: '>=99'\n"),
        ("RC-CONF-015", "stack: s\nproviders: {slak: {token: a}}\n"),
    ],
)
def test_each_mistake_in_a_file_has_its_code(code: str, text: str, command: CommandLine) -> None:
    command.write(text)
    result = command("validate", "--json")
    assert result.code == 1
    assert code in [found["code"] for found in result.document["diagnostics"]]


def test_each_wrong_call_has_its_code(command: CommandLine) -> None:
    def code(*arguments: str) -> str:
        return str(command("--json", *arguments).document["diagnostics"][0]["code"])

    assert code("validate") == "RC-CONF-002"
    assert code("plam") == "RC-INPUT-001"
    command.write("stack: s\n")
    assert code("--environment", "prod", "validate") == "RC-CONF-013"
    assert code("explain", "XX") == "RC-FIND-001"
    assert code("output", "none") == "RC-FIND-001"
    assert code("rollback") == "RC-PLAN-010"


def test_as_a_log_it_is_a_line_with_code_cause_and_remedy(command: CommandLine) -> None:
    result = command("--log-format", "json", "validate")
    told = json.loads(result.err)
    assert told["code"] == "RC-CONF-002"
    assert told["cause"].startswith("there is no reconciler.yaml")
    assert "reconciler init" in told["remedy"]
