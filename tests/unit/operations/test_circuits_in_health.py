"""The circuit to a service is told with its health, and weighs in it."""

from reconciler.health.states import State
from reconciler.operations.asking import ask
from reconciler.provider.breaker import Breaker
from reconciler.provider.breaker import State as CircuitState
from tests.unit.operations.desk import Desk

STACK = "providers:\n  memory: {}\nresources:\n  memory_thing:\n    a: {name: a}\n"


def test_a_provider_whose_circuit_is_open_is_down_whatever_was_answered_a_moment_ago(desk: Desk) -> None:
    with desk.open(STACK) as workspace:
        (well,) = ask(workspace, ["memory"], is_fresh=False)
        assert well.circuit is not None
        assert (well.state, well.circuit.state) == (State.READY, CircuitState.CLOSED)
        breaker = workspace.connections.breakers["memory"]
        trip(breaker)
        (cut_off,) = ask(workspace, ["memory"], is_fresh=False)
        assert cut_off.circuit == breaker.circuit
        assert (cut_off.state, breaker.state) == (State.DOWN, CircuitState.OPEN)
        assert cut_off.standing.since == desk.clock.now()
        breaker.succeeded()
        (back,) = ask(workspace, ["memory"], is_fresh=False)
        assert back.state is State.READY


def trip(breaker: Breaker) -> None:
    while breaker.state is CircuitState.CLOSED:
        breaker.failed()
