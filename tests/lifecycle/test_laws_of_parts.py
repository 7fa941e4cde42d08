"""Laws of plans for a part of a stack, over random stacks: it is done, and the rest is untouched."""

import tempfile
from collections.abc import Mapping
from pathlib import Path

from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from reconciler.address import Address
from reconciler.errors import Refused
from reconciler.plan.change import Plan
from reconciler.plan.desired import Desired
from reconciler.state.model import StateObject
from tests.faults_scale import scaled
from tests.lifecycle.lab import Lab
from tests.lifecycle.law_stacks import Stack, as_yaml, stacks


def apply(lab: Lab, stack: Stack) -> None:
    lab.write(as_yaml(stack))
    try:
        plan = lab.plan()
    except Refused:
        assume(False)
    assert lab.execute(plan).is_complete


def carry_out(lab: Lab, plan: Plan) -> None:
    """Nothing but what the plan names may change, in the state or in the service."""
    before, service = lab.ledger.objects(), living(lab)
    assert lab.execute(plan, command="rollback").is_complete
    after, only = lab.ledger.objects(), plan.only or {}
    assert {one: known for one, known in before.items() if one not in only} == {
        one: known for one, known in after.items() if one not in only
    }
    untouched = {known.id for one, known in before.items() if one not in only}
    assert {one: it for one, it in service.items() if one in untouched} == {
        one: it for one, it in living(lab).items() if one in untouched
    }
    owners = [(known.type, known.id) for known in after.values()]
    assert len(owners) == len(set(owners))
    assert {known.id for one, known in after.items() if one in only} <= living(lab).keys()
    lab.reopen()  # which looks whether anything depends on what is gone


def living(lab: Lab) -> Mapping[str, object]:
    kinds = ("memory_thing", "memory_part", "memory_member", "memory_note")
    return {found.id: found.attributes for kind in kinds for found in lab.service.objects(kind)}


def some(addresses: set[Address], choices: list[int]) -> list[Address]:
    ordered = sorted(addresses, key=str)
    return [ordered[choice % len(ordered)] for choice in choices]


def addresses_of(*states: Mapping[Address, StateObject]) -> set[Address]:
    return {address for state in states for address in state}


@settings(
    max_examples=scaled(40, 400),
    deadline=None,
    derandomize=True,
    phases=(Phase.generate,),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
@given(
    first=stacks,
    second=stacks,
    choices=st.lists(st.integers(0, 20), min_size=1, max_size=2),
    lost=st.integers(0, 8),
)
def test_a_part_is_taken_back_the_rest_is_untouched_and_all_can_follow(
    first: Stack, second: Stack, choices: list[int], lost: int
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        lab = Lab(Path(folder))
        lab.environ["TOKEN"] = "one"
        lab.service.put("memory_thing", name="outside", text="theirs")
        apply(lab, first)
        serial, then = lab.ledger.serial, lab.ledger.objects()
        apply(lab, second)
        latest = lab.ledger.objects()
        everything = addresses_of(then, latest)
        assume(everything)
        things = [known for known in latest.values() if known.type == "memory_thing"]
        if lost < len(things):
            lab.service.remove("memory_thing", things[lost].id)
        targets = some(everything, choices)
        plan = part_of(lab, lab.desired_at(serial), targets)
        carry_out(lab, plan)
        left = [target for target in targets if target in then or target in lab.ledger.objects()]
        if left:
            assert not part_of(lab, lab.desired_at(serial), left).has_changes
        assert lab.execute(allowed(lab, lab.desired_at(serial))).is_complete
        assert not lab.plan_for(lab.desired_at(serial)).has_changes
        lab.ledger.close()


def part_of(lab: Lab, desired: Desired, targets: list[Address]) -> Plan:
    try:
        return lab.plan_part(desired, targets)
    except Refused as refused:
        _rightly(refused)
        raise


def allowed(lab: Lab, desired: Desired) -> Plan:
    try:
        return lab.plan_for(desired)
    except Refused as refused:
        _rightly(refused)
        raise


def _rightly(refused: Refused) -> None:
    """What prevents deletions, or a name that something outside the part has by now, is no finding."""
    said = [problem.summary for problem in refused.diagnostics]
    assume(not any("prevent" in text or "an object of this name" in text for text in said))
