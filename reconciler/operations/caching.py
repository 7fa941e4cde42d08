"""The cache of a stack: where it is, how long its answers are good for, and whose fallback they are."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from reconciler.cache.entries import Owner
from reconciler.cache.memory import Memory
from reconciler.cache.store import Store
from reconciler.clock import Clock
from reconciler.config.stack import ProviderConfiguration
from reconciler.diagnostics import Diagnostic
from reconciler.errors import Refused
from reconciler.operations import switches
from reconciler.operations.fallbacks import fallback_of
from reconciler.plan.world import Types
from reconciler.provider.objects import Account
from reconciler.values import Sealer, Value, reveal

OFFLINE = "OFFLINE_MODE_ENABLED"
"""``false`` in the environment: nothing is planned from a cache, and ``--offline`` is refused."""
RETENTION = "CACHED_DATA_RETENTION_HOURS"
"""How many hours an answer may be used, for all providers."""

_DAY = timedelta(hours=24)
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
_LONGEST = timedelta(days=3650)


@dataclass(frozen=True)
class Caching:
    """What a stack, its state and the environment say of the cache.

    ``accounts`` are those that the state is bound to, by provider key; ``is_offline`` says that no service
    may be called.
    """

    store: Store
    types: Types
    sealer: Sealer
    clock: Clock
    configurations: Mapping[str, ProviderConfiguration]
    accounts: Mapping[str, Account]
    environ: Mapping[str, str]
    is_offline: bool = False

    def memory(self, key: str) -> Memory:
        """The cache for one provider. Raises Refused for what the environment says and nobody understands."""
        return Memory(self.store, self.types, self.sealer, self.clock, self.retention(key))

    def falls_back(self, key: str) -> bool:
        """Whether plans may rest on the cache while this provider's service is down. Raises Refused."""
        if not switches.is_on(self.environ, OFFLINE, otherwise=True):
            return False
        if self.is_offline:
            return True
        return self.fallback(key) in ("cached", "queue")

    def fallback(self, key: str) -> str:
        """``fail``, ``cached`` or ``queue``. Raises Refused."""
        return fallback_of(self.configurations, key, self.environ)

    def retention(self, key: str) -> timedelta:
        """How long an answer of this provider may be used. Raises Refused."""
        told = switches.hours(self.environ, RETENTION)
        if told is not None:
            return min(timedelta(hours=told), _LONGEST)
        text = self._setting(key, "cache_retention")
        return min(_length(str(text)), _LONGEST) if text else _DAY

    def owner(self, key: str) -> Owner | None:
        """Whose answers the state speaks of; None while it is bound to no account."""
        account = self.accounts.get(key)
        return None if account is None else Owner(key, account.id)

    def _setting(self, key: str, name: str) -> Value:
        configuration = self.configurations.get(key)
        return reveal(configuration.settings.get(name)) if configuration else None


def cache_path(state: Path) -> Path:
    """Where the cache of a state file is: in a directory beside that of the states."""
    return state.parent.parent / "cache" / state.name


def check_offline(environ: Mapping[str, str], *, is_offline: bool) -> None:
    """Raises Refused when nothing may be planned from a cache and ``--offline`` asks for that."""
    if is_offline and not switches.is_on(environ, OFFLINE, otherwise=True):
        raise Refused(
            [
                Diagnostic(
                    f"--offline plans from the cache, and {OFFLINE}={environ[OFFLINE]} forbids that",
                    f"leave --offline out, or set {OFFLINE}=true",
                )
            ]
        )


def _length(text: str) -> timedelta:
    """What ``90m``, ``24h`` or ``7d`` means, which the settings' schema has let through."""
    found = re.fullmatch(r"([0-9]+)([mhd])", text)
    return int(found[1]) * _UNITS[found[2]] if found else _DAY
