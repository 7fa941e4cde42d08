"""A clock that tests hold in their hands."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta


class FakeClock:
    """A clock on which time passes only by ``sleep`` and ``advance``; ``slept`` are the waits, in seconds."""

    def __init__(self, start: datetime = datetime(2026, 1, 1, tzinfo=UTC)) -> None:
        self._lock = threading.Lock()
        self._start = start
        self._passed = 0.0
        self.slept: list[float] = []

    def now(self) -> datetime:
        """The time of day, in UTC."""
        return self._start + timedelta(seconds=self._passed)

    def monotonic(self) -> float:
        """Seconds since the clock was made."""
        return self._passed

    def sleep(self, seconds: float, until: Callable[[], bool] | None = None) -> None:
        """Let the time pass at once, and remember it; none of it passes when ``until`` says so already."""
        if until is not None and until():
            return
        with self._lock:
            self.slept.append(seconds)
            self._passed += seconds

    def advance(self, seconds: float) -> None:
        """Let time pass without anybody waiting."""
        with self._lock:
            self._passed += seconds
