"""A resource that gets another address keeps its object, whatever goes wrong on the way."""

from typing import Any

from reconciler.errors import Rejected
from reconciler.operations import undoing
from reconciler.plan.action import Action
from tests.lifecycle.lab import Lab
from tests.lifecycle.law_world import World

OLD = "resources: {memory_thing: {a: {name: x, text: one}}}"
NEW = "resources: {memory_thing: {b: {name: x, text: two}}}"


def test_the_old_address_is_forgotten_only_when_the_new_one_has_the_object(lab: Lab) -> None:
    lab.apply(OLD)
    before = lab.service.objects("memory_thing")[0].id
    lab.service.fail("update", Rejected)
    lab.apply(NEW)
    assert [str(address) for address in lab.ledger.objects()] == ["memory_thing.a"]
    lab.service.heal()
    assert lab.apply().is_complete
    assert [str(address) for address in lab.ledger.objects()] == ["memory_thing.b"]
    assert [found.id for found in lab.service.objects("memory_thing")] == [before]


def test_a_stop_between_giving_and_forgetting_does_not_cost_the_object(lab: Lab) -> None:
    lab.apply(OLD)
    before = lab.service.objects("memory_thing")[0].id
    finished = lab.watcher.finished

    def stop_after_first(change: Any, seconds: float) -> None:
        finished(change, seconds)
        lab.stop.set()

    lab.watcher.finished = stop_after_first  # type: ignore[method-assign]  # the test's own watcher
    lab.apply(NEW, parallelism=1)
    lab.watcher.finished = finished  # type: ignore[method-assign]
    lab.stop.clear()
    assert [str(address) for address in lab.ledger.objects()] == ["memory_thing.a", "memory_thing.b"]
    assert lab.actions(lab.plan()) == {"memory_thing.a": Action.FORGET}
    assert lab.apply().is_complete
    assert [found.id for found in lab.service.objects("memory_thing")] == [before]
    assert not lab.plan().has_changes


def test_a_run_that_began_with_an_object_at_two_addresses_can_be_undone(lab: Lab) -> None:
    lab.apply(OLD)
    lab.stop_after(1)
    lab.apply(NEW, parallelism=1)
    lab.stop.clear()
    assert [str(address) for address in lab.ledger.objects()] == ["memory_thing.a", "memory_thing.b"]
    lab.service.fail("create", Rejected)
    failed = lab.apply("resources: {memory_thing: {z: {name: z}}}", on_failure="continue")
    assert [str(address) for address in lab.ledger.objects()] == []
    undo = undoing.prepare(World(lab).workspace(), failed)
    assert undo.prospect is not None
    assert lab.execute(undo.prospect.plan, command="rollback").is_complete
    assert [str(address) for address in lab.ledger.objects()] == ["memory_thing.b"]
    assert lab.names().count("x") == 1
