"""Codes that were published stay as they are, and each of them is explained."""

import re

import pytest
from jsonschema import Draft202012Validator

from reconciler import codes
from reconciler.config.schemas import schema
from reconciler.errors import DiagnosedError, ProviderError, StateError
from reconciler.operations.explaining import sections
from tests.command_line import CommandLine
from tests.unit.codes.every_code import BY_SERVICE, CODES
from tests.unit.docs.markdown import ROOT

EXPLAIN = Draft202012Validator(schema("explain.schema.json"))
PUBLISHED = ROOT / "docs" / "troubleshooting" / "codes.txt"


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]) -> CommandLine:
    return CommandLine(ROOT, capsys)


def test_what_is_published_is_what_the_code_has_with_the_same_meaning() -> None:
    lines = PUBLISHED.read_text(encoding="utf-8").splitlines()
    assert dict(line.split("  ", 1) for line in lines) == CODES
    assert lines == sorted(lines)


def test_no_code_is_given_twice() -> None:
    assert len(CODES) == sum(map(len, BY_SERVICE.values()))


@pytest.mark.parametrize("service", BY_SERVICE)
def test_every_code_has_a_section_and_every_section_a_code(service: str) -> None:
    told = {found.code: found.title for found in sections() if found.service == service}
    assert told == BY_SERVICE[service]


@pytest.mark.parametrize("code", CODES)
def test_each_is_explained_with_what_happened_why_and_what_to_do(code: str, command: CommandLine) -> None:
    result = command("explain", code.lower())
    assert result.code == 0
    assert result.out.startswith(f"{code}: {CODES[code]}\n")
    for part in ("What happened.", "Why.", "What to do.", "How it looks."):
        assert result.out.count(f"**{part}**") == 1
    (look,) = re.findall(r"```text\n(.+)\n```", result.out)
    assert f"[{code}]" in look


def test_a_misspelt_code_is_told_with_the_nearest(command: CommandLine) -> None:
    result = command("explain", "GH-AUTH-01")
    assert result.code == 1
    assert "did you mean 'GH-AUTH-001'?" in result.err


def test_without_a_code_all_are_listed(command: CommandLine) -> None:
    listed = [line.split()[0] for line in command("explain").out.splitlines()]
    assert sorted(listed) == sorted(CODES)
    document = command("explain", "--json").document
    assert {one["code"] for one in document["codes"]} == set(CODES)
    EXPLAIN.validate(document)
    EXPLAIN.validate(command("explain", "GH-AUTH-001", "--json").document)


def test_every_service_has_a_prefix_of_its_own() -> None:
    for service, prefix in codes.PREFIXES.items():
        assert {code.partition("-")[0] for code in BY_SERVICE[service]} == {prefix}


@pytest.mark.parametrize("prefix", codes.PREFIXES.values())
@pytest.mark.parametrize("kind", ProviderError.__subclasses__())
def test_every_kind_of_error_of_every_service_has_its_code(kind: type[ProviderError], prefix: str) -> None:
    assert f"{prefix}-{kind.area}-001" in CODES


@pytest.mark.parametrize("kind", [DiagnosedError, StateError])
def test_every_kind_of_error_of_ours_has_its_code(kind: type[DiagnosedError | StateError]) -> None:
    for one in (kind, *kind.__subclasses__()):
        assert one.general in codes.CODES


def test_no_code_is_used_that_is_not_published() -> None:
    used = {
        code
        for room in ("reconciler", "providers")
        for file in (ROOT / room).rglob("*.py")
        for code in re.findall(r"\b[A-Z]{2}-[A-Z]+-\d{3}\b", file.read_text(encoding="utf-8"))
    }
    assert used == set(CODES)
