"""When what is done again and again is due next."""

import random as randomness
from collections.abc import Mapping

from reconciler.clock import Clock

JITTER = 0.1
"""The share of an interval by which a round may come earlier or later, so that many watchers that were
started together do not ask the same service at the same moment for ever."""

SOON = 60.0
"""Seconds after which something is tried again that somebody else's run stood in the way of."""


class Rounds:
    """Several kinds of rounds, each with an interval in seconds. All are due at once in the beginning.

    What was missed while the machine slept is not made up for: one round is due then, and no more.
    """

    def __init__(self, intervals: Mapping[str, float], clock: Clock, random: randomness.Random) -> None:
        self._intervals = intervals
        self._clock = clock
        self._random = random
        self._due = dict.fromkeys(intervals, clock.monotonic())

    def is_due(self, kind: str) -> bool:
        """Whether its time has come."""
        return self._due[kind] <= self._clock.monotonic()

    def begin(self, kind: str) -> None:
        """Begin a round now: the next is due an interval later, give or take the jitter."""
        spread = self._random.uniform(1 - JITTER, 1 + JITTER)
        self._due[kind] = self._clock.monotonic() + self._intervals[kind] * spread

    def again_soon(self, kind: str) -> None:
        """Let the next round come after ``SOON``, if it is not due before that."""
        self._due[kind] = min(self._due[kind], self._clock.monotonic() + SOON)

    @property
    def left(self) -> float:
        """Seconds until the next round of any kind."""
        return max(0.0, min(self._due.values()) - self._clock.monotonic())
