"""What ``drift`` and ``health`` find out, as values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from reconciler.address import Address
from reconciler.health.resources import Unhealthy
from reconciler.health.rows import Figures
from reconciler.health.states import USABLE, Standing, State, Thresholds, scarce
from reconciler.plan.change import CheckResult, Drift, Expectation, Unread
from reconciler.provider.breaker import Circuit
from reconciler.provider.objects import Earlier, Health, Object, Quota


@dataclass(frozen=True, slots=True)
class ProviderHealth:
    """The health of one configured provider.

    ``asked`` is when its service was asked; ``lacking`` are the scopes that are missing and that the stack's
    types need.
    """

    provider: str
    health: Health
    standing: Standing
    asked: datetime
    lacking: tuple[str, ...] = ()
    thresholds: Thresholds = field(default_factory=Thresholds)
    figures: Figures | None = None
    circuit: Circuit | None = None
    """How the circuit to its service is in this process, after the answer."""

    @property
    def state(self) -> State:
        """How the service is."""
        return self.standing.state

    @property
    def is_ready(self) -> bool:
        """Whether there is nothing to be said against it."""
        return self.state is State.READY

    @property
    def is_usable(self) -> bool:
        """Whether it can be read and written."""
        return self.state in USABLE

    @property
    def scarce(self) -> tuple[Quota, ...]:
        """The quotas of which little is left."""
        return scarce(self.health.quotas, self.thresholds)


@dataclass(frozen=True, slots=True)
class Unmanaged:
    """An object that lives in the service and in no state."""

    provider: str
    object: Object
    import_id: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class DriftReport:
    """All that is not as it should be, in one report."""

    changed: tuple[Drift, ...] = ()
    """Changed and missing objects."""
    unread: tuple[Unread, ...] = ()
    failed_expectations: tuple[Expectation, ...] = ()
    unhealthy_resources: tuple[Unhealthy, ...] = ()
    """Those whose page does not answer as it must."""
    health: tuple[ProviderHealth, ...] = ()
    """Every provider's health, the good ones too."""
    unmanaged: tuple[Unmanaged, ...] = ()
    unlisted: tuple[tuple[str, str], ...] = ()
    """Types of which unmanaged objects could not be looked for, each with the reason."""
    checked: int = 0
    """How many objects were compared."""
    failed_checks: tuple[CheckResult, ...] = ()
    """The stack's checks that do not hold, but for those that look at a plan."""
    cached: Mapping[Address, Earlier] = field(default_factory=dict)
    """Those of them that the cache has told, each with when the service had told it; data entries too."""

    @property
    def unhealthy(self) -> tuple[ProviderHealth, ...]:
        """The providers that cannot be used; a slow one is no drift."""
        return tuple(found for found in self.health if not found.is_usable)

    @property
    def has_drift(self) -> bool:
        """Whether anything needs attention."""
        return bool(
            self.changed
            or self.unread
            or self.failed_expectations
            or self.failed_checks
            or self.unhealthy_resources
            or self.unhealthy
            or self.unmanaged
        )
