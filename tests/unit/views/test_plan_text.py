"""A plan as text."""

import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest

from reconciler.address import Address
from reconciler.errors import Call, ServiceFailed
from reconciler.plan.action import Action
from reconciler.plan.change import Change, Expectation, Plan, PlannedOutput, Unread
from reconciler.plan.cost import Cost
from reconciler.plan.world import Types
from reconciler.provider.objects import Quota
from reconciler.values import Sensitive, Unknown
from reconciler.views.color import colored
from reconciler.views.line import plain
from reconciler.views.plan_summary import duration, quota_text, summary
from reconciler.views.plan_text import plan_lines

Golden = Callable[[str, str], None]
DOCS = Address("github_repository", "docs")


def shown(plan: Plan, types: Types, **options: Any) -> str:
    return plain(plan_lines(plan, types, **options))


def update(before: Mapping[str, Any], after: Mapping[str, Any]) -> Plan:
    changed = frozenset(name for name in after if before.get(name) != after[name])
    change = Change(
        DOCS,
        Action.UPDATE,
        "github",
        before=before,
        after={**before, **after},
        planned=after,
        changed=changed,
    )
    return Plan((change,), serial=0, lineage="", values={})


@pytest.mark.parametrize("width", [80, 120])
def test_a_plan_shows_every_kind_of_change(
    plan: Plan, types: Types, cost: Cost, golden: Golden, width: int
) -> None:
    golden(f"views/plan_{width}.txt", shown(plan, types, cost=cost, width=width))


def test_in_colour_it_says_the_same(plan: Plan, types: Types, cost: Cost, golden: Golden) -> None:
    golden("views/plan_color.txt", colored(plan_lines(plan, types, cost=cost, width=80)))


