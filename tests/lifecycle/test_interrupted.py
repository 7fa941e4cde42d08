"""A run that is cut off, by a signal, a full disk or a broken provider: the next one loses nothing."""

from collections.abc import Sequence
from typing import Any

import pytest

from reconciler.errors import Call, NotSent, StateError
from reconciler.state.model import Committed, Failed, Intent, RunOutcome
from reconciler.state.sqlite import SqliteLedger
from reconciler.testing.failures import MemoryCall
from tests.lifecycle.lab import Lab

CHAIN = """
resources:
  memory_thing:
    a: {name: a}
    b: {name: b, text: "${memory_thing.a.id}"}
    c: {name: c, text: "${memory_thing.b.id}"}
"""
FAMILY = """
resources:
  memory_thing:
    a: {name: a, kind: plain, with_default_part: true}
  memory_part:
    d: {thing: "${memory_thing.a.name}", name: default}
    p: {thing: a, name: p}
"""


def interrupt(operation: str) -> Any:
    def hook(call: MemoryCall) -> None:
        if call.operation == operation:
            raise KeyboardInterrupt

    return hook


def check_that_the_next_run_completes(lab: Lab) -> None:
    lab.service.on_call = lab.service.on_answer = None
    lab.reopen()
    assert lab.apply().is_complete
    assert not lab.plan().has_changes
    assert lab.ledger.open_intents() == []


@pytest.mark.parametrize("moment", ["on_call", "on_answer"])
@pytest.mark.parametrize("operation", ["create", "delete"])
def test_a_replacement_may_be_cut_off_before_and_after_each_of_its_calls(
    lab: Lab, operation: str, moment: str
) -> None:
    lab.apply(FAMILY)
    lab.write(FAMILY.replace("plain", "fancy"))
    setattr(lab.service, moment, interrupt(operation))
    with pytest.raises(KeyboardInterrupt):
        lab.apply()
    check_that_the_next_run_completes(lab)
    assert lab.names() == ["a"]
    assert lab.names("memory_part") == ["default", "p"]


def test_a_disk_that_fills_up_between_two_steps_leaves_no_orphan(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    record, times = SqliteLedger.record, iter(range(9))

    def full(
        ledger: SqliteLedger, intents: Sequence[Intent] = (), results: Sequence[Committed | Failed] = ()
    ) -> int:
        if next(times) == 2:
            raise StateError("the disk is full")
        return record(ledger, intents, results)

    monkeypatch.setattr(SqliteLedger, "record", full)
    with pytest.raises(StateError):
        lab.apply(CHAIN)
    monkeypatch.undo()
    check_that_the_next_run_completes(lab)
    assert lab.names() == ["a", "b", "c"]


def test_a_provider_that_answers_for_fewer_writes_than_it_was_given_is_found_out(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    provider: Any = lab.providers["memory"]
    write_many = provider.write_many
    monkeypatch.setattr(provider, "write_many", lambda writes: write_many(writes)[:-1])
    with pytest.raises(ValueError, match="shorter"):
        lab.apply("resources: {memory_member: {k: {name: k}, l: {name: l}}}")
    monkeypatch.undo()
    check_that_the_next_run_completes(lab)
    assert lab.names("memory_member") == ["k", "l"]


def test_a_step_that_waits_for_its_turn_when_the_run_is_stopped_counts_as_not_begun(lab: Lab) -> None:
    def stop(call: MemoryCall) -> None:
        if call.operation == "create":
            lab.stop.set()
            raise NotSent("asked to stop", call=Call("memory", "create"))

    lab.service.on_call = stop
    outcome = lab.apply(CHAIN)
    assert outcome.outcome is RunOutcome.INTERRUPTED
    assert not outcome.failed
    assert [str(found.change.address) for found in outcome.not_reached] == [
        "memory_thing.a",
        "memory_thing.b",
        "memory_thing.c",
    ]
    assert lab.ledger.open_intents() == []
    lab.stop.clear()
    check_that_the_next_run_completes(lab)
