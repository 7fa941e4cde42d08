"""All circles of a graph: each is one, and nothing that goes round is passed over."""

from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.graph import circles, find_circle

GRAPHS = st.dictionaries(st.integers(0, 8), st.lists(st.integers(0, 9), max_size=4), max_size=9)


def test_circles_that_have_nothing_to_do_with_each_other_are_all_told() -> None:
    assert circles({1: [2], 2: [1], 3: [4], 4: [5], 5: [3], 6: [1]}) == [[1, 2], [3, 4, 5]]


def test_thousands_of_circles_are_no_deep_recursion() -> None:
    edges = {number: [number + 1 if number % 3 else number - 2] for number in range(1, 30_001)}
    assert len(circles(edges)) == 10_000


@settings(max_examples=300, deadline=None, derandomize=True)
@given(GRAPHS)
def test_without_the_nodes_of_the_circles_and_what_waits_for_them_nothing_goes_round(
    edges: dict[int, list[int]],
) -> None:
    found = circles(edges)
    assert bool(found) == (find_circle(edges) is not None)
    for circle in found:
        for node, target in zip(circle, [*circle[1:], circle[0]], strict=True):
            assert target in edges[node]
    waiting = {node for circle in found for node in circle}
    assert len(waiting) == sum(map(len, found)), "no node is told twice"
    while more := {node for node, targets in edges.items() if waiting & set(targets)} - waiting:
        waiting |= more
    left = {node: targets for node, targets in edges.items() if node not in waiting}
    assert find_circle(left) is None
