"""What is logged goes to standard error, in the form asked for."""

import json
import logging
from collections.abc import Iterator

import pytest

from reconciler.cli.invocation import Invocation
from reconciler.cli.logs import start_logging


@pytest.fixture
def invocation() -> Iterator[Invocation]:
    root, ours = logging.getLogger(), logging.getLogger("reconciler")
    handlers, level = list(root.handlers), ours.level
    yield Invocation({})
    root.handlers[:] = handlers
    ours.setLevel(level)


def test_a_warning_is_a_line_that_moves_no_cursor(
    invocation: Invocation, capsys: pytest.CaptureFixture[str]
) -> None:
    start_logging(invocation)
    logging.getLogger("reconciler.test").warning("a label called %s", "bug\x1b[2J")
    assert capsys.readouterr().err == "warning: a label called bug\\x1b[2J\n"


def test_as_json_it_carries_what_a_program_can_act_on(
    invocation: Invocation, capsys: pytest.CaptureFixture[str]
) -> None:
    invocation.log_format = "json"
    start_logging(invocation)
    given = {"address": "github_team.qa", "remedy": "wait", "run": ""}
    logging.getLogger("reconciler.test").warning("slow", extra=given)
    document = json.loads(capsys.readouterr().err)
    assert document["time"]
    del document["time"]
    assert document == {
        "level": "warning",
        "logger": "reconciler.test",
        "message": "slow",
        "address": "github_team.qa",
        "remedy": "wait",
    }


@pytest.mark.parametrize("is_verbose", [True, False])
def test_details_are_logged_only_when_asked_for_and_once_however_often_it_starts(
    invocation: Invocation, capsys: pytest.CaptureFixture[str], is_verbose: bool
) -> None:
    invocation.is_verbose = is_verbose
    start_logging(invocation)
    start_logging(invocation)
    logging.getLogger("reconciler.test").debug("GET /user: HTTP 200")
    assert capsys.readouterr().err == ("debug: GET /user: HTTP 200\n" if is_verbose else "")
