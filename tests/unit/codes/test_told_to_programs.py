"""What programs are told of what goes wrong: an error's document, and the lines of the log."""

import io
import json
import sys

import pytest
from jsonschema import Draft202012Validator

from reconciler.cli.door import run
from reconciler.config.schemas import schema
from reconciler.errors import Rejected, Unreachable
from reconciler.testing.failures import MemoryCall
from tests.unit.codes.bench import LOGGED, Bench, logged

ERROR = Draft202012Validator(schema("error.schema.json"))
LINE = Draft202012Validator(schema("log.schema.json"))
EVENT = Draft202012Validator(schema("apply-event.schema.json"))
TWO = """stack: lab
resources:
  memory_thing: {a: {name: a}}
  memory_part: {p: {name: p, thing: "${memory_thing.a.name}"}}
"""


@pytest.fixture(autouse=True)
def _two(bench: Bench) -> None:
    bench.write(TWO)


def test_a_step_that_failed_is_a_line_with_code_address_run_cause_and_remedy(bench: Bench) -> None:
    bench.memory().fail("create", Rejected, subject="p")
    result = bench.command(*LOGGED, "apply", "--auto-approve")
    assert result.code == 3
    (line,) = logged(result)
    (run,) = bench.command("snapshot", "list", "--json").document["runs"]
    assert line["level"] == "error"
    assert line["message"] == "memory_part.p failed"
    assert line["code"] == "MEMORY-INPUT-001"
    assert line["address"] == "memory_part.p"
    assert line["run"] == run["id"]
    assert line["cause"] == "the test made it fail"
    assert line["remedy"] == "change what is declared, then plan again"
    assert (line["service"], line["operation"]) == ("memory", "create memory_part")


def test_in_text_a_step_that_failed_is_no_line_of_the_log(bench: Bench) -> None:
    bench.memory().fail("create", Rejected, subject="p")
    assert bench.command("apply", "--auto-approve").err == ""


def test_a_step_of_the_undoing_that_failed_is_logged_with_the_run_that_undoes(bench: Bench) -> None:
    service = bench.memory()
    service.fail("create", Rejected, subject="p")
    service.fail("delete", Unreachable, times=None)
    result = bench.command(*LOGGED, "apply", "--auto-approve", "--on-failure", "rollback")
    failed, stuck = logged(result)
    assert (failed["address"], stuck["address"]) == ("memory_part.p", "memory_thing.a")
    assert failed["run"] != stuck["run"]
    assert stuck["code"] == "MEMORY-NET-001"


def test_what_could_not_be_asked_is_logged_with_provider_and_address(bench: Bench) -> None:
    service = bench.memory()
    assert bench.apply().code == 0
    service.fail("health", Unreachable, times=None)
    service.fail("read", Unreachable, times=None)
    (well,) = logged(bench.command(*LOGGED, "health", "--fresh"))
    assert (well["provider"], well["code"]) == ("memory", "MEMORY-NET-001")
    drift = logged(bench.command(*LOGGED, "drift"))
    assert [line.get("address") for line in drift] == [None, "memory_part.p", "memory_thing.a"]
    live = logged(bench.command(*LOGGED, "snapshot", "diff", "--live"))
    assert {line["address"] for line in live} == {"memory_part.p", "memory_thing.a"}
    for line in [well, *drift, *live]:
        LINE.validate(line)
        assert line["cause"]
        assert line["remedy"]


def test_what_cuts_a_run_short_is_one_line_after_its_events(bench: Bench) -> None:
    def interrupt(call: MemoryCall) -> None:
        if call.operation == "create" and call.type == "memory_part":
            raise KeyboardInterrupt

    bench.memory().on_call = interrupt
    result = bench.json("apply", "--auto-approve")
    *events, error = (json.loads(line) for line in result.out.splitlines())
    assert [event["event"] for event in events][:2] == ["started", "finished"]
    for event in events:
        EVENT.validate(event)
    ERROR.validate(error)
    assert error["error"] == {"kind": "Interrupted", "exit_code": 130}


def test_an_undoing_that_cannot_begin_is_one_line_too(bench: Bench) -> None:
    service = bench.memory()
    service.fail("create", Rejected, subject="p")
    service.fail("read", Unreachable, times=None)
    result = bench.json("apply", "--auto-approve", "--on-failure", "rollback")
    documents = [json.loads(line) for line in result.out.splitlines()]
    ERROR.validate(documents[-1])
    assert documents[-2]["event"] == "done"
    failed, error, left = logged(result)
    assert (failed["address"], error["code"]) == ("memory_part.p", "MEMORY-NET-001")
    assert left["remedy"] == "once that is mended: `reconciler rollback --to 0`"


@pytest.mark.parametrize("forms", [("--json",), ("--log-format", "json"), ("--log-format=json",)])
def test_a_wrong_call_is_told_as_asked_although_its_options_were_not_all_read(
    bench: Bench, forms: tuple[str, ...]
) -> None:
    result = bench.command("--colour", *forms, "plan")
    assert result.code == 64
    for line in (result.out + result.err).splitlines():
        assert "RC-INPUT-001" in line
        assert "reconciler --help" in line


def test_in_text_a_wrong_call_has_its_code_and_how_to_call_it(bench: Bench) -> None:
    result = bench.command("plan", "--nonsense")
    assert result.err == (
        "Usage: reconciler plan [OPTIONS]\n\n"
        "error[RC-INPUT-001]: No such option '--nonsense'.\n"
        "  help: `reconciler plan --help` shows what it takes\n"
    )


def test_somebody_who_asks_for_nothing_is_shown_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert run([], {}) == 64
    told = capsys.readouterr().err
    assert "Commands:" in told
    assert "RC-INPUT-001" not in told


def test_an_interruption_has_its_code_in_text_too(bench: Bench) -> None:
    def interrupt(_: MemoryCall) -> None:
        raise KeyboardInterrupt

    bench.memory().on_call = interrupt
    assert bench.command("plan").err.strip() == "Interrupted [RC-RUN-001]. Nothing has been changed."


def test_a_document_that_is_no_state_is_one_problem_with_its_place(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.memory()
    (bench.directory / "state.json").write_text("{}", encoding="utf-8")
    result = bench.json("state", "push", str(bench.directory / "state.json"))
    (problem,) = json.loads(result.out)["diagnostics"]
    assert problem["code"] == "RC-INPUT-003"
    assert problem["summary"].startswith("this is no state: it lacks format_version, lineage, serial")
    assert "reconciler state pull" in problem["advice"]
    assert problem["place"]["file"].endswith("state.json")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"{}")))
    assert len(json.loads(bench.json("state", "push", "-").out)["diagnostics"]) == 1
