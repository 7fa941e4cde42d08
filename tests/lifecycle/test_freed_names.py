"""Names that one object gives up and another takes in the same plan: each has them when they are free."""

import pytest

from reconciler import codes
from reconciler.apply.outcome import Outcome
from reconciler.errors import Refused
from tests.lifecycle.lab import Lab


def things(**names: str) -> str:
    entries = "".join(f"    {address}: {{name: {name}}}\n" for address, name in names.items())
    return f"resources:\n  memory_thing:\n{entries}"


def ids(lab: Lab, kind: str = "memory_thing") -> dict[str, str]:
    return {found.attributes["name"]: found.id for found in lab.service.objects(kind)}


def holds_once_applied(lab: Lab, outcome: Outcome) -> None:
    assert outcome.is_complete, (outcome.failed, outcome.not_reached)
    assert not lab.plan().has_changes


def test_a_name_that_a_removed_object_had_is_taken_once_that_is_gone(lab: Lab) -> None:
    lab.apply(things(a="x", b="y"))
    before = ids(lab)
    holds_once_applied(lab, lab.apply(things(a="y")))
    assert ids(lab) == {"y": before["x"]}


def test_a_name_is_taken_from_a_removed_object_on_which_the_taker_depended(lab: Lab) -> None:
    lab.apply(
        'resources: {memory_thing: {a: {name: x, text: "${memory_thing.b.id}"}, b: {name: y}}}',
    )
    holds_once_applied(lab, lab.apply(things(a="y")))


def test_members_written_in_groups_take_the_names_of_removed_ones(lab: Lab) -> None:
    lab.apply("resources: {memory_member: {a: {name: x}, b: {name: y}, c: {name: z}}}")
    before = ids(lab, "memory_member")
    holds_once_applied(lab, lab.apply("resources: {memory_member: {a: {name: y}, c: {name: x}}}"))
    assert ids(lab, "memory_member") == {"y": before["x"], "x": before["z"]}


def test_a_name_that_a_replaced_object_had_is_taken_once_that_is_gone(lab: Lab) -> None:
    lab.apply("resources: {memory_thing: {a: {name: x}, b: {name: y, kind: plain}}}")
    before = ids(lab)
    holds_once_applied(
        lab, lab.apply("resources: {memory_thing: {a: {name: y}, b: {name: z, kind: fancy}}}", parallelism=1)
    )
    assert ids(lab)["y"] == before["x"]


def test_a_replaced_object_takes_the_name_that_another_leaves(lab: Lab) -> None:
    lab.apply("resources: {memory_thing: {a: {name: x, kind: plain}, b: {name: y}}}")
    holds_once_applied(lab, lab.apply("resources: {memory_thing: {a: {name: y, kind: fancy}}}"))
    assert lab.names() == ["y"]


def test_two_replaced_objects_exchange_their_names(lab: Lab) -> None:
    lab.apply("resources: {memory_thing: {a: {name: x, kind: plain}, b: {name: y, kind: plain}}}")
    holds_once_applied(
        lab,
        lab.apply("resources: {memory_thing: {a: {name: y, kind: fancy}, b: {name: x, kind: fancy}}}"),
    )
    assert lab.recorded("memory_thing.a")["name"] == "y"


@pytest.mark.parametrize("parallelism", [1, 4])
def test_a_chain_of_names_is_passed_on_from_its_end(lab: Lab, parallelism: int) -> None:
    lab.apply(things(a="x", b="y", c="z"))
    before = ids(lab)
    holds_once_applied(lab, lab.apply(things(a="y", b="z", c="w"), parallelism=parallelism))
    assert ids(lab) == {"y": before["x"], "z": before["y"], "w": before["z"]}


def test_a_chain_of_names_can_be_rolled_back(lab: Lab) -> None:
    lab.apply(things(a="x", b="y", c="z"))
    serial, before = lab.ledger.serial, ids(lab)
    lab.apply(things(a="y", b="z", c="w"))
    assert lab.rollback(serial).is_complete
    assert ids(lab) == before
    assert not lab.plan_for(lab.desired_at(serial)).has_changes


def test_what_is_new_takes_the_name_that_another_gives_up(lab: Lab) -> None:
    lab.apply(things(a="x"))
    before = ids(lab)
    holds_once_applied(lab, lab.apply(things(b="x", a="y")))
    assert ids(lab)["y"] == before["x"]
    assert lab.names() == ["x", "y"]


def test_what_is_new_waits_for_the_replaced_object_that_has_its_name(lab: Lab) -> None:
    lab.apply("resources: {memory_thing: {a: {name: x, kind: plain}}}")
    holds_once_applied(lab, lab.apply("resources: {memory_thing: {b: {name: x}, a: {name: y, kind: fancy}}}"))
    assert lab.names() == ["x", "y"]


