"""A killed apply, and files that are changed before anybody mends it: what they say by then holds."""

import random

import pytest

from tests.faults.ground import Ground
from tests.faults.scenarios import EDITED, SCENARIOS, Scenario, edits
from tests.faults.trace import BOUNDARIES
from tests.faults.trials import Trial, Verdict, carry_out
from tests.faults_scale import ALL

EDITS = ("back", "onwards", "removed", "renamed")
SERVICES = ("slack", "notion", "github", "anykrowd")
SCENARIOS_OF_EDITS = {"back": "update", "onwards": "create", "removed": "group", "renamed": "replace"}
"""What the edits follow on in an ordinary run of the tests."""

CASES = [
    pytest.param(SCENARIOS[name], edit, boundary, id=f"{name}-{edit}-{boundary.replace(' ', '_')}")
    for edit in EDITS
    for name in (EDITED if ALL else (SCENARIOS_OF_EDITS[edit],))
    for boundary in (BOUNDARIES if ALL else ("call made",))
]


@pytest.mark.parametrize(("scenario", "edit", "boundary"), CASES)
def test_files_changed_after_a_kill_are_what_holds(
    ground: Ground, verdict: Verdict, scenario: Scenario, edit: str, boundary: str
) -> None:
    draw = random.Random(f"{scenario.name} {edit} {boundary}")
    recovery = next(each for each in edits(scenario) if each.name.endswith(edit))
    steps = ground.reference(scenario).steps
    for service in SERVICES if ALL else (draw.choice(sorted({step.service for step in steps})),):
        faults = [each for step in steps if step.service == service and (each := step.faults(boundary))]
        if faults:
            trial = Trial(scenario, recovery, draw.choice(draw.choice(faults)))
            assert carry_out(ground, trial, verdict) is None
