"""What became of a plan."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from reconciler.address import Address
from reconciler.errors import ReconcilerError
from reconciler.plan.change import Change
from reconciler.state.model import RunOutcome
from reconciler.values import Unknown, Value


@dataclass(frozen=True, slots=True)
class Failure:
    """A step that failed, and why."""

    change: Change
    error: ReconcilerError


@dataclass(frozen=True, slots=True)
class NotReached:
    """A step that was not started; ``because`` is the address it waited for, None after a stop."""

    change: Change
    because: Address | None = None


@dataclass(frozen=True, slots=True)
class PutOff:
    """A step that waits until its service is there again; ``because`` is the address it waits for itself."""

    change: Change
    reason: str
    because: Address | None = None


PutsOff = Callable[[Change, ReconcilerError], Mapping[str, str]]
"""Says of a failure which providers are not asked any more in this run, by key, each with the reason.

None: then it is a failure like any other. Else the step and all others of these providers are put off.
"""


def never(change: Change, error: ReconcilerError) -> Mapping[str, str]:
    """Put nothing off."""
    return {}


@dataclass(frozen=True)
class Outcome:
    """What an apply did, what it did not, and why. ``seconds`` is how long it took."""

    run: str
    outcome: RunOutcome
    serial: int
    done: tuple[Change, ...] = ()
    failed: tuple[Failure, ...] = ()
    not_reached: tuple[NotReached, ...] = ()
    seconds: float = 0.0
    calls: Mapping[str, int] = field(default_factory=dict)
    """Calls made, by provider key, where the provider counts them."""
    retries: Mapping[str, int] = field(default_factory=dict)
    """Those of them that repeated one that had failed, by provider key."""
    values: Mapping[Address, Mapping[str, Value] | Unknown] = field(default_factory=dict, repr=False)
    """What expressions see of every resource and data entry afterwards; for the stack's outputs."""
    put_off: tuple[PutOff, ...] = ()
    """What waits until its service is there again."""

    @property
    def is_complete(self) -> bool:
        """Whether everything that was planned is done, or put off."""
        return not self.failed and not self.not_reached


Guard = Callable[[Change], ReconcilerError | None]
"""Says of a change, before its first call, why it must not be carried out any more; None where it may.

What it refuses has failed, and what depends on that is not reached; everything else goes on."""


def unguarded(change: Change) -> None:
    """Refuse nothing."""


class Progress(Protocol):
    """What the executor tells whoever watches; called from one thread."""

    def started(self, change: Change) -> None:
        """A step begins."""
        ...

    def finished(self, change: Change, seconds: float) -> None:
        """A step is done."""
        ...

    def failed(self, change: Change, error: ReconcilerError) -> None:
        """A step has failed."""
        ...

    def stopping(self, running: int) -> None:
        """Somebody asked to stop: no new steps, this many still run."""
        ...
