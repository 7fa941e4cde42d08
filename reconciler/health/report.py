"""What ``drift`` and ``health`` find out, as values."""

from dataclasses import dataclass

from reconciler.plan.change import Drift, Expectation, Unread
from reconciler.provider.objects import Health, Object


@dataclass(frozen=True, slots=True)
class ProviderHealth:
    """The health of one configured provider."""

    provider: str
    health: Health


@dataclass(frozen=True, slots=True)
class Unmanaged:
    """An object that lives in the service and in no state."""

    provider: str
    object: Object
    import_id: str


@dataclass(frozen=True, slots=True)
class DriftReport:
    """All that is not as it should be, in one report."""

    changed: tuple[Drift, ...] = ()
    """Changed and missing objects."""
    unread: tuple[Unread, ...] = ()
    failed_expectations: tuple[Expectation, ...] = ()
    health: tuple[ProviderHealth, ...] = ()
    """Every provider's health, the good ones too."""
    unmanaged: tuple[Unmanaged, ...] = ()
    unlisted: tuple[tuple[str, str], ...] = ()
    """Types of which unmanaged objects could not be looked for, each with the reason."""
    checked: int = 0
    """How many objects were compared."""

    @property
    def unhealthy(self) -> tuple[ProviderHealth, ...]:
        """The providers that are not well."""
        return tuple(found for found in self.health if not found.health.is_healthy)

    @property
    def has_drift(self) -> bool:
        """Whether anything needs attention."""
        return bool(
            self.changed or self.unread or self.failed_expectations or self.unhealthy or self.unmanaged
        )
