"""What a look for drift has found, one thing at a time, and what of it is new since the last look."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from reconciler.address import Address
from reconciler.errors import ProviderError
from reconciler.health.report import DriftReport
from reconciler.plan.change import Drift, Expectation
from reconciler.values import Value


class Kind(StrEnum):
    """In which way something is not as it should be."""

    CHANGED = "changed"
    MISSING = "missing"
    UNREAD = "unread"
    """It could not be read, although its service is well."""
    UNHEALTHY = "unhealthy"
    UNEXPECTED = "not as expected"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it should be.

    ``attributes`` are those that differ, ``live`` what they are (masked); ``code`` tells errors apart whose
    words change from one look to the next.
    """

    kind: Kind
    address: Address
    provider: str
    attributes: tuple[str, ...] = ()
    live: tuple[Value, ...] = ()
    code: str = ""

    @property
    def key(self) -> "Key":
        """Which finding it is, however it looks this time."""
        names = self.attributes if self.kind is Kind.UNEXPECTED else ()
        return self.kind, self.address, names

    def __str__(self) -> str:
        """``changed: topic, purpose``."""
        return f"{self.kind}: {', '.join(self.attributes)}" if self.attributes else str(self.kind)


Key = tuple[Kind, Address, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Found:
    """A finding, and what a report says about it."""

    finding: Finding
    drift: Drift | None = None
    expectation: Expectation | None = None
    error: ProviderError | None = None


class Findings:
    """What has been told already. It grows no further than what is wrong at present."""

    def __init__(self) -> None:
        self._told: dict[Key, Finding] = {}

    def take_in(self, report: DriftReport) -> tuple[list[Found], list[Finding]]:
        """What is new or has changed since the last report, and what is over.

        What could not be read this time is neither.
        """
        found = {one.finding.key: one for one in findings(report)}
        news = [one for key, one in found.items() if self._told.get(key) != one.finding]
        unread = {one.address for one in report.unread}
        kept: Mapping[Key, Finding] = {
            key: one
            for key, one in self._told.items()
            if key not in found and one.address in unread and one.kind is not Kind.UNREAD
        }
        over = [one for key, one in self._told.items() if key not in found and key not in kept]
        self._told = {**kept, **{key: one.finding for key, one in found.items()}}
        return news, over

    def put_right(self, address: Address) -> None:
        """Forget the drift of an object that has been restored: that is told in another way."""
        for kind in (Kind.CHANGED, Kind.MISSING):
            self._told.pop((kind, address, ()), None)


def findings(report: DriftReport) -> Iterator[Found]:
    """All that a report says of single resources; of a service that is down, its health tells."""
    for drift in report.changed:
        yield Found(_drifted(drift), drift=drift)
    for failed in report.failed_expectations:
        address = failed.address
        finding = Finding(
            Kind.UNEXPECTED, address, address.type.partition("_")[0], (failed.attribute,), (failed.actual,)
        )
        yield Found(finding, expectation=failed)
    for sick in report.unhealthy_resources:
        finding = Finding(Kind.UNHEALTHY, sick.address, sick.provider, code=sick.error.code)
        yield Found(finding, error=sick.error)
    silent = {one.provider for one in report.unhealthy}
    for unread in report.unread:
        if unread.provider not in silent:
            finding = Finding(Kind.UNREAD, unread.address, unread.provider, code=unread.error.code)
            yield Found(finding, error=unread.error)


def _drifted(drift: Drift) -> Finding:
    if drift.live is None:
        return Finding(Kind.MISSING, drift.address, drift.provider)
    live = tuple(drift.live.get(name) for name in drift.attributes)
    return Finding(Kind.CHANGED, drift.address, drift.provider, drift.attributes, live)
