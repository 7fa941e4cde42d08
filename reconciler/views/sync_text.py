"""What has become of deferred writes that are not simply done."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from reconciler.address import Address
from reconciler.state.model import Deferred
from reconciler.views.line import BLANK, Line, line
from reconciler.views.queue_text import grouped


def differing_lines(differing: Mapping[Address, str], width: int) -> Iterator[Line]:
    """Changes that are not what was deferred: their plan follows."""
    if not differing:
        return
    yield BLANK
    yield line("Not what was deferred, so this is asked about:", "warning")
    groups: dict[str, list[str]] = {}
    for address, reason in differing.items():
        groups.setdefault(reason, []).append(str(address))
    yield from grouped(groups, width)
    yield BLANK


def differing_events(differing: Mapping[Address, str]) -> Iterator[dict[str, Any]]:
    """The same as events."""
    for address, reason in differing.items():
        yield {"event": "differs", "address": str(address), "reason": reason}


def expired_lines(expired: Sequence[Deferred], width: int) -> Iterator[Line]:
    """Writes that are too old to be carried out unasked."""
    if not expired:
        return
    yield line("Expired, and not carried out:", "warning")
    groups: dict[str, list[str]] = {}
    for one in expired:
        reason = f"deferred by the run {one.run}, expired {one.expires:%Y-%m-%d %H:%M}"
        groups.setdefault(reason, []).append(f"{one.address} ({one.action})")
    yield from grouped(groups, width)
    yield line("  → `reconciler apply` plans them anew; `reconciler sync --drop ADDR` takes one out.")
    yield BLANK


def expired_events(expired: Sequence[Deferred]) -> Iterator[dict[str, Any]]:
    """The same as events."""
    for one in expired:
        yield {
            "event": "expired",
            "address": str(one.address),
            "action": one.action,
            "provider": one.provider,
            "run": one.run,
            "expires": one.expires.isoformat(),
        }
