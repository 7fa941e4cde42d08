"""The in-memory service fails as it is told to, and otherwise behaves."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from reconciler.errors import (
    AlreadyExists,
    Call,
    Forbidden,
    NotFound,
    OutcomeUnknown,
    Rejected,
    ServiceFailed,
    Unauthorized,
    Unreachable,
)
from reconciler.provider import Lookup, Object, ObjectKey, Unreadable, Wanted, Write
from reconciler.provider.context import Context
from reconciler.testing import FakeClock, MemoryCall, MemoryProvider, MemoryService


@pytest.fixture
def service() -> MemoryService:
    return MemoryService()


@pytest.fixture
def asked() -> list[Call]:
    return []


@pytest.fixture
def provider(service: MemoryService, asked: list[Call]) -> MemoryProvider:
    return MemoryProvider(service, {}, Context(FakeClock(), on_request=asked.append))


def test_ids_are_the_same_for_the_same_seed() -> None:
    def ids(seed: int) -> list[str]:
        service = MemoryService(seed=seed)
        return [service.put("memory_note", title="x").id for _ in range(3)]

    assert ids(1) == ids(1) != ids(2)


def test_only_the_nth_call_fails_and_does_nothing(service: MemoryService, provider: MemoryProvider) -> None:
    service.fail("create", ServiceFailed, type="memory_thing", nth=2)
    provider.create("memory_thing", {"name": "a"})
    provider.create("memory_note", {"title": "not a thing"})
    with pytest.raises(ServiceFailed) as caught:
        provider.create("memory_thing", {"name": "b"})
    assert caught.value.call == Call("memory", "create memory_thing")
    provider.create("memory_thing", {"name": "c"})
    assert [found.attributes["name"] for found in service.objects("memory_thing")] == ["a", "c"]


def test_a_lost_answer_leaves_the_object_behind(service: MemoryService, provider: MemoryProvider) -> None:
    service.fail("create", OutcomeUnknown, took_effect=True)
    with pytest.raises(OutcomeUnknown):
        provider.create("memory_thing", {"name": "a"})
    assert len(service.objects("memory_thing")) == 1


def test_calls_fail_until_the_service_is_healed(service: MemoryService, provider: MemoryProvider) -> None:
    service.fail("list", Unreachable, times=None)
    for _ in range(3):
        with pytest.raises(Unreachable):
            provider.list("memory_thing")
    service.heal()
    assert provider.list("memory_thing") == []


def test_an_error_of_ones_own_is_raised_as_it_is(service: MemoryService, provider: MemoryProvider) -> None:
    error = Forbidden("not you", call=Call("memory", "anything"))
    service.fail("update", error, subject="a")
    thing = provider.create("memory_thing", {"name": "a"})
    with pytest.raises(Forbidden) as caught:
        provider.update(thing, {"text": "x"}, frozenset({"text"}))
    assert caught.value is error


def test_one_object_can_be_unreadable_among_others(service: MemoryService, provider: MemoryProvider) -> None:
    things = {name: service.put("memory_thing", name=name) for name in ("a", "b")}
    service.fail("read", Forbidden, subject=things["a"].id)
    answers = provider.read({k: Lookup(v.type, v.id, v.attributes) for k, v in things.items()})
    assert isinstance(answers["a"], Unreadable)
    assert answers["b"] == things["b"]


def test_a_bulk_read_is_one_call_for_each_type(
    service: MemoryService, provider: MemoryProvider, asked: list[Call]
) -> None:
    made = [service.put("memory_note", title=str(n)) for n in range(20)]
    made += [service.put("memory_member", name=str(n)) for n in range(20)]
    provider.read({found.id: Lookup(found.type, found.id, {}) for found in made})
    assert service.calls == [MemoryCall("read", "memory_note"), MemoryCall("read", "memory_member")]
    assert (service.count(), service.count("read"), service.count(type="memory_note")) == (2, 2, 1)
    assert asked == [Call("memory", "read memory_note"), Call("memory", "read memory_member")]


def test_a_run_can_be_interrupted_before_and_after_a_call_takes_effect(
    service: MemoryService, provider: MemoryProvider
) -> None:
    def interrupt(call: MemoryCall) -> None:
        raise KeyboardInterrupt

    service.on_call = interrupt
    with pytest.raises(KeyboardInterrupt):
        provider.create("memory_thing", {"name": "before"})
    service.on_call, service.on_answer = None, interrupt
    with pytest.raises(KeyboardInterrupt):
        provider.create("memory_thing", {"name": "after"})
    assert [found.attributes["name"] for found in service.objects("memory_thing")] == ["after"]


def test_calls_run_side_by_side_and_none_is_lost(service: MemoryService, provider: MemoryProvider) -> None:
    barrier = Barrier(4, timeout=10)
    service.on_call = lambda call: (barrier.wait(), None)[1]
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda n: provider.create("memory_member", {"name": str(n)}), range(8)))
    assert len({found.id for found in made}) == service.count("create") == 8


def test_a_thing_may_come_with_a_part_that_the_service_made(
    service: MemoryService, provider: MemoryProvider
) -> None:
    thing = provider.create("memory_thing", {"name": "a", "with_default_part": True})
    assert thing.side_effects == (ObjectKey("memory_part", ("a", "default")),)
    question = Wanted("memory_part", {"thing": "a", "name": "default"})
    assert provider.find({"it": question}) == {"it": tuple(service.objects("memory_part"))}


def test_parts_follow_their_thing_when_it_is_renamed_and_go_with_it(
    service: MemoryService, provider: MemoryProvider
) -> None:
    thing = provider.create("memory_thing", {"name": "a"})
    provider.create("memory_part", {"thing": "a", "name": "p"})
    thing = provider.update(thing, {"name": "b"}, frozenset({"name"}))
    (part,) = service.objects("memory_part")
    assert part.attributes["thing"] == "b"
    assert part.attributes["url"] == "memory://things/b/parts/p"
    provider.delete(thing, "delete")
    assert service.objects("memory_part") == []


def test_a_part_needs_its_thing(provider: MemoryProvider) -> None:
    with pytest.raises(NotFound):
        provider.create("memory_part", {"thing": "nowhere", "name": "p"})


def test_a_name_cannot_be_taken_twice_by_a_rename(provider: MemoryProvider) -> None:
    provider.create("memory_thing", {"name": "a"})
    other = provider.create("memory_thing", {"name": "b"})
    with pytest.raises(AlreadyExists):
        provider.update(other, {"name": "a"}, frozenset({"name"}))


def test_what_is_fixed_at_creation_cannot_be_updated(provider: MemoryProvider) -> None:
    thing = provider.create("memory_thing", {"name": "a"})
    with pytest.raises(Rejected, match="kind cannot be changed"):
        provider.update(thing, {"kind": "fancy"}, frozenset({"kind"}))


def test_an_update_of_what_is_gone_is_not_found(service: MemoryService, provider: MemoryProvider) -> None:
    thing = provider.create("memory_thing", {"name": "a"})
    service.remove("memory_thing", thing.id)
    with pytest.raises(NotFound):
        provider.update(thing, {"text": "x"}, frozenset({"text"}))


def test_an_attribute_that_is_not_wanted_any_more_gets_its_default(provider: MemoryProvider) -> None:
    thing = provider.create("memory_thing", {"name": "a", "size": 5})
    assert provider.update(thing, {"name": "a"}, frozenset({"size"})).attributes["size"] == 0


def test_secrets_are_kept_and_never_told(service: MemoryService, provider: MemoryProvider) -> None:
    thing = provider.create("memory_thing", {"name": "a", "secret": "s3cret"})
    assert service.secret_of(thing.id) == "s3cret"
    provider.update(thing, {"secret": "other"}, frozenset({"secret"}))
    assert service.secret_of(thing.id) == "other"
    assert "s3cret" not in repr(provider.list("memory_thing"))


def test_an_archived_thing_keeps_its_name(provider: MemoryProvider) -> None:
    thing = provider.create("memory_thing", {"name": "a"})
    provider.delete(thing, "archive")
    (found,) = provider.list("memory_thing")
    assert found.attributes["archived"] is True
    with pytest.raises(AlreadyExists):
        provider.create("memory_thing", {"name": "a"})
    with pytest.raises(Rejected):
        provider.delete(thing, "shred")


def test_notes_that_are_alike_are_all_found(service: MemoryService, provider: MemoryProvider) -> None:
    alike = [service.put("memory_note", title="x", text=text) for text in ("one", "one", "two")]
    found = provider.find({"it": Wanted("memory_note", {"title": "x"})})
    assert found == {"it": tuple(alike)}


def test_a_thing_can_be_looked_up_as_data(service: MemoryService, provider: MemoryProvider) -> None:
    thing = service.put("memory_thing", name="a")
    assert provider.find({"it": Wanted("memory_thing", {"name": "a"})}) == {"it": (thing,)}


def test_a_group_answers_each_write_and_is_no_larger_than_allowed(provider: MemoryProvider) -> None:
    bob = provider.create("memory_member", {"name": "bob"})
    results = provider.write_many(
        [
            Write("create", "memory_member", {"name": "bob"}),
            Write("update", "memory_member", {"name": "bob", "role": "writer"}, bob),
            Write("delete", "memory_member", {}, bob),
        ]
    )
    assert isinstance(results[0], AlreadyExists)
    assert isinstance(results[1], Object)
    assert results[1].attributes["role"] == "writer"
    assert results[2] is None
    with pytest.raises(Rejected, match="too many"):
        provider.write_many([Write("create", "memory_member", {"name": str(n)}) for n in range(51)])


def test_health_tells_what_is_missing(service: MemoryService, provider: MemoryProvider) -> None:
    service.missing_scopes = ("things:write",)
    assert not provider.health().is_healthy
    service.fail("health", Unreachable)
    assert not provider.health().is_reachable
    service.token = "renewed"
    health = provider.health()
    assert health.is_reachable
    assert isinstance(health.error, Unauthorized)


def test_the_clock_passes_only_when_somebody_waits_or_says_so() -> None:
    clock = FakeClock()
    start = clock.now()
    clock.sleep(2)
    clock.advance(3)
    assert clock.slept == [2]
    assert clock.monotonic() == (clock.now() - start).total_seconds() == 5
