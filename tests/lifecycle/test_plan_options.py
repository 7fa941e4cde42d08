"""Plans of a part, of replacements that nothing forces, and plans that only read or do not read at all."""

import pytest

from reconciler.errors import Unreachable
from tests.lifecycle.stage import Stage

CHAIN = """stack: lab
resources:
  memory_thing:
    a: {name: a, text: first}
    b: {name: b, text: "${memory_thing.a.id}"}
    c: {name: c, text: "${memory_thing.b.id}"}
    d: {name: d, text: first}
outputs:
  b: {value: "${memory_thing.b.text}"}
  d: {value: "${memory_thing.d.text}"}
"""
ONE = "stack: lab\nresources:\n  memory_thing: {a: {name: a, text: first}}\n"


def test_a_target_is_planned_with_what_it_needs_and_nothing_else(stage: Stage) -> None:
    stage.write(CHAIN)
    assert stage.changes("--target", "memory_thing.b") == {
        "memory_thing.a": "create",
        "memory_thing.b": "create",
    }
    stage.apply("--target", "memory_thing.b")
    assert set(stage.texts()) == {"a", "b"}
    told = stage("plan", "--target", "memory_thing.c").out
    assert "Only memory_thing.c, and 2 resources that must come along." in told
    stage.apply()
    assert not stage.changes()


def test_a_targeted_object_that_is_declared_no_more_goes_alone(stage: Stage) -> None:
    stage.write(CHAIN)
    stage.apply()
    stage.write(ONE.replace("first", "second"))
    assert stage.changes("--target", "memory_thing.d") == {"memory_thing.d": "delete"}
    assert stage.changes("--target", "memory_thing.c") == {"memory_thing.c": "delete"}
    assert set(stage.changes("--target", "memory_thing.b")) == {"memory_thing.b", "memory_thing.c"}


def test_what_is_excluded_is_left_out_with_all_that_depends_on_it(stage: Stage) -> None:
    stage.write(CHAIN)
    assert set(stage.changes("--exclude", "memory_thing.b")) == {"memory_thing.a", "memory_thing.d"}
    stage.apply("--exclude", "memory_thing.b")
    assert set(stage.texts()) == {"a", "d"}
    plan = stage.plan("--exclude", "memory_thing.b")
    assert plan["reconciler"]["excluded"] == {
        "memory_thing.b": "asked for with --exclude",
        "memory_thing.c": "it depends on memory_thing.b",
    }
    text = stage("plan", "--exclude", "memory_thing.b").out
    assert (
        "Left out, and left as it is: memory_thing.b (asked for with --exclude);\n"
        "memory_thing.c (it depends on memory_thing.b).\n"
    ) in text
    markdown = stage("plan", "--exclude", "memory_thing.b", "--format", "markdown").out
    assert "asked for with --exclude" in markdown


def test_what_is_excluded_is_not_even_read(stage: Stage) -> None:
    both = ONE + "  memory_note: {n: {title: n}}\n"
    stage.write(both)
    stage.apply()
    stage.write(both.replace("first", "second"))
    stage.service.fail("read", Unreachable, type="memory_note", times=None)
    assert stage.changes("--exclude", "memory_note.n") == {"memory_thing.a": "update"}


def test_what_something_excluded_rests_on_is_not_deleted_from_under_it(stage: Stage) -> None:
    stage.write(CHAIN + "  e: {value: 1}\n")
    stage.apply()
    stage.write("stack: lab\nresources:\n  memory_thing: {d: {name: d}}\n")
    left = stage.plan("--exclude", "memory_thing.c")["reconciler"]["excluded"]
    assert left == {
        "memory_thing.c": "asked for with --exclude",
        "memory_thing.b": "memory_thing.c depends on it",
        "memory_thing.a": "memory_thing.b depends on it",
    }
    assert set(stage.changes("--destroy", "--exclude", "memory_thing.c")) == {"memory_thing.d"}
    assert stage("destroy", "--auto-approve", "--exclude", "memory_thing.c").code == 0
    assert set(stage.texts()) == {"a", "b", "c"}


