"""A plan is saved, time passes, and just that is carried out: of it all that is still as it was."""

import json
import stat
from collections.abc import Callable

import pytest

from reconciler.errors import Rejected, Unreachable
from reconciler.testing.failures import MemoryCall
from tests.command_line import Result
from tests.lifecycle.stage import Stage

TWO = """stack: lab
resources:
  memory_thing:
    a: {name: a, text: first}
    b: {name: b, text: first}
outputs:
  a: {value: "${memory_thing.a.text}"}
"""
CHAIN = """stack: lab
resources:
  memory_thing:
    a: {name: a, text: first}
    b: {name: b, text: "${memory_thing.a.text}-${memory_thing.a.id}"}
    c: {name: c, text: "${memory_thing.b.id}"}
    d: {name: d, text: first}
"""
LATER = TWO.replace("first", "second")


def told(result: Result) -> str:
    """What a person is told, without the ends of the lines."""
    return " ".join(result.out.split())


def test_what_was_saved_is_carried_out_without_asking(stage: Stage) -> None:
    stage.write(TWO)
    stage.save()
    assert stage.texts() == {}
    result = stage.apply_saved()
    assert result.code == 0, result.out + result.err
    assert stage.texts() == {"a": "first", "b": "first"}
    assert stage("output", "a").out.strip() == "first"
    assert not stage.changes()
    (run,) = stage("state", "history", "--json").document["runs"]
    assert run["command"] == "apply"
    assert run["why"].startswith("saved plan ")


def test_updates_replacements_and_deletions_are_carried_out_too(stage: Stage) -> None:
    stage.write(CHAIN)
    stage.apply()
    stage.write(
        CHAIN.replace("a, text: first", "a, text: other, kind: fancy").replace(
            "    d: {name: d, text: first}\n", ""
        )
    )
    changes = stage.changes()
    stage.save()
    assert stage.apply_saved().code == 0
    assert set(changes.values()) == {"delete+create", "update", "delete"}
    assert set(stage.texts()) == {"a", "b", "c"}
    assert not stage.changes()


def test_an_unrelated_run_in_between_does_no_harm(stage: Stage) -> None:
    stage.write(TWO)
    stage.apply()
    stage.write(LATER)
    stage.save("--target", "memory_thing.a")
    stage.apply("--target", "memory_thing.b")
    assert stage.texts() == {"a": "first", "b": "second"}
    result = stage.apply_saved()
    assert result.code == 0, result.out + result.err
    assert stage.texts() == {"a": "second", "b": "second"}


def test_only_what_somebody_has_changed_is_refused_and_the_change_is_named(stage: Stage) -> None:
    stage.write(TWO)
    stage.apply()
    stage.write(LATER)
    stage.save()
    stage.by_hand("a", text="by hand")
    result = stage.apply_saved()
    assert result.code == 3
    assert (
        'text has changed in the service since the plan was made: it was "first", and is "by hand"'
        in told(result)
    )
    assert "RC-PLAN-008" in result.out
    assert stage.texts() == {"a": "by hand", "b": "second"}


def test_what_the_plan_does_not_look_at_may_change(stage: Stage) -> None:
    stage.write(TWO)
    stage.apply()
    stage.write(LATER)
    stage.save()
    stage.by_hand("a", size=7)
    assert stage.apply_saved().code == 0
    assert stage.texts() == {"a": "second", "b": "second"}


def test_what_depends_on_something_refused_is_not_done_either(stage: Stage) -> None:
    stage.write(CHAIN)
    stage.apply()
    stage.write(CHAIN.replace("first", "second"))
    stage.save()
    stage.by_hand("a", text="by hand")
    result = stage.apply_saved("--json")
    assert result.code == 3
    done = result.events[-1]
    assert [one["address"] for one in done["done"]] == ["memory_thing.d"]
    assert {one["address"]: one["because"] for one in done["held"]} == {
        "memory_thing.a": None,
        "memory_thing.b": "memory_thing.a",
    }
    assert done["held"][0]["error"]["code"] == "RC-PLAN-008"


