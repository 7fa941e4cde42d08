"""What happens when a step fails: the run stops, is undone, or goes on with what can."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from reconciler.errors import Rejected
from reconciler.state.model import RunOutcome
from reconciler.state.sqlite import SqliteLedger
from reconciler.testing import MemoryService
from reconciler.testing.failures import MemoryCall
from tests.command_line import CommandLine

BEFORE = """
stack: lab
resources:
  memory_thing:
    kept: {name: kept, text: first}
    gone: {name: gone}
  memory_note: {n: {title: n}}
"""
AFTER = """
stack: lab
resources:
  memory_thing:
    kept: {name: kept, text: second}
    a: {name: a}
    b: {name: b, text: "${memory_thing.a.id}", depends_on: [memory_thing.kept]}
    c: {name: c, text: "${memory_thing.b.id}"}
  memory_member: {m: {name: m}}
"""
EVENT = Path(__file__).parents[3] / "schemas" / "apply-event.schema.json"


@pytest.fixture
def lab(command: CommandLine, service: MemoryService) -> CommandLine:
    command.write(BEFORE)
    assert command("apply", "--auto-approve").code == 0
    command.write(AFTER)
    return command


def things(service: MemoryService) -> dict[object, object]:
    return {found.attributes["name"]: found.attributes["text"] for found in service.objects("memory_thing")}


def outcomes(lab: CommandLine) -> list[tuple[str, str]]:
    found = lab("snapshot", "list", "--json").document["runs"]
    return [(run["command"], run["outcome"]) for run in found]


def test_a_failed_run_is_undone_where_that_is_asked_for(lab: CommandLine, service: MemoryService) -> None:
    service.fail("create", Rejected, subject="c")
    result = lab("apply", "--auto-approve", "--on-failure", "rollback", "--parallelism", "1")
    assert result.code == 4, result.out
    assert things(service) == {"kept": "first", "gone": ""}
    assert service.objects("memory_member") == []
    assert "failed and was rolled back: all is as it was at serial 3" in result.out
    assert outcomes(lab) == [("apply", "done"), ("apply", "rolled back"), ("rollback", "done")]
    lab.write(BEFORE)
    assert lab("plan", "--detailed-exitcode").code == 0


def test_the_configuration_that_failed_is_held_until_it_changes_or_somebody_insists(
    lab: CommandLine, service: MemoryService
) -> None:
    service.fail("create", Rejected, subject="c")
    lab("apply", "--auto-approve", "--on-failure", "rollback")
    refused = lab("apply", "--auto-approve")
    assert refused.code == 1
    assert "failed" in refused.err
    assert lab("apply", "--auto-approve", "--again").code == 0
    assert set(things(service)) == {"kept", "a", "b", "c"}


def test_a_rollback_after_an_undone_run_goes_to_before_the_run_that_still_stands(
    lab: CommandLine, service: MemoryService
) -> None:
    service.fail("create", Rejected, subject="c")
    assert lab("apply", "--auto-approve", "--on-failure", "rollback", "--parallelism", "1").code == 4
    result = lab("rollback", "--auto-approve")
    assert "Back to serial 0, before the first run." in result.out
    assert things(service) == {}


def test_what_others_have_changed_meanwhile_is_left_alone(lab: CommandLine, service: MemoryService) -> None:
    lab.write(AFTER.replace("kept: {name: kept, text: second}", "kept: {name: kept}"))
    kept = next(found for found in service.objects("memory_thing") if found.attributes["name"] == "kept")
    service.change("memory_thing", kept.id, text="theirs")
    service.fail("create", Rejected, subject="c")
    assert lab("apply", "--auto-approve", "--on-failure", "rollback", "--parallelism", "1").code == 4
    assert things(service)["kept"] == "theirs"


def test_a_call_whose_answer_was_lost_is_undone_too(lab: CommandLine, service: MemoryService) -> None:
    service.go_down("create", took_effect=True, nth=2)
    before = service.count("create")

    def heal(call: MemoryCall) -> None:
        # The look inside the run finds nobody at home; when the run has ended, the service is back.
        if call.operation == "account" and service.count("create") == before + 2:
            service.heal()

    service.on_call = heal
    result = lab("apply", "--auto-approve", "--on-failure", "rollback", "--parallelism", "1")
    assert result.code == 4, result.out + result.err
    assert things(service) == {"kept": "first", "gone": ""}


def test_a_run_that_cannot_be_undone_says_so_and_how_to_go_on(
    lab: CommandLine, service: MemoryService
) -> None:
    service.go_down("create", took_effect=True, nth=3)
    result = lab("apply", "--auto-approve", "--on-failure", "rollback", "--parallelism", "1")
    assert result.code == 3
    assert "It is not undone. Once that is mended: `reconciler rollback --to 3`." in result.err
    service.heal()
    assert lab("rollback", "--to", "3", "--auto-approve").code == 0
    assert things(service) == {"kept": "first", "gone": ""}


@pytest.mark.parametrize("moment", ["on_call", "on_answer"])
def test_an_undoing_that_is_cut_off_is_gone_on_with(
    lab: CommandLine, service: MemoryService, moment: str
) -> None:
    service.fail("create", Rejected, subject="c")

    def cut_off(call: MemoryCall) -> None:
        if call.operation == "delete" and call.subject == "b":
            setattr(service, moment, None)
            raise KeyboardInterrupt

    setattr(service, moment, cut_off)
    result = lab("apply", "--auto-approve", "--on-failure", "rollback", "--parallelism", "1")
    assert result.code == 130
    assert "a" in things(service)
    result = lab("rollback", "--auto-approve")
    assert result.code == 0, result.err
    assert "going on with it" in result.out
    assert things(service) == {"kept": "first", "gone": ""}
    assert lab("apply", "--auto-approve").code == 1, "the configuration that failed is held"


def test_an_undoing_that_fails_in_part_undoes_what_it_can(lab: CommandLine, service: MemoryService) -> None:
    service.fail("create", Rejected, subject="c")
    service.fail("update", Rejected, subject="kept", nth=2)
    result = lab("apply", "--auto-approve", "--on-failure", "rollback", "--parallelism", "1")
    assert result.code == 3
    assert things(service) == {"kept": "second", "gone": ""}
    assert lab("rollback", "--auto-approve").code == 0
    assert things(service) == {"kept": "first", "gone": ""}


def test_what_could_not_be_undone_exactly_is_named_before_the_run(
    lab: CommandLine, service: MemoryService
) -> None:
    service.fail("create", Rejected, subject="c")
    text = lab("apply", "--auto-approve", "--on-failure", "rollback").out
    warning = "If a step fails, what was done before it is undone. These could not be undone exactly:"
    assert text.index(warning) < text.index("creating…")
    assert "memory_note.n: a deleted note comes back with another id" in text.partition(warning)[2]


def test_the_events_of_a_run_that_is_undone_follow_their_schema(
    lab: CommandLine, service: MemoryService
) -> None:
    service.fail("create", Rejected, subject="c")
    result = lab("--json", "apply", "--auto-approve", "--on-failure", "rollback")
    assert result.code == 4
    events = result.events
    schema = Draft202012Validator(json.loads(EVENT.read_text(encoding="utf-8")))
    for event in events:
        schema.validate(event)
    ends: list[Any] = [event["outcome"] for event in events if event["event"] == "done"]
    assert ends == ["failed", "done"]
    assert [event["address"] for event in events if event["event"] == "irreversible"] == ["memory_note.n"]


def test_continue_goes_on_with_what_does_not_depend_on_the_failure(
    lab: CommandLine, service: MemoryService
) -> None:
    service.fail("create", Rejected, subject="a")
    result = lab("apply", "--auto-approve", "--on-failure", "continue", "--parallelism", "1")
    assert result.code == 3
    assert things(service) == {"kept": "second"}
    assert [found.attributes["name"] for found in service.objects("memory_member")] == ["m"]


def test_the_stack_may_say_it_and_the_command_line_goes_before_it(
    lab: CommandLine, service: MemoryService
) -> None:
    lab.write(AFTER + "apply: {on_failure: rollback}\n")
    service.fail("create", Rejected, subject="c", times=2)
    assert lab("apply", "--auto-approve", "--on-failure", "stop", "--parallelism", "1").code == 3
    assert "b" in things(service)
    assert lab("apply", "--auto-approve").code == 4
    assert "b" in things(service), "only the run that failed is undone"


def test_a_failed_run_that_has_done_nothing_is_rolled_back_without_a_call(
    lab: CommandLine, service: MemoryService, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab.write(BEFORE.replace("gone", "other"))
    ended: list[RunOutcome] = []
    end = SqliteLedger.end

    def told(ledger: SqliteLedger, run: str, outcome: RunOutcome, *rest: Any, **named: Any) -> None:
        ended.append(outcome)
        end(ledger, run, outcome, *rest, **named)

    monkeypatch.setattr(SqliteLedger, "end", told)
    service.fail("delete", Rejected)
    service.fail("create", Rejected)
    assert lab("apply", "--auto-approve", "--on-failure", "rollback", "--parallelism", "1").code == 4
    assert ended == [RunOutcome.FAILED, RunOutcome.ROLLED_BACK]
    assert things(service) == {"kept": "first", "gone": ""}


def test_a_lost_create_whose_provider_is_gone_from_the_stack_says_how_to_go_on(
    lab: CommandLine, service: MemoryService
) -> None:
    service.go_down("create", took_effect=True)
    lab.write(AFTER + "providers: {memory: {}}\n")
    assert lab("apply", "--auto-approve", "--parallelism", "1").code == 3
    service.heal()
    lab.write("stack: lab\nresources: {}\n")
    refused = lab("plan")
    assert refused.code == 1
    assert "the provider memory is not configured any more" in refused.err
    assert "reconciler state rm 'memory_thing.a'" in refused.err
