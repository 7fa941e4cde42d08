"""A soak: ``watch --heal`` for a long time, while services fail and people do what they like."""

import gc
import random
import sys
import threading
from collections import Counter
from pathlib import Path

from reconciler.health.watch_events import Hindered, Left, Ran, Waits
from reconciler.health.watching import Transition
from reconciler.operations.drift import find_drift
from reconciler.operations.patience import LONGEST
from reconciler.operations.watching import Habits, Watch
from reconciler.operations.workspace import opened
from reconciler.state.model import RunOutcome
from reconciler.views.progress import Silence
from tests.faults.soak_world import World
from tests.faults_scale import scaled

CYCLES = scaled(240, 10_000)
QUIET = scaled(60, 3 * LONGEST + 12)
"""Rounds in peace at the end, of which every third looks for drift: the longest break that a contested object
is given is over by then."""

GROWTH = 20_000
"""Blocks of memory that may be in use at the end beyond those of the first third: caches, not a leak, which
would take at least one a cycle, and many more for most."""


def test_after_thousands_of_cycles_all_is_as_the_state_says_and_nothing_else_was_ever_written(
    tmp_path: Path,
) -> None:
    world, stop = World(tmp_path, seed=6), threading.Event()
    blocks: list[int] = []
    cycles = 0

    def meanwhile() -> None:
        nonlocal cycles
        cycles += 1
        if cycles <= CYCLES:
            world.something_happens()
        elif cycles == CYCLES + 1:
            world.quiet()
        elif cycles > CYCLES + QUIET:
            stop.set()
        if cycles in (CYCLES // 3, CYCLES):
            gc.collect()
            blocks.append(sys.getallocatedblocks())

    world.clock.meanwhile = meanwhile
    watch = Watch(world.setting, Habits(heals=True), stop=stop, progress=Silence(), random=random.Random(6))
    told: Counter[type] = Counter()
    for event in watch.events():
        told[type(event)] += 1

    assert world.blame.unexplained == []
    assert all(told[kind] for kind in (Transition, Ran, Left, Hindered, Waits)), told
    with opened(world.setting) as workspace:
        report = find_drift(workspace)
        assert not report.has_drift, report
        runs = [run for run in workspace.ledger.runs() if run.command == "watch"]
        steps = [step for step in workspace.ledger.snapshots() if step.action in ("create", "update")]
    assert len(runs) == told[Ran] > CYCLES / 50
    assert all(run.outcome in (RunOutcome.DONE, RunOutcome.FAILED) for run in runs)
    why = {run.id: run.why for run in runs}
    assert all(str(step.address) in why[step.run] for step in steps if step.run in why)
    first, last = blocks
    assert last - first < GROWTH, blocks
