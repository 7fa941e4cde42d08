"""Which item of a list was which item of the other."""

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from math import inf

from reconciler.values import Digest, Sensitive, Unknown, Value, transform
from reconciler.views.alignment import ascending, equal_runs

_FEW = 3
"""Items that are paired with what is most like them: to measure a pair takes a third of a millisecond."""


@dataclass(frozen=True, slots=True)
class Match:
    """Where an item was and will be; None where it was not, or will not be."""

    before: int | None
    after: int | None
    is_moved: bool = False


def match_keys(before: Sequence[Hashable], after: Sequence[Hashable], *, in_order: bool) -> list[Match]:
    """Items with the same key are one. With ``in_order``, those out of the longest common order moved."""
    places = {key: place for place, key in enumerate(before)}
    known = {*after}
    gone = [Match(place, None) for place, key in enumerate(before) if key not in known]
    there = [Match(places.get(key), place) for place, key in enumerate(after)]
    return _woven(gone, _with_moves(there) if in_order else there)


def match_by_order(
    before: Sequence[Value], after: Sequence[Value], old: Sequence[Hashable], new: Sequence[Hashable]
) -> list[Match]:
    """Items of the longest common part are one; so are those that occur once and stand elsewhere, and in
    what is left between, those that are most alike. ``old`` and ``new`` are the items in hashable form."""
    runs = [*equal_runs(old, new), (len(old), len(new), 0)]
    elsewhere = _elsewhere(old, new, runs)
    gone: list[Match] = []
    there = [Match(place, opposite) for opposite, place in elsewhere.items()]
    left = {*elsewhere.values()}
    start = other = 0
    for place, opposite, size in runs:
        ours = [at for at in range(start, place) if at not in left]
        theirs = [at for at in range(other, opposite) if at not in elsewhere]
        for one, two in _pairs(ours, theirs, before, after):
            (gone if two is None else there).append(Match(one, two))
        there += [Match(place + at, opposite + at) for at in range(size)]
        start, other = place + size, opposite + size
    return _woven(gone, _with_moves(sorted(there, key=lambda match: match.after or 0)))


def _with_moves(matches: list[Match]) -> list[Match]:
    """Those out of the longest common order have moved."""
    common = [at for at, match in enumerate(matches) if match.before is not None]
    origins = [matches[at].before or 0 for at in common]
    ways = (
        {common[at] for at in ascending(origins)},
        {common[-1 - at] for at in ascending([-origin for origin in reversed(origins)])},
    )  # where two could have moved instead of each other, the one whose place is another, too, tells more
    staying = min(ways, key=lambda way: sum(at not in way and _stands_still(matches[at]) for at in common))
    return [
        replace(match, is_moved=True) if match.before is not None and at not in staying else match
        for at, match in enumerate(matches)
    ]


def _stands_still(match: Match) -> bool:
    return match.before == match.after


def _elsewhere(
    old: Sequence[Hashable], new: Sequence[Hashable], runs: Sequence[tuple[int, int, int]]
) -> dict[int, int]:
    """By place in the new list: the place in the old one of an item that is in neither of them twice, and in
    no common run."""
    once, once_new = Counter(old), Counter(new)
    ours = {at for place, _, size in runs for at in range(place, place + size)}
    theirs = {at for _, opposite, size in runs for at in range(opposite, opposite + size)}
    places = {item: at for at, item in enumerate(old) if at not in ours and once[item] == 1}
    return {
        at: places[item]
        for at, item in enumerate(new)
        if at not in theirs and once_new[item] == 1 and item in places
    }


def _pairs(
    ours: list[int], theirs: list[int], before: Sequence[Value], after: Sequence[Value]
) -> list[tuple[int | None, int | None]]:
    """What may have become what in a part that differs; containers only of containers of the same kind."""
    pairs: list[tuple[int | None, int | None]] = []
    taken: set[int] = set()
    has_choice = len(ours) > 1 or len(theirs) > 1
    is_nested = any(isinstance(before[at], dict | list) for at in ours)
    if has_choice and is_nested and max(len(ours), len(theirs)) <= _FEW:
        partners = _nearest(ours, theirs, before, after)
    else:
        partners = dict(zip(ours, theirs, strict=False))
    for one in ours:
        two = partners.get(one)
        if two is None or not _may_be_one(before[one], after[two]):
            pairs.append((one, None))
        else:
            pairs.append((one, two))
            taken.add(two)
    return [*pairs, *((None, two) for two in theirs if two not in taken)]


def _nearest(
    ours: list[int], theirs: list[int], before: Sequence[Value], after: Sequence[Value]
) -> dict[int, int]:
    """The closest pairs first: those in which deepdiff finds the fewest places that differ."""
    # It takes 90 ms to load, which a plan without such a list should not pay for.
    from deepdiff import DeepDiff  # noqa: PLC0415

    def distance(one: int, two: int) -> int:
        return len(DeepDiff(transform(before[one], _closed), transform(after[two], _closed)).affected_paths)

    found = sorted((distance(one, two), abs(one - two), one, two) for one in ours for two in theirs)
    partners: dict[int, int] = {}
    for _, _, one, two in found:
        if one not in partners and two not in partners.values():
            partners[one] = two
    return partners


def _closed(part: Value) -> Value:
    """Without what deepdiff must not look into."""
    return repr(part) if isinstance(part, Unknown | Sensitive | Digest) else part


def _may_be_one(before: Value, after: Value) -> bool:
    """Whether the one may have become the other, rather than have gone when the other came."""
    if isinstance(before, dict) and isinstance(after, dict):
        return not before.keys().isdisjoint(after)
    if isinstance(before, dict) or isinstance(after, dict):
        return False
    return isinstance(before, list | tuple) is isinstance(after, list | tuple)


def _woven(gone: Sequence[Match], there: Sequence[Match]) -> list[Match]:
    """What goes stands where it was among what stays, and before what comes there."""
    bounds: list[float] = []
    bound = inf
    for match in reversed(there):
        if match.before is not None and not match.is_moved:
            bound = match.before
        bounds.append(bound)
    woven: list[Match] = []
    at = 0
    for match, bound in zip(there, reversed(bounds), strict=True):
        while at < len(gone) and (gone[at].before or 0) < bound:
            woven.append(gone[at])
            at += 1
        woven.append(match)
    return [*woven, *gone[at:]]
