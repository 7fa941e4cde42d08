"""The queue of deferred writes: what waits, since when, for what, and what was taken out of it."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from reconciler.address import Address
from reconciler.state.model import Deferred
from reconciler.views.line import BLANK, Line, Span, line, wrapped
from reconciler.views.listing import listed
from reconciler.views.plan_summary import number


def deferred_lines(deferred: Sequence[Deferred], width: int) -> Iterator[Line]:
    """What a run has put off, grouped by the reason."""
    if not deferred:
        return
    yield line("Deferred, until their service is there again:", "warning")
    groups: dict[str, list[str]] = {}
    for one in deferred:
        groups.setdefault(one.reason, []).append(f"{one.address} ({one.action})")
    yield from grouped(groups, width)
    yield BLANK


def grouped(groups: dict[str, list[str]], width: int) -> Iterator[Line]:
    """Under each reason the things that it is the reason of."""
    for reason, names in groups.items():
        yield from (line(row) for row in wrapped(f"{reason}:", width, first="  "))
        yield from (line(row, "quiet") for row in wrapped(listed(names), width, first="      "))


def dropped_lines(dropped: Sequence[Address], width: int) -> Iterator[Line]:
    """What a run has made moot."""
    if dropped:
        names = listed(list(map(str, dropped)))
        text = f"Taken out of the queue, as nothing is left to do there: {names}."
        yield from (line(row) for row in wrapped(text, width))


def queue_lines(queue: Sequence[Deferred], now: datetime, width: int) -> Iterator[Line]:
    """The whole queue, in its order."""
    if not queue:
        yield line("Nothing is deferred.")
        return
    pad = max(len(str(one.address)) for one in queue)
    for one in queue:
        is_expired = one.expires <= now
        place = f"{one.position:>4}  {one.action:<7}  "
        yield Line((Span(place, "quiet"), Span(f"{one.address!s:<{pad}}", "title")))
        since = f"deferred {_time(one.when)} by the run {one.run}"
        ends = f"expired {_time(one.expires)}" if is_expired else f"expires {_time(one.expires)}"
        yield line(f"      {since}; {ends}", "warning" if is_expired else "quiet")
        yield from (line(row, "quiet") for row in wrapped(one.reason, width, first="      "))
    expired = sum(one.expires <= now for one in queue)
    yield BLANK
    yield line(f"{number(len(queue), 'write')} deferred." + (f" {expired:,} expired." if expired else ""))
    yield line("`reconciler sync` does them; `reconciler sync --drop ADDR` takes one out.")


def queue_document(
    queue: Iterable[Deferred], now: datetime, dropped: Iterable[Address] = ()
) -> dict[str, Any]:
    """The same as JSON: what ``schemas/queue.schema.json`` describes."""
    return {
        "deferred": [
            {
                **deferred_entry(one),
                "position": one.position,
                "run": one.run,
                "when": one.when.isoformat(),
                "is_expired": one.expires <= now,
            }
            for one in queue
        ],
        "dropped": list(map(str, dropped)),
    }


def deferred_entry(one: Deferred) -> dict[str, Any]:
    """One write that waits."""
    return {
        "address": str(one.address),
        "action": one.action,
        "provider": one.provider,
        "reason": one.reason,
        "expires": one.expires.isoformat(),
    }


def _time(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"
