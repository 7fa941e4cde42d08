"""What a run of ours let go of without deleting it can be taken back, and nothing else."""

import pytest

from reconciler.errors import Refused
from reconciler.plan.action import Action
from tests.lifecycle.lab import Lab


def thing(way: str) -> str:
    return f"""
    resources:
      memory_thing:
        a: {{name: a, text: ours, lifecycle: {{on_destroy: {way}}}}}
    """


@pytest.mark.parametrize("way", ["archive", "forget"])
def test_after_a_destroy_the_same_stack_takes_its_object_back(lab: Lab, way: str) -> None:
    lab.apply(thing(way))
    before = lab.service.objects("memory_thing")[0].id
    lab.destroy()
    plan = lab.plan()
    assert plan.changes[0].takes_over
    assert lab.execute(plan).is_complete
    assert [found.id for found in lab.service.objects("memory_thing")] == [before]
    assert not lab.plan().has_changes


def test_a_rollback_to_before_the_destroy_takes_it_back_too(lab: Lab) -> None:
    lab.apply(thing("forget"))
    serial = lab.ledger.serial
    lab.destroy()
    lab.rollback(serial)
    assert not lab.plan().has_changes


def test_another_object_of_the_same_name_is_not_ours(lab: Lab) -> None:
    lab.apply(thing("forget"))
    lab.destroy()
    lab.service.remove("memory_thing", lab.service.objects("memory_thing")[0].id)
    lab.service.put("memory_thing", name="a", text="theirs")
    with pytest.raises(Refused, match="exists already"):
        lab.plan()


def test_what_was_deleted_is_made_anew(lab: Lab) -> None:
    lab.apply(thing("delete"))
    lab.destroy()
    assert lab.actions(lab.plan()) == {"memory_thing.a": Action.CREATE}


def test_it_is_ours_still_when_its_address_had_another_object_in_the_meantime(lab: Lab) -> None:
    lab.apply(thing("archive"))
    lab.destroy()
    lab.apply("resources: {memory_thing: {a: {name: b}}}")
    lab.destroy()
    assert lab.apply(thing("archive")).is_complete
    assert lab.names() == ["a"]
    assert not lab.plan().has_changes


def test_what_was_taken_back_and_then_deleted_is_ours_no_more(lab: Lab) -> None:
    lab.apply(thing("archive"))
    lab.destroy()
    lab.apply(thing("delete"))
    lab.destroy()
    lab.apply("resources: {memory_thing: {a: {name: b}}}")
    assert lab.ledger.released() == []


NOTE = "resources: {memory_note: {n: {title: t, text: ours, lifecycle: {on_destroy: forget}}}}"


def test_what_no_name_decides_about_is_known_by_its_id_and_not_made_twice(lab: Lab) -> None:
    lab.apply(NOTE)
    (note,) = lab.service.objects("memory_note")
    serial = lab.ledger.serial
    lab.destroy()
    lab.service.put("memory_note", title="t", text="theirs")
    lab.rollback(serial)
    assert [known.id for known in lab.ledger.objects().values()] == [note.id]
    lab.destroy()
    assert lab.apply(NOTE).is_complete
    assert [known.id for known in lab.ledger.objects().values()] == [note.id]
    assert len(lab.service.objects("memory_note")) == 2
    assert not lab.plan().has_changes