def test_a_part_takes_the_name_of_another_in_a_thing_that_gets_another_name(lab: Lab) -> None:
    lab.apply("""
    resources:
      memory_thing: {p: {name: p}}
      memory_part:
        a: {thing: "${memory_thing.p.name}", name: x}
        b: {thing: "${memory_thing.p.name}", name: y}
    """)
    before = ids(lab, "memory_part")
    holds_once_applied(
        lab,
        lab.apply("""
        resources:
          memory_thing: {p: {name: q}}
          memory_part: {a: {thing: "${memory_thing.p.name}", name: y}}
        """),
    )
    assert ids(lab, "memory_part") == {"y": before["x"]}


def test_an_exchange_of_two_names_is_refused_with_the_whole_circle_and_a_way_out(lab: Lab) -> None:
    lab.apply(things(a="x", b="y"))
    calls = len(lab.service.calls)
    with pytest.raises(Refused) as refused:
        lab.plan(things(a="y", b="x"))
    (problem,) = refused.value.diagnostics
    assert problem.code == codes.NAMES_IN_A_CIRCLE
    assert problem.address == "memory_thing.a"
    assert problem.place is not None
    assert (problem.place.line, problem.place.source.strip()) == (4, "a: {name: y}")
    assert "memory_thing.a takes 'y' from memory_thing.b" in problem.summary
    assert "memory_thing.b takes 'x' from memory_thing.a" in problem.summary
    assert "give memory_thing.b another name that is free" in problem.advice
    assert {call.operation for call in lab.service.calls[calls:]} <= {"read", "find", "account"}


def test_the_way_out_of_an_exchange_leads_to_it(lab: Lab) -> None:
    lab.apply(things(a="x", b="y"))
    before, serial = ids(lab), lab.ledger.serial
    holds_once_applied(lab, lab.apply(things(a="x", b="free")))
    holds_once_applied(lab, lab.apply(things(a="y", b="x")))
    assert ids(lab) == {"y": before["x"], "x": before["y"]}
    with pytest.raises(Refused, match="cannot be given in one apply"):
        lab.plan_for(lab.desired_at(serial))


def test_every_circle_of_names_is_told(lab: Lab) -> None:
    lab.apply(things(a="1", b="2", c="3", d="4", e="5"))
    with pytest.raises(Refused) as refused:
        lab.plan(things(a="2", b="3", c="1", d="5", e="4"))
    assert [problem.address for problem in refused.value.diagnostics] == ["memory_thing.a", "memory_thing.d"]


def test_names_that_contradict_what_depends_on_what_are_refused(lab: Lab) -> None:
    lab.apply(things(a="x", b="y"))
    with pytest.raises(Refused) as refused:
        lab.plan('resources: {memory_thing: {a: {name: z, text: "${memory_thing.b.text}"}, b: {name: x}}}')
    (problem,) = refused.value.diagnostics
    assert problem.address == "memory_thing.b"
    assert "memory_thing.a depends on memory_thing.b" in problem.summary
    assert "memory_thing.b takes 'x' from memory_thing.a" in problem.summary


def test_a_name_that_something_outside_of_the_part_has_is_refused_in_its_plan(lab: Lab) -> None:
    lab.apply(things(a="x", b="y"))
    lab.write(things(a="y", b="z"))
    desired = lab.desired()
    only_a = {address for address in desired.resources if address.name == "a"}
    with pytest.raises(Refused, match=r"memory_thing\.b has an object of this name") as refused:
        lab.plan_part(desired, only_a)
    (problem,) = refused.value.diagnostics
    assert problem.advice == "name that too: --target 'memory_thing.b'"


@pytest.mark.parametrize("way", ["forget", "archive"])
def test_a_name_that_stays_in_the_service_is_refused_in_the_plan(lab: Lab, way: str) -> None:
    lab.apply(
        f"resources: {{memory_thing: {{a: {{name: x}}, b: {{name: y, lifecycle: {{on_destroy: {way}}}}}}}}}"
    )
    with pytest.raises(Refused, match=r"the object of memory_thing\.b keeps this name") as refused:
        lab.plan(things(a="y"))
    (problem,) = refused.value.diagnostics
    assert problem.code == codes.EXISTS_ALREADY


def test_names_that_only_the_service_will_tell_are_passed_over(lab: Lab) -> None:
    lab.apply(things(a="x", b="y"))
    plan = lab.plan(
        'resources: {memory_thing: {n: {name: n}, a: {name: "${memory_thing.n.id}"}, b: {name: y}}}'
    )
    assert not any(change.takes_from for change in plan)
