"""How old what a plan rests on is, where a service was down and the cache has told instead."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from reconciler.address import Address
from reconciler.graph import in_order
from reconciler.plan.change import Change
from reconciler.plan.desired import Desired
from reconciler.plan.world import World
from reconciler.provider.objects import Earlier


def cached(changes: Iterable[Change], desired: Desired, world: World) -> dict[Address, Earlier]:
    """What the cache has told, objects and data entries, each with when the service had told it."""
    found = {
        change.address: change.live.earlier
        for change in changes
        if change.live is not None and change.live.earlier is not None
    }
    for address in desired.data:
        answers = world.found.get(address)
        if isinstance(answers, tuple) and answers and answers[0].earlier is not None:
            found[address] = answers[0].earlier
    return found


def dated(
    changes: tuple[Change, ...], desired: Desired, told: Mapping[Address, Earlier]
) -> tuple[Change, ...]:
    """The changes, each with the oldest time of what it rests on: its object, and what it refers to."""
    if not told:
        return changes
    declarations = {**desired.data, **desired.resources}
    ages = dict(told)
    for address in in_order({one.address: one.references for one in declarations.values()}):
        own = (address, *declarations[address].references)
        if rests_on := [ages[other] for other in own if other in ages]:
            ages[address] = min(rests_on)
    return tuple(
        replace(change, as_of=ages[change.address]) if change.address in ages else change
        for change in changes
    )
