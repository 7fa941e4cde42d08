"""Providers made when they are needed, and whose accounts they speak for."""

from collections.abc import Mapping
from typing import Any

import pytest

from reconciler.config.stack import ProviderConfiguration
from reconciler.diagnostics import Place
from reconciler.errors import Call, Refused, WrongAccount
from reconciler.operations.connections import Connections, accounts_of, check_accounts
from reconciler.provider.breaker import State
from reconciler.provider.objects import Account
from reconciler.provider.retried import Kind, Retried
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


class Telling(MemoryFactory):
    """Keeps what its providers were made with."""

    def __init__(self) -> None:
        super().__init__(MemoryService())
        self.made: list[tuple[Mapping[str, Any], Any]] = []

    def __call__(self, settings: Mapping[str, Any], context: Any) -> MemoryProvider:
        self.made.append((settings, context))
        return super().__call__(settings, context)


def test_what_the_environment_of_the_command_says_of_retries_goes_before_the_file() -> None:
    factory = Telling()
    declared = {
        "memory": ProviderConfiguration(
            "memory", "memory", {"retry": {"attempts": 9, "max_delay": 4}}, (), Place("reconciler.yaml", 1, 1)
        )
    }
    environ = {"INTEGRATION_RETRY_MAX_ATTEMPTS": "2", "INTEGRATION_RETRY_BASE_DELAY": "250"}
    opened = Connections(declared, Registry({"memory": factory}), clock=FakeClock(), environ=environ)
    opened.open(["memory"])
    assert factory.made[0][0]["retry"] == {"attempts": 2, "base_delay": 0.25, "max_delay": 4}


def test_retries_are_counted_and_circuit_and_budget_can_be_looked_at() -> None:
    factory = Telling()
    opened = Connections({}, Registry({"memory": factory}), clock=FakeClock())
    opened.open(["memory"])
    context = factory.made[0][1]
    context.on_retry(Retried(Call("memory", "read"), 1, Kind.TIMEOUT, 0.5))
    assert opened.retries == {"memory": 1}
    assert context.budget is opened.budget
    for _ in range(8):
        context.breaker.failed()
    assert opened.breakers["memory"].state is State.OPEN


def test_waits_end_while_a_run_is_asked_to_stop_and_not_after_it() -> None:
    factory = Telling()
    opened = Connections({}, Registry({"memory": factory}), clock=FakeClock())
    opened.open(["memory"])
    is_stopping = factory.made[0][1].is_stopping
    with opened.until(lambda: True):
        assert is_stopping()
    assert not is_stopping()


def test_accounts_are_compared_by_id_and_not_by_name() -> None:
    bound = {"memory": Account("1", "Old Name")}
    check_accounts({"memory": Account("1", "New Name"), "other": Account("9", "New")}, bound)
    with pytest.raises(WrongAccount) as wrong:
        check_accounts({"memory": Account("2", "Elsewhere")}, bound)
    assert "Old Name" in str(wrong.value)
    assert "Elsewhere" in str(wrong.value)


def test_no_provider_has_no_account() -> None:
    assert accounts_of({}) == {}
