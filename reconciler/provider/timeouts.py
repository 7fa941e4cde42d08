"""How long anything may take."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


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
