"""The order of steps: what was there before and what is wanted may contradict each other, never deadlock."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.address import Address
from reconciler.apply.steps import steps_of
from reconciler.graph import find_circle
from reconciler.plan.action import Action
from reconciler.plan.change import Change, Plan
from reconciler.plan.cost import estimate
from reconciler.state.model import StateObject
from tests.lifecycle.lab import Lab

FAMILY = """
resources:
  memory_thing: {p: {name: p}}
  memory_part: {c: {thing: "${memory_thing.p.name}", name: c}}
"""


def finished(lab: Lab) -> list[str]:
    return [address for event, address in lab.watcher.events if event == "finished"]


def test_a_reference_that_moves_past_a_removed_object_to_a_replaced_one_is_no_deadlock(lab: Lab) -> None:
    lab.apply("""
    resources:
      memory_thing:
        a: {name: a, text: "${memory_thing.b.id}"}
        b: {name: b, text: "${memory_thing.c.id}"}
        c: {name: c, kind: plain}
    """)
    outcome = lab.apply("""
    resources:
      memory_thing:
        a: {name: a, text: "${memory_thing.c.id}"}
        c: {name: c, kind: fancy}
    """)
    assert outcome.is_complete
    assert not lab.plan().has_changes


def test_a_part_that_depends_on_what_depends_on_its_parent_is_no_deadlock(lab: Lab) -> None:
    lab.apply("""
    resources:
      memory_thing:
        p: {name: p}
      memory_note:
        n: {title: "${memory_thing.p.id}"}
      memory_part:
        c: {thing: p, name: c, text: "${memory_note.n.id}"}
    """)
    lab.watcher.events.clear()
    assert lab.destroy().is_complete
    assert lab.ledger.objects() == {}
    order = finished(lab)
    assert order.index("memory_note.n") < order.index("memory_thing.p")


def test_a_part_is_removed_before_its_parent_gets_another_name(lab: Lab) -> None:
    lab.apply(FAMILY)
    lab.watcher.events.clear()
    lab.apply("resources: {memory_thing: {p: {name: q}}}", parallelism=1)
    assert finished(lab) == ["memory_part.c", "memory_thing.p"]


def test_what_depends_on_something_that_goes_along_is_removed_before_what_takes_that_along(lab: Lab) -> None:
    lab.apply("""
    resources:
      memory_thing: {p: {name: p}}
      memory_part: {c: {thing: p, name: c}}
      memory_note: {n: {title: "${memory_part.c.id}"}}
    """)
    plan = lab.plan("resources: {}")
    steps, waits = steps_of(plan)
    number = {str(step.change.address): step.number for step in steps}
    assert str(plan.by_address[steps[number["memory_part.c"]].change.address].goes_with) == "memory_thing.p"
    assert number["memory_note.n"] in waits[number["memory_thing.p"]]


def test_a_chain_of_thousands_is_no_deep_recursion(lab: Lab) -> None:
    lines = [f'    v{n}: {{input: "${{reconciler_value.v{n - 1}.id}}"}}' for n in range(1, 3000)]
    plan = lab.plan("\n".join(["resources:", "  reconciler_value:", "    v0: {input: 0}", *lines]))
    steps, waits = steps_of(plan)
    assert [len(waits[step.number]) for step in steps] == [0, *[1] * 2999]
    assert find_circle(waits) is None
    assert estimate(plan, lab.registry, parallelism=10).total == 0


def test_thousands_that_take_the_names_of_what_they_depended_on_contradict_nothing() -> None:
    changes = []
    for number in range(2000):
        old, new = Address("memory_thing", f"old{number}"), Address("memory_thing", f"new{number}")
        recorded = StateObject(new, "memory", str(number), {}, depends_on=(old,))
        changes.append(Change(new, Action.UPDATE, "memory", recorded=recorded, takes_from=old))
        changes.append(Change(old, Action.DELETE, "memory"))
    steps, waits = steps_of(Plan(tuple(changes), 0, "", {}))
    for step in steps:
        assert waits[step.number] == (set() if step.is_removal else {step.number + 1})


NUMBERS = range(7)
GRAPH = st.lists(st.tuples(st.sampled_from(NUMBERS), st.sampled_from(NUMBERS)), max_size=16)


def at(number: int) -> Address:
    return Address("memory_thing", f"n{number}")


@settings(max_examples=300, deadline=None, derandomize=True)
@given(
    actions=st.lists(st.sampled_from(Action), min_size=7, max_size=7),
    old=GRAPH,
    new=GRAPH,
    order=st.permutations(NUMBERS),
    parents=st.lists(st.sampled_from(NUMBERS), min_size=7, max_size=7),
    moved=st.lists(st.sampled_from(NUMBERS), min_size=7, max_size=7),
    taken=st.lists(st.none() | st.sampled_from(NUMBERS), min_size=7, max_size=7),
)
def test_no_old_and_new_dependencies_together_make_steps_wait_in_a_circle(
    actions: list[Action],
    old: list[tuple[int, int]],
    new: list[tuple[int, int]],
    order: list[int],
    parents: list[int],
    moved: list[int],
    taken: list[int | None],
) -> None:
    """The old graph goes from greater to smaller numbers, the new one along ``order``: each has no circle."""
    changes = []
    for number, action in enumerate(actions):
        before = tuple({at(target) for node, target in old if node == number and target < node})
        after = tuple({at(target) for node, target in new if node == number and order[target] < order[node]})
        recorded = StateObject(at(number), "memory", str(number), {}, depends_on=before)
        change = Change(at(number), action, "memory", recorded=recorded, depends_on=after)
        parent = parents[number]
        if action.removes and parent < number and actions[parent].removes:
            change = replace(change, goes_with=at(parent))
        if action is Action.FORGET and actions[moved[number]] in (Action.UPDATE, Action.CREATE):
            change = replace(change, becomes=at(moved[number]))
        holder = taken[number]
        if holder is not None and holder != number and actions[holder] is not Action.FORGET:
            change = replace(change, takes_from=at(holder))
        changes.append(replace(change, records_anew=True))
    plan = Plan(tuple(changes), 0, "", {})
    steps, waits = steps_of(plan)
    assert find_circle(waits) is None
    assert {step.change.address for step in steps} == {change.address for change in changes}
    removed = {step.change.address: step.number for step in steps if step.is_removal}
    written = {step.change.address: step.number for step in steps if not step.is_removal}
    for change in changes:
        if change.address in written:
            needed = {written[target] for target in change.depends_on if target in written}
            assert needed <= waits[written[change.address]]
        if change.action is Action.REPLACE:
            assert removed[change.address] in waits[written[change.address]]
        if change.address in written and change.takes_from in removed:
            assert removed[change.takes_from] in waits[written[change.address]]
