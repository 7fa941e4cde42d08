"""A plan as text."""

from collections.abc import Callable

import pytest

from reconciler.plan.change import Plan
from reconciler.plan.cost import Cost
from reconciler.plan.world import Types
from reconciler.views.line import plain
from reconciler.views.plan_text import plan_lines

Golden = Callable[[str, str], None]


@pytest.mark.parametrize("width", [80, 120])
def test_a_plan_shows_every_kind_of_change(
    plan: Plan, types: Types, cost: Cost, golden: Golden, width: int
) -> None:
    golden(f"views/plan_{width}.txt", plain(plan_lines(plan, types, cost=cost, width=width)))