def test_what_something_excluded_would_have_to_follow_is_not_replaced(stage: Stage) -> None:
    parts = ONE.replace("text: first", "kind: plain") + "  memory_part: {p: {thing: a, name: p}}\n"
    stage.write(parts + "  memory_note: {n: {title: n}}\n")
    stage.apply()
    stage.write(parts.replace("plain", "fancy") + "  memory_note: {n: {title: n, text: new}}\n")
    plan = stage.plan("--exclude", "memory_part.p")
    assert plan["reconciler"]["excluded"] == {
        "memory_part.p": "asked for with --exclude",
        "memory_thing.a": "memory_part.p would have to follow it",
    }
    assert stage.changes("--exclude", "memory_part.p") == {"memory_note.n": "update"}


def test_what_is_asked_for_is_replaced_with_what_must_follow(stage: Stage) -> None:
    stage.write(CHAIN)
    stage.apply()
    plan = stage.plan("--replace", "memory_thing.b")
    (change,) = [one for one in plan["resource_changes"] if one["address"] == "memory_thing.b"]
    assert change["change"]["actions"] == ["delete", "create"]
    assert change["action_reason"] == "replace_by_request"
    assert change["reconciler"]["reason"] == "asked for with --replace"
    assert "(asked for with --replace)" in stage("plan", "--replace", "memory_thing.b").out
    before = {found.id for found in stage.service.objects("memory_thing")}
    stage.apply("--replace", "memory_thing.b")
    assert len(before & {found.id for found in stage.service.objects("memory_thing")}) == 3
    assert not stage.changes()


def test_what_is_protected_is_not_replaced_on_request(stage: Stage) -> None:
    stage.write(ONE.replace("text: first", "lifecycle: {prevent_destroy: true}"))
    stage.apply()
    result = stage("plan", "--replace", "memory_thing.a")
    assert result.code == 1
    assert "RC-PLAN-002" in result.err


def test_only_what_is_declared_and_not_left_alone_can_be_replaced(stage: Stage) -> None:
    stage.write(CHAIN)
    stage.apply()
    result = stage("plan", "--replace", "memory_thing.aa")
    assert result.code == 1
    assert "did you mean 'memory_thing.a'?" in result.err
    result = stage("plan", "--replace", "memory_thing.d", "--target", "memory_thing.a")
    assert result.code == 1
    assert "leave one of the two out" in result.err
    assert stage("plan", "--replace", "memory_thing.b", "--exclude", "memory_thing.a").code == 1


def test_an_address_that_is_nowhere_is_refused_with_the_nearest(stage: Stage) -> None:
    stage.write(ONE)
    for option in ("--target", "--exclude"):
        result = stage("plan", option, "memory_thing.b")
        assert result.code == 1
        assert "RC-FIND-001" in result.err
    result = stage("plan", "--target", "module.qa")
    assert result.code == 1
    assert "nothing in a module of this address" in result.err
    assert stage("plan", "--target", "no address").code == 64


def test_a_refresh_only_plan_lets_the_state_say_what_somebody_has_made_of_it(stage: Stage) -> None:
    stage.write(CHAIN)
    stage.apply()
    stage.by_hand("d", text="by hand")
    stage.delete_by_hand("c")
    writes = stage.service.count("update") + stage.service.count("create")
    plan = stage.plan("--refresh-only")
    assert plan["reconciler"]["mode"] == "refresh-only"
    assert plan["applyable"] is True
    assert {one["address"] for one in plan["resource_drift"]} == {"memory_thing.c", "memory_thing.d"}
    text = stage("plan", "--refresh-only", "--detailed-exitcode")
    assert text.code == 2
    assert "Plan: 1 object to record as changed, 1 object to forget, 1 output to change" in text.out
    stage.apply("--refresh-only")
    assert stage.service.count("update") + stage.service.count("create") == writes
    assert stage("drift").code == 0
    assert stage("output", "d").out.strip() == "by hand"
    assert stage.changes() == {"memory_thing.c": "create", "memory_thing.d": "update"}
    again = stage("plan", "--refresh-only", "--detailed-exitcode")
    assert again.code == 0
    assert "No changes. The state says what the services say." in again.out


def test_what_a_refresh_took_over_is_what_a_rollback_restores(stage: Stage) -> None:
    stage.write(ONE)
    stage.apply()
    stage.by_hand("a", text="by hand")
    stage.apply("--refresh-only")
    stage.apply()
    assert stage.texts() == {"a": "first"}
    assert stage("rollback", "--auto-approve").code == 0
    assert stage.texts() == {"a": "by hand"}


