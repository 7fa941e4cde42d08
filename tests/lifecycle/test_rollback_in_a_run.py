"""Serials in the middle of a run are places to go back to like any other."""

import pytest

from tests.lifecycle.lab import Lab

NAMES = """
resources:
  memory_thing:
    a: {name: a, text: one}
    b: {name: b, text: "${memory_thing.a.id}"}
    c: {name: c, text: "${memory_thing.b.id}"}
  memory_part:
    p: {thing: "${memory_thing.a.name}", name: p}
"""
MOVED = (
    NAMES.replace("a:", "x:").replace("b:", "y:").replace("thing.a", "thing.x").replace("thing.b", "thing.y")
)


def moved_twice(lab: Lab) -> tuple[int, int]:
    """Two runs that give objects other addresses, and change some on the way; from which serial to which."""
    lab.apply(NAMES)
    first = lab.ledger.serial
    assert lab.apply(MOVED.replace("one", "two"), parallelism=1).is_complete
    assert lab.apply(MOVED.replace("x:", "z:").replace("thing.x", "thing.z")).is_complete
    return first, lab.ledger.serial


def test_every_serial_of_runs_with_moves_can_be_gone_back_to(lab: Lab) -> None:
    first, last = moved_twice(lab)
    ids = {found.id for found in lab.service.objects("memory_thing")}
    for serial in [*range(first, last), *range(last, first, -1), first, last]:
        assert lab.rollback(serial).is_complete, serial
        assert {found.id for found in lab.service.objects("memory_thing")} == ids, serial
        owners = [(known.type, known.id) for known in lab.ledger.objects().values()]
        assert len(owners) == len(set(owners)) == 4, serial
        again = lab.plan_for(lab.desired_at(serial))
        assert not again.has_changes, (serial, again.visible)


@pytest.mark.parametrize("stops", [1, 2, 3])
def test_a_rollback_stopped_half_way_can_be_taken_back_and_gone_on_with(lab: Lab, stops: int) -> None:
    first, last = moved_twice(lab)
    for there, back in ((first, last), (last, first)):
        plan = lab.plan_for(lab.desired_at(there))
        lab.stop_after(stops)
        lab.execute(plan, command="rollback", parallelism=1)
        lab.stop.clear()
        assert lab.rollback(back).is_complete
        assert not lab.plan_for(lab.desired_at(back)).has_changes
        assert lab.rollback(there).is_complete
