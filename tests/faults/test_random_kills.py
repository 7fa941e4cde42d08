"""Kills at random moments: one after the other or side by side, and sometimes once more while mending."""

import random
from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.faults.ground import Ground, Reference
from tests.faults.scale import RANDOM_KILLS
from tests.faults.scenarios import SCENARIOS, Scenario, recoveries
from tests.faults.trials import Trial, Verdict, carry_out
from tests.faults.victim import Fault, Kind, Moment, Phase

MOMENTS: dict[Kind, tuple[Moment, ...]] = {
    "request": ("before", "sent", "after"),
    "record": ("before", "after"),
}
ONCE_MORE = 0.25
"""How often the command that mends is killed too."""


@pytest.mark.parametrize("seed", range(RANDOM_KILLS))
def test_a_kill_at_a_random_moment_loses_and_doubles_nothing(
    ground: Ground, reference_of: Callable[[Scenario], Reference], verdict: Verdict, seed: int
) -> None:
    draw = random.Random(seed)
    scenario = draw.choice(list(SCENARIOS.values()))
    reference = reference_of(scenario)

    def fault(phase: Phase) -> Fault:
        kind = draw.choice(list(MOMENTS))
        return Fault(
            draw.randrange(reference.calls[kind]), draw.choice(MOMENTS[kind]), phase=phase, kind=kind
        )

    trial = Trial(
        scenario,
        draw.choice(recoveries(scenario)),
        fault("run"),
        parallelism=draw.choice((1, 10)),
        again=fault(draw.choice(("planning", "run"))) if draw.random() < ONCE_MORE else None,
    )
    while not carry_out(ground, trial, reference, verdict):
        # Side by side, more steps share an entry in the journal, so that there are fewer of them.
        trial = replace(trial, fault=replace(trial.fault, number=trial.fault.number // 2))
