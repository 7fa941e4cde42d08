"""Changes and plans: values that say all that apply needs, and all that a reader wants to see."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from reconciler.address import Address
from reconciler.config.checks import PLAN
from reconciler.config.sections import Check
from reconciler.config.stack import Declaration, Output, Template
from reconciler.errors import ProviderError, ReconcilerError
from reconciler.plan.action import Action, ActionReason, Mode
from reconciler.plan.conditions import Verdict
from reconciler.provider.objects import Earlier, Object
from reconciler.state.model import StateObject
from reconciler.values import Unknown, Value


@dataclass(frozen=True, slots=True)
class WayBack:
    """What a step of a rollback cannot bring back as it was."""

    is_recreated: bool = False
    """Whether another object, with a new id, takes the place of the one that the snapshot knows."""
    id: str = ""
    """The id that the object had, which is lost, if it is recreated."""
    lost: str = ""
    """What of it does not come back, in the type's words; empty when it does not say."""
    asked_again: Mapping[str, str] = field(default_factory=dict)
    """By attribute that is written: the ``${…}`` of the secret that is asked for again."""
    kept: Mapping[str, str] = field(default_factory=dict)
    """By attribute: the ``${…}`` that is not worked out again, so that its value of then is written."""
    left_alone: tuple[str, ...] = ()
    """The secret attributes that stay as they are, since only a keyed hash of them is known."""

    @property
    def is_exact(self) -> bool:
        """Whether all is as it was then."""
        return not (self.is_recreated or self.asked_again or self.kept or self.left_alone)


@dataclass(frozen=True, slots=True)
class Change:
    """What happens to one resource, and why.

    ``live`` is the object as read for this plan, ``recorded`` what state says of it, ``desired`` what is
    declared (with expressions, to be evaluated when the step starts) and ``planned`` the same evaluated as
    far as it is known now.
    """

    address: Address
    action: Action
    provider: str
    live: Object | None = None
    recorded: StateObject | None = None
    desired: Mapping[str, Template] = field(default_factory=dict)
    planned: Mapping[str, Value] = field(default_factory=dict)
    before: Mapping[str, Value] = field(default_factory=dict)
    """``live``'s attributes, masked."""
    after: Mapping[str, Value] = field(default_factory=dict)
    """All attributes as they will be, Unknown where only the service will tell."""
    changed: frozenset[str] = frozenset()
    """The declared attributes that differ."""
    forced_by: tuple[str, ...] = ()
    """The attributes that make it a replacement."""
    triggered_by: tuple[str, ...] = ()
    """What makes it a replacement by changing itself, as ``replace_triggered_by`` names it."""
    creates_first: bool = False
    """For a replacement: whether the new object is made before the old one is removed."""
    reason: str = ""
    irreversible: str = ""
    """Why the step cannot be undone exactly; empty when it can."""
    how: str = "delete"
    """For a deletion: ``delete``, or another way that the type offers."""
    goes_with: Address | None = None
    """The parent whose own deletion removes this object: no call is made for it."""
    becomes: Address | None = None
    """For what is forgotten: the address that its object has from now on."""
    takes_over: bool = False
    """Whether an object that no state knew becomes ours."""
    seen_absent: bool = False
    """Whether the service was seen not to have it."""
    depends_on: tuple[Address, ...] = ()
    """What it refers to or names in ``depends_on``."""
    declaration: Declaration | None = None
    """None for what is declared no more."""
    takes_from: Address | None = None
    """Whose object has the natural key that this one takes, until this plan renames or removes that."""
    follows: frozenset[str] = frozenset()
    """The attributes that change with the parent's name, without a call."""
    import_id: str = ""
    """For what the stack's ``imports`` name: the id, as it may be shown."""
    moved_from: Address | None = None
    """The address that its object has had until now, if the stack says that it has moved."""
    records_anew: bool = False
    """For a no-op: whether state remembers something else after it."""
    along: str = ""
    """Why it came along, when only other resources were named."""
    way_back: WayBack | None = None
    """For a rollback: what does not come back as it was."""
    as_of: Earlier | None = None
    """When the oldest of what it rests on was read, if the cache has told that; None where all is fresh."""
    action_reason: ActionReason | None = None
    """Why an object is lost or read later, in the word that programs know; None where there is none."""

    @property
    def is_step(self) -> bool:
        """Whether apply has anything to do for it."""
        return self.action is not Action.NO_OP or self.records_anew or self.takes_over

    @property
    def is_visible(self) -> bool:
        """Whether a reader of the plan should see it."""
        return self.action is not Action.NO_OP or self.takes_over or self.moved_from is not None

    @property
    def is_read(self) -> bool:
        """Whether it only looks something up."""
        return self.action is Action.READ


