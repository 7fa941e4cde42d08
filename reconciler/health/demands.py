"""What a provider's health is asked with, and held against: the stack's settings and the environment's."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from reconciler.health.states import Thresholds

CACHED_FOR = 30.0
"""Seconds that an answer may be used again."""


@dataclass(frozen=True, slots=True)
class Demand:
    """What is asked of one provider.

    ``url`` is a page that must answer too, ``origin`` the provider's own (see ``pages``); ``cache`` is in
    seconds; ``scopes`` are those that the stack's types need, None when any may be; ``key`` changes with
    what is asked.
    """

    url: str = ""
    origin: str = ""
    cache: float = CACHED_FOR
    thresholds: Thresholds = field(default_factory=Thresholds)
    scopes: frozenset[str] | None = None
    key: str = ""

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> "Demand":
        """From the setting ``health`` of a provider."""
        usual = Thresholds()
        thresholds = Thresholds(settings.get("latency", usual.latency), settings.get("quota", usual.quota))
        return cls(settings.get("url", ""), cache=settings.get("cache", CACHED_FOR), thresholds=thresholds)
