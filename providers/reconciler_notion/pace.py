"""Keeping to Notion's rate: about three requests a second on average, short bursts allowed.

Source: developers.notion.com/reference/request-limits.
"""

import threading

from reconciler.clock import Clock

INTERVAL = 1 / 3
"""Seconds between two requests, on average."""
BURST = 10
"""Requests that may go at once after a rest; Notion names no number."""


class Pace:
    """One pace for all threads that talk to Notion with one token.

    Without ``is_limited`` nothing is held back until the service asks for it for the first time.
    """

    def __init__(self, clock: Clock, *, is_limited: bool) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._interval = INTERVAL if is_limited else 0.0
        self._next = clock.monotonic() - BURST * INTERVAL

    def wait(self) -> None:
        """Wait until one more request may go."""
        with self._lock:
            now = self._clock.monotonic()
            turn = max(self._next, now - BURST * self._interval)
            self._next = turn + self._interval
        if turn > now:
            self._clock.sleep(turn - now)

    def slow_down(self, seconds: float) -> None:
        """The service asked to wait: nobody asks before that, and all keep to the limit from then on."""
        with self._lock:
            self._interval = INTERVAL
            self._next = max(self._next, self._clock.monotonic() + seconds)
