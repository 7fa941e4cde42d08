"""A process killed at every boundary of every step: thirty resources made, changed and removed."""

import pytest

from tests.faults.ground import Ground
from tests.faults.scenarios import SCENARIOS, Scenario, recoveries
from tests.faults.trace import BOUNDARIES
from tests.faults.trials import Trial, Verdict, carry_out

CASES = [
    pytest.param(scenario, address, id=f"{scenario.name}-{address}")
    for scenario in SCENARIOS.values()
    for address in scenario.touched
]


@pytest.mark.parametrize(("scenario", "address"), CASES)
def test_a_kill_at_any_moment_of_a_step_loses_and_doubles_nothing(
    ground: Ground, verdict: Verdict, scenario: Scenario, address: str
) -> None:
    steps = [step for step in ground.reference(scenario).steps if step.address == address]
    assert steps
    for step in steps:
        for boundary in BOUNDARIES:
            for fault in step.faults(boundary):
                for recovery in recoveries(scenario):
                    assert carry_out(ground, Trial(scenario, recovery, fault), verdict) is None