def test_where_nothing_is_left_to_do_the_exit_code_says_so(stage: Stage) -> None:
    stage.write(TWO)
    stage.apply()
    stage.write(LATER)
    stage.save()
    stage.by_hand("a", text="by hand")
    stage.delete_by_hand("b")
    result = stage.apply_saved()
    assert result.code == 1
    assert "it is not there any more" in told(result)
    assert stage.texts() == {"a": "by hand"}


def test_what_has_come_to_be_since_is_not_taken_for_ours(stage: Stage) -> None:
    stage.write(TWO)
    stage.save()
    stage.service.put("memory_thing", name="a", text="somebody else's")
    result = stage.apply_saved()
    assert result.code == 3
    assert stage.texts() == {"a": "somebody else's", "b": "first"}


def test_what_is_only_rested_on_is_not_changed_and_hinders_only_where_it_matters(stage: Stage) -> None:
    stage.write(CHAIN)
    stage.apply()
    stage.write(CHAIN.replace("name: c, text:", "name: c, size: 3, text:"))
    stage.save()
    stage.by_hand("b", text="by hand")
    result = stage.apply_saved()
    assert result.code == 0, result.out + result.err
    assert stage.texts()["b"] == "by hand", "nobody has reviewed that this is put right"
    assert (
        next(
            one for one in stage.service.objects("memory_thing") if one.attributes["name"] == "c"
        ).attributes["size"]
        == 3
    )


def test_what_rests_on_an_object_that_is_gone_is_refused(stage: Stage) -> None:
    stage.write(CHAIN)
    stage.apply()
    stage.write(CHAIN.replace("name: c, text:", "name: c, size: 3, text:"))
    stage.save()
    stage.delete_by_hand("b")
    result = stage.apply_saved()
    assert result.code == 1
    assert "RC-SAVED-010" in result.out
    assert "b" not in stage.texts()


def test_a_run_that_has_written_the_same_object_is_named(stage: Stage) -> None:
    stage.write(TWO)
    stage.apply()
    stage.write(LATER)
    stage.save()
    stage.write(TWO.replace("a, text: first", "a, text: third"))
    stage.apply()
    stage.write(LATER)
    result = stage.apply_saved()
    assert result.code == 3
    assert "RC-SAVED-009" in result.out
    assert 'another run has written text since the plan was made: it was "first", and is "third"' in told(
        result
    )
    assert stage.texts() == {"a": "third", "b": "second"}


def test_an_address_that_was_moved_or_removed_meanwhile_is_refused_alone(stage: Stage) -> None:
    stage.write(CHAIN.replace('"${memory_thing.a.text}-${memory_thing.a.id}"', "first"))
    stage.apply()
    stage.write(
        CHAIN.replace('"${memory_thing.a.text}-${memory_thing.a.id}"', "first").replace("first", "second")
    )
    stage.save()
    assert stage("state", "mv", "memory_thing.a", "memory_thing.z").code == 0
    assert stage("state", "rm", "memory_thing.d").code == 0
    result = stage.apply_saved()
    assert result.code == 3
    assert "the state does not know it at this address any more; its object is memory_thing.z by now" in told(
        result
    )
    assert "the state does not know it at this address any more [RC-SAVED-009]" in told(result)
    texts = stage.texts()
    assert (texts["a"], texts["b"], texts["d"]) == ("first", "second", "first")


def test_the_same_plan_is_not_applied_twice(stage: Stage) -> None:
    stage.write(TWO)
    stage.save()
    assert stage.apply_saved().code == 0
    result = stage.apply_saved()
    assert result.code == 1
    assert "RC-SAVED-008" in result.err
    assert "this plan was applied already" in result.err


def test_a_run_that_only_speaks_of_a_saved_plan_is_none_of_it(stage: Stage) -> None:
    stage.write(TWO)
    stage.apply()
    stage.write(LATER)
    stage.save()
    saved = json.loads(stage.file.read_text(encoding="utf-8"))["id"]
    other = stage(
        "apply",
        "--auto-approve",
        "--target",
        "memory_thing.a",
        "--why",
        f"part of saved plan {saved} by hand",
    )
    assert other.code == 0
    result = stage.apply_saved("--why", f"the rest of saved plan {saved}")
    assert "RC-SAVED-008" not in result.err
    assert stage.texts()["b"] == "second"


