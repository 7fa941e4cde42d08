"""A plan for a pull request."""

from collections.abc import Callable
from dataclasses import replace

from reconciler.plan.change import Plan
from reconciler.plan.cost import Cost
from reconciler.plan.world import Types
from reconciler.views.plan_markdown import plan_markdown

Golden = Callable[[str, str], None]


def test_a_plan_has_a_table_warnings_and_folded_details(
    plan: Plan, types: Types, cost: Cost, golden: Golden
) -> None:
    golden("views/plan.md", plan_markdown(plan, types, cost=cost, title="testx in dev"))


def test_a_plan_without_changes_is_one_sentence(empty_plan: Plan, types: Types) -> None:
    assert plan_markdown(empty_plan, types) == "## Plan\n\n**No changes. Everything is as declared.**\n"


def test_values_can_neither_mention_people_nor_break_out_of_their_block(plan: Plan, types: Types) -> None:
    nasty = "````\n</details><img src=x> @everyone | **bold**"
    first = replace(
        plan.changes[0],
        after={"description": nasty},
        planned={"description": nasty},
        reason="<b>@everyone</b> | https://evil.example `x`",
    )
    text = plan_markdown(replace(plan, changes=(first,), drift=(), outputs=()), types)
    table = text.partition("<details>")[0]
    assert "@" not in table
    assert "<b>" not in table
    assert "https://" not in table
    fence = text.partition("</summary>\n\n")[2].partition("diff\n")[0]
    assert fence == "`````"
    assert text.count(fence) == 2


def test_what_is_too_long_for_a_comment_is_left_out_and_said(plan: Plan, types: Types) -> None:
    text = plan_markdown(plan, types, longest=4000)
    assert len(text) < 4500
    assert "too long for a comment" in text
    assert "| resource |" in text


def test_a_long_table_says_how_many_more_there_are(plan: Plan, types: Types) -> None:
    text = plan_markdown(replace(plan, changes=(plan.changes[0],) * 60), types)
    assert "and 10 more" in text
