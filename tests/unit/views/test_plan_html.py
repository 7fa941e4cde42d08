"""A plan as a page."""

from collections.abc import Callable

from reconciler.plan.change import Plan
from reconciler.plan.cost import Cost
from reconciler.plan.world import Types
from reconciler.views.plan_html import plan_html

Golden = Callable[[str, str], None]


def test_a_page_has_a_table_warnings_and_folded_details(
    plan: Plan, types: Types, cost: Cost, golden: Golden
) -> None:
    golden("views/plan.html", plan_html(plan, types, cost=cost, title="testx in dev"))