def test_a_refresh_of_a_part_leaves_the_rest_of_the_record_as_it_is(stage: Stage) -> None:
    stage.write(CHAIN)
    stage.apply()
    stage.by_hand("d", text="by hand")
    stage.by_hand("a", text="by hand too")
    stage.apply("--refresh-only", "--target", "memory_thing.d")
    drift = stage("--json", "drift").document
    assert [one["address"] for one in drift["changed"]] == ["memory_thing.a"]
    stage.apply("--refresh-only", "--exclude", "memory_thing.a")
    assert stage("drift").code == 2
    stage.apply("--refresh-only")
    assert stage("drift").code == 0


def test_a_secret_that_somebody_has_changed_is_taken_over_as_a_digest(stage: Stage) -> None:
    stage.environ["TOPIC"] = "a secret topic"
    stage.write(ONE.replace("first", '"${secret.TOPIC}"'))
    stage.apply()
    stage.by_hand("a", text="another topic")
    stage.apply("--refresh-only")
    assert stage("drift").code == 0
    assert "another topic" not in stage("state", "show", "memory_thing.a").out
    assert stage.changes() == {"memory_thing.a": "update"}
    stage.apply()
    assert stage.texts() == {"a": "a secret topic"}


def test_a_plan_without_a_refresh_reads_no_object_and_says_so(stage: Stage) -> None:
    stage.write(CHAIN)
    stage.apply()
    stage.by_hand("a", text="by hand")
    stage.write(CHAIN.replace("d, text: first", "d, text: second"))
    reads = stage.service.count("read")
    result = stage("plan", "--no-refresh")
    assert stage.service.count("read") == reads
    assert "Nothing was read again (--no-refresh)" in result.out
    assert stage.plan("--no-refresh")["reconciler"]["refreshed"] is False
    assert stage.changes("--no-refresh") == {"memory_thing.d": "update"}
    stage.apply("--no-refresh")
    assert stage.texts()["d"] == "second"
    assert stage.texts()["a"] == "by hand"


def test_a_plan_without_a_refresh_knows_the_secrets_that_the_stack_tells(stage: Stage) -> None:
    stage.environ["TOKEN"] = "a secret token"
    secret = ONE.replace("text: first", 'text: first, secret: "${secret.TOKEN}"')
    stage.write(secret)
    stage.apply()
    assert stage.changes("--no-refresh") == {}
    stage.environ["TOKEN"] = "another token"
    assert stage.changes("--no-refresh") == {"memory_thing.a": "update"}
    stage.apply("--no-refresh")
    (thing,) = stage.service.objects("memory_thing")
    assert stage.service.secret_of(thing.id) == "another token"


def test_apply_with_destroy_is_destroy(stage: Stage) -> None:
    stage.write(CHAIN)
    stage.apply()
    stage.apply("--destroy", "--target", "memory_thing.b")
    assert set(stage.texts()) == {"a", "d"}
    stage.apply("--destroy")
    assert stage.texts() == {}
    assert stage("state", "history", "--json").document["runs"][-1]["command"] == "destroy"


def test_more_deletions_than_the_option_allows_are_refused(stage: Stage) -> None:
    stage.write(CHAIN + "apply: {max_deletes: 1}\n")
    stage.apply()
    stage.write(ONE + "apply: {max_deletes: 1}\n")
    assert stage("plan").code == 1
    assert stage("plan", "--max-deletes", "3").code == 0
    assert stage("plan", "--max-deletes", "2").code == 1
    stage.write(ONE)
    result = stage("plan", "--max-deletes", "0")
    assert result.code == 1
    assert "RC-PLAN-003" in result.err


@pytest.mark.parametrize(
    "options",
    [
        ("--destroy", "--refresh-only"),
        ("--destroy", "--replace", "memory_thing.a"),
        ("--refresh-only", "--replace", "memory_thing.a"),
        ("--refresh-only", "--no-refresh"),
        ("--target", "memory_thing.a", "--exclude", "memory_thing.a"),
    ],
)
@pytest.mark.parametrize("command", ["plan", "apply"])
def test_options_that_contradict_each_other_are_wrong_usage(
    stage: Stage, command: str, options: tuple[str, ...]
) -> None:
    stage.write(ONE)
    result = stage(command, *options)
    assert result.code == 64
    assert "cannot be given together" in result.err


