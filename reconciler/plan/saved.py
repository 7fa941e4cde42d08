"""A plan that was saved: with all that tells later whether it may still be carried out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from reconciler.address import Address
from reconciler.plan.change import Change, Plan
from reconciler.provider.objects import Account
from reconciler.state.location import Realm
from reconciler.values import Value


@dataclass(frozen=True, slots=True)
class SavedWay:
    """For a rollback: the serial that it goes to, and the runs that it takes back.

    ``is_whole`` is whether it is for everything.
    """

    serial: int
    undone: tuple[str, ...]
    is_whole: bool


@dataclass(frozen=True, slots=True)
class SavedPlan:
    """A plan, what it was made from, and what it is for. Of secrets its values have keyed digests."""

    id: str
    """Names it in the history of runs."""
    made: datetime
    version: str
    """Of reconciler."""
    stack: str
    environment: str
    realm: Realm
    configuration: str
    """A keyed digest of what the stack's files declared."""
    accounts: Mapping[str, Account]
    plan: Plan
    variables: Mapping[str, Value]
    """Of the stack, by name, sealed."""
    given: Mapping[str, str] = field(default_factory=dict)
    """Those that the command line gave, as it did; none that is secret."""
    replaced: tuple[Address, ...] = ()
    """What was to be made anew although nothing forces that."""
    way: SavedWay | None = None

    @property
    def steps(self) -> tuple[Change, ...]:
        """The changes that there is something to do for."""
        return tuple(change for change in self.plan if change.is_step)
