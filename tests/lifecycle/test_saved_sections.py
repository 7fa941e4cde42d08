"""Saved plans that move, let go of, take over, and make anew first: what was shown is what is done."""

import pytest

from tests.lifecycle.stage import Stage

BEFORE = """stack: lab
resources:
  memory_thing:
    a: {name: a, text: one, kind: plain, lifecycle: {create_before_destroy: true}}
    b: {name: b, text: two}
    c: {name: c, text: three}
"""
AFTER = """stack: lab
moved: [{from: memory_thing.b, to: memory_thing.d}]
removed: [{from: memory_thing.c, destroy: false}]
imports: [{to: memory_thing.e, id: there}]
resources:
  memory_thing:
    a: {name: a2, text: one, kind: fancy, lifecycle: {create_before_destroy: true}}
    d: {name: b, text: NEW}
    e: {name: there, text: theirs}
"""


@pytest.mark.parametrize("new", ["two", "other"])
def test_what_was_shown_is_done(stage: Stage, new: str) -> None:
    stage.write(BEFORE)
    stage.apply()
    stage.service.put("memory_thing", name="there", text="theirs")
    ids = {one.attributes["name"]: one.id for one in stage.service.objects("memory_thing")}
    stage.write(AFTER.replace("NEW", new))
    stage.save()
    shown = stage("show", str(stage.file), "--json").document["resource_changes"]
    by_address = {one["address"]: one for one in shown}
    assert by_address["memory_thing.a"]["change"]["actions"] == ["create", "delete"]
    assert by_address["memory_thing.d"]["previous_address"] == "memory_thing.b"
    assert by_address["memory_thing.e"]["change"]["importing"] == {"id": "there"}
    result = stage.apply_saved()
    assert result.code == 0, result.out + result.err
    after = {one.attributes["name"]: one.id for one in stage.service.objects("memory_thing")}
    assert set(after) == {"a2", "b", "c", "there"}
    assert {name: after[name] for name in ("b", "c", "there")} == {
        name: ids[name] for name in ("b", "c", "there")
    }
    assert stage.texts()["b"] == new
    listed = stage("state", "list").out.split()
    assert [one for one in listed if one.startswith("memory_thing.")] == [
        "memory_thing.a", "memory_thing.d", "memory_thing.e",
    ]  # fmt: skip
    assert not stage.changes()


def test_a_plan_that_only_moves_can_be_saved(stage: Stage) -> None:
    stage.write("stack: lab\nresources: {memory_thing: {b: {name: b, text: two}}}\n")
    stage.apply()
    stage.write(
        "stack: lab\nmoved: [{from: memory_thing.b, to: memory_thing.d}]\n"
        "resources: {memory_thing: {d: {name: b, text: two}}}\n"
    )
    stage.save()
    result = stage.apply_saved()
    assert result.code == 0, result.out + result.err
    assert "memory_thing.d" in stage("state", "list").out
    assert not stage.changes()


def test_a_check_is_asked_again_when_a_saved_plan_is_carried_out(stage: Stage) -> None:
    stage.write(
        "stack: lab\nchecks: [{name: none, assert: '${plan.creates == 0}', message: too many}]\n"
        "resources: {memory_thing: {b: {name: b, text: two}}}\n"
    )
    assert stage("plan", "--out", str(stage.file)).code == 1
    result = stage.apply_saved()
    assert result.code == 1
    assert "check.none does not hold: too many" in result.err
    assert stage.texts() == {}
