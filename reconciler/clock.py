"""The one clock. Retries, limits, leases and schedules take it as an argument, so that tests replace it."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Protocol

_LOOK_UP = 5.0
"""Seconds after which a wait looks at the clock again: it ends so much late when the machine was asleep."""

_LISTEN = 0.2
"""Seconds after which a wait that may end early asks again whether it should."""


class Clock(Protocol):
    """Tells the time and waits."""

    def now(self) -> datetime:
        """The time of day, in UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds since some fixed moment, those included in which the machine slept; never goes back."""
        ...

    def sleep(self, seconds: float, until: Callable[[], bool] | None = None) -> None:
        """Wait, but no longer than ``until`` says that there is no more reason to."""
        ...


class SystemClock:
    """The clock of the machine."""

    def now(self) -> datetime:
        """The time of day, in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds since some fixed moment, those included in which the machine slept; never goes back.

        A laptop that was closed for an hour must not take what it read before for fresh.
        """
        return _elapsed()

    def sleep(self, seconds: float, until: Callable[[], bool] | None = None) -> None:
        """Wait. The time during which the machine sleeps counts. ``until`` may end it early."""
        end, step = self.monotonic() + seconds, _LOOK_UP if until is None else _LISTEN
        while (left := end - self.monotonic()) > 0 and not (until and until()):
            time.sleep(min(left, step))


def _counting_sleep() -> Callable[[], float]:
    """The clock that goes on in a suspended machine, where the system has one.

    On Linux it is CLOCK_BOOTTIME (https://man7.org/linux/man-pages/man2/clock_gettime.2.html); elsewhere
    CLOCK_MONOTONIC, which macOS lets run on during sleep, as its clock_gettime(3) says, while
    ``time.monotonic`` there stops.
    """
    number = getattr(time, "CLOCK_BOOTTIME", getattr(time, "CLOCK_MONOTONIC", None))
    if number is None:
        return time.monotonic
    return lambda: time.clock_gettime(number)


_elapsed = _counting_sleep()
