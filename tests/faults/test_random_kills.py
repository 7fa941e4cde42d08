"""Kills at random moments: one after the other or side by side, and sometimes once more while mending."""

import random
from dataclasses import replace

import pytest

from tests.faults.ground import Ground
from tests.faults.scenarios import SCENARIOS, recoveries
from tests.faults.trials import Trial, Verdict, carry_out
from tests.faults.victim import Fault, Kind, Moment, Phase
from tests.faults_scale import scaled

MOMENTS: dict[Kind, tuple[Moment, ...]] = {
    "request": ("before", "sent", "after"),
    "record": ("before", "after"),
    "end": ("before", "after"),
}
FIRST = Fault(0, "after", phase="planning", kind="request")
"""The first answer that a command gets: one that every command waits for."""

ONCE_MORE = 0.25
"""How often the command that mends is killed too."""


FEWER = 3
"""How many times fewer calls are left once the first kill has come, so that the second comes too."""


@pytest.mark.parametrize("seed", range(scaled(40, 200)))
def test_a_kill_at_a_random_moment_loses_and_doubles_nothing(
    ground: Ground, verdict: Verdict, seed: int
) -> None:
    draw = random.Random(seed)
    scenario = draw.choice(list(SCENARIOS.values()))
    calls = ground.reference(scenario).calls

    def fault(phase: Phase, fewer: int = 1) -> Fault:
        kind = draw.choice(list(MOMENTS))
        return Fault(
            draw.randrange(max(calls[kind] // fewer, 1)), draw.choice(MOMENTS[kind]), phase=phase, kind=kind
        )

    trial = Trial(
        scenario,
        draw.choice(recoveries(scenario)),
        fault(scenario.phase),
        parallelism=draw.choice((1, 10)),
        again=fault(draw.choice(("planning", "run")), FEWER) if draw.random() < ONCE_MORE else None,
    )
    while (missed := carry_out(ground, trial, verdict)) is not None:
        # Side by side, more steps share an entry in the journal, so that there are fewer of them; and there
        # may be nothing left to do.
        if missed is trial.fault:
            assert missed.number
            trial = replace(trial, fault=replace(missed, number=missed.number // 2))
        elif missed.number:
            trial = replace(trial, again=replace(missed, number=missed.number // 2))
        else:
            assert missed != FIRST
            trial = replace(trial, again=FIRST)
