"""Who was just seen not to be there, so that a create need not look again."""

import threading

from reconciler.clock import Clock

_KEPT = 60.0
"""Seconds for which a look counts: as long as the engine relies on what it read before a write."""


class Absences:
    """External ids that anyKrowd did not know a moment ago. Several threads may use it."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._seen: dict[str, float] = {}

    def saw(self, external_id: str, is_absent: bool) -> None:
        """Remember the outcome of a look that just ended."""
        with self._lock:
            self._seen.pop(external_id, None)
            if is_absent:
                self._seen[external_id] = self._clock.monotonic()

    def are_fresh(self, external_id: str) -> bool:
        """Whether it was absent within the last minute."""
        with self._lock:
            seen = self._seen.get(external_id)
            return seen is not None and self._clock.monotonic() - seen <= _KEPT