def test_checks_that_do_not_hold_are_shown_of_the_file_too(stage: Stage) -> None:
    stage.write(
        TWO + "checks: [{name: few, assert: '${plan.creates < 2}', message: too many, severity: warning}]\n"
    )
    stage.save()
    shown = stage("show", str(stage.file))
    assert "check.few (a warning): too many" in told(shown)
    assert stage.apply_saved().code == 0


def test_a_plan_with_nothing_in_it_applies_to_nothing(stage: Stage) -> None:
    stage.write(TWO)
    stage.apply()
    stage.save()
    result = stage.apply_saved()
    assert result.code == 0
    assert "No changes." in result.out
    assert len(stage("state", "history", "--json").document["runs"]) == 1


def test_a_configuration_that_has_changed_is_planned_again(stage: Stage) -> None:
    stage.write(TWO)
    stage.save()
    stage.write(LATER)
    result = stage.apply_saved()
    assert result.code == 1
    assert "RC-SAVED-007" in result.err
    assert stage.texts() == {}


def test_a_configuration_that_was_rolled_back_since_needs_again(stage: Stage) -> None:
    stage.write(TWO)
    stage.apply()
    stage.write(LATER)
    stage.save()
    stage.apply()
    assert stage("rollback", "--auto-approve").code == 0
    result = stage.apply_saved()
    assert result.code == 1
    assert "RC-PLAN-009" in result.err


def test_variables_of_the_command_line_are_remembered_but_no_secret(stage: Stage) -> None:
    stage.write(
        "stack: lab\nvariables:\n  text: {type: string}\n  token: {type: string, sensitive: true}\n"
        'resources:\n  memory_thing:\n    a: {name: a, text: "${var.text}", secret: "${var.token}"}\n'
        '    b: {name: b, text: "see ${var.token}"}\n'
    )
    stage.save("--var", "text=hello", "--var", "token=a-secret-token")
    text = stage.file.read_text("utf-8")
    assert '"text": "hello"' in text
    assert "a-secret-token" not in text
    result = stage.apply_saved()
    assert result.code == 1
    assert "token" in result.err
    result = stage.apply_saved("--var", "token=another-token")
    assert result.code == 1
    assert "RC-SAVED-011" in result.out
    assert "another-token" not in result.out
    assert stage.apply_saved("--var", "token=a-secret-token", "--var", "text=other").code == 1
    assert stage.apply_saved("--var", "token=a-secret-token").code == 0
    assert stage.texts() == {"a": "hello", "b": "see a-secret-token"}
    (thing, _) = stage.service.objects("memory_thing")
    assert stage.service.secret_of(thing.id) == "a-secret-token"


def test_a_change_of_something_secret_is_refused_without_showing_it(stage: Stage) -> None:
    stage.environ["TOPIC"] = "a-secret-topic"
    stage.write(TWO.replace("a, text: first", 'a, size: 1, text: "${secret.TOPIC}"'))
    stage.apply()
    stage.write(TWO.replace("a, text: first", 'a, size: 2, text: "${secret.TOPIC}"'))
    stage.save()
    stage.by_hand("a", text="by somebody else")
    result = stage.apply_saved()
    assert result.code == 1
    assert (
        "text has changed in the service since the plan was made: it is sensitive, and not the same"
        in told(result)
    )
    assert "by somebody else" not in result.out


def test_a_plan_to_destroy_is_carried_out(stage: Stage) -> None:
    stage.write(CHAIN)
    stage.apply()
    stage.save("--destroy")
    stage.by_hand("d", text="by hand")
    assert stage.apply_saved().code == 3
    assert stage.texts() == {"d": "by hand"}
    assert stage("state", "history", "--json").document["runs"][-1]["command"] == "destroy"


