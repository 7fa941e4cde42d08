"""``health:`` under a resource: what must be so beyond its attributes, or it is drift."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from reconciler.testing import MemoryService
from tests.command_line import CommandLine
from tests.web_page import Page, served

SCHEMA = Path(__file__).parents[3] / "schemas" / "drift.schema.json"
STACK = """stack: lab
variables:
  size: {type: number, default: 0}
resources:
  memory_thing:
    a:
      name: a
      health: HEALTH
"""


@pytest.fixture
def page() -> Iterator[Page]:
    with served() as page:
        yield page


@pytest.fixture
def lab(command: CommandLine, service: MemoryService) -> CommandLine:
    return command


def write(lab: CommandLine, health: str) -> None:
    lab.write(STACK.replace("HEALTH", health))


def test_an_undeclared_attribute_that_is_not_as_expected_is_drift_and_no_change(
    lab: CommandLine, service: MemoryService
) -> None:
    write(lab, "{expect: {size: '${var.size}'}}")
    assert lab("apply", "--auto-approve").code == 0
    assert lab("drift").code == 0
    service.change("memory_thing", service.objects("memory_thing")[0].id, size=7)
    result = lab("drift")
    assert result.code == 2
    assert "memory_thing.a: size should be 0, but is 7" in result.out
    assert "No changes" in lab("plan").out


def test_a_page_that_does_not_answer_is_drift_with_its_reason(lab: CommandLine, page: Page) -> None:
    write(lab, f"{{url: '{page.url}'}}")
    lab("apply", "--auto-approve")
    assert lab("drift").code == 0
    page.status = 500
    result = lab("drift")
    assert result.code == 2
    assert "the health check URL answers with 500" in result.out
    assert "hidden" not in result.out
    document = lab("drift", "--json").document
    Draft202012Validator(json.loads(SCHEMA.read_text())).validate(document)
    assert [found["address"] for found in document["unhealthy_resources"]] == ["memory_thing.a"]


@pytest.mark.parametrize(
    ("health", "problem"),
    [
        ("{expect: {sise: 1}}", "did you mean 'size'?"),
        ("{url: 'ftp://example.com/'}", "a health check URL must be a plain address"),
        ("{url: '${memory_thing.a.name}'}", "a health check URL must be a plain address"),
        ("{adress: 'https://example.com/'}", "adress"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_place(lab: CommandLine, health: str, problem: str) -> None:
    write(lab, health)
    result = lab("validate")
    assert result.code == 1
    assert problem in result.err
    assert "reconciler.yaml:8" in result.err


def test_data_has_expect_and_no_health(lab: CommandLine) -> None:
    lab.write("stack: lab\ndata:\n  memory_thing:\n    a: {name: a, health: {expect: {size: 0}}}\n")
    assert "'health' is not for data" in lab("validate").err
