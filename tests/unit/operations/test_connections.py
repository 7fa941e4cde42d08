"""Providers made when they are needed, and whose accounts they speak for."""

import pytest

from reconciler.errors import Refused, WrongAccount
from reconciler.operations.connections import Connections, accounts_of, check_accounts
from reconciler.provider.objects import Account
from reconciler.registry import Registry
from reconciler.testing import FakeClock, MemoryFactory, MemoryProvider, MemoryService


@pytest.fixture
def connections() -> Connections:
    registry = Registry({"memory": MemoryFactory(MemoryService())})
    return Connections({}, registry, clock=FakeClock())


def test_a_provider_is_made_once_and_closed_at_the_end(connections: Connections) -> None:
    first = connections.open(["memory"])["memory"]
    assert connections.open(["memory", "reconciler"])["memory"] is first
    connections.close()
    assert isinstance(first, MemoryProvider)
    assert first.is_closed


def test_a_provider_that_is_not_configured_any_more_is_asked_back_for(connections: Connections) -> None:
    with pytest.raises(Refused, match="slack is needed"):
        connections.open(["slack"])


def test_accounts_are_compared_by_id_and_not_by_name() -> None:
    bound = {"memory": Account("1", "Old Name")}
    check_accounts({"memory": Account("1", "New Name"), "other": Account("9", "New")}, bound)
    with pytest.raises(WrongAccount) as wrong:
        check_accounts({"memory": Account("2", "Elsewhere")}, bound)
    assert "Old Name" in str(wrong.value)
    assert "Elsewhere" in str(wrong.value)


def test_no_provider_has_no_account() -> None:
    assert accounts_of({}) == {}
