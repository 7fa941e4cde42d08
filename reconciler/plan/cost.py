"""What carrying out a plan will cost: calls, and about how long they take."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from reconciler.address import Address
from reconciler.graph import in_order
from reconciler.plan.action import Action
from reconciler.plan.change import Change, Plan
from reconciler.plan.world import Types
from reconciler.provider.facts import ResourceType
from reconciler.provider.limits import Limit
from reconciler.provider.objects import Quota

USUAL_LATENCY = 0.3
"""Seconds that a call takes where nobody has measured it."""


@dataclass(frozen=True, slots=True)
class Pacing:
    """A limit of a service that makes a plan slow: ``units`` of it take ``seconds`` at least."""

    provider: str
    limit: Limit
    units: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Cost:
    """What a plan costs.

    ``calls`` are writes by provider key, ``seconds`` an estimate, ``quotas`` what is left of each service's
    limit, by provider key. ``pacing`` are the limits that make it take longer than its calls alone, one for
    each provider at most. ``retries`` are calls that were made again to find all this out, by provider key.
    """

    calls: Mapping[str, int] = field(default_factory=dict)
    seconds: float = 0.0
    quotas: Mapping[str, Quota] = field(default_factory=dict)
    pacing: tuple[Pacing, ...] = ()
    retries: Mapping[str, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """All calls."""
        return sum(self.calls.values())


def estimate(
    plan: Plan,
    types: Types,
    *,
    parallelism: int,
    quotas: Mapping[str, Quota] | None = None,
    latency: Mapping[str, float] | None = None,
    limits: Mapping[str, Sequence[Limit]] | None = None,
) -> Cost:
    """Count the calls of a plan's writes, and estimate how long they take.

    Calls come from the types' ``x-calls``; a group of ``x-batch`` writes costs as much as one, a replacement
    as much as a deletion and a creation, and what is only forgotten, taken over or removed with its parent
    nothing. The time is that of the longest chain of steps that wait for each other, or that of all calls
    spread over ``parallelism`` (at least 1), whichever is longer. ``latency`` is in seconds for one call, by
    provider key; where it is not known, ``USUAL_LATENCY``. ``limits`` are the services' own, by provider
    key: what the writes take of one that is kept lasts as long as that limit makes it.
    """
    measured = latency or {}
    calls = {change.address: _calls(change, types) for change in plan if change.is_visible}
    calls = {address: count for address, count in calls.items() if count}
    changes = [plan.by_address[address] for address in calls]
    total = _in_groups(changes, calls, types)
    seconds = {
        change.address: calls[change.address] * measured.get(change.provider, USUAL_LATENCY)
        for change in changes
    }
    spread = sum(count * measured.get(provider, USUAL_LATENCY) for provider, count in total.items())
    alone = max(_longest(plan, seconds), spread / max(parallelism, 1))
    pacing = tuple(_pacing(changes, total, types, limits or {}, longer_than=alone))
    kept = (found.seconds for found in pacing if found.limit.is_kept)
    return Cost(total, max((alone, *kept)), dict(quotas or {}), pacing)


def _pacing(
    changes: Sequence[Change],
    calls: Mapping[str, int],
    types: Types,
    limits: Mapping[str, Sequence[Limit]],
    *,
    longer_than: float,
) -> Iterator[Pacing]:
    """The slowest limit of each provider, where it makes the plan slower than its calls are."""
    taken: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for change in changes:
        taken[change.provider].update(_takes(change, types))
    for provider, own in limits.items():
        found = [
            Pacing(provider, limit, units, limit.least_seconds(units))
            for limit in own
            if (units := taken[provider][limit.name] + limit.each_write * calls.get(provider, 0))
        ]
        slowest = max(found, key=lambda pacing: pacing.seconds, default=None)
        if slowest is not None and slowest.seconds > longer_than:
            yield slowest


def _takes(change: Change, types: Types) -> Counter[str]:
    """What one change takes of its service's limits, beside what every call does."""
    takes = _facts(change, types).takes
    if change.action is Action.REPLACE:
        removal = {} if change.goes_with else takes.get(change.how, takes.get("delete", {}))
        return Counter(takes.get("create", {})) + Counter(removal)
    if change.action is Action.DELETE:
        return Counter(takes.get(change.how, takes.get("delete", {})))
    return Counter(takes.get(str(change.action), {}))


def _calls(change: Change, types: Types) -> int:
    """The calls that one change costs when it is carried out alone."""
    if change.action in (Action.NO_OP, Action.FORGET):
        return 0
    facts = _facts(change, types)
    if change.action is Action.REPLACE:
        removal = 0 if change.goes_with else _removal(change, facts)
        return removal + facts.calls.get("create", 1)
    if change.action is Action.DELETE:
        return 0 if change.goes_with else _removal(change, facts)
    return facts.calls.get(str(change.action), 1)


def _removal(change: Change, facts: ResourceType) -> int:
    return facts.calls.get(change.how, facts.calls.get("delete", 1))


def _facts(change: Change, types: Types) -> ResourceType:
    name = change.address.type
    found = types.data_type(name) if change.address.is_data else types.type(name)
    return found if found is not None else ResourceType(name, {}, {})


def _in_groups(changes: Iterable[Change], calls: Mapping[Address, int], types: Types) -> dict[str, int]:
    """Calls by provider key, in the order in which the plan needs the providers."""
    members: defaultdict[tuple[str, str, Action], list[Change]] = defaultdict(list)
    for change in changes:
        members[change.provider, change.address.type, change.action].append(change)
    total: Counter[str] = Counter()
    for (provider, _, _), group in members.items():
        batch = _facts(group[0], types).batch
        if batch > 1:
            total[provider] += math.ceil(len(group) / batch) * max(calls[each.address] for each in group)
        else:
            total[provider] += sum(calls[each.address] for each in group)
    return dict(total)


def _longest(plan: Plan, seconds: Mapping[Address, float]) -> float:
    """Seconds of the longest chain; a deletion waits the other way round, which is as long."""
    edges = {address: plan.by_address[address].depends_on for address in seconds}
    until: dict[Address, float] = {}
    for address in in_order(edges):
        begins = max((until[other] for other in edges[address] if other in until), default=0.0)
        until[address] = begins + seconds.get(address, 0.0)
    return max(until.values(), default=0.0)
