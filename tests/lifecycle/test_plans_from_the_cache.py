"""A service is down: plans rest on what it has last said, and say how old that is; nothing is lost by it."""

from datetime import timedelta
from pathlib import Path

import pytest

from reconciler.address import Address
from reconciler.errors import Forbidden, ProviderError, Refused, ServiceFailed, Unauthorized, Unreachable
from reconciler.operations import planning
from reconciler.operations.planning import Prospect
from reconciler.plan.action import Action
from reconciler.plan.desired import Desired
from tests.lifecycle.two_services import TwoServices, fails

DATA = """data:
  memory_thing:
    known: {name: a}
"""
STACK = f"""
resources:
  memory_thing:
    a: {{name: a, text: old}}
    b: {{name: b, provider: memory.second, text: "${{memory_thing.a.id}}"}}
{DATA}outputs:
  a: {{value: "${{memory_thing.a.id}}"}}
"""
A, B = Address.parse("memory_thing.a"), Address.parse("memory_thing.b")
CHANGED = STACK.replace("text: old", "text: new")


@pytest.fixture
def two(tmp_path: Path) -> TwoServices:
    found = TwoServices(tmp_path)
    found.apply(
        STACK.replace("data:", "datax:").replace("datax:\n  memory_thing:\n    known: {name: a}\n", "")
    )
    found.plan(STACK)
    found.later(2)
    return found


def actions(prospect: Prospect) -> dict[str, Action]:
    return {str(change.address): change.action for change in prospect.plan.visible}


def held(prospect: Prospect) -> dict[str, str]:
    return {str(found.address): found.reason for found in prospect.plan.held}


def test_while_the_service_answers_nothing_is_told_by_the_cache(two: TwoServices) -> None:
    prospect = two.plan(CHANGED)
    assert not prospect.plan.cached
    assert not prospect.fell_back
    assert prospect.plan.by_address[A].as_of is None


def test_a_plan_from_the_cache_marks_each_change_with_the_age_of_what_it_rests_on(two: TwoServices) -> None:
    fails(two.first)
    prospect = two.plan(CHANGED)
    assert actions(prospect) == {"memory_thing.a": Action.UPDATE}
    earlier = prospect.plan.by_address[A].as_of
    assert earlier is not None
    assert earlier.age == timedelta(hours=2).total_seconds()
    assert earlier.read_at == two.clock.now() - timedelta(hours=2)
    assert list(prospect.fell_back) == ["memory"]


def test_what_rests_on_a_value_of_a_cached_object_or_data_entry_is_marked_too(two: TwoServices) -> None:
    fails(two.first)
    of_object = two.plan(STACK.replace('${memory_thing.a.id}"}\ndata', '${memory_thing.a.url}"}\ndata'))
    assert of_object.plan.by_address[B].as_of is not None
    of_data = two.plan(
        STACK.replace('"${memory_thing.a.id}"}\ndata', '"${data.memory_thing.known.url}"}\ndata')
    )
    assert actions(of_data) == {"memory_thing.b": Action.UPDATE}
    assert of_data.plan.by_address[B].as_of is not None


def test_nothing_is_deleted_or_replaced_on_the_strength_of_a_cache(two: TwoServices) -> None:
    fails(two.first)
    replaced = two.plan(STACK.replace("text: old", "kind: fancy"))
    assert actions(replaced) == {}
    assert "nothing is replaced on the strength of the cache" in held(replaced)["memory_thing.a"]
    assert held(replaced)["memory_thing.b"] == "it waits for memory_thing.a"
    deleted = two.plan("resources: {}\n")
    assert "nothing is deleted on the strength of the cache" in held(deleted)["memory_thing.a"]
    assert actions(deleted) == {"memory_thing.b": Action.DELETE}


