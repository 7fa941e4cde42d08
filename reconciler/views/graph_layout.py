"""Where the boxes of a drawing go: in layers, what is waited for to the left of what waits.

The layers are those of the longest paths; within them, a few sweeps put each box near the middle of its
neighbours (Sugiyama, Tagawa and Toda, 1981). It takes time in proportion to nodes and arrows.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from reconciler.address import Address
from reconciler.graph import in_order

HEIGHT = 38
MARGIN = 24
_BETWEEN_ROWS = 12
_BETWEEN_COLUMNS = 24
_BETWEEN_LAYERS = 90
_SWEEPS = 4
_LEAST_ROWS = 30

Edges = Mapping[Address, Sequence[Address]]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle, in pixels; ``x`` and ``y`` are its left upper corner."""

    x: int
    y: int
    width: int
    height: int = HEIGHT

    @property
    def middle(self) -> int:
        """Half way down."""
        return self.y + self.height // 2

    @property
    def right(self) -> int:
        """Its right side."""
        return self.x + self.width


@dataclass(frozen=True, slots=True)
class Layout:
    """The boxes, and the size of the whole in pixels."""

    boxes: Mapping[Address, Box]
    width: int
    height: int


def layout(edges: Edges, width_of: Callable[[Address], int], *, top: int = 0) -> Layout:
    """A place for each node, given what it waits for and how wide it is; ``top`` pixels are left free.

    No two boxes meet, and each is to the right of all that it waits for.
    """
    rows = max(_LEAST_ROWS, math.ceil(math.sqrt(5 * len(edges))))  # a large layer is several columns
    placed: list[tuple[list[Address], int, int]] = []
    x = MARGIN
    for layer in _ordered(_layers(edges), edges):
        for start in range(0, len(layer), rows):
            column = layer[start : start + rows]
            widest = max(map(width_of, column))
            placed.append((column, x, widest))
            x += widest + _BETWEEN_COLUMNS
        x += _BETWEEN_LAYERS - _BETWEEN_COLUMNS
    step = HEIGHT + _BETWEEN_ROWS
    tallest = max((len(column) for column, _, _ in placed), default=0)
    boxes = {
        address: Box(left, top + MARGIN + (tallest - len(column)) * step // 2 + at * step, widest)
        for column, left, widest in placed
        for at, address in enumerate(column)
    }
    right = max((box.right for box in boxes.values()), default=0)
    return Layout(boxes, right + MARGIN, top + 2 * MARGIN + max(tallest * step - _BETWEEN_ROWS, 0))


def _layers(edges: Edges) -> list[list[Address]]:
    depth: dict[Address, int] = {}
    for address in in_order({address: set(targets) for address, targets in edges.items()}):
        depth[address] = 1 + max((depth[other] for other in edges[address]), default=-1)
    layers: list[list[Address]] = [[] for _ in range(max(depth.values(), default=-1) + 1)]
    for address in edges:
        layers[depth[address]].append(address)
    return layers


def _ordered(layers: list[list[Address]], edges: Edges) -> list[list[Address]]:
    users: dict[Address, list[Address]] = {address: [] for address in edges}
    for address, targets in edges.items():
        for target in targets:
            users[target].append(address)
    place: dict[Address, float] = {}
    for layer in layers:
        _count(layer, place)
    for _ in range(_SWEEPS):
        for layer, neighbours in (*((one, edges) for one in layers), *((one, users) for one in layers[::-1])):
            wish = {address: _centre(neighbours[address], place, place[address]) for address in layer}
            layer.sort(key=wish.__getitem__)
            _count(layer, place)
    return layers


def _count(layer: Sequence[Address], place: dict[Address, float]) -> None:
    """How far down each is, from 0 to 1."""
    place.update((address, (at + 0.5) / len(layer)) for at, address in enumerate(layer))


def _centre(neighbours: Iterable[Address], place: Mapping[Address, float], otherwise: float) -> float:
    places = [place[one] for one in neighbours]
    return sum(places) / len(places) if places else otherwise
