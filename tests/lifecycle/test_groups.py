"""Types whose writes go in groups: as few calls as possible, each member with its own answer."""

from reconciler.errors import Rejected
from reconciler.testing.failures import MemoryCall
from tests.lifecycle.lab import Lab


def members(count: int, role: str = "reader") -> str:
    lines = [f"    m{number}: {{name: m{number}, role: {role}}}" for number in range(count)]
    return "\n".join(["resources:", "  memory_thing:", "    a: {name: a}", "  memory_member:", *lines, ""])


def test_all_members_of_a_plan_are_written_in_one_call(lab: Lab) -> None:
    lab.apply(members(20))
    assert lab.service.count("write_many") == 1
    assert len(lab.names("memory_member")) == 20
    assert not lab.plan().has_changes


def test_more_than_a_group_holds_take_more_calls(lab: Lab) -> None:
    lab.apply(members(120))
    assert lab.service.count("write_many") == 3
    lab.apply(members(120, "writer"))
    assert lab.service.count("write_many") == 6
    assert not lab.plan().has_changes
    lab.destroy()
    assert lab.service.count("write_many") == 9
    assert lab.names("memory_member") == []


def test_a_group_that_fails_fails_each_of_its_members(lab: Lab) -> None:
    lab.service.fail("write_many", Rejected)
    outcome = lab.apply(members(3))
    assert len(outcome.failed) == 3
    lab.service.heal()
    assert lab.apply().is_complete


def test_a_group_counts_as_one_call_among_those_that_run_side_by_side(lab: Lab) -> None:
    under_way, most = [0], [0]

    def begins(call: MemoryCall) -> None:
        under_way[0] += 1
        most[0] = max(most[0], under_way[0])

    def ends(call: MemoryCall) -> None:
        under_way[0] -= 1

    plan = lab.plan("""
    resources:
      memory_member: {k: {name: k}, l: {name: l}, m: {name: m}}
      memory_thing: {a: {name: a}, b: {name: b}}
    """)
    lab.service.on_call, lab.service.on_answer = begins, ends
    assert lab.execute(plan, parallelism=1).is_complete
    assert most == [1]
    assert lab.service.count("write_many") == 1