def test_apply_holds_back_what_the_cache_tells_and_goes_on_with_what_needs_its_values_alone(
    two: TwoServices,
) -> None:
    fails(two.first)
    more = CHANGED + '  b: {value: "${memory_thing.b.id}"}\n'
    more = more.replace(
        "resources:\n  memory_thing:\n",
        "resources:\n  memory_thing:\n"
        '    c: {name: c, provider: memory.second, text: "${data.memory_thing.known.id}"}\n',
    )
    applied = two.apply(more)
    assert [str(change.address) for change in applied.outcome.done] == ["memory_thing.c"]
    assert [str(found.address) for found in applied.verification.held] == ["memory_thing.a"]
    (c,) = [one for one in two.second.objects("memory_thing") if one.attributes["name"] == "c"]
    assert c.attributes["text"] == two.first.objects("memory_thing")[0].id
    assert two.first.objects("memory_thing")[0].attributes["text"] == "old"


def test_an_unchanged_cached_object_gives_its_values_to_what_is_new(two: TwoServices) -> None:
    fails(two.first)
    applied = two.apply(STACK.replace("name: b,", "name: b, size: 7,"))
    assert [str(change.address) for change in applied.outcome.done] == ["memory_thing.b"]
    assert not applied.verification.held


def test_a_run_records_nothing_that_the_cache_has_told(two: TwoServices) -> None:
    (there,) = two.first.objects("memory_thing")
    two.first.change("memory_thing", there.id, size=12)
    two.plan()
    fails(two.first)
    with two.work() as workspace:
        serial = workspace.ledger.serial
    two.apply()
    with two.work() as workspace:
        assert workspace.ledger.serial == serial


def test_what_is_in_no_cache_is_unknown_and_never_absent(two: TwoServices) -> None:
    two.apply(STACK.replace("    a: {", "    z: {name: z}\n    a: {"))
    with two.work() as workspace:
        (two.directory / ".reconciler" / "cache" / "lab.default.db").unlink()
        assert workspace.ledger.objects()
    fails(two.first)
    prospect = two.plan(CHANGED.replace("    a: {", "    new: {name: new}\n    a: {"))
    assert actions(prospect) == {}
    assert {str(found.address) for found in prospect.plan.unread} >= {"memory_thing.a", "memory_thing.new"}
    assert "memory_thing.new" in held(prospect)
    assert not prospect.plan.drift


def test_what_was_seen_absent_is_not_absent_once_the_service_is_down(two: TwoServices) -> None:
    more = STACK.replace("    a: {", "    new: {name: new}\n    a: {")
    assert actions(two.plan(more)) == {"memory_thing.new": Action.CREATE}
    fails(two.first)
    prospect = two.plan()
    assert actions(prospect) == {}
    assert "memory_thing.new" in held(prospect)


def test_what_is_too_old_is_not_used(two: TwoServices) -> None:
    fails(two.first)
    two.later(22)
    assert two.plan(CHANGED).plan.cached
    two.later(0.1)
    prospect = two.plan(CHANGED)
    assert not prospect.plan.cached
    assert "memory_thing.a" in held(prospect)


def test_a_provider_may_have_a_retention_of_its_own(two: TwoServices) -> None:
    fails(two.first)
    two.settings = "fallback: cached, cache_retention: 90m"
    assert not two.plan(CHANGED).plan.cached
    two.settings = "fallback: cached, cache_retention: 3h"
    assert two.plan(CHANGED).plan.cached
    two.settings = "fallback: cached, cache_retention: 1d"
    assert two.plan(CHANGED).plan.cached


def test_the_environment_goes_before_the_retention_of_the_yaml(two: TwoServices) -> None:
    fails(two.first)
    two.settings = "fallback: cached, cache_retention: 7d"
    two.environ["CACHED_DATA_RETENTION_HOURS"] = "1.5"
    assert not two.plan(CHANGED).plan.cached
    two.environ["CACHED_DATA_RETENTION_HOURS"] = "3"
    assert two.plan(CHANGED).plan.cached


@pytest.mark.parametrize("hours", ["0", "-1", "a day", "1e9"])
def test_a_retention_that_is_no_length_of_time_is_refused(two: TwoServices, hours: str) -> None:
    two.environ["CACHED_DATA_RETENTION_HOURS"] = hours
    with pytest.raises(Refused, match="CACHED_DATA_RETENTION_HOURS"):
        two.plan()