def test_every_loss_has_its_reason_in_the_word_that_programs_know(stage: Stage) -> None:
    fancy = (
        ONE.replace("text: first", "kind: plain")
        + "    b: {name: b}\n  memory_part: {p: {thing: a, name: p}}\n"
    )
    fancy = fancy.replace("{a: {name: a, kind: plain}}", "\n    a: {name: a, kind: plain}")
    stage.write(fancy)
    stage.apply()
    stage.write(fancy.replace("plain", "fancy").replace("    b: {name: b}\n", ""))
    reasons = {
        one["address"]: one.get("action_reason")
        for one in stage.plan()["resource_changes"]
        if one["change"]["actions"] != ["no-op"]
    }
    assert reasons == {
        "memory_thing.a": "replace_because_cannot_update",
        "memory_part.p": "replace_by_triggers",
        "memory_thing.b": "delete_because_no_resource_config",
    }
    assert all("action_reason" not in one for one in stage.plan("--destroy")["resource_changes"])


SQUADS = """stack: lab
resources:
  memory_thing:
    t: {for_each: [x, y], name: "t-${each.key}"}
modules:
  squad:
    source: squad
    for_each: [red, blue]
    inputs: {color: "${each.key}"}
"""
SQUAD = """variables: {color: {type: string}}
resources:
  memory_thing:
    m: {name: "m-${var.color}"}
    n: {name: "n-${var.color}", text: "${memory_thing.m.id}"}
"""


@pytest.fixture
def squads(stage: Stage) -> Stage:
    """A resource and a module with instances."""
    (stage.directory / "squad").mkdir()
    stage.write(SQUAD, "squad/reconciler.yaml")
    stage.write(SQUADS)
    return stage


def test_what_is_named_without_its_key_is_all_its_instances(squads: Stage) -> None:
    assert set(squads.changes("--target", "memory_thing.t")) == {
        'memory_thing.t["x"]',
        'memory_thing.t["y"]',
    }
    assert set(squads.changes("--target", 'memory_thing.t["x"]')) == {'memory_thing.t["x"]'}
    assert set(squads.changes("--exclude", "memory_thing.t", "--exclude", 'module.squad["red"]')) == {
        'module.squad["blue"].memory_thing.m',
        'module.squad["blue"].memory_thing.n',
    }


def test_a_module_is_all_that_is_in_it(squads: Stage) -> None:
    assert set(squads.changes("--target", 'module.squad["red"]')) == {
        'module.squad["red"].memory_thing.m',
        'module.squad["red"].memory_thing.n',
    }
    assert len(squads.changes("--target", "module.squad")) == 4
    result = squads("plan", "--target", "module.squat")
    assert "nothing in a module of this address" in result.err
    assert "did you mean 'module.squad" in result.err


def test_an_instance_and_a_module_that_are_gone_say_so(squads: Stage) -> None:
    squads.apply()
    squads.write(SQUADS.partition("modules:")[0].replace("[x, y]", "[x]") + "    u: {name: u}\n")
    reasons = {
        one["address"]: one["action_reason"]
        for one in squads.plan()["resource_changes"]
        if one["change"]["actions"] == ["delete"]
    }
    assert reasons == {
        'memory_thing.t["y"]': "delete_because_each_key",
        'module.squad["red"].memory_thing.m': "delete_because_no_module",
        'module.squad["red"].memory_thing.n': "delete_because_no_module",
        'module.squad["blue"].memory_thing.m': "delete_because_no_module",
        'module.squad["blue"].memory_thing.n': "delete_because_no_module",
    }
    squads.write("stack: lab\nresources: {memory_thing: {t: {name: t-x}}}\n")
    words = {
        one.get("action_reason") for one in squads.plan("--target", "memory_thing.t")["resource_changes"]
    }
    assert "delete_because_wrong_repetition" in words


def test_a_plan_of_instances_and_modules_is_saved_and_carried_out(squads: Stage) -> None:
    squads.save("--exclude", 'module.squad["red"].memory_thing.n')
    assert squads.apply_saved().code == 0
    assert set(squads.texts()) == {"t-x", "t-y", "m-red", "m-blue", "n-blue"}
    assert set(squads.changes()) == {'module.squad["red"].memory_thing.n'}
