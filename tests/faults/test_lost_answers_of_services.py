"""An answer lost on the way: the run looks what became of its call, and goes on."""

import random

import pytest

from tests.faults.ground import Ground
from tests.faults.scenarios import SCENARIOS, recoveries
from tests.faults.trials import Trial, Verdict, carry_out
from tests.faults.victim import Fault
from tests.faults_scale import scaled


@pytest.mark.parametrize("seed", range(scaled(8, 100)))
def test_a_call_without_an_answer_is_settled_within_the_run(
    ground: Ground, verdict: Verdict, seed: int
) -> None:
    draw = random.Random(seed)
    scenario = draw.choice(list(SCENARIOS.values()))
    number = draw.randrange(ground.reference(scenario).calls["request"])
    fault = Fault(number, draw.choice(("before", "after")), "lost", scenario.phase, "request")
    assert carry_out(ground, Trial(scenario, recoveries(scenario)[0], fault), verdict) is None
