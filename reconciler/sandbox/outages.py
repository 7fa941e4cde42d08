"""Outages on demand: which service falters how, from when to when, and whether the next call is hit.

They are kept in the world, so that a command in one process makes the services falter that another process
serves or embeds, and they run on the world's clock. Whether a call is hit depends on the outage's seed and on
how many calls of the service it has seen, and on nothing else: the same calls in the same order meet the same
fate, whichever threads make them.
"""

import math
import random
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

from reconciler.sandbox.world import World

Mode = Literal[
    "down",
    "slow",
    "flaky",
    "rate-limited",
    "secondary-limit",
    "unauthorized",
    "forbidden",
    "garbled",
    "half-answers",
    "reset-after-write",
    "clock-skew",
]
MODES: tuple[Mode, ...] = get_args(Mode)

ENDLESS_WAIT_S = 3600
"""What a limit without an end asks to wait: the services' limits are counted by the hour."""

_SHELF = "_outages"
_KIND = "outage"
_RATES: Mapping[Mode, float] = {"flaky": 0.2, "clock-skew": 0.2}
_LEAST_SKEW_S, _MOST_SKEW_S = 600, 7200


@dataclass(frozen=True)
class Outage:
    """One outage of one service. ``begins`` and ``ends`` are epoch seconds; without ``ends`` it stays.

    ``rate`` is the share of calls that are hit, from 0 to 1.
    """

    service: str
    mode: Mode
    begins: float
    ends: float | None
    rate: float
    seed: int

    def wait_s(self, now: float) -> int:
        """Whole seconds that a limit asks to wait at ``now``: as long as it lasts."""
        return ENDLESS_WAIT_S if self.ends is None else max(1, math.ceil(self.ends - now))

    @property
    def skew_s(self) -> float:
        """How far the service's clock is off: between ten minutes and two hours, before or after."""
        draw = random.Random(f"{self.seed}:{self.service}:skew")  # noqa: S311 - reproducible is what it must be
        return draw.choice((-1, 1)) * draw.uniform(_LEAST_SKEW_S, _MOST_SKEW_S)


@dataclass(frozen=True)
class Seen:
    """An outage with how many calls came while it lasted, and how many of them were hit."""

    outage: Outage
    calls: int
    hit: int


@dataclass(frozen=True)
class Stroke:
    """A call during an outage. ``number`` counts the service's calls in it from 0, ``hits`` those hit.

    ``draw`` decides what else is random about this call, and ``now`` is when it came, in epoch seconds.
    """

    outage: Outage
    number: int
    is_hit: bool
    hits: int
    draw: random.Random
    now: float


def outage(
    service: str,
    mode: Mode,
    *,
    begins: float,
    lasts: float | None = None,
    rate: float | None = None,
    seed: int = 0,
) -> Outage:
    """An outage from ``begins`` on that lasts so many seconds; without a rate it is the mode's own."""
    chosen = _RATES.get(mode, 1.0) if rate is None else rate
    return Outage(service, mode, begins, None if lasts is None else begins + lasts, chosen, seed)


class Outages:
    """The outages of a world."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._shelf = world.shelf(_SHELF, {_KIND: ("service",)})

    def now(self) -> float:
        """The world's time in epoch seconds, which no outage moves."""
        return self._world.now().timestamp()

    def set(self, wanted: Iterable[Outage]) -> None:
        """Let these happen, in place of all that was set before for the services that they are about."""
        wanted = list(wanted)
        with self._world.transaction():
            for service in {each.service for each in wanted}:
                self._shelf.delete_all(_KIND, service=service)
            for each in wanted:
                self._shelf.put(
                    _KIND, key := self._shelf.next_id(), {"id": key, **asdict(each), "calls": 0, "hit": 0}
                )

    def end(self, service: str | None = None) -> int:
        """Forget what is set for a service, or for all; says how many outages there were."""
        by = {} if service is None else {"service": service}
        return self._shelf.delete_all(_KIND, **by)

    def all(self) -> list[Seen]:
        """What is set, those included that are to come or are over, in the order in which they begin."""
        found = [Seen(_read(each), each["calls"], each["hit"]) for each in self._shelf.find(_KIND)]
        return sorted(found, key=lambda seen: seen.outage.begins)

    def stroke(self, service: str) -> Stroke | None:
        """Count a call of a service that is in an outage, and say whether it is hit; None in peace.

        Where several have begun and none is over, the one that began last counts.
        """
        if not self._shelf.find(_KIND, service=service):
            return None
        with self._world.transaction():
            now = self.now()
            lasting = [
                each
                for each in self._shelf.find(_KIND, service=service)
                if each["begins"] <= now and (each["ends"] is None or now < each["ends"])
            ]
            if not lasting:
                return None
            document = max(lasting, key=lambda each: (each["begins"], each["id"]))
            found, number = _read(document), document["calls"]
            draw = random.Random(f"{found.seed}:{service}:{found.mode}:{number}")  # noqa: S311 - as above
            is_hit = draw.random() < found.rate
            self._shelf.put(
                _KIND, document["id"], {**document, "calls": number + 1, "hit": document["hit"] + is_hit}
            )
        return Stroke(found, number, is_hit, document["hit"], draw, now)


def _read(document: Mapping[str, Any]) -> Outage:
    return Outage(**{name: document[name] for name in Outage.__dataclass_fields__})