def test_what_something_refused_rests_on_is_not_deleted_from_under_it(stage: Stage) -> None:
    stage.write(CHAIN)
    stage.apply()
    stage.save("--destroy")
    stage.by_hand("b", text="by hand")
    result = stage.apply_saved()
    assert result.code == 3
    assert set(stage.texts()) == {"a", "b"}


def test_a_refresh_is_carried_out(stage: Stage) -> None:
    stage.write(TWO)
    stage.apply()
    stage.by_hand("a", text="by hand")
    stage.by_hand("b", text="by hand")
    stage.save("--refresh-only")
    stage.by_hand("b", text="once more")
    result = stage.apply_saved()
    assert "RC-PLAN-008" in result.out
    drift = stage("--json", "drift").document
    assert [one["address"] for one in drift["changed"]] == ["memory_thing.b"]
    assert stage("output", "a").out.strip() == "by hand"


def test_a_replacement_on_request_is_carried_out(stage: Stage) -> None:
    stage.write(TWO)
    stage.apply()
    before = {one.id for one in stage.service.objects("memory_thing")}
    stage.save("--replace", "memory_thing.a")
    assert stage.apply_saved().code == 0
    assert len(before & {one.id for one in stage.service.objects("memory_thing")}) == 1


def test_a_plan_that_was_made_without_reading_meets_what_is_there(stage: Stage) -> None:
    stage.write(TWO)
    stage.apply()
    stage.write(LATER)
    stage.by_hand("a", text="by hand")
    stage.save("--no-refresh")
    assert stage.apply_saved().code == 3
    assert stage.texts() == {"a": "by hand", "b": "second"}


def test_a_rollback_is_saved_reviewed_and_carried_out(stage: Stage) -> None:
    stage.write(TWO)
    stage.apply()
    stage.write(LATER + "  b: {value: 1}\n")
    stage.apply()
    result = stage("rollback", "--out", str(stage.file))
    assert result.code == 0, result.err
    assert stage.texts() == {"a": "second", "b": "second"}
    assert "memory_thing.a" in stage("show", str(stage.file)).out
    result = stage.apply_saved("--why", "too early")
    assert result.code == 0, result.out + result.err
    assert stage.texts() == {"a": "first", "b": "first"}
    result = stage("apply", "--auto-approve")
    assert result.code == 1
    assert "too early" in result.err
    assert stage("output", "--json").document.keys() == {"a"}


def test_a_rollback_takes_back_what_it_was_made_for_although_another_run_came_between(stage: Stage) -> None:
    stage.write(TWO)
    stage.apply()
    stage.write(TWO.replace("a, text: first", "a, text: second"))
    stage.apply()
    assert stage("rollback", "--out", str(stage.file)).code == 0
    with_c = TWO.replace("a, text: first", "a, text: second") + ""
    stage.write(
        with_c.replace("    b: {name: b, text: first}\n", "    b: {name: b, text: first}\n    c: {name: c}\n")
    )
    stage.apply()
    stage.write(TWO.replace("a, text: first", "a, text: second"))
    result = stage.apply_saved()
    assert result.code == 0, result.out + result.err
    assert stage.texts() == {"a": "first", "b": "first", "c": ""}


def test_a_part_of_a_rollback_is_saved(stage: Stage) -> None:
    stage.write(TWO)
    stage.apply()
    stage.write(LATER)
    stage.apply()
    assert stage("rollback", "--out", str(stage.file), "--target", "memory_thing.b").code == 0
    assert stage.apply_saved().code == 0
    assert stage.texts() == {"a": "second", "b": "first"}


@pytest.mark.parametrize("form", ["text", "json", "markdown"])
def test_what_was_saved_is_shown_as_it_was_planned(stage: Stage, form: str) -> None:
    stage.environ["TOKEN"] = "a-secret-token"
    stage.write(CHAIN)
    stage.apply()
    stage.by_hand("d", text="by hand")
    later = CHAIN.replace("a, text: first", 'a, kind: fancy, secret: "${secret.TOKEN}"')
    stage.write(
        later.replace("    c: {name: c", "    e: {name: e")
        + 'outputs: {t: {value: "${memory_thing.a.id}"}}\n'
    )
    planned = stage("plan", "--out", str(stage.file), "--format", form).out
    shown = stage("show", str(stage.file), "--format", form).out
    if form == "json":
        then, now = json.loads(planned), json.loads(shown)
        for document in (then, now):
            document.pop("timestamp")
            document["reconciler"].pop("cost")
            document["reconciler"].pop("settled")
        assert now == then
    else:
        assert _without_cost(shown) == _without_cost(planned)
    assert "a-secret-token" not in shown


