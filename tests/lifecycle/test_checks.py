"""``checks``: plan tells what does not hold, of the stack or the plan; apply refuses, and asks again."""

from pathlib import Path
from typing import Any

import pytest

from reconciler.errors import InvalidConfiguration
from reconciler.plan.change import Plan
from reconciler.plan.checks import asked_again, plan_value, refusals
from reconciler.views.check_text import check_lines
from reconciler.views.line import plain
from tests.command_line import CommandLine
from tests.lifecycle.lab import Lab

STACK = """
checks:
  - {name: few, assert: "${ASSERT}", message: "MESSAGE"}
resources:
  memory_thing:
    a: {name: a, size: 1, secret: "${secret.TOKEN}", text: more}
    b: {name: b, text: "${memory_thing.a.id}"}
"""


@pytest.fixture(autouse=True)
def token(lab: Lab) -> None:
    lab.environ["TOKEN"] = "hush-hush"


def asked(lab: Lab, text: str, message: str = "no") -> tuple[str, str]:
    plan = lab.plan(STACK.replace("ASSERT", text).replace("MESSAGE", message))
    (check,) = plan.checks
    return str(check.verdict), check.message


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("plan.creates == 2 and plan.deletes == 0 and plan.changes | length == 2", "pass"),
        ("plan.creates == 1", "fail"),
        ("plan.changes | map(attribute='address') | list == ['memory_thing.a', 'memory_thing.b']", "pass"),
        ("plan.changes | selectattr('type', 'eq', 'memory_thing') | list | length == 2", "pass"),
        ("plan.changes | rejectattr('action', 'eq', 'create') | list", "fail"),
        ("plan.changes[0].after.size == 1", "pass"),
        ("plan.changes[0].after.secret == '(sensitive)'", "pass"),
        ("plan.changes[1].after.text is none and 'text' in plan.changes[1].after_unknown", "pass"),
        ("memory_thing.a.size == 1", "pass"),
        ("memory_thing.a.id is defined and memory_thing.a.id != ''", "unknown"),
        ("'plan.creates' == 'plan.' ~ 'creates'", "pass"),
    ],
)
def test_a_check_looks_at_the_plan_and_at_resources(lab: Lab, text: str, verdict: str) -> None:
    if verdict == "fail" and text.endswith("list"):
        assert asked(lab, f"{text} != []")[0] == "fail"
    else:
        assert asked(lab, text)[0] == verdict


def test_a_message_may_speak_of_the_plan(lab: Lab) -> None:
    assert asked(lab, "plan.creates < 2", "${plan.creates} are too many") == ("fail", "2 are too many")


def test_what_a_plan_does_not_tell_fails_and_is_named(lab: Lab) -> None:
    verdict, message = asked(lab, "plan.create > 1")
    assert verdict == "fail"
    assert "plan has no 'create'" in message
    assert "local" not in message


@pytest.mark.parametrize(("text", "place"), [("plan.creates", "a check"), ("self.id", "a postcondition")])
def test_a_name_that_means_something_elsewhere_is_told_with_where(lab: Lab, text: str, place: str) -> None:
    lab.write(f"resources: {{memory_thing: {{a: {{name: '${{{text}}}'}}}}}}")
    with pytest.raises(InvalidConfiguration) as caught:
        lab.stack()
    (problem,) = caught.value.diagnostics
    assert problem.summary == f"{text.partition('.')[0]!r} means nothing here"
    assert problem.advice.startswith(place)


def test_a_check_that_rests_on_what_the_service_tells_is_asked_again_after_the_run(lab: Lab) -> None:
    plan = lab.plan(STACK.replace("ASSERT", "memory_thing.b.revision > 1"))
    outcome = lab.execute(plan)
    (check,) = asked_again(plan, outcome.values)
    assert check.is_refusal
    assert asked_again(lab.plan(), outcome.values) == ()


def told(plan: Plan) -> str:
    return plain(check_lines(plan.checks, 80))


def test_a_warning_refuses_nothing(lab: Lab) -> None:
    text = STACK.replace("ASSERT", "plan.creates < 2").replace('message: "', 'severity: warning, message: "')
    plan = lab.plan(text)
    assert list(refusals(plan.checks)) == []
    assert "check.few (a warning): MESSAGE" in told(plan)


def test_a_plan_for_a_part_leaves_checks_alone_that_speak_of_the_rest(lab: Lab) -> None:
    lab.write(STACK.replace("ASSERT", "memory_thing.b.size == 3"))
    desired = lab.desired()
    (address,) = [one for one in desired.resources if one.name == "a"]
    (check,) = lab.plan_part(desired, [address]).checks
    assert str(check.verdict) == "unknown"


def test_the_plan_that_a_check_sees_has_all_its_parts(lab: Lab) -> None:
    lab.apply(STACK.replace("ASSERT", "true"))
    seen: Any = plan_value(lab.plan(STACK.replace("ASSERT", "true").replace("size: 1", "size: 2")))
    assert (seen["updates"], seen["creates"], seen["replaces"], seen["forgets"]) == (1, 0, 0, 0)
    (change,) = seen["changes"]
    assert (change["before"]["size"], change["after"]["size"], change["changed"]) == (1, 2, ["size"])


VALUES = """stack: s
checks: [{name: small, assert: "${ASSERT}", message: "size ${reconciler_value.a.input}"}]
resources: {reconciler_value: {a: {input: 5}}}
"""


@pytest.fixture
def command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    return CommandLine(tmp_path, capsys)


def test_plan_shows_what_fails_and_apply_refuses(command: CommandLine) -> None:
    command.write(VALUES.replace("ASSERT", "reconciler_value.a.input < 5"))
    planned = command("plan")
    assert planned.code == 1
    assert "Checks that do not hold:\n  ! check.small: size 5\n" in planned.out
    document = command("plan", "--json").document
    (check,) = document["checks"]
    assert (check["address"]["to_display"], check["status"]) == ("check.small", "fail")
    applied = command("apply", "--auto-approve")
    assert applied.code == 1
    assert "check.small does not hold: size 5" in applied.err
    assert "reconciler.yaml:2:" in applied.err
    assert command("state", "list").out == ""


def test_one_that_fails_after_the_run_makes_its_exit_code_3_and_undoes_nothing(command: CommandLine) -> None:
    command.write(VALUES.replace("ASSERT", "reconciler_value.a.output < 5"))
    assert command("plan").code == 0
    applied = command("apply", "--auto-approve")
    assert applied.code == 3
    assert "check.small: size 5" in applied.out
    assert "reconciler_value.a" in command("state", "list").out
    again = command("plan")
    assert again.code == 1
    assert "No changes planned, but 1 check failed." in again.out
    assert command("apply", "--auto-approve").code == 1


def test_it_is_an_event_of_a_run_in_json(command: CommandLine) -> None:
    command.write(VALUES.replace("ASSERT", "reconciler_value.a.output < 5"))
    result = command("apply", "--auto-approve", "--json")
    (check,) = result.events[-1]["checks"]
    assert (check["name"], check["status"], check["severity"]) == ("check.small", "fail", "error")


def test_drift_counts_it_unless_it_looks_at_the_plan(command: CommandLine) -> None:
    command.write(VALUES.replace("ASSERT", "reconciler_value.a.output < 5"))
    command("apply", "--auto-approve")
    found = command("drift")
    assert found.code == 2
    assert "1 failed check" in found.out
    assert [one["name"] for one in command("drift", "--json").document["failed_checks"]] == ["check.small"]
    command.write(VALUES.replace("ASSERT", "plan.creates > 5"))
    assert command("drift").code == 0
