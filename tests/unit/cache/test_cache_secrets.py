"""Nothing secret is in the cache in the clear, and what was there is recognised again."""

import pytest

from reconciler.provider.objects import Object, Wanted
from reconciler.values import Digest, Sealer
from tests.unit.cache.conftest import OWNER, Shelf, lookup, thing

CANARIES = ("canary-Äpfel-4711", 'canary "quoted" \\ 4711', "canary-plain-4711")


def content(shelf: Shelf) -> str:
    return shelf.path.read_bytes().decode("utf-8", "replace")


@pytest.mark.parametrize("canary", CANARIES)
def test_a_known_secret_is_in_no_byte_of_the_file(shelf: Shelf, canary: str) -> None:
    shelf.sealer.learn([canary])
    told = thing(1, text=canary, tags=[f"see {canary.upper()}", "b"])
    shelf.memory().keep_read(OWNER, {"a": lookup(told)}, {"a": told})
    assert "thing-1" in content(shelf)
    for form in (canary, canary.upper(), canary.encode("unicode_escape").decode(), "4711"):
        assert form not in content(shelf)
    (found,) = shelf.memory().read(OWNER, {"a": lookup(told)}).values()
    assert found.attributes["text"] == canary  # the stack tells it, so it is known again
    assert isinstance(found.attributes["tags"][0], Digest)
    assert found.attributes["name"] == "thing-1"


def test_what_state_keeps_as_a_digest_is_one_here_however_short_it_is(shelf: Shelf) -> None:
    told = thing(1, text="4711")
    sealed = {"text": shelf.sealer.digest("4711")}
    shelf.memory().keep_read(OWNER, {"a": lookup(told, **sealed)}, {"a": told})
    assert "4711" not in content(shelf)
    (found,) = shelf.memory().read(OWNER, {"a": lookup(told)}).values()
    assert found.attributes["text"] == shelf.sealer.digest("4711")


def test_what_is_sensitive_by_its_type_is_sealed(shelf: Shelf) -> None:
    types = shelf.memory().types
    names = [
        (found.name, name)
        for found in map(types.type, ("memory_thing", "memory_part", "memory_member", "memory_note"))
        if found is not None
        for name in found.sensitive
    ]
    assert names, "a type with a sensitive attribute is needed here"
    type_name, attribute = names[0]
    told = Object(type_name, "id-1", {attribute: "canary-4711"})
    shelf.memory().keep_read(OWNER, {"a": lookup(told)}, {"a": told})
    assert type_name in content(shelf)
    assert "canary-4711" not in content(shelf)


def test_a_question_with_a_secret_is_not_kept_at_all(shelf: Shelf) -> None:
    question = {"q": Wanted("memory_thing", {"name": "thing-1"}, is_secret=True)}
    shelf.memory().keep_found(OWNER, question, {"q": (thing(1),)})
    assert not shelf.memory().find(OWNER, question)
    assert not shelf.path.exists()


def test_a_found_object_that_shows_a_secret_is_not_kept_since_its_past_may_show_another(shelf: Shelf) -> None:
    question = {"q": Wanted("data.memory_thing", {"name": "thing-1"})}
    shelf.memory().keep_found(OWNER, question, {"q": (thing(1, text="canary-4711"),)})
    shelf.sealer.learn(["canary-4711"])
    shelf.memory().keep_found(OWNER, question, {"q": (thing(1, text="canary-4711", tags=["once"]),)})
    assert not shelf.memory().find(OWNER, question)
    assert "canary-4711" not in content(shelf)


def test_the_words_of_a_question_are_in_no_byte_of_the_file(shelf: Shelf) -> None:
    question = {"q": Wanted("data.memory_thing", {"kind": "canary-4711"})}
    shelf.memory().keep_found(OWNER, question, {"q": (thing(1),)})
    assert shelf.memory().find(OWNER, question)
    assert "canary-4711" not in content(shelf)


def test_what_was_recorded_in_the_clear_stays_so_though_a_secret_stands_in_it(shelf: Shelf) -> None:
    shelf.sealer.learn(["reader"])
    told = thing(1, text="for every reader")
    asked = {"a": lookup(told)}
    recorded = {"a": type(asked["a"])(told.type, told.id, {"text": "for every reader"})}
    shelf.memory().keep_read(OWNER, recorded, {"a": told})
    (found,) = shelf.memory().read(OWNER, asked).values()
    assert found.attributes["text"] == "for every reader"


def test_another_key_opens_nothing(shelf: Shelf) -> None:
    shelf.sealer.learn(["canary-4711"])
    told = thing(1, text="canary-4711")
    shelf.memory().keep_read(OWNER, {"a": lookup(told)}, {"a": told})
    other = Sealer(b"o" * 32)
    other.learn(["canary-4711"])
    (found,) = shelf.memory(sealer=other).read(OWNER, {"a": lookup(told)}).values()
    assert isinstance(found.attributes["text"], Digest)


def test_what_turns_out_to_be_secret_later_is_sealed_then(shelf: Shelf) -> None:
    told = thing(1, text="canary-4711")
    shelf.memory().keep_read(OWNER, {"a": lookup(told)}, {"a": told})
    assert "canary-4711" in content(shelf)
    shelf.sealer.learn(["canary-4711"])
    shelf.memory().keep_read(OWNER, {"a": lookup(told)}, {"a": told})
    assert "canary-4711" not in content(shelf)
