"""Plan, apply, destroy and rollback as a person calls them, over the service in memory."""

import io
import sys

import pytest

from reconciler.errors import OutcomeUnknown, Rejected, Unreachable
from reconciler.state.location import state_path
from reconciler.state.lock import lock
from reconciler.testing import FakeClock, MemoryService
from tests.command_line import CommandLine, Result

ONE = "stack: lab\nresources:\n  memory_thing: {a: {name: a, text: first}}\n"
TWO = "stack: lab\nresources:\n  memory_thing: {a: {name: a, text: first}, b: {name: b}}\n"


class Terminal(io.StringIO):
    """Somebody at a keyboard, with their answers ready."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def lab(command: CommandLine, service: MemoryService) -> CommandLine:
    command.write(ONE)
    return command


def names(service: MemoryService) -> list[object]:
    return [found.attributes["name"] for found in service.objects("memory_thing")]


def answer(monkeypatch: pytest.MonkeyPatch, *answers: str) -> None:
    monkeypatch.setattr(sys, "stdin", Terminal("".join(f"{text}\n" for text in answers)))


def test_a_plan_exits_with_2_only_when_asked_and_when_there_are_changes(lab: CommandLine) -> None:
    assert lab("plan").code == 0
    assert lab("plan", "--detailed-exitcode").code == 2
    lab("apply", "--auto-approve")
    assert lab("plan", "--detailed-exitcode").code == 0


def test_a_plan_writes_no_state(lab: CommandLine) -> None:
    lab("plan")
    assert [file.name for file in lab.directory.iterdir()] == ["reconciler.yaml"]


def test_a_plan_is_shown_in_the_form_asked_for(lab: CommandLine) -> None:
    assert "memory_thing.a will be created" in lab("plan").out
    assert lab("plan", "--format", "json").document["resource_changes"][0]["change"]["actions"] == ["create"]
    assert lab("plan", "--json").document["format_version"] == "1.2"
    assert lab("plan", "--format", "markdown").out.startswith("## lab (default)")
    assert lab("plan", "--format", "html").out.startswith("<!doctype html>")


def test_a_plan_to_destroy_shows_deletions_and_does_none(lab: CommandLine, service: MemoryService) -> None:
    lab("apply", "--auto-approve")
    result = lab("plan", "--destroy", "--detailed-exitcode")
    assert result.code == 2
    assert "memory_thing.a will be destroyed" in result.out
    assert names(service) == ["a"]


def test_apply_does_what_it_showed_and_says_so(lab: CommandLine, service: MemoryService) -> None:
    result = lab("apply", "--auto-approve")
    assert result.code == 0
    assert "Apply complete: 1 created" in result.out
    assert "Looked again: 1 object as planned." in result.out
    assert names(service) == ["a"]


def test_apply_without_changes_is_no_run(lab: CommandLine) -> None:
    lab("apply", "--auto-approve")
    result = lab("apply", "--auto-approve")
    assert "No changes" in result.out
    assert len(lab("snapshot", "list", "--json").document["runs"]) == 1


def test_without_a_terminal_nobody_is_asked_and_the_flag_is_named(
    lab: CommandLine, service: MemoryService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("yes\n"))
    result = lab("apply")
    assert result.code == 1
    assert "--auto-approve" in result.err
    assert names(service) == []


@pytest.mark.parametrize(("text", "expected"), [("yes", ["a"]), ("y", []), ("", []), ("no", [])])
def test_only_yes_is_taken_for_yes(
    lab: CommandLine,
    service: MemoryService,
    monkeypatch: pytest.MonkeyPatch,
    text: str,
    expected: list[str],
) -> None:
    answer(monkeypatch, text)
    result = lab("apply")
    assert (result.code == 0) is bool(expected)
    assert names(service) == expected


def test_with_json_nobody_is_asked(
    lab: CommandLine, service: MemoryService, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(monkeypatch, "yes")
    result = lab("apply", "--json")
    assert result.code == 1
    assert "--auto-approve" in result.document["diagnostics"][0]["advice"]
    assert names(service) == []


def test_a_run_with_json_is_an_event_a_line(lab: CommandLine) -> None:
    events = lab("apply", "--auto-approve", "--json").events
    assert [event["event"] for event in events] == ["started", "finished", "done"]
    assert events[-1]["outcome"] == "done"
    assert lab("apply", "--auto-approve", "--json").events[-1]["outcome"] == "no changes"


def test_destroy_asks_twice_the_second_time_for_the_stacks_name(
    lab: CommandLine, service: MemoryService, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab("apply", "--auto-approve")
    answer(monkeypatch, "yes", "yes")
    assert lab("destroy").code == 1
    assert names(service) == ["a"]
    answer(monkeypatch, "yes", "lab")
    assert lab("destroy").code == 0
    assert names(service) == []
    assert lab("state", "list").out == ""


def test_a_failed_step_is_3_and_what_was_done_stands(lab: CommandLine, service: MemoryService) -> None:
    lab.write(TWO)
    service.fail("create", Rejected, subject="b")
    result = lab("apply", "--auto-approve", "--parallelism", "1")
    assert result.code == 3
    assert "memory_thing.b" in result.out
    assert "failed part-way" in result.out
    assert names(service) == ["a"]
    assert lab("apply", "--auto-approve").code == 0
    assert names(service) == ["a", "b"]


def test_another_writer_is_5_and_readers_go_on(lab: CommandLine) -> None:
    lab("apply", "--auto-approve")
    path = state_path(lab.directory, "lab", "default", "real")
    with lock(path, who="ada@lovelace", command="apply", clock=FakeClock()):
        result = lab("apply", "--auto-approve")
        assert lab("plan").code == 0
    assert result.code == 5
    assert "ada@lovelace" in result.err


def test_rollback_goes_back_exactly_one_run_and_holds_what_it_took_back(
    lab: CommandLine, service: MemoryService
) -> None:
    lab("apply", "--auto-approve")
    lab.write(ONE.replace("first", "second"))
    lab("apply", "--auto-approve")
    assert lab("rollback", "--auto-approve", "--why", "it was too soon").code == 0
    assert service.objects("memory_thing")[0].attributes["text"] == "first"
    held = lab("apply", "--auto-approve")
    assert held.code == 1
    assert "it was too soon" in held.err
    assert "--again" in held.err
    assert lab("apply", "--auto-approve", "--again").code == 0
    assert service.objects("memory_thing")[0].attributes["text"] == "second"
    assert "No changes" in lab("apply", "--auto-approve").out


def test_a_rollback_can_be_rolled_back_and_then_nothing_is_held(
    lab: CommandLine, service: MemoryService
) -> None:
    lab("apply", "--auto-approve")
    lab.write(ONE.replace("first", "second"))
    lab("apply", "--auto-approve")
    lab("rollback", "--auto-approve")
    assert lab("rollback", "--auto-approve").code == 0
    assert service.objects("memory_thing")[0].attributes["text"] == "second"
    assert "No changes" in lab("apply", "--auto-approve").out


def test_rollback_goes_to_what_a_run_left_or_to_a_serial(lab: CommandLine, service: MemoryService) -> None:
    lab("apply", "--auto-approve")
    first = lab("snapshot", "list", "--json").document["runs"][0]["id"]
    for text in ("second", "third"):
        lab.write(ONE.replace("first", text))
        lab("apply", "--auto-approve")
    assert lab("rollback", "--auto-approve", "--to", first).code == 0
    assert service.objects("memory_thing")[0].attributes["text"] == "first"
    assert lab("rollback", "--auto-approve", "--to", "2").code == 0
    assert service.objects("memory_thing")[0].attributes["text"] == "second"
    assert lab("rollback", "--auto-approve", "--to", "99").code == 1


def test_the_past_is_listed_shown_and_compared(lab: CommandLine) -> None:
    lab("apply", "--auto-approve")
    lab.write(ONE.replace("first", "second"))
    lab("apply", "--auto-approve", "--why", "words matter")
    assert "memory_thing.a" in lab("snapshot", "list").out
    assert "words matter" in lab("snapshot", "list", "--runs").out
    assert "1 object" in lab("snapshot", "show", "1").out
    assert '"first" → "second"' in lab("snapshot", "diff").out
    assert '"second" → "first"' in lab("snapshot", "diff", "2", "1").out
    changed = lab("snapshot", "diff", "--json").document["changed"]
    assert "memory_thing.a" in str(changed)
    assert lab("snapshot", "show", "2", "--json").document["serial"] == 2


def test_variables_come_from_flag_file_and_environment_in_this_order(lab: CommandLine) -> None:
    lab.write(
        "stack: lab\nvariables: {text: {type: string, default: d}, tags: {type: list, default: []}}\n"
        "resources:\n  memory_thing: {a: {name: a, text: '${var.text}', tags: '${var.tags}'}}\n"
    )
    lab.write("text: 007\ntags: [x, y]\n", "more.yaml")
    file = ("--var-file", str(lab.directory / "more.yaml"))

    def after(result: Result) -> object:
        values = result.document["resource_changes"][0]["change"]["after"]
        return values["text"], values["tags"]

    assert after(lab("plan", "--json")) == ("d", [])
    lab.environ["RECONCILER_VAR_text"] = "from the environment"
    assert after(lab("plan", "--json")) == ("from the environment", [])
    assert after(lab("plan", "--json", *file)) == ("007", ["x", "y"])
    assert after(lab("plan", "--json", *file, "--var", "text=flag")) == ("flag", ["x", "y"])


def test_outputs_are_recorded_and_shown_and_sensitive_ones_are_not(lab: CommandLine) -> None:
    lab.write(
        ONE + "outputs:\n  id: {value: '${memory_thing.a.id}'}\n  hidden: {value: s3cr3t, sensitive: true}\n"
    )
    lab("apply", "--auto-approve")
    identity = lab("output", "id").out.strip()
    assert identity
    shown = lab("output").out
    assert identity in shown
    assert "s3cr3t" not in shown + lab("output", "hidden").out + lab("output", "--json").out
    assert lab("output", "--json").document["id"]["value"] == identity
    assert lab("output", "hiden").code == 1


def test_environments_keep_states_of_their_own(lab: CommandLine, service: MemoryService) -> None:
    lab.write(ONE + "environments: {default: {}, prod: {}}\n")
    lab("apply", "--auto-approve")
    assert lab("state", "list").out == "memory_thing.a\n"
    assert lab("--environment", "prod", "state", "list").out == ""
    assert lab("--environment", "prd", "state", "list").code == 1


def test_color_is_printed_to_a_terminal_only_and_never_against_the_users_wish(
    lab: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "\x1b" not in lab("plan").out
    monkeypatch.setattr(type(sys.stdout), "isatty", lambda _: True)
    assert "\x1b" in lab("plan").out
    assert "\x1b" not in lab("--no-color", "plan").out
    lab.environ["NO_COLOR"] = "1"
    assert "\x1b" not in lab("plan").out


def test_rollback_takes_back_only_what_is_named(lab: CommandLine, service: MemoryService) -> None:
    two = "stack: lab\nresources:\n  memory_thing: {a: {name: a, text: first}, b: {name: b, text: first}}\n"
    lab.write(two)
    lab("apply", "--auto-approve")
    lab.write(two.replace("first", "second"))
    lab("apply", "--auto-approve")
    result = lab("rollback", "--auto-approve", "--target", "memory_thing.a", "--why", "a is wrong")
    assert result.code == 0
    assert "Only memory_thing.a. Everything else is left as it is." in result.out
    texts = {found.attributes["name"]: found.attributes["text"] for found in service.objects("memory_thing")}
    assert texts == {"a": "first", "b": "second"}
    held = lab("apply", "--auto-approve")
    assert held.code == 1
    assert "a is wrong" in held.err
    assert lab("rollback", "--auto-approve", "--target", "memory_thing.c").code == 1
    assert lab("rollback", "--auto-approve", "--target", "nonsense").code == 64
    assert lab("rollback", "--auto-approve").code == 0
    assert "No changes" in lab("apply", "--auto-approve").out


def test_what_a_call_without_an_answer_has_made_is_taken_back_too(
    lab: CommandLine, service: MemoryService
) -> None:
    service.fail("create", OutcomeUnknown, took_effect=True)
    service.fail("find", Unreachable, nth=2, times=None)
    assert lab("apply", "--auto-approve").code == 3
    service.heal()
    assert names(service) == ["a"]
    assert lab("state", "list").out == ""
    result = lab("rollback", "--auto-approve")
    assert result.code == 0, result.out + result.err
    assert names(service) == []
