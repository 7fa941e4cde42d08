"""What waits for what in a stack, for a drawing."""

from collections.abc import Mapping

from reconciler.address import Address
from reconciler.config.stack import Stack


def edges(stack: Stack) -> Mapping[Address, tuple[Address, ...]]:
    """Each resource and data entry with those that it waits for, both in the order of their addresses."""
    declared = {**stack.data, **stack.resources}
    return {
        address: tuple(sorted(declared[address].references | declared[address].depends_on, key=str))
        for address in sorted(declared, key=str)
    }
