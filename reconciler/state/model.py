"""What state remembers. These are values; the ledger stores them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from reconciler.address import Address
from reconciler.provider.objects import ObjectKey
from reconciler.values import Value


@dataclass(frozen=True, slots=True)
class StateObject:
    """One object as it was when we last read or wrote it."""

    address: Address
    provider: str
    """The key of its provider's configuration: ``github``, or ``github.enterprise``."""
    id: str
    attributes: Mapping[str, Value]
    """Every attribute that the service told, computed ones included; Digest in place of what is sensitive."""
    declared: Mapping[str, Value] = field(default_factory=dict)
    """What was asked for, as the service would put it (sealed); drift is looked for in these alone."""
    expressions: Mapping[str, str] = field(default_factory=dict)
    """By JSON pointer into ``declared``: the ``${…}`` that gave a value which refers to another resource or
    is sensitive, so that a rollback can ask again."""
    depends_on: tuple[Address, ...] = ()
    schema_version: int = 1
    prevent_destroy: bool = False
    on_destroy: str | None = None
    side_effects: tuple[ObjectKey, ...] = ()
    """Objects that the service made together with this one, and that nobody has claimed yet."""

    @property
    def type(self) -> str:
        """The resource type's name."""
        return self.address.type


class RunOutcome(StrEnum):
    """How a run ended; ``RUNNING`` in the past means that it was cut off."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    ROLLED_BACK = "rolled back"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True, slots=True)
class Run:
    """One apply, rollback, destroy, import or change of the state alone: what, by whom, from which commit."""

    id: str
    command: str
    """``apply``, ``rollback``, ``destroy``, ``import``; ``mv``, ``rm`` and ``push``, which call nothing."""
    started: datetime
    who: str
    from_serial: int
    commit: str = ""
    """The commit of the stack's files, with ``+changes`` when they differ; empty outside a checkout."""
    pull_request: str = ""
    configuration: str = ""
    """The digest of the configuration that was applied."""
    why: str = ""
    target: int | None = None
    """For a rollback: the serial that it goes to."""
    to_serial: int | None = None
    ended: datetime | None = None
    outcome: RunOutcome = RunOutcome.RUNNING


@dataclass(frozen=True, slots=True)
class Intent:
    """What a step is about to do, written and flushed before its call.

    ``key``, ``seen_absent`` and ``seen`` decide, after a crash, whose an object is that is found there.
    """

    run: str
    step: int
    """Counts from 0 within the run; a group's steps share ``group``."""
    address: Address
    action: str
    """``create``, ``update``, or for a removal how the object is to go: ``delete``, ``archive`` …"""
    provider: str
    id: str | None = None
    """The object's id, for what exists already."""
    key: ObjectKey | None = None
    seen_absent: bool = False
    group: int | None = None
    seen: tuple[str, ...] | None = None
    """Where the natural key does not decide: the ids of all that answered to it before the call."""
    meant: StateObject | None = None
    """What state is to remember if the call takes effect, as far as it is known before. None for a removal.

    Its id and attributes are given only where an object is taken back that a run of ours let go of: they are
    as they were before that."""

    @property
    def is_removal(self) -> bool:
        """Whether the object is to go."""
        return self.action not in ("create", "update")


@dataclass(frozen=True, slots=True)
class Committed:
    """A step that is done: the object after it, None when it is gone. Takes one serial."""

    run: str
    step: int
    address: Address
    after: StateObject | None
    action: str = ""
    """What was done, for readers of the history; by default what the step's intent says, or what it looks
    like: ``create``, ``update``, ``delete``."""
    is_whole: bool = False
    """Whether its change is complete with it: what was deferred of the resource is done then."""


@dataclass(frozen=True, slots=True)
class Deferred:
    """A write that waits until its service is there again; ``sync`` carries it out."""

    address: Address
    action: str
    """``create``, ``update``, ``replace``, ``delete`` or ``forget``."""
    provider: str
    reason: str
    run: str
    """The run that has put it off."""
    when: datetime
    expires: datetime
    """From then on it is not carried out any more before somebody has looked at it."""
    declared: str = ""
    """The digest of the declaration that it carries out; empty for what is declared no more."""
    seen: str = ""
    """A keyed digest of the object as it was when that was put off; empty when nobody could look."""
    position: int = 0
    """Its place in the queue, from 1; the ledger gives it."""


@dataclass(frozen=True, slots=True)
class Failed:
    """A step that failed, with the error's text, masked.

    ``outcome_known`` is False when the call may have taken effect: the intent then stays open.
    """

    run: str
    step: int
    error: str
    outcome_known: bool = True


@dataclass(frozen=True, slots=True)
class Hold:
    """A configuration that was rolled back; applying the very same one again is refused."""

    configuration: str
    run: str
    """The rollback's run."""
    when: datetime
    who: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The state at a serial, named by the step that led to it: whose run, what it did to which resource."""

    serial: int
    run: str
    address: Address
    action: str
    """As the step's intent names it; ``create``, ``update`` or ``delete`` for a step without one."""
    when: datetime


@dataclass(frozen=True, slots=True)
class SnapshotName:
    """A name that somebody gave to the snapshot at a serial."""

    name: str
    serial: int
    when: datetime
    who: str


@dataclass(frozen=True, slots=True)
class Pruning:
    """Forgetting the past: snapshots ``first`` to ``before - 1`` go, ``before`` to ``latest`` stay."""

    first: int
    before: int
    latest: int

    @property
    def snapshots(self) -> int:
        """How many snapshots go."""
        return self.before - self.first
