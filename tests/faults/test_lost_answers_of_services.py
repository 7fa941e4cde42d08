"""An answer lost on the way: the run looks what became of its call, and goes on."""

import random
from collections.abc import Callable

import pytest

from tests.faults.ground import Ground, Reference
from tests.faults.scale import LOST_ANSWERS
from tests.faults.scenarios import SCENARIOS, Scenario, recoveries
from tests.faults.trials import Trial, Verdict, carry_out
from tests.faults.victim import Fault


@pytest.mark.parametrize("seed", range(LOST_ANSWERS))
def test_a_call_without_an_answer_is_settled_within_the_run(
    ground: Ground, reference_of: Callable[[Scenario], Reference], verdict: Verdict, seed: int
) -> None:
    draw = random.Random(seed)
    scenario = draw.choice(list(SCENARIOS.values()))
    reference = reference_of(scenario)
    fault = Fault(
        draw.randrange(reference.calls["request"]), draw.choice(("before", "after")), "lost", kind="request"
    )
    carry_out(ground, Trial(scenario, recoveries(scenario)[0], fault), reference, verdict)
