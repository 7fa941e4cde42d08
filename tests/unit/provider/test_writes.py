"""What providers do alike when they write."""

import pytest

from reconciler.errors import AlreadyExists, Call, NotFound, ServiceFailed
from reconciler.provider import Object, Write
from reconciler.provider.context import Context
from reconciler.provider.writes import confirm_gone, half_created, one_by_one
from reconciler.testing import FakeClock, MemoryProvider, MemoryService

REFUSAL = NotFound("no such thing", call=Call("memory", "delete memory_thing"))


@pytest.fixture
def service() -> MemoryService:
    return MemoryService()


@pytest.fixture
def provider(service: MemoryService) -> MemoryProvider:
    return MemoryProvider(service, {}, Context(FakeClock()))


def test_each_write_has_its_own_outcome(service: MemoryService, provider: MemoryProvider) -> None:
    kept = service.put("memory_thing", name="kept")
    gone = service.put("memory_thing", name="gone")
    made, failed, changed, deleted = one_by_one(
        provider,
        [
            Write("create", "memory_thing", {"name": "new"}),
            Write("create", "memory_thing", {"name": "kept"}),
            Write("update", "memory_thing", {"name": "kept", "text": "after"}, kept),
            Write("delete", "memory_thing", {}, gone),
        ],
    )
    assert isinstance(made, Object)
    assert isinstance(failed, AlreadyExists)
    assert isinstance(changed, Object)
    assert (changed.id, changed.attributes["text"]) == (kept.id, "after")
    assert deleted is None
    assert {thing.attributes["name"] for thing in service.objects("memory_thing")} == {"new", "kept"}


def test_a_refused_delete_is_believed_when_a_look_finds_nothing(
    service: MemoryService, provider: MemoryProvider
) -> None:
    thing = service.put("memory_thing", name="x")
    service.remove("memory_thing", thing.id)
    confirm_gone(provider, thing, REFUSAL)


def test_a_refused_delete_stays_refused_when_the_object_is_there(
    service: MemoryService, provider: MemoryProvider
) -> None:
    with pytest.raises(NotFound) as told:
        confirm_gone(provider, service.put("memory_thing", name="x"), REFUSAL)
    assert told.value is REFUSAL


def test_a_refused_delete_is_undecided_when_nobody_could_look(
    service: MemoryService, provider: MemoryProvider
) -> None:
    thing = service.put("memory_thing", name="x")
    service.fail("read", ServiceFailed)
    with pytest.raises(ServiceFailed):
        confirm_gone(provider, thing, REFUSAL)


def test_what_was_created_by_halves_is_looked_for_again() -> None:
    undecided = half_created("the thing x", REFUSAL)
    assert undecided.call == REFUSAL.call
    assert "the thing x was created" in undecided.cause
    assert REFUSAL.cause in undecided.cause
    assert "apply again" in undecided.remedy
    told = NotFound("no", call=REFUSAL.call, remedy="join the channel")
    assert half_created("the thing x", told).remedy == "join the channel"
