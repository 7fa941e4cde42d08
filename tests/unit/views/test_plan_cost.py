"""What a plan costs: calls and seconds."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from reconciler.address import Address
from reconciler.plan.action import Action
from reconciler.plan.change import Change, Plan
from reconciler.plan.cost import Cost, estimate
from reconciler.plan.world import Types
from reconciler.provider.facts import ResourceType
from reconciler.provider.limits import Limit
from reconciler.views.plan_summary import cost_parts, summary


class Facts:
    """Types with the calls that the tests want."""

    def __init__(self, **schemas: Mapping[str, object]) -> None:
        self._types = {name: ResourceType.from_schema(name, schema) for name, schema in schemas.items()}

    def type(self, name: str) -> ResourceType | None:
        return self._types.get(name)

    def data_type(self, name: str) -> ResourceType | None:
        return None


FACTS = Facts(
    github_repository={"x-calls": {"create": 3, "delete": 2, "archive": 1}},
    github_label={},
    anykrowd_staff={"x-batch": 10, "x-calls": {"create": 2}},
    reconciler_value={"x-calls": {"create": 0, "update": 0, "delete": 0}},
)


def step(name: str, action: Action, kind: str = "github_label", *, after: Change | None = None) -> Change:
    waits = () if after is None else (after.address,)
    return Change(Address(kind, name), action, kind.partition("_")[0], depends_on=waits)


def plan_of(*changes: Change) -> Plan:
    return Plan(changes, serial=0, lineage="", values={})


def calls(*changes: Change) -> Mapping[str, int]:
    return estimate(plan_of(*changes), FACTS, parallelism=10).calls


def test_a_step_costs_one_call_unless_its_type_says_otherwise() -> None:
    repository = step("a", Action.CREATE, "github_repository")
    assert calls(step("a", Action.CREATE), step("b", Action.UPDATE), repository) == {"github": 5}


def test_a_replacement_costs_a_deletion_and_a_creation() -> None:
    assert calls(step("a", Action.REPLACE, "github_repository")) == {"github": 5}


def test_another_way_to_remove_costs_what_that_way_costs() -> None:
    archived = replace(step("a", Action.DELETE, "github_repository"), how="archive")
    assert calls(archived) == {"github": 1}


def test_what_goes_with_its_parent_is_forgotten_or_taken_over_costs_nothing() -> None:
    parent = Address("github_repository", "a")
    gone = replace(step("a", Action.DELETE), goes_with=parent)
    replaced = replace(step("d", Action.REPLACE), goes_with=parent)
    taken = replace(step("b", Action.NO_OP), takes_over=True)
    assert calls(gone, taken, step("c", Action.FORGET)) == {}
    assert calls(replaced) == {"github": 1}


def test_writes_that_go_in_groups_count_once_a_group() -> None:
    staff = [step(f"s{index}", Action.CREATE, "anykrowd_staff") for index in range(21)]
    assert calls(*staff) == {"anykrowd": 6}


def test_a_provider_without_calls_is_not_named_and_takes_no_time() -> None:
    cost = estimate(plan_of(step("a", Action.CREATE, "reconciler_value")), FACTS, parallelism=10)
    assert (cost.calls, cost.total, cost.seconds) == ({}, 0, 0.0)


def test_a_type_that_nobody_knows_costs_one_call() -> None:
    assert calls(step("a", Action.DELETE, "slack_channel")) == {"slack": 1}


def test_independent_steps_take_as_long_as_their_calls_spread_over_the_threads() -> None:
    plan = plan_of(*(step(f"l{index}", Action.CREATE) for index in range(40)))
    cost = estimate(plan, FACTS, parallelism=10, latency={"github": 0.5})
    assert cost.seconds == pytest.approx(2.0)
    assert estimate(plan, FACTS, parallelism=0).seconds == pytest.approx(12.0)


def test_steps_that_wait_for_each_other_take_as_long_as_the_chain() -> None:
    first = step("a", Action.CREATE, "github_repository")
    second = step("b", Action.CREATE, after=first)
    third = step("c", Action.CREATE, after=second)
    assert estimate(plan_of(first, second, third), FACTS, parallelism=10).seconds == pytest.approx(1.5)


def test_what_stays_as_it_is_makes_nothing_wait() -> None:
    first = step("a", Action.CREATE)
    kept = step("b", Action.NO_OP, after=first)
    last = step("c", Action.CREATE, after=kept)
    assert estimate(plan_of(first, kept, last), FACTS, parallelism=10).seconds == pytest.approx(0.3)


def test_the_plan_of_the_samples_costs_what_it_says(plan: Plan, types: Types) -> None:
    assert estimate(plan, types, parallelism=10).calls == {"github": 12, "slack": 1}


CONTENT = Limit("content", 80, 60, "its documentation", "content-creating requests a minute", burst=10)
PACED = Facts(github_repository={"x-calls": {"create": 2}, "x-takes": {"create": {"content": 1}}})


def creating(count: int, limit: Limit = CONTENT) -> Cost:
    plan = plan_of(*(step(f"r{index}", Action.CREATE, "github_repository") for index in range(count)))
    return estimate(plan, PACED, parallelism=10, limits={"github": [limit]})


def test_two_hundred_repositories_take_as_long_as_the_limit_on_content_makes_them_and_the_plan_says_why() -> (
    None
):
    cost = creating(200)
    assert cost.seconds >= 150
    assert cost.seconds == pytest.approx(190 / 70 * 60)
    told = " · ".join(cost_parts(cost))
    assert (
        "github allows 80 content-creating requests a minute: the 200 of this plan take 2 min 43 s or more"
        in told
    )
    assert "about 2 min 43 s" in told


def test_a_limit_that_makes_nothing_slower_is_not_told() -> None:
    assert creating(10).pacing == ()


def test_where_a_limit_is_not_kept_the_plan_tells_it_and_does_not_reckon_with_it() -> None:
    cost = creating(200, replace(CONTENT, is_kept=False))
    assert cost.seconds == pytest.approx(400 * 0.3 / 10)
    assert "(not kept here): the 200 of this plan would take 2 min 43 s or more" in " · ".join(
        cost_parts(cost)
    )


def test_what_every_write_takes_counts_with_the_calls() -> None:
    limit = Limit("requests", 100, 3600, "its documentation", "requests an hour", each_write=1)
    (pacing,) = creating(60, limit).pacing
    assert (pacing.units, pacing.seconds) == (120, 3600)


def test_calls_that_reading_took_again_are_counted_whatever_the_plan_finds() -> None:
    found = replace(estimate(plan_of(), FACTS, parallelism=10), retries={"github": 2, "slack": 1})
    assert list(cost_parts(found))[-1] == "3 retries to find this out"
    assert summary(plan_of(), found).endswith(". 3 retries to find this out.")
