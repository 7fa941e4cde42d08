"""The longest common part of two sequences, or nearly so, in time that grows with their length alone.

difflib takes the square of it or worse: it is asked about what is short, after the elements that occur once
in both (which "patience diff" takes for the skeleton of a text) have cut what is long into pieces.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from difflib import SequenceMatcher

Run = tuple[int, int, int]
"""Where an equal run begins in the one, where in the other, and how long it is."""

_SHORT = 10_000
"""Pairs of elements that difflib is asked about at once."""
_DEEPEST = 8


def equal_runs(before: Sequence[Hashable], after: Sequence[Hashable]) -> list[Run]:
    """What the two have in common, in the order of both; runs that touch are one."""
    runs: list[Run] = []
    for start, other, size in _Aligner(before, after).runs(0, len(before), 0, len(after), 0):
        if runs and runs[-1][0] + runs[-1][2] == start and runs[-1][1] + runs[-1][2] == other:
            start, other, size = runs[-1][0], runs[-1][1], runs[-1][2] + size
            runs.pop()
        runs.append((start, other, size))
    return runs


def ascending(numbers: Sequence[int]) -> list[int]:
    """The places of a longest ascending part of different numbers."""
    ends: list[int] = []  # the place of the smallest number that ends an ascending part of each length
    values: list[int] = []
    previous: list[int] = []
    for place, number in enumerate(numbers):
        length = bisect_left(values, number)
        previous.append(ends[length - 1] if length else -1)
        if length == len(ends):
            ends.append(place)
            values.append(number)
        else:
            ends[length], values[length] = place, number
    found: list[int] = []
    place = ends[-1] if ends else -1
    while place >= 0:
        found.append(place)
        place = previous[place]
    return found[::-1]


class _Aligner:
    def __init__(self, before: Sequence[Hashable], after: Sequence[Hashable]) -> None:
        self._before = before
        self._after = after
        self._budget = 100 * _SHORT

    def runs(self, low: int, high: int, other_low: int, other_high: int, depth: int) -> Iterator[Run]:
        """The runs within ``before[low:high]`` and ``after[other_low:other_high]``."""
        before, after = self._before, self._after
        start, other = low, other_low
        while low < high and other_low < other_high and before[low] == after[other_low]:
            low, other_low = low + 1, other_low + 1
        if low > start:
            yield start, other, low - start
        tail = 0
        while low < high and other_low < other_high and before[high - 1] == after[other_high - 1]:
            high, other_high, tail = high - 1, other_high - 1, tail + 1
        if low < high and other_low < other_high:
            yield from self._middle(low, high, other_low, other_high, depth)
        if tail:
            yield high, other_high, tail

    def _middle(self, low: int, high: int, other_low: int, other_high: int, depth: int) -> Iterator[Run]:
        pairs = (high - low) * (other_high - other_low)
        if pairs <= _SHORT:
            if pairs <= self._budget:
                self._budget -= pairs
                one, two = self._before[low:high], self._after[other_low:other_high]
                for block in SequenceMatcher(None, one, two, autojunk=False).get_matching_blocks():
                    if block.size:
                        yield low + block.a, other_low + block.b, block.size
            return
        if depth == _DEEPEST:
            return  # what is left counts as different
        anchors = self._anchors(low, high, other_low, other_high)
        for place, opposite in anchors:
            yield from self.runs(low, place, other_low, opposite, depth + 1)
            yield place, opposite, 1
            low, other_low = place + 1, opposite + 1
        if anchors:
            yield from self.runs(low, high, other_low, other_high, depth + 1)

    def _anchors(self, low: int, high: int, other_low: int, other_high: int) -> list[tuple[int, int]]:
        times = Counter(self._before[low:high])
        opposite_times = Counter(self._after[other_low:other_high])
        opposite = {
            self._after[place]: place
            for place in range(other_low, other_high)
            if opposite_times[self._after[place]] == 1
        }
        places = [
            place
            for place in range(low, high)
            if times[self._before[place]] == 1 and self._before[place] in opposite
        ]
        opposites = [opposite[self._before[place]] for place in places]
        return [(places[at], opposites[at]) for at in ascending(opposites)]
