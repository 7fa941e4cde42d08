"""Taking back what a run of ours had archived, cut off at any instant: it is ours as soon as it is back."""

import pytest

from reconciler.address import Address
from reconciler.plan.action import Action
from tests.lifecycle.lab import Lab

THING = Address.parse("memory_thing.a")
ARCHIVED = "resources: {memory_thing: {a: {name: x, text: one, lifecycle: {on_destroy: archive}}}}"


@pytest.fixture
def archived(lab: Lab) -> Lab:
    """A lab in which the one thing was archived by us."""
    lab.apply(ARCHIVED)
    lab.apply("resources: {}")
    assert is_archived(lab)
    return lab


def is_archived(lab: Lab, name: str = "x") -> bool:
    (found,) = [one for one in lab.service.objects("memory_thing") if one.attributes["name"] == name]
    return bool(found.attributes["archived"])


@pytest.mark.parametrize("text", ["one", "two"])
@pytest.mark.parametrize("took_effect", [True, False])
def test_it_is_in_the_state_if_it_is_back_and_one_apply_does_the_rest(
    archived: Lab, took_effect: bool, text: str
) -> None:
    archived.write(ARCHIVED.replace("one", text))
    archived.cut_off("update", took_effect=took_effect)
    (settled,) = archived.settle().settled
    assert settled.took_effect is took_effect
    assert (THING in archived.ledger.objects()) is took_effect
    assert is_archived(archived) is not took_effect
    assert archived.apply().is_complete
    assert not is_archived(archived)
    assert archived.names() == ["x"]
    assert archived.recorded("memory_thing.a")["text"] == text
    assert not archived.plan().has_changes
    archived.ledger.check()


@pytest.mark.parametrize("took_effect", [True, False])
def test_what_nobody_wants_back_any_more_is_archived_once_more(archived: Lab, took_effect: bool) -> None:
    archived.write(ARCHIVED)
    archived.cut_off("update", took_effect=took_effect)
    plan = archived.plan("resources: {}")
    assert archived.actions(plan) == ({"memory_thing.a": Action.DELETE} if took_effect else {})
    assert archived.execute(plan).is_complete
    assert is_archived(archived)
    assert archived.ledger.objects() == {}
    assert [one.address for one in archived.ledger.released()] == [THING]


@pytest.mark.parametrize("took_effect", [True, False])
def test_what_comes_back_in_place_of_another_is_ours_once_it_is_back(
    archived: Lab, took_effect: bool
) -> None:
    archived.apply("resources: {memory_thing: {a: {name: y, kind: fancy}}}")
    archived.write("resources: {memory_thing: {a: {name: x, kind: plain}}}")
    assert archived.actions(archived.plan()) == {"memory_thing.a": Action.REPLACE}
    archived.cut_off("update", took_effect=took_effect)
    archived.settle()
    assert (THING in archived.ledger.objects()) is took_effect
    assert archived.apply().is_complete
    assert not is_archived(archived)
    assert archived.names() == ["x"]
    assert not archived.plan().has_changes


def test_what_somebody_archived_again_before_anybody_looked_is_taken_back_again(archived: Lab) -> None:
    archived.write(ARCHIVED)
    archived.cut_off("update", took_effect=True)
    (found,) = archived.service.objects("memory_thing")
    archived.service.change("memory_thing", found.id, archived=True)
    assert archived.apply().is_complete
    assert not is_archived(archived)
    assert not archived.plan().has_changes
