from collections.abc import Callable
from typing import Any

import pytest

from reconciler.address import Address
from reconciler.errors import Refused
from reconciler.state.history import Difference, difference, resolve
from reconciler.state.model import Committed, RunOutcome, StateObject
from reconciler.state.sqlite import SqliteLedger
from reconciler.values import Digest

Make = Callable[..., StateObject]


@pytest.fixture
def ledger(files: Any, known: Make) -> SqliteLedger:
    """Three runs: a-run makes two objects, b-run changes nothing, c-run is cut off after two of its steps."""
    opened: SqliteLedger = files.open()
    a, b = known("t.a", v=1, token=Digest("01")), known("t.b", v=1)
    opened.begin(files.run("apply-a"))
    opened.record(results=[Committed("apply-a", 0, a.address, a), Committed("apply-a", 1, b.address, b)])
    opened.end("apply-a", RunOutcome.DONE, files.clock.now(), {"url": "u1"})
    opened.begin(files.run("apply-b", 2))
    opened.end("apply-b", RunOutcome.DONE, files.clock.now())
    a = known("t.a", v=1, token=Digest("02"), extra=None)
    opened.begin(files.run("destroy-c", 2))
    opened.record(
        results=[Committed("destroy-c", 0, a.address, a), Committed("destroy-c", 1, b.address, None)]
    )
    return opened


def test_nothing_said_means_before_the_last_run_that_changed_anything(
    ledger: SqliteLedger, files: Any
) -> None:
    assert resolve(ledger) == 2
    ledger.begin(files.run("apply-d", 4))
    assert resolve(ledger) == 2


@pytest.mark.parametrize(
    ("which", "serial"),
    [("0", 0), ("3", 3), ("apply-a", 2), ("apply-b", 2), ("destroy-c", 4), ("dest", 4)],
)
def test_a_serial_or_a_run_or_its_beginning_is_found(ledger: SqliteLedger, which: str, serial: int) -> None:
    assert resolve(ledger, which) == serial


@pytest.mark.parametrize(
    ("which", "summary", "advice"),
    [
        ("5", "there is no snapshot 5", "snapshots 0 to 4"),
        ("9" * 9000, "there is no snapshot 99", "snapshots 0 to 4"),
        ("aply-a", "'aply-a' is neither a serial nor a name nor a run", "did you mean 'apply-a'?"),
        ("appl", "several runs begin with 'appl'", "apply-a, apply-b"),
        ("-1", "'-1' is neither", "did you mean '1'?"),
        ("٣", "'٣' is neither", "use one of"),
    ],
)
def test_what_is_meant_by_nothing_is_refused_with_what_comes_near(
    ledger: SqliteLedger, which: str, summary: str, advice: str
) -> None:
    with pytest.raises(Refused) as raised:
        resolve(ledger, which)
    (found,) = raised.value.diagnostics
    assert found.summary.startswith(summary)
    assert advice in found.advice


def test_a_state_without_runs_has_nothing_to_take_back(files: Any) -> None:
    with pytest.raises(Refused, match="no run to take back"):
        resolve(files.open())


def test_a_difference_names_what_came_what_went_and_each_attribute(ledger: SqliteLedger) -> None:
    found = difference(ledger, 1, 4)
    assert (list(found.added), list(found.removed)) == ([], [])
    changed = found.changed[Address("t", "a")]
    assert changed.attributes == {
        "token": Difference(Digest("01"), Digest("02")),
        "extra": Difference(None, None),
    }
    assert not changed.is_recreated
    assert found.outputs == {"url": Difference(None, "u1")}
    assert not found.is_empty
    assert list(difference(ledger, 2, 4).removed) == [Address("t", "b")]
    assert list(difference(ledger, 4, 2).added) == [Address("t", "b")]


def test_an_object_that_was_made_anew_differs_even_with_the_same_attributes(
    ledger: SqliteLedger, known: Make
) -> None:
    again = known("t.a", id_="another", v=1, token=Digest("02"), extra=None)
    ledger.record(results=[Committed("destroy-c", 2, again.address, again)])
    changed = difference(ledger, 4, 5).changed[again.address]
    assert changed.is_recreated
    assert changed.attributes == {}
