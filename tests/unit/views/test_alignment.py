"""The longest common part of two sequences."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.views.alignment import ascending, equal_runs


def longest(before: Sequence[int], after: Sequence[int]) -> int:
    row = [0] * (len(after) + 1)
    for one in before:
        above = row
        row = [0]
        for at, two in enumerate(after):
            row.append(above[at] + 1 if one == two else max(above[at + 1], row[at]))
    return row[-1]


@given(st.lists(st.integers(0, 5), max_size=30), st.lists(st.integers(0, 5), max_size=30))
def test_runs_are_equal_in_order_and_do_not_touch(before: list[int], after: list[int]) -> None:
    end = other_end = 0
    for start, other, size in equal_runs(before, after):
        assert size > 0
        assert start >= end
        assert other >= other_end
        assert before[start : start + size] == after[other : other + size]
        assert (start, other) != (end, other_end) or not (end or other_end)
        end, other_end = start + size, other + size


@pytest.mark.parametrize("size", [150, 3_000])
def test_of_long_sequences_whose_elements_are_their_own_all_that_is_common_is_found(size: int) -> None:
    before = list(range(size))
    after = [number for number in before if number % 7] + [-1]
    assert sum(run[2] for run in equal_runs(before, after)) == len(after) - 1


def test_what_no_element_tells_apart_counts_as_different_when_it_is_long() -> None:
    before, after = [0, 1] * 2_000, [1, 1, 0] * 1_500
    common = sum(run[2] for run in equal_runs(before, after))
    assert 0 <= common <= min(len(before), len(after))
    assert equal_runs(before, before) == [(0, 0, len(before))]


@given(st.lists(st.integers(), max_size=20, unique=True))
def test_the_longest_ascending_part_is_found(numbers: list[int]) -> None:
    places = ascending(numbers)
    values = [numbers[place] for place in places]
    assert values == sorted(values)
    assert len(places) == longest(numbers, sorted(numbers))
