"""Pruning takes away where one could go back to, and nothing else."""

import pytest

from reconciler.errors import Refused
from reconciler.operations.rollback import target
from reconciler.plan.action import Action
from reconciler.state.history import resolve
from tests.lifecycle.lab import Lab

THING = """
resources:
  memory_thing:
    a: {name: a, text: %s}
    b: {name: b}
"""


@pytest.fixture
def pruned(lab: Lab) -> Lab:
    """Three applies: serials 1 and 2 make both, 3 and 4 change a; kept from 3."""
    for text in ("one", "two", "three"):
        lab.apply(THING % text)
    lab.ledger.prune(3)
    lab.reopen()
    lab.ledger.check()
    return lab


@pytest.mark.parametrize(("serial", "text"), [(3, "two"), (4, "three")])
def test_every_serial_that_is_kept_can_be_gone_back_to(pruned: Lab, serial: int, text: str) -> None:
    assert pruned.rollback(serial).is_complete
    assert pruned.recorded("memory_thing.a")["text"] == text
    assert set(pruned.actions(pruned.plan_for(pruned.desired_at(serial))).values()) <= {Action.NO_OP}
    assert pruned.names() == ["a", "b"]
    pruned.ledger.check()


def test_the_next_plan_is_empty_and_the_next_apply_goes_on_from_there(pruned: Lab) -> None:
    assert not pruned.plan().has_changes
    assert pruned.apply(THING % "four").is_complete
    assert pruned.ledger.serial == 5
    pruned.ledger.prune(5)
    assert pruned.destroy().is_complete
    assert pruned.names() == []
    pruned.reopen()
    pruned.ledger.check()


def test_what_was_pruned_is_refused_by_run_and_by_serial(pruned: Lab) -> None:
    for which in ("run-1", "2"):
        with pytest.raises(Refused) as raised:
            resolve(pruned.ledger, which)
        assert "3" in raised.value.diagnostics[0].advice


def test_the_way_back_by_default_ends_where_the_past_begins(pruned: Lab) -> None:
    assert target(pruned.ledger).serial == 3
    pruned.ledger.prune(4)
    with pytest.raises(Refused, match="no run to go back from") as raised:
        target(pruned.ledger)
    assert "since snapshot 4" in raised.value.diagnostics[0].advice
    with pytest.raises(Refused, match="no run to take back"):
        resolve(pruned.ledger)
