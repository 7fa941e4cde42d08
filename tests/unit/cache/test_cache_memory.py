"""What the cache gives back, for how long, and whose it is."""

from datetime import timedelta
from types import MappingProxyType

from reconciler.cache.entries import Owner
from reconciler.errors import Call, Unreachable
from reconciler.provider.objects import Absent, ReadResult, Unreadable, Wanted
from tests.unit.cache.conftest import OWNER, Shelf, keep, lookup, read, thing

DOWN = Unreadable(Unreachable("no answer", call=Call("memory", "read")))


def test_what_was_told_is_told_again_with_the_time_of_that(shelf: Shelf) -> None:
    keep(shelf.memory(), thing(1), thing(2))
    told_at = shelf.clock.now()
    shelf.clock.advance(7200)
    found = read(shelf.memory(), thing(1), thing(2), thing(3))
    assert found == {"id-1": thing(1), "id-2": thing(2)}
    assert {one.earlier and one.earlier.read_at for one in found.values()} == {told_at}


def test_a_second_read_makes_what_has_not_changed_young_again(shelf: Shelf) -> None:
    keep(shelf.memory(), thing(1), thing(2))
    shelf.clock.advance(3600)
    keep(shelf.memory(), thing(1), thing(2, text="new"))
    found = read(shelf.memory(), thing(1), thing(2))
    assert {one.earlier and one.earlier.read_at for one in found.values()} == {shelf.clock.now()}
    assert found["id-2"].attributes["text"] == "new"


def test_reading_a_part_leaves_the_rest_as_old_as_it_is(shelf: Shelf) -> None:
    keep(shelf.memory(), thing(1), thing(2), thing(3))
    first = shelf.clock.now()
    shelf.clock.advance(3600)
    keep(shelf.memory(), thing(2))
    second = shelf.clock.now()
    found = read(shelf.memory(), thing(1), thing(2), thing(3))
    assert [one.earlier and one.earlier.read_at for one in found.values()] == [first, second, first]
    shelf.clock.advance(3600)
    keep(shelf.memory(), thing(1), thing(2), thing(3))
    assert {
        one.earlier and one.earlier.read_at
        for one in read(shelf.memory(), thing(1), thing(2), thing(3)).values()
    } == {shelf.clock.now()}


def test_what_is_older_than_retention_is_not_told(shelf: Shelf) -> None:
    keep(shelf.memory(), thing(1))
    shelf.clock.advance(3 * 3600)
    assert read(shelf.memory(hours=3), thing(1))
    shelf.clock.advance(1)
    assert not read(shelf.memory(hours=3), thing(1))
    assert read(shelf.memory(hours=4), thing(1))


def test_what_may_be_used_no_longer_is_removed_by_the_next_writer(shelf: Shelf) -> None:
    keep(shelf.memory(), *map(thing, range(50)))
    shelf.clock.advance(25 * 3600)
    keep(shelf.memory(), thing(99))
    assert [entry.key.name for entry in shelf.memory().store.entries()] == ["id-99"]


def test_a_clock_that_was_set_back_makes_no_answer_young(shelf: Shelf) -> None:
    ahead = shelf.memory()
    shelf.clock.advance(timedelta(days=3).total_seconds())
    keep(ahead, thing(1))
    shelf.clock.advance(-timedelta(days=2).total_seconds())
    assert not read(shelf.memory(hours=10_000), thing(1))


def test_what_the_service_says_is_gone_is_forgotten_and_what_it_did_not_tell_stays(shelf: Shelf) -> None:
    keep(shelf.memory(), thing(1), thing(2))
    asked = {one.id: lookup(one) for one in (thing(1), thing(2))}
    shelf.memory().keep_read(OWNER, asked, {"id-1": Absent(), "id-2": DOWN})
    assert list(read(shelf.memory(), thing(1), thing(2))) == ["id-2"]


def test_accounts_never_meet(shelf: Shelf) -> None:
    keep(shelf.memory(), thing(1))
    assert not read(shelf.memory(), thing(1), owner=Owner("memory", "memory-2"))
    assert not read(shelf.memory(), thing(1), owner=Owner("memory.other", "memory-1"))


def test_an_answer_to_a_question_is_kept_and_that_nothing_answers_is_not(shelf: Shelf) -> None:
    questions = {
        "memory_thing.a": Wanted("memory_thing", {"name": "thing-1"}),
        "memory_thing.b": Wanted("memory_thing", {"name": "nobody"}),
    }
    shelf.memory().keep_found(OWNER, questions, {"memory_thing.a": (thing(1),), "memory_thing.b": ()})
    assert shelf.memory().find(OWNER, questions) == {"memory_thing.a": (thing(1),)}
    shelf.memory().keep_found(OWNER, questions, {"memory_thing.a": (), "memory_thing.b": DOWN})
    assert shelf.memory().find(OWNER, questions) == {}


def test_several_candidates_stay_several(shelf: Shelf) -> None:
    question = {"q": Wanted("data.memory_thing", {"name": "thing"})}
    shelf.memory().keep_found(OWNER, question, {"q": (thing(1), thing(2))})
    (found,) = shelf.memory().find(OWNER, question).values()
    assert found == (thing(1), thing(2))


def test_what_a_run_has_written_is_forgotten_with_what_was_found_of_its_type(shelf: Shelf) -> None:
    keep(shelf.memory(), thing(1), thing(2))
    question = {"q": Wanted("memory_thing", {"name": "thing-2"})}
    shelf.memory().keep_found(OWNER, question, {"q": (thing(2),)})
    shelf.memory().forget(OWNER, [("memory_thing", "id-1")])
    assert list(read(shelf.memory(), thing(1), thing(2))) == ["id-2"]
    assert not shelf.memory().find(OWNER, question)


def test_what_was_forgotten_is_kept_again_though_the_same_is_told(shelf: Shelf) -> None:
    keep(shelf.memory(), thing(1), thing(2))
    shelf.memory().forget(OWNER, [("memory_thing", "id-1")])
    keep(shelf.memory(), thing(1), thing(2))
    assert list(read(shelf.memory(), thing(1), thing(2))) == ["id-1", "id-2"]


def test_what_a_part_has_told_is_overwritten_by_the_whole_though_that_is_as_before(shelf: Shelf) -> None:
    keep(shelf.memory(), thing(1), thing(2))
    keep(shelf.memory(), thing(2, text="for a while"))
    keep(shelf.memory(), thing(1), thing(2))
    assert read(shelf.memory(), thing(2))["id-2"].attributes["text"] == ""


def test_what_has_gone_and_come_back_is_kept_again(shelf: Shelf) -> None:
    asked = {one.id: lookup(one) for one in (thing(1), thing(2))}
    both: dict[str, ReadResult] = {"id-1": thing(1), "id-2": thing(2)}
    without: dict[str, ReadResult] = {"id-1": thing(1), "id-2": Absent()}
    for answers in (both, without, both):
        shelf.memory().keep_read(OWNER, asked, answers)
    assert read(shelf.memory(), thing(1), thing(2)) == both


def test_attributes_that_are_no_plain_json_are_kept_all_the_same(shelf: Shelf) -> None:
    told = thing(1, tags=("a", "b"), nested=MappingProxyType({"deep": 1}))
    for _ in range(2):
        keep(shelf.memory(), told)
    assert read(shelf.memory(), told)["id-1"].attributes["nested"] == {"deep": 1}
