"""A process killed at each boundary of each action: one command later all is as if nothing had happened."""

import random

import pytest

from tests.faults.ground import Ground
from tests.faults.scenarios import SCENARIOS, Scenario, recoveries
from tests.faults.trace import BOUNDARIES
from tests.faults.trials import Trial, Verdict, carry_out

SERVICES = ("slack", "notion", "github", "anykrowd")
ACTIONS = ("create", "update", "replace", "delete", "group", "rollback", "undo")

CASES = [
    pytest.param(
        SCENARIOS[action],
        boundary,
        "anykrowd" if action == "group" else SERVICES[(row + column) % len(SERVICES)],
        id=f"{action}-{boundary.replace(' ', '_')}",
    )
    for row, action in enumerate(ACTIONS)
    for column, boundary in enumerate(BOUNDARIES)
]


@pytest.mark.parametrize(("scenario", "boundary", "service"), CASES)
def test_a_kill_at_a_boundary_loses_and_doubles_nothing(
    ground: Ground, verdict: Verdict, scenario: Scenario, boundary: str, service: str
) -> None:
    draw = random.Random(f"{scenario.name} {boundary}")
    steps = ground.reference(scenario).steps
    faults = [step.faults(boundary) for step in steps if step.service == service]
    fault = draw.choice(draw.choice([each for each in faults if each]))
    trial = Trial(scenario, draw.choice(recoveries(scenario)), fault)
    assert carry_out(ground, trial, verdict) is None