def test_plain_text_needs_neither_rich_nor_deepdiff() -> None:
    program = (
        "import sys, reconciler.views.plan_text, reconciler.views.apply_text, reconciler.views.progress;"
        "print([name for name in ('rich', 'deepdiff', 'jsonschema') if name in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


def test_no_change_is_one_sentence(empty_plan: Plan, types: Types, cost: Cost) -> None:
    assert shown(empty_plan, types, cost=cost) == "No changes. Everything is as declared.\n"


def test_the_last_line_counts_and_tells_the_cost(plan: Plan) -> None:
    two = replace(plan, changes=plan.changes[:1] + plan.changes[-1:])
    cost = Cost({"github": 6, "slack": 3}, 4.2, {"github": Quota("GitHub", 4991, 5000, 1800.0)})
    assert summary(two, cost) == (
        "Plan: 1 to create, 0 to update, 1 to destroy · 9 API calls (github 6, slack 3) · about 4 s · "
        "4,991 of 5,000 GitHub calls left this hour"
    )
    assert summary(two, Cost()) == "Plan: 1 to create, 0 to update, 1 to destroy · no API calls"


def test_outputs_alone_are_changes_too(empty_plan: Plan, types: Types) -> None:
    output = PlannedOutput("url", "a", "b", False)
    text = shown(replace(empty_plan, outputs=(output,)), types)
    assert '  ~ url = "a" → "b"\n' in text
    assert text.endswith("Plan: 0 to create, 0 to update, 0 to destroy · 1 output to change\n")


def test_what_could_not_be_read_is_never_called_unchanged(empty_plan: Plan, types: Types) -> None:
    error = ServiceFailed("502 Bad Gateway", call=Call("github", "POST /graphql"))
    unread = Unread(Address("github_repository", "docs"), "github", error)
    expected = Expectation(Address("github_user", "me", is_data=True), "site_admin", True, False)
    text = shown(replace(empty_plan, unread=(unread,), failed_expectations=(expected,)), types)
    assert (
        "  ? github_repository.docs\n"
        "      github: 502 Bad Gateway (POST /graphql) [GH-SERVER-001]\n      → try again" in text
    )
    assert text.endswith("No changes planned, but 1 object could not be read and 1 expectation failed.\n")


def test_a_long_text_is_shown_as_the_lines_that_differ(types: Types, golden: Golden) -> None:
    lines = [f"line {number}" for number in range(30)]
    other = [*lines[:3], "a new line", *lines[3:20], "line twenty", *lines[21:]]
    plan = update({"description": "\n".join(lines)}, {"description": "\n".join(other)})
    golden("views/plan_long_text.txt", shown(plan, types))


def test_attributes_that_come_and_go_have_their_signs(types: Types) -> None:
    plan = update({"description": "old", "topics": None}, {"description": None, "topics": ["a"]})
    text = shown(plan, types)
    assert '      - description = "old"\n' in text
    assert '      + topics      = ["a"]\n' in text


def test_a_list_that_does_not_fit_has_an_item_a_line(types: Types) -> None:
    plan = update({"topics": None}, {"topics": ["a" * 30, {"of": "b" * 30, "and": [1]}, "c" * 30]})
    assert (
        "      + topics = [\n"
        f'          "{"a" * 30}"\n'
        f'          {{of: "{"b" * 30}", and: [1]}}\n'
        f'          "{"c" * 30}"\n'
        "        ]\n"
    ) in shown(plan, types, width=80)


def test_a_value_that_becomes_unknown_says_so(types: Types) -> None:
    text = shown(update({"description": "a"}, {"description": Unknown("x.id")}), types)
    assert '~ description = "a" → (known after apply)' in text


def test_of_a_mapping_with_a_secret_in_it_the_rest_is_shown(types: Types) -> None:
    before = {"settings": {"url": "a", "token": Sensitive("hidden-1")}}
    text = shown(update(before, {"settings": {"url": "b", "token": Sensitive("hidden-2")}}), types)
    assert '~ url   = "a" → "b"' in text
    assert "~ token = (sensitive) → (sensitive, another value)" in text
    assert "hidden-" not in text
    text = shown(update(before, {"settings": {"url": "a", "token": Sensitive("hidden-2")}}), types)
    assert "~ token = (sensitive) → (sensitive, another value)\n            # 1 unchanged hidden\n" in text
    assert "hidden-" not in text


def test_nothing_secret_is_shown_anywhere(plan: Plan, types: Types) -> None:
    assert "not-to-be-seen" not in shown(plan, types)
    secret = next(change for change in plan if change.address.name == "slack")
    careless = replace(secret, after={**secret.after, "value": "not-to-be-seen"})
    assert "not-to-be-seen" not in shown(replace(plan, changes=(careless,)), types)


def test_a_service_cannot_move_the_cursor_or_start_a_new_line(types: Types) -> None:
    nasty = "\x1b[1A\r\nPlan: 0 to create"
    plan = update({"description": "a", nasty: 1}, {"description": f"b{nasty}", nasty: {nasty: nasty}})
    reasoned = replace(plan.changes[0], reason=nasty, irreversible=nasty)
    text = shown(replace(plan, changes=(reasoned,)), types)
    assert "\x1b" not in text
    assert "\r" not in text
    assert [row for row in text.split("\n") if row.startswith("Plan: 0 to create, 1 to update")]
    assert sum(row.startswith("Plan:") for row in text.split("\n")) == 1


def test_a_type_that_no_provider_has_any_more_is_shown_all_the_same(types: Types) -> None:
    gone = Change(
        Address("acme_thing", "a"), Action.DELETE, "acme", before={"name": "x", "empty": None}, how="retire"
    )
    text = shown(Plan((gone,), serial=0, lineage="", values={}), types)
    assert "# acme_thing.a will be removed (retire)" in text
    assert '- name = "x"' in text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.0, "0.1 s"),
        (0.44, "0.4 s"),
        (0.96, "1 s"),
        (59.4, "59 s"),
        (60.0, "1 min"),
        (130.0, "2 min 10 s"),
        (1234.0, "20 min"),
        (3600.0, "1 h"),
        (7500.0, "2 h 5 min"),
    ],
)
def test_durations_are_as_exact_as_anybody_wants(seconds: float, text: str) -> None:
    assert duration(seconds) == text


@pytest.mark.parametrize(
    ("resets_in", "period"), [(30.0, "this minute"), (3600.0, "this hour"), (86400.0, "for the next 24 h")]
)
def test_a_quota_says_until_when(resets_in: float, period: str) -> None:
    assert quota_text(Quota("Slack", 3, 50, resets_in)) == f"3 of 50 Slack calls left {period}"
