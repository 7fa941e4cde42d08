"""A plan for a pull request."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from reconciler.address import Address
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
    assert len(text) <= 4000
    assert "too long for a comment" in text
    assert "| resource |" in text


def flooded(plan: Plan, which: str, count: int) -> Plan:
    one = next(change for change in plan if str(change.address) == which)
    many = (replace(one, address=Address(one.address.type, f"number_{at}")) for at in range(count))
    return replace(plan, changes=(*many, *plan.changes))


@pytest.mark.parametrize(
    "which", ["github_repository.docs", "github_issue_label.epic", "github_repository.old"]
)
def test_a_plan_of_any_size_fits_into_a_comment_with_the_summary_first(
    plan: Plan, types: Types, which: str
) -> None:
    text = plan_markdown(flooded(plan, which, 800), types)
    assert len(text) <= 60_000
    assert text.index("**Plan: ") < text.index("| resource |") < text.index("<details>")
    assert text.count("<details>") == text.count("</details>") > 0
    assert text.count("```diff") == text.count("<details>")


def test_a_flood_of_harmless_changes_hides_no_dangerous_one(plan: Plan, types: Types) -> None:
    text = plan_markdown(flooded(plan, "github_repository.docs", 800), types)
    for header in (
        "# github_issue_label.epic must be replaced",
        "# github_issue_label.old_bug will be destroyed",
        "# github_repository.old will be destroyed",
        "# slack_channel.results will be archived",
    ):
        assert header in text


def test_how_many_are_left_out_is_said(plan: Plan, types: Types) -> None:
    text = plan_markdown(flooded(plan, "github_repository.old", 800), types)
    shown = text.count("will be destroyed\n  (it is declared no more)")
    told = re.search(r"\*\*([\d,]+) more left out\*\*", text)
    assert told is not None
    # with the three that the plan had before, and the one that is replaced
    assert shown + int(told[1].replace(",", "")) == 800 + 4
    in_table = text.count("\n| <code>")
    assert in_table > 50
    assert f"| | and {800 + 13 - in_table:,} more: `reconciler plan` shows all" in text


def test_a_long_table_says_how_many_more_there_are(plan: Plan, types: Types) -> None:
    text = plan_markdown(replace(plan, changes=(plan.changes[0],) * 60), types)
    assert "and 10 more" in text
