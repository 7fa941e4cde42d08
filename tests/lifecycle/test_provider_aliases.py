"""A second configuration of a provider: each has its own account, health, objects, order and imports."""

from pathlib import Path

import pytest

from reconciler.address import Address
from reconciler.errors import Refused, Unreachable, WrongAccount
from reconciler.plan.action import Action
from reconciler.provider.objects import Account
from reconciler.testing import MemoryService
from tests.lifecycle.two_services import TwoServices

BOTH = """
resources:
  memory_thing:
    here: {name: same}
    there: {name: same, provider: memory.second, text: "${memory_thing.here.id}"}
"""


@pytest.fixture
def two(tmp_path: Path) -> TwoServices:
    services = TwoServices(tmp_path)
    services.settings = ""
    return services


def names(service: MemoryService) -> list[str]:
    return [str(one.attributes["name"]) for one in service.objects("memory_thing")]


def recorded(two: TwoServices) -> dict[str, str]:
    """By address: the configuration that the state has it from."""
    with two.work() as workspace:
        return {str(address): one.provider for address, one in workspace.ledger.objects().items()}


def test_each_makes_its_objects_in_its_own_account(two: TwoServices) -> None:
    assert two.apply(BOTH).outcome.is_complete
    assert (names(two.first), names(two.second)) == (["same"], ["same"])
    assert recorded(two) == {"memory_thing.here": "memory", "memory_thing.there": "memory.second"}
    with two.work() as workspace:
        accounts = workspace.ledger.accounts()
    assert accounts["memory"] != accounts["memory.second"]
    assert not two.plan().plan.has_changes


def test_an_object_that_gets_the_other_is_made_anew_there(two: TwoServices) -> None:
    two.apply(BOTH)
    prospect = two.plan(BOTH.replace("here: {name: same}", "here: {name: same2, provider: memory.second}"))
    change = prospect.plan.by_address[Address.parse("memory_thing.here")]
    assert (change.action, change.reason) == (Action.REPLACE, "its provider was memory")
    assert two.apply().outcome.is_complete
    assert names(two.first) == []
    assert sorted(names(two.second)) == ["same", "same2"]


def test_one_of_them_cannot_speak_of_another_account_later(two: TwoServices) -> None:
    two.apply(BOTH)
    two.second.account = Account("memory-3", "Third Street")
    with pytest.raises(WrongAccount, match=r"memory\.second"):
        two.apply(BOTH.replace("provider: memory.second", "provider: memory.second, size: 1"))


def test_each_has_its_own_health_and_what_waits_for_the_sick_one_is_held_back(two: TwoServices) -> None:
    two.apply(BOTH)
    for operation in ("account", "health", "read", "find"):
        two.second.fail(operation, Unreachable, times=None)
    plan = two.plan(BOTH.replace("here: {name: same}", "here: {name: same, text: new}")).plan
    assert [str(change.address) for change in plan.visible] == ["memory_thing.here"]
    assert {str(held.address): held.provider for held in plan.held} == {"memory_thing.there": "memory.second"}


def test_imports_ask_the_configuration_of_their_resource(two: TwoServices) -> None:
    two.first.put("memory_thing", name="found")
    there = two.second.put("memory_thing", name="found")
    text = """
imports: [{to: memory_thing.there, id: found}]
resources: {memory_thing: {there: {name: found, provider: memory.second}}}
"""
    assert two.apply(text).outcome.is_complete
    with two.work() as workspace:
        (known,) = workspace.ledger.objects().values()
    assert (known.id, known.provider) == (there.id, "memory.second")


def test_an_object_that_only_the_other_has_is_not_found(two: TwoServices) -> None:
    two.first.put("memory_thing", name="found")
    text = """
imports: [{to: memory_thing.there, id: found}]
resources: {memory_thing: {there: {name: found, provider: memory.second}}}
"""
    with pytest.raises(Refused, match="the service has no memory_thing 'found'"):
        two.plan(text)


def test_one_can_wait_for_the_other_to_be_ready(two: TwoServices) -> None:
    two.after = ", depends_on: [memory]"
    for operation in ("account", "health"):
        two.first.fail(operation, Unreachable, times=None)
    plan = two.plan("resources: {memory_thing: {there: {name: a, provider: memory.second}}}").plan
    assert [str(held.address) for held in plan.held] == ["memory_thing.there"]
