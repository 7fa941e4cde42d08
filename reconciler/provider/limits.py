"""How much a service allows, and keeping to it before it has to say so.

A limit is a count in a window of time, as the service publishes it. Calls of all threads take from it; who
finds it used up waits until there is room again. Only the reckoning is done under a lock, never a call and
never a wait.
"""

import threading
from collections import deque
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from reconciler import codes
from reconciler.clock import Clock
from reconciler.diagnostics import Diagnostic
from reconciler.errors import InvalidConfiguration

Takes = Mapping[str, int]
"""What one call takes of each limit, by the limit's name."""

OWN = "calls"
"""The name of the limit that ``rate_limit: {calls_per_second}`` sets; every call takes one of it."""

_ROUNDING = 1e-6
"""Seconds. Who waits exactly as long as told has waited, though fractions add up to a little less."""


@dataclass(frozen=True, slots=True)
class Limit:
    """``count`` in any ``seconds``, as ``source`` says.

    ``name`` is what settings call it, ``what`` is counted: "content-creating requests". ``burst`` may go at
    once after a rest, and what comes then is spread over the window; without it all of ``count`` may.
    ``each_write`` is what every call of a plan's writes takes; what else they take, the types' ``x-takes``
    say. ``is_kept`` is False where calls are not held to it: in the sandbox, for one.
    """

    name: str
    count: int
    seconds: float
    source: str
    what: str = "calls"
    burst: int | None = None
    each_write: int = 0
    is_kept: bool = True

    def __post_init__(self) -> None:
        """Nothing could ever be taken from a limit of nothing. Raises ValueError."""
        if self.count < 1 or self.seconds <= 0:
            raise ValueError(f"{self.name}: a limit allows at least one in some time")

    @property
    def most_at_once(self) -> int:
        """What may go at once after a rest.

        A call that takes more counts as this much, or it could never go.
        """
        return self.count if self.burst is None else max(1, min(self.burst, self.count - 1))

    def least_seconds(self, units: int) -> float:
        """The time that so many take at least, from a rest until the last may go."""
        if self.most_at_once < self.count:
            return max(0, units - self.most_at_once) / (self.count - self.most_at_once) * self.seconds
        return max(0, (units - 1) // self.count) * self.seconds


class Bucket(Protocol):
    """What is left of one limit; not for several threads at once."""

    def earliest(self, now: float, units: int) -> float:
        """When so many may be taken; ``now`` when they may at once."""
        ...

    def take(self, moment: float, units: int) -> None:
        """Take them, at a moment that ``earliest`` allows."""
        ...


class _Spread:
    """A bucket of ``burst`` that fills up while it is used.

    It fills so slowly that a full one and what flows into it in a window make ``count`` together: no window
    ever sees more.
    """

    def __init__(self, count: int, seconds: float, burst: int) -> None:
        self._burst, self._rate = burst, (count - burst) / seconds
        self._level, self._at = float(burst), float("-inf")

    def earliest(self, now: float, units: int) -> float:
        lacking = min(units, self._burst) - self._level_at(now)
        return now + lacking / self._rate if lacking > self._rate * _ROUNDING else now

    def take(self, moment: float, units: int) -> None:
        self._level = self._level_at(moment) - min(units, self._burst)
        self._at = max(moment, self._at)

    def _level_at(self, moment: float) -> float:
        if self._at == float("-inf"):
            return self._level
        return min(float(self._burst), self._level + max(0.0, moment - self._at) * self._rate)


class _Window:
    """Each unit taken is remembered until the window has passed, so that no window ever sees more."""

    def __init__(self, count: int, seconds: float) -> None:
        self._count, self._seconds = count, seconds
        self._taken: deque[float] = deque(maxlen=count)

    def earliest(self, now: float, units: int) -> float:
        in_the_way = len(self._taken) + min(units, self._count) - self._count
        if in_the_way <= 0:
            return now
        free = self._taken[in_the_way - 1] + self._seconds
        return now if free - now <= _ROUNDING else free

    def take(self, moment: float, units: int) -> None:
        self._taken.extend([moment] * min(units, self._count))


def bucket_of(limit: Limit) -> Bucket:
    """A full bucket for a limit."""
    if limit.most_at_once < limit.count:
        return _Spread(limit.count, limit.seconds, limit.most_at_once)
    return _Window(limit.count, limit.seconds)


@dataclass
class _State:
    bucket: Bucket
    held_until: float = float("-inf")
    """The service asked to wait until then."""


class Limiter:
    """The limits of one service and one set of credentials, for all threads.

    Where they are not kept (``is_kept`` False: a sandbox, a server of one's own that may have no limits),
    nothing is held back until the service asks to wait for the first time; from then on they are.
    """

    def __init__(self, limits: Iterable[Limit], clock: Clock, *, is_kept: bool = True) -> None:
        self.limits = tuple(replace(limit, is_kept=is_kept) for limit in limits)
        self._clock = clock
        self._lock = threading.Lock()
        self._is_keeping = is_kept
        self._states = {limit.name: _State(bucket_of(limit)) for limit in self.limits}

    def wait(self, takes: Takes, sleep: Callable[[float], None]) -> float:
        """Wait until a call may go that takes so much; the moment (monotonic) at which it goes.

        Names without a limit are none. ``sleep`` may raise, and then nothing is taken.
        """
        while True:
            with self._lock:
                now = self._clock.monotonic()
                moment = self._earliest(takes, now)
                if moment <= now:
                    self._take(takes, now)
                    return now
            sleep(moment - now)

    def hold(self, names: Collection[str], seconds: float) -> None:
        """The service asked to wait: no call that takes of these limits goes before that is over."""
        with self._lock:
            self._is_keeping = True
            until = self._clock.monotonic() + seconds
            for name in names:
                if (state := self._states.get(name)) is not None:
                    state.held_until = max(state.held_until, until)

    def _earliest(self, takes: Takes, now: float) -> float:
        if not self._is_keeping:
            return now
        moment = now
        for name, units in takes.items():
            if (state := self._states.get(name)) is not None and units > 0:
                moment = max(moment, state.bucket.earliest(now, units), state.held_until)
        return now if moment - now <= _ROUNDING else moment

    def _take(self, takes: Takes, now: float) -> None:
        if self._is_keeping:
            for name, units in takes.items():
                if (state := self._states.get(name)) is not None and units > 0:
                    state.bucket.take(now, units)


@dataclass(frozen=True, slots=True)
class RateLimit:
    """A provider's ``rate_limit`` setting.

    ``is_enabled`` is None where nothing is said: limits are kept where the service itself is asked.
    ``calls_per_second`` is a limit beside the service's; ``limits`` replaces counts by the limit's name.
    """

    is_enabled: bool | None = None
    calls_per_second: float | None = None
    counts: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def from_settings(cls, setting: Mapping[str, Any] | None) -> "RateLimit":
        """Read ``{enabled, calls_per_second, limits}``."""
        told = setting or {}
        return cls(told.get("enabled"), told.get("calls_per_second"), told.get("limits") or {})

    def limiter(
        self, published: Collection[Limit], clock: Clock, *, service: str, is_its_own: bool
    ) -> Limiter:
        """The limiter that this asks for. ``is_its_own``: the service itself is asked, not a stand-in.

        Raises InvalidConfiguration for a limit that the service does not have.
        """
        if self.is_enabled is False:
            return Limiter((), clock)
        known = {limit.name for limit in published}
        if strange := sorted(set(self.counts) - known):
            raise InvalidConfiguration([_no_such_limit(service, strange[0], known)])
        limits = [_with_count(limit, self.counts.get(limit.name, limit.count)) for limit in published]
        if self.calls_per_second:
            limits.append(_own(self.calls_per_second))
        asked_for = bool(self.is_enabled or self.calls_per_second or self.counts)
        return Limiter(limits, clock, is_kept=is_its_own or asked_for)


def _with_count(limit: Limit, count: int) -> Limit:
    """The limit with another count; its burst is the same part of it."""
    burst = None if limit.burst is None else max(1, count * limit.burst // limit.count)
    return replace(limit, count=count, burst=burst)


def _own(calls_per_second: float) -> Limit:
    whole = max(1, int(calls_per_second))
    return Limit(OWN, whole, whole / calls_per_second, "the stack's rate_limit", each_write=1)


def _no_such_limit(service: str, name: str, known: Collection[str]) -> Diagnostic:
    return Diagnostic(
        f"{service} has no limit {name!r} that rate_limit.limits could set",
        f"choose one of {', '.join(sorted(known)) or 'none: it publishes no limits'}",
        code=codes.PROVIDER_SETTINGS,
    )
