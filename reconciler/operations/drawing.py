"""What waits for what in a stack, for a drawing."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from reconciler.address import Address
from reconciler.config.stack import Stack
from reconciler.plan.desired import Desired
from reconciler.plan.targets import named


@dataclass(frozen=True, slots=True)
class Node:
    """A resource or data entry: the configuration of its provider, and those that it waits for."""

    address: Address
    service: str
    waits_for: tuple[Address, ...]


def nodes(stack: Stack, targets: Collection[Address] = ()) -> tuple[Node, ...]:
    """All resources and data entries, or some with all that they need, in the order of their addresses.

    Raises Refused for a target that the stack does not declare.
    """
    declared = {**stack.data, **stack.resources}
    edges = {address: one.references | one.depends_on for address, one in declared.items()}
    shown = _needed(named(targets, Desired.of(stack), {}), edges) if targets else declared
    return tuple(
        Node(
            address,
            declared[address].provider,
            tuple(sorted((other for other in edges[address] if other in shown), key=str)),
        )
        for address in sorted(shown, key=str)
    )


def _needed(seeds: Collection[Address], edges: Mapping[Address, Collection[Address]]) -> Collection[Address]:
    waiting = [address for address in seeds if address in edges]
    found = dict.fromkeys(waiting)
    for address in waiting:
        for other in edges[address]:
            if other in edges and other not in found:
                found[other] = None
                waiting.append(other)
    return found
