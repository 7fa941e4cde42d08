"""What ``watch`` tells: a value for each thing that has happened, with the moment at which it was known."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from reconciler.address import Address
from reconciler.errors import ReconcilerError
from reconciler.health.findings import Finding, Found
from reconciler.health.watching import Transition
from reconciler.plan.change import Change
from reconciler.state.model import RunOutcome


class Phase(StrEnum):
    """What watch was about when something hindered it."""

    FILES = "files"
    HEALTH = "health"
    SYNC = "sync"
    DRIFT = "drift"
    HEAL = "heal"


@dataclass(frozen=True, slots=True)
class Began:
    """It begins; ``health`` and ``drift`` are the times between two looks, in seconds."""

    moment: datetime
    stack: str
    environment: str
    health: float
    drift: float
    heals: bool


@dataclass(frozen=True, slots=True)
class Drifted:
    """Something is not as it should be that was not known, or is now in another way."""

    moment: datetime
    found: Found


@dataclass(frozen=True, slots=True)
class DriftOver:
    """It is as it should be again, and not by watch."""

    moment: datetime
    finding: Finding


@dataclass(frozen=True, slots=True)
class Settled:
    """What has become of a call of a run that was cut off."""

    moment: datetime
    run: str
    address: Address
    action: str
    took_effect: bool


@dataclass(frozen=True, slots=True)
class Ran:
    """A run of its own has restored something (``HEAL``), or carried out what was deferred (``SYNC``).

    ``failed`` are steps with what went wrong.
    """

    moment: datetime
    phase: Phase
    run: str
    outcome: RunOutcome
    serial: int
    done: Sequence[Change]
    failed: Sequence[tuple[Change, ReconcilerError]] = ()
    not_reached: Sequence[Change] = ()


@dataclass(frozen=True, slots=True)
class Left:
    """Something is not done without being told to: why, and the command that does it."""

    moment: datetime
    address: Address
    reason: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Waits:
    """Somebody else writes the state: it waits for its turn."""

    moment: datetime
    phase: Phase
    holder: str


@dataclass(frozen=True, slots=True)
class Hindered:
    """Something went wrong, and is tried again; it is told once, and again when it is something else."""

    moment: datetime
    phase: Phase
    error: ReconcilerError


@dataclass(frozen=True, slots=True)
class NotHindered:
    """What had gone wrong goes well again."""

    moment: datetime
    phase: Phase


@dataclass(frozen=True, slots=True)
class Ended:
    """It was asked to end, and has."""

    moment: datetime


Event = (
    Began | Transition | Drifted | DriftOver | Settled | Ran | Left | Waits | Hindered | NotHindered | Ended
)
