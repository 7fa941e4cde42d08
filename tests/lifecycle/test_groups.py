"""Types whose writes go in groups: as few calls as possible, each member with its own answer."""

from reconciler.errors import Rejected
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