@dataclass(frozen=True, slots=True)
class Drift:
    """An object that is not as our last run left it. ``live`` is None when it is missing."""

    address: Address
    provider: str
    prior: Mapping[str, Value]
    live: Mapping[str, Value] | None
    attributes: tuple[str, ...] = ()
    as_of: Earlier | None = None
    """When the object was read, if the cache has told it; None for what is fresh."""

    @property
    def is_missing(self) -> bool:
        """Whether the object is gone."""
        return self.live is None


@dataclass(frozen=True, slots=True)
class Unread:
    """An object or data entry that could not be read: how it is is unknown, never "absent"."""

    address: Address
    provider: str
    error: ProviderError


@dataclass(frozen=True, slots=True)
class Deferral:
    """What is put off: the action, the digest of the declaration it carries out (empty for what is declared
    no more), and a keyed digest of the object as it was seen then (empty when nobody could look)."""

    action: Action
    declared: str = ""
    seen: str = ""


@dataclass(frozen=True, slots=True)
class Held:
    """What is not done now, and why.

    ``because`` is what it waits for; None for what is itself the cause, which has the ``error`` behind it.
    """

    address: Address
    provider: str
    reason: str
    because: Address | None = None
    error: ReconcilerError | None = None
    can_wait: bool = False
    """Whether what is to be done may be put off until its service is there again."""
    deferral: Deferral | None = None
    """What is put off; None when it is only held back, or nothing is known to be done."""


@dataclass(frozen=True, slots=True)
class Cause:
    """Why nothing of a provider can be done: in a clause, and the error behind it.

    ``can_wait`` is whether what was to be done may be put off until the service is there again.
    """

    reason: str
    error: ProviderError
    can_wait: bool = False


@dataclass(frozen=True, slots=True)
class Expectation:
    """A data entry whose ``expect`` does not hold: attribute, what it should be, what it is."""

    address: Address
    attribute: str
    expected: Value
    actual: Value


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One of the stack's checks, and what became of it; ``message`` is what to say if it failed."""

    check: Check
    verdict: Verdict
    message: str = ""

    @property
    def has_failed(self) -> bool:
        """Whether it does not hold."""
        return self.verdict is Verdict.FAIL

    @property
    def looks_at_plan(self) -> bool:
        """Whether it is about the plan, and not only about what there is."""
        return PLAN in self.check.condition.references

    @property
    def is_refusal(self) -> bool:
        """Whether it does not hold, and nothing may be applied while that is so."""
        return self.has_failed and self.check.is_error


@dataclass(frozen=True, slots=True)
class PlannedOutput:
    """An output's value before and after; ``before`` is None when there was none."""

    name: str
    before: Value
    after: Value
    is_sensitive: bool
    is_removed: bool = False
    is_changed: bool = True


@dataclass(frozen=True)
class Plan:
    """The ordered changes, and the state they were computed from."""

    changes: tuple[Change, ...]
    serial: int
    lineage: str
    values: Mapping[Address, Mapping[str, Value] | Unknown]
    """What expressions see of every resource and data entry."""
    outputs: tuple[PlannedOutput, ...] = ()
    declared_outputs: Mapping[str, Output] = field(default_factory=dict)
    drift: tuple[Drift, ...] = ()
    failed_expectations: tuple[Expectation, ...] = ()
    unread: tuple[Unread, ...] = ()
    """What could not be read; nothing is planned for it nor for what depends on it."""
    read: tuple[Address, ...] = ()
    """The data entries that were read."""
    only: Mapping[Address, str] | None = None
    """All that it may touch, each with the reason why it came along; None when that is everything."""
    held: tuple[Held, ...] = ()
    """What is held back until a service is ready again (see ``holding``)."""
    cached: Mapping[Address, Earlier] = field(default_factory=dict)
    """The objects and data entries that the cache has told, each with when the service had told it."""
    mode: Mode = Mode.NORMAL
    excluded: Mapping[Address, str] = field(default_factory=dict)
    """What was left out as asked, with all that has to be left out with it, each with the reason."""
    is_refreshed: bool = True
    """Whether the objects were read; if not, they were taken to be as the state says."""
    checks: tuple[CheckResult, ...] = ()
    """What became of the stack's checks."""
    moved_from: Mapping[Address, Address] = field(default_factory=dict)
    """By new address: the one that the state still has. A run of the plan begins with these, all at once."""

    def __iter__(self) -> Iterator[Change]:
        return iter(self.changes)

    @cached_property
    def by_address(self) -> Mapping[Address, Change]:
        """The changes by address."""
        return {change.address: change for change in self.changes}

    @cached_property
    def visible(self) -> tuple[Change, ...]:
        """The changes that a reader should see."""
        return tuple(change for change in self.changes if change.is_visible)

    @property
    def has_changes(self) -> bool:
        """Whether apply would change a service, an output, or whose object something is.

        Where a plan only refreshes, it is whether the state takes over a change that somebody has made.
        """
        if self.mode is Mode.REFRESH_ONLY and self.drift:
            return True
        return bool(self.visible or self.moved_from) or any(output.is_changed for output in self.outputs)