def _without_cost(text: str) -> list[str]:
    return [line.partition(" · ")[0] for line in text.splitlines()]


def test_without_a_file_the_state_is_shown(stage: Stage) -> None:
    stage.write(TWO)
    stage.apply()
    assert "memory_thing.a" in stage("show").out
    assert stage("show", "--json").document["serial"] == 2
    assert stage("show", "--format", "json").document == stage("show", "--json").document
    assert stage("show", "--format", "markdown").code == 64


def test_the_file_is_for_its_owner_alone_and_whole_or_as_it_was(stage: Stage) -> None:
    stage.write(TWO)
    stage.file.write_text("something else")
    stage.save()
    assert stat.S_IMODE(stage.file.stat().st_mode) == 0o600
    assert json.loads(stage.file.read_text("utf-8"))["format"] == "reconciler plan"
    assert [one.name for one in stage.directory.iterdir() if one.name.startswith(".saved")] == []
    assert stage("plan", "--out", str(stage.directory / "nowhere" / "file")).code == 1


def test_what_takes_long_is_read_again_in_bulk_before_it_is_changed(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    things = "".join(f"    t{number}: {{name: t{number}, text: first}}\n" for number in range(6))
    text = f"stack: lab\nresources:\n  memory_thing:\n{things}"
    stage.write(text)
    stage.apply()
    stage.write(text.replace("first", "second"))
    stage.save()
    elapsed = [0.0]
    monkeypatch.setattr("reconciler.clock._elapsed", lambda: elapsed[0])

    def an_hour_and_a_hand() -> None:
        elapsed[0] += 3600
        stage.by_hand("t5", text="by hand")

    _when_updated(stage, "t0", an_hour_and_a_hand)
    reads = stage.service.count("read")
    result = stage.apply_saved("--parallelism", "1")
    assert result.code == 3, result.out
    texts = stage.texts()
    assert texts.pop("t5") == "by hand"
    assert set(texts.values()) == {"second"}
    assert "RC-PLAN-008" in result.out
    assert stage.service.count("read") == reads + 3, (
        "for the review, once for all that is left, and at the end"
    )


def _when_updated(stage: Stage, name: str, happens: Callable[[], None]) -> None:
    def answered(call: MemoryCall) -> None:
        if call.operation == "update" and stage.texts()[name] == "second" and not done:
            done.append(True)
            happens()

    done: list[bool] = []
    stage.service.on_answer = answered


def test_a_step_that_fails_leaves_the_rest_for_a_new_plan(stage: Stage) -> None:
    stage.write(CHAIN)
    stage.save()
    stage.service.fail("create", Rejected, subject="b")
    assert stage.apply_saved().code == 3
    result = stage.apply_saved()
    assert result.code == 1
    assert "RC-SAVED-009" in result.out
    stage.apply()
    assert set(stage.texts()) == {"a", "b", "c", "d"}


def test_a_run_that_is_killed_is_settled_by_the_next_command(stage: Stage) -> None:
    stage.write(TWO)
    stage.save()

    def kill(call: MemoryCall) -> None:
        if call.operation == "create":
            raise KeyboardInterrupt

    stage.service.on_answer = kill
    assert stage.apply_saved().code == 130
    stage.service.on_answer = None
    result = stage.apply_saved()
    assert result.code in (1, 3)
    stage.apply()
    assert stage.texts() == {"a": "first", "b": "first"}
    assert not stage.changes()


def test_what_cannot_be_read_is_held_back(stage: Stage) -> None:
    both = TWO.replace("outputs:", "  memory_note: {n: {title: n}}\noutputs:")
    stage.write(both)
    stage.apply()
    stage.write(both.replace("first", "second").replace("title: n", "title: n, text: new"))
    stage.save()
    stage.service.fail("read", Unreachable, type="memory_note", times=None)
    assert stage.apply_saved().code == 3
    assert stage.texts() == {"a": "second", "b": "second"}


def test_a_saved_plan_knows_what_it_does_and_takes_no_options_of_plan(stage: Stage) -> None:
    stage.write(TWO)
    stage.save()
    for options in (["--target", "memory_thing.a"], ["--destroy"], ["--no-refresh"], ["--max-deletes", "1"]):
        assert stage.apply_saved(*options).code == 64
    assert stage("--offline", "plan", "--out", str(stage.file)).code == 64


def test_an_output_that_would_be_another_than_reviewed_stays_as_it_is(stage: Stage) -> None:
    stage.environ["TOKEN"] = "first-token"
    text = TWO + '  token: {value: "${secret.TOKEN}", sensitive: true}\n'
    stage.write(text)
    stage.apply()
    stage.environ["TOKEN"] = "second-token"
    stage.write(text.replace("b, text: first", "b, text: second"))
    stage.save()
    stage.environ["TOKEN"] = "third-token"
    assert stage.apply_saved().code == 0
    stage.environ["TOKEN"] = "first-token"
    plan = stage.plan()
    assert [name for name, one in plan["output_changes"].items() if one["actions"] != ["no-op"]] == []
    assert stage.texts() == {"a": "first", "b": "second"}


def test_a_plan_of_which_only_a_part_could_be_done_may_be_tried_again(stage: Stage) -> None:
    stage.write(TWO)
    stage.apply()
    stage.write(LATER)
    stage.save()
    stage.by_hand("a", text="by hand")
    assert stage.apply_saved().code == 3
    stage.by_hand("a", text="first")
    result = stage.apply_saved()
    assert result.code == 3
    assert stage.texts() == {"a": "second", "b": "second"}


def test_what_was_only_to_be_noted_is_not_put_right_when_somebody_changes_it(stage: Stage) -> None:
    stage.write(TWO)
    stage.apply()
    stage.write(TWO.replace("a, text: first", "a, text: first, size: 0"))
    stage.save()
    stage.by_hand("a", size=7)
    assert stage.apply_saved().code == 0
    assert [one.attributes["size"] for one in stage.service.objects("memory_thing")] == [7, 0]


def test_what_the_plan_leaves_as_it_is_passes_no_refusal_on(stage: Stage) -> None:
    stage.write(
        CHAIN.replace("-${memory_thing.a.id}", "").replace("${memory_thing.a.text}", "${memory_thing.a.id}")
    )
    stage.apply()
    changed = CHAIN.replace("-${memory_thing.a.id}", "").replace(
        "${memory_thing.a.text}", "${memory_thing.a.id}"
    )
    changed = changed.replace("a, text: first", "a, text: second").replace("name: c,", "name: c, size: 2,")
    stage.write(changed)
    stage.save()
    stage.write(changed.replace("a, text: second", "a, text: third"))
    stage.apply("--target", "memory_thing.a")
    stage.write(changed)
    result = stage.apply_saved()
    assert result.code == 3, result.out
    sizes = {one.attributes["name"]: one.attributes["size"] for one in stage.service.objects("memory_thing")}
    assert sizes == {"a": 0, "b": 0, "c": 2, "d": 0}
    assert stage.texts()["a"] == "third"


def test_what_the_stack_says_has_moved_is_moved_and_changed(stage: Stage) -> None:
    stage.write(TWO)
    stage.apply()
    moved = LATER.replace("    a: {", "    z: {").replace("memory_thing.a.", "memory_thing.z.")
    stage.write(moved + "moved: [{from: memory_thing.a, to: memory_thing.z}]\n")
    stage.save()
    result = stage.apply_saved()
    assert result.code == 0, result.out + result.err
    assert stage("state", "list").out.split() == ["memory_thing.b", "memory_thing.z"]
    assert stage.texts() == {"a": "second", "b": "second"}
    assert not stage.changes()
