"""How often something is restored that is changed again and again by somebody else."""

from collections.abc import Collection, Iterable

from reconciler.address import Address

IN_A_ROW = 3
"""So often an object is restored in rounds that follow each other; after that there are breaks."""

LONGEST = 96
"""Rounds that a break lasts at most: a day of one each 15 minutes."""


class Patience:
    """Counts, by address, the rounds in a row in which it had to be restored.

    Two programs that each know better would otherwise write to a service for ever. After ``IN_A_ROW`` there
    is a break of 2 rounds, then of 4, 8 and so on; a round that finds the object as it should be ends that.
    """

    def __init__(self) -> None:
        self._tried: dict[Address, int] = {}
        self._break: dict[Address, int] = {}

    def resting(self, drifted: Collection[Address]) -> frozenset[Address]:
        """Which of the objects that have drifted are to be left alone in this round."""
        self._tried = {address: count for address, count in self._tried.items() if address in drifted}
        resting = {address for address in self._tried if self._break.get(address, 0) > 0}
        self._break = {address: self._break[address] - 1 for address in resting}
        return frozenset(resting)

    def tried(self, addresses: Iterable[Address]) -> None:
        """Say that they were restored, or that it was tried."""
        for address in addresses:
            self._tried[address] = count = self._tried.get(address, 0) + 1
            if count >= IN_A_ROW:
                self._break[address] = min(2 ** (count - IN_A_ROW + 1), LONGEST)
