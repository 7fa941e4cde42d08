"""An update of several calls, cut off between them: the half that was not made is made by the next."""

import pytest

from tests.faults.ground import Ground
from tests.faults.scenarios import SCENARIOS, recoveries
from tests.faults.trials import Trial, Verdict, carry_out
from tests.faults.victim import Fate, Fault

UPDATE = SCENARIOS["update"]


@pytest.mark.parametrize("fate", ["killed", "lost"])
def test_content_that_was_not_written_any_more_is_written_by_the_next(
    ground: Ground, verdict: Verdict, fate: Fate
) -> None:
    page = next(step for step in ground.reference(UPDATE).steps if step.address == "notion_page.testx")
    title = next(fault for fault in page.faults("call made"))
    fault = Fault(title.number, "after", fate, UPDATE.phase, title.kind)
    assert carry_out(ground, Trial(UPDATE, recoveries(UPDATE)[0], fault), verdict) is None
