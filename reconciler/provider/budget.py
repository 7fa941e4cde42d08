"""How many calls a run may repeat, so that repetitions cannot pile onto an outage."""

import threading

LEAST = 50
"""Repetitions that every run has."""
SHARE = 0.2
"""Repetitions for each call that was made, beside those."""


class Budget:
    """The repetitions left in a run, shared by all of its providers and threads.

    Some to begin with, and more as calls are made: a fifth of them. A service that fails one call in a
    hundred never comes near that; in an outage it is used up soon, and from then on calls fail at once.
    """

    def __init__(self, least: int = LEAST, share: float = SHARE) -> None:
        self._least, self._share = least, share
        self._lock = threading.Lock()
        self._calls = self._repeated = 0

    @property
    def left(self) -> int:
        """Repetitions that may be made now."""
        with self._lock:
            return self._left()

    def called(self) -> None:
        """Count a call, made for the first time."""
        with self._lock:
            self._calls += 1

    def take(self) -> bool:
        """Take one repetition; False when none is left."""
        with self._lock:
            if self._left() < 1:
                return False
            self._repeated += 1
            return True

    def _left(self) -> int:
        return max(0, self._least + int(self._calls * self._share) - self._repeated)
