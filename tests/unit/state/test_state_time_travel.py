"""Whatever was recorded, the state at each serial is what a plain dictionary would say."""

import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.address import Address
from reconciler.clock import SystemClock
from reconciler.state.history import difference
from reconciler.state.model import Committed, Run, RunOutcome, StateObject
from reconciler.state.sqlite import SqliteLedger

ADDRESSES = [Address("t", "a"), Address("t", "b", "k"), Address("t", "c")]
WHEN = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Step:
    address: Address
    value: int | None
    """None: the object is gone."""


STEPS = st.builds(Step, st.sampled_from(ADDRESSES), st.none() | st.integers(0, 2))
RECORDS = st.lists(st.lists(STEPS, max_size=4), max_size=5)
OUTPUTS = st.none() | st.dictionaries(st.sampled_from("xy"), st.integers(0, 2))
RUNS = st.lists(st.tuples(RECORDS, OUTPUTS), max_size=4)


class Model:
    """The state at each serial, each kept whole."""

    def __init__(self) -> None:
        self.objects: list[dict[Address, StateObject]] = [{}]
        self.outputs: list[dict[str, Any]] = [{}]

    def commit(self, done: Committed) -> None:
        state = {**self.objects[-1]}
        state.pop(done.address, None)
        self.objects.append(state if done.after is None else {**state, done.address: done.after})
        self.outputs.append(self.outputs[-1])


def committed(run: str, steps: Iterable[Step]) -> list[Committed]:
    return [
        Committed(
            run,
            number,
            step.address,
            None
            if step.value is None
            else StateObject(step.address, "p", f"id-{step.value}", {"v": step.value}),
        )
        for number, step in enumerate(steps)
    ]


def play(ledger: SqliteLedger, history: list[tuple[list[list[Step]], dict[str, int] | None]]) -> Model:
    model = Model()
    for number, (records, outputs) in enumerate(history):
        run = f"run-{number}"
        ledger.begin(Run(run, "apply", WHEN, "ada@host", ledger.serial))
        for steps in records:
            results = committed(run, steps)
            reached = ledger.record(results=results)
            for result in results:
                model.commit(result)
            assert reached == len(model.objects) - 1
        ledger.end(run, RunOutcome.DONE, WHEN, outputs)
        if outputs is not None:
            model.outputs[-1] = outputs
    return model


@settings(max_examples=30, deadline=None)
@given(RUNS)
def test_every_serial_of_every_history_is_what_a_plain_model_says(history: Any) -> None:
    with tempfile.TemporaryDirectory() as directory:

        def opened(*, read_only: bool) -> SqliteLedger:
            return SqliteLedger.open(
                Path(directory) / "s.db",
                stack="s",
                environment="e",
                realm="real",
                clock=SystemClock(),
                read_only=read_only,
            )

        with opened(read_only=False) as ledger:
            model = play(ledger, history)
        with opened(read_only=True) as ledger:
            ledger.check()
            assert ledger.serial == len(model.objects) - 1
            for serial, objects in enumerate(model.objects):
                assert ledger.objects(serial) == objects
                assert ledger.outputs(serial) == model.outputs[serial]
            assert ledger.objects() == model.objects[-1]
            assert [made.serial for made in ledger.snapshots()] == list(range(1, ledger.serial + 1))
            found = difference(ledger, 0, ledger.serial)
            assert found.added == model.objects[-1]
            assert difference(ledger, ledger.serial, ledger.serial).is_empty
