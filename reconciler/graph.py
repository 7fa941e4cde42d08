"""The order of things: what waits for what, and the circles that make an order impossible."""

from collections import deque
from collections.abc import Collection, Hashable, Mapping, Sequence
from typing import TypeVar

Node = TypeVar("Node", bound=Hashable)


def in_order(edges: Mapping[Node, Collection[Node]]) -> list[Node]:
    """All nodes, each after those that it waits for; otherwise in the order given.

    ``edges`` maps a node to what it waits for; what is no key of it is passed over. There must be no
    circle (see ``find_circle``): raises ValueError otherwise. Takes time in proportion to nodes and edges.
    """
    waiting: dict[Node, int] = {}
    dependents: dict[Node, list[Node]] = {}
    ready: deque[Node] = deque()
    for node, targets in edges.items():
        count = 0
        for target in targets:
            if target in edges:
                count += 1
                dependents.setdefault(target, []).append(node)
        waiting[node] = count
        if not count:
            ready.append(node)
    order: list[Node] = []
    while ready:
        node = ready.popleft()
        order.append(node)
        for dependent in dependents.get(node, ()):
            waiting[dependent] -= 1
            if not waiting[dependent]:
                ready.append(dependent)
    if len(order) < len(edges):
        raise ValueError("the graph has a circle")
    return order


def find_circle(edges: Mapping[Node, Collection[Node]]) -> list[Node] | None:
    """One circle, as the nodes along it in the order of the references, or None.

    ``[a, b]`` means that a waits for b and b waits for a. Takes time in proportion to nodes and edges.
    """
    done: set[Node] = set()
    for start in edges:
        if start in done:
            continue
        path: dict[Node, None] = {start: None}
        stack = [iter(edges[start])]
        while stack:
            target = next((node for node in stack[-1] if node in edges and node not in done), None)
            if target is None:
                stack.pop()
                done.add(path.popitem()[0])
            elif target in path:
                nodes = list(path)
                return nodes[nodes.index(target) :]
            else:
                path[target] = None
                stack.append(iter(edges[target]))
    return None


def circles(edges: Mapping[Node, Collection[Node]]) -> list[list[Node]]:
    """Circles, each as ``find_circle`` tells it, until every node that is in one is in one of these or waits
    for one of them.

    Takes time in proportion to nodes and edges.
    """
    found: list[list[Node]] = []
    done: set[Node] = set()
    for start in edges:
        path: dict[Node, None] = {}
        stack = [iter((start,))]
        while stack:
            target = next((node for node in stack[-1] if node in edges and node not in done), None)
            if target is None:
                stack.pop()
                if path:
                    done.add(path.popitem()[0])
            elif target in path:
                nodes = list(path)
                found.append(nodes[nodes.index(target) :])
                # All on the way here waits for this circle: it is looked through no more.
                done.update(path)
                stack.clear()
            else:
                path[target] = None
                stack.append(iter(edges[target]))
    return found


def with_wishes(
    edges: Mapping[Node, Collection[Node]], wishes: Sequence[tuple[Node, Node]]
) -> dict[Node, set[Node]]:
    """The graph with as many wishes in it as leave it without a circle.

    A wish is a pair: the first would better wait for the second. The earlier ones are the more important:
    of those that close a circle the last is dropped. The edges must be free of circles: raises ValueError
    otherwise.
    """
    both = {node: set(targets) for node, targets in edges.items()}
    rank: dict[tuple[Node, Node], int] = {}
    for number, (node, target) in enumerate(wishes):
        if target not in both[node]:
            both[node].add(target)
            rank[node, target] = number
    while rank and (circle := find_circle(both)):
        along = zip(circle, [*circle[1:], circle[0]], strict=True)
        node, target = max((pair for pair in along if pair in rank), key=rank.__getitem__)
        both[node].discard(target)
        del rank[node, target]
    return both
