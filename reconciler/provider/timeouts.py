"""How long anything may take."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

_LIMIT: ContextVar[float | None] = ContextVar("seconds that a call may take", default=None)


@contextmanager
def at_most(seconds: float | None) -> Iterator[None]:
    """Each call that is made inside, in this thread, may take so many seconds; None changes nothing."""
    token = _LIMIT.set(seconds)
    try:
        yield
    finally:
        _LIMIT.reset(token)


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds. ``pool`` is for a free connection, ``total`` for one attempt from start to end."""

    connect: float = 10.0
    read: float = 30.0
    write: float = 30.0
    pool: float = 60.0
    total: float = 120.0

    @classmethod
    def from_settings(cls, setting: float | Mapping[str, Any] | None = None) -> "Timeouts":
        """From a provider's ``timeout`` setting: one number for connect, read and write, or a mapping."""
        if setting is None:
            return cls()
        if isinstance(setting, Mapping):
            return cls(**setting)
        seconds = float(setting)
        return cls(connect=seconds, read=seconds, write=seconds, total=max(cls().total, seconds))

    def here(self) -> "Timeouts":
        """These, or what ``at_most`` says around here: more or less than they allow."""
        seconds = _LIMIT.get()
        if seconds is None:
            return self
        return Timeouts(min(self.connect, seconds), seconds, seconds, max(self.pool, seconds), seconds)