@pytest.mark.parametrize("name", ["INTEGRATION_FALLBACK_ENABLED", "OFFLINE_MODE_ENABLED"])
def test_with_the_fallback_switched_off_nothing_is_planned_from_the_cache(
    two: TwoServices, name: str
) -> None:
    fails(two.first)
    two.environ[name] = "false"
    prospect = two.plan(CHANGED)
    assert not prospect.plan.cached
    assert "memory_thing.a" in held(prospect)
    two.environ[name] = "true"
    assert two.plan().plan.cached


@pytest.mark.parametrize(("fallback", "is_used"), [("fail", False), ("cached", True), ("queue", True)])
def test_the_fallback_of_a_provider_decides(two: TwoServices, fallback: str, is_used: bool) -> None:
    fails(two.first)
    two.settings = f"fallback: {fallback}"
    assert bool(two.plan(CHANGED).plan.cached) is is_used


@pytest.mark.parametrize(
    ("error", "is_used"),
    [(Unreachable, True), (ServiceFailed, True), (Unauthorized, False), (Forbidden, False)],
)
def test_only_a_service_that_does_not_answer_is_stood_in_for(
    two: TwoServices, error: type[ProviderError], is_used: bool
) -> None:
    fails(two.first, error)
    assert bool(two.plan(CHANGED).plan.cached) is is_used


def test_when_no_service_answers_at_all_the_plan_is_from_the_cache_as_a_whole(two: TwoServices) -> None:
    two.after = ", fallback: cached"
    two.plan(STACK)
    two.later(1)
    fails(two.first)
    fails(two.second)
    prospect = two.plan(CHANGED.replace("name: b,", "name: b, size: 3,"))
    assert actions(prospect) == {"memory_thing.a": Action.UPDATE, "memory_thing.b": Action.UPDATE}
    assert {earlier.age for earlier in prospect.plan.cached.values()} == {3600.0}


def test_an_object_that_alone_cannot_be_read_is_told_by_the_cache_and_apply_leaves_it(
    two: TwoServices,
) -> None:
    (there,) = two.first.objects("memory_thing")
    two.first.fail("read", Unreachable, subject=there.id, times=None)
    more = CHANGED.replace("    a: {", "    c: {name: c}\n    a: {")
    assert list(two.plan(more).plan.cached) == [A]
    applied = two.apply()
    assert [str(change.address) for change in applied.outcome.done] == ["memory_thing.c"]
    (held_back,) = applied.verification.held
    assert held_back.address == A
    assert "could not be read" in held_back.reason


def test_after_the_outage_all_is_read_afresh_and_done(two: TwoServices) -> None:
    fails(two.first)
    two.apply(CHANGED)
    two.first.heal()
    prospect = two.plan()
    assert not prospect.plan.cached
    assert actions(prospect) == {"memory_thing.a": Action.UPDATE}
    two.apply()
    assert two.first.objects("memory_thing")[0].attributes["text"] == "new"
    assert not two.plan().plan.has_changes


def test_what_a_run_has_written_the_cache_knows_as_it_is_now(two: TwoServices) -> None:
    two.apply(CHANGED)
    fails(two.first)
    prospect = two.plan()
    assert A in prospect.plan.cached
    assert not prospect.plan.has_changes
    assert not prospect.plan.drift


def test_a_plan_that_is_done_as_a_whole_rests_on_no_cache(two: TwoServices) -> None:
    fails(two.first)
    with two.work() as workspace, pytest.raises(Refused):
        planning.make(workspace, Desired.of(workspace.stack), as_a_whole=True)


def test_drift_is_told_from_the_cache_and_says_how_old_it_is(two: TwoServices) -> None:
    (there,) = two.first.objects("memory_thing")
    two.first.change("memory_thing", there.id, text="by hand")
    two.plan()
    two.later(3)
    fails(two.first)
    report = two.drift()
    assert [(str(found.address), found.attributes) for found in report.changed] == [
        ("memory_thing.a", ("text",))
    ]
    assert report.changed[0].as_of is not None
    assert report.changed[0].as_of.age == 3 * 3600
    assert not report.unread
    assert [found.provider for found in report.unhealthy] == ["memory"]
