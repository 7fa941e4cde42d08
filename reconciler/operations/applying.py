"""Carrying a plan out, and recording the run: who, when, from which commit, and what came of it."""

import threading
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace

from reconciler.address import Address
from reconciler.apply.executor import execute
from reconciler.apply.outcome import Outcome, Progress, never, unguarded
from reconciler.config.stack import OnFailure
from reconciler.errors import InvalidConfiguration
from reconciler.health.report import ProviderHealth
from reconciler.operations.asking import ask
from reconciler.operations.deferring import Outages, entries
from reconciler.operations.planning import Prospect
from reconciler.operations.reading import keep
from reconciler.operations.rereading import Freshness
from reconciler.operations.workspace import Workspace
from reconciler.operations.writing import new_run
from reconciler.plan.change import CheckResult, Drift, Held, Plan, Unread
from reconciler.plan.checks import asked_again
from reconciler.plan.drift import drift
from reconciler.plan.evaluate import evaluate
from reconciler.plan.refresh import refresh
from reconciler.plan.world import PlanState, World
from reconciler.provider.objects import Unreadable
from reconciler.state.model import Deferred, Hold, Run
from reconciler.values import Sensitive, Unknown, Value, is_known


@dataclass(frozen=True)
class Order:
    """How a plan is to be carried out, and as what it goes into the books.

    ``hold`` makes the configuration to hold back of a run that has done something.
    """

    command: str
    progress: Progress
    stop: threading.Event
    parallelism: int | None = None
    configuration: str = ""
    why: str = ""
    hold: Callable[[Run], Hold | None] = lambda run: None
    release: str = ""
    """A configuration that is held back no longer."""
    target: int | None = None
    """For a rollback of everything: the serial that it goes to."""
    defers: bool = False
    """Whether what its plan puts off goes into the queue, and so what is left of a service that goes down."""
    renews: bool = True
    """Whether an entry that is in the queue already is put there anew."""
    drops: Collection[Address] = ()
    """The addresses in the queue that it makes moot."""
    on_failure: OnFailure = "stop"
    """What ``rollback`` asks for beyond ``stop``, the caller does (see ``undoing``)."""
    ended: Callable[[], None] = lambda: None
    """Called when the run has ended in the books: what follows may be cut short."""
    rereads: bool = False
    """Whether objects that were read a while ago are read again before they are changed."""


@dataclass(frozen=True)
class Verification:
    """What the services said, read again after a run, of the objects that it wrote."""

    checked: int
    differing: tuple[Drift, ...] = ()
    unread: tuple[Unread, ...] = ()
    health: tuple[ProviderHealth, ...] = ()
    """Of the providers that it wrote to, asked after it."""
    held: tuple[Held, ...] = ()
    """What the run held back."""


@dataclass(frozen=True)
class Applied:
    """What a run came to."""

    outcome: Outcome
    verification: Verification
    deferred: tuple[Deferred, ...] = ()
    """What of its plan waits in the queue now."""
    dropped: tuple[Address, ...] = ()
    """What was taken out of the queue, as it is moot."""
    checks: tuple[CheckResult, ...] = ()
    """What became of the stack's checks that nobody could answer before it."""


def carry_out(workspace: Workspace, prospect: Prospect, order: Order) -> Applied:
    """Do what the plan says, record it as a run, and look whether it holds.

    Raises StateError and WrongAccount; a step's failure is in the outcome.
    """
    ledger, stack = workspace.ledger, workspace.stack
    for key, account in prospect.accounts.items():
        ledger.remember_account(key, account)
    run = new_run(
        workspace, order.command, configuration=order.configuration, why=order.why, target=order.target
    )
    ledger.begin(run)
    queued = {one.address for one in ledger.deferred()}
    if order.release:
        ledger.release(order.release)
    connections = workspace.connections
    before, repeated = connections.calls.copy(), connections.retries.copy()
    with connections.until(order.stop.is_set):
        outcome = execute(
            prospect.plan,
            ledger=ledger,
            providers=prospect.providers,
            types=workspace.registry,
            clock=workspace.clock,
            run=run,
            progress=order.progress,
            stop=order.stop,
            parallelism=order.parallelism or stack.apply.parallelism,
            on_failure=order.on_failure,
            puts_off=Outages(workspace) if order.defers else never,
            guard=Freshness(workspace, prospect) if order.rereads else unguarded,
        )
    outcome = replace(
        outcome, calls=dict(connections.calls - before), retries=dict(connections.retries - repeated)
    )
    _forget(workspace, prospect, outcome)
    hold = order.hold(run) if outcome.done or outcome.is_complete else None
    outputs = _outputs(prospect.plan, outcome, workspace)
    deferred = entries(workspace, prospect.plan, outcome, run) if order.defers else ()
    fresh = tuple(one for one in deferred if order.renews or one.address not in queued)
    dropped = tuple(address for address in order.drops if address in queued)
    ledger.end(run.id, outcome.outcome, workspace.clock.now(), outputs, hold, deferred=fresh, dropped=dropped)
    checks = asked_again(prospect.plan, outcome.values)
    return Applied(outcome, _looked_again(workspace, prospect, outcome, order), deferred, dropped, checks)


def _forget(workspace: Workspace, prospect: Prospect, outcome: Outcome) -> None:
    """What a run has written is in no cache as it was before; the second look tells how it is now."""
    written: dict[str, list[tuple[str, str]]] = {}
    for change in (*outcome.done, *(failed.change for failed in outcome.failed)):
        if change.is_visible and not change.is_read:
            identity = change.recorded.id if change.recorded is not None else ""
            written.setdefault(change.provider, []).append((change.address.type, identity))
    workspace.connections.forget(written, prospect.accounts)


def _outputs(plan: Plan, outcome: Outcome, workspace: Workspace) -> dict[str, Value]:
    """The outputs after a run, sealed; one that cannot be known after a failure stays as it was."""
    earlier = workspace.ledger.outputs()
    outputs: dict[str, Value] = {}
    for name, declared in plan.declared_outputs.items():
        try:
            value = evaluate(declared.value, outcome.values.__getitem__)
        except (InvalidConfiguration, LookupError):
            value = Unknown(name)
        if is_known(value):
            hidden = declared.is_sensitive and not isinstance(value, Sensitive)
            outputs[name] = workspace.ledger.sealer.seal(Sensitive(value) if hidden else value)
        elif name in earlier:
            outputs[name] = earlier[name]
    return outputs


def _looked_again(workspace: Workspace, prospect: Prospect, outcome: Outcome, order: Order) -> Verification:
    """What a second look finds; nothing when somebody wants to go: what was done is recorded and is told."""
    if order.stop.is_set():
        return Verification(0, held=prospect.plan.held)
    try:
        order.ended()
        return _verified(workspace, prospect, outcome)
    except KeyboardInterrupt:
        return Verification(0, held=prospect.plan.held)


def _verified(workspace: Workspace, prospect: Prospect, outcome: Outcome) -> Verification:
    state = PlanState.of(workspace.ledger)
    written = {change.address for change in outcome.done}
    objects = {address: state.objects[address] for address in written if address in state.objects}
    readers = workspace.connections.reading(prospect.providers, prospect.accounts)
    live = refresh(objects, readers, state.sealer)
    keep(readers)
    world = World(replace(state, objects=objects), workspace.registry, readers, live)
    unread = tuple(
        Unread(address, objects[address].provider, found.error)
        for address, found in live.items()
        if isinstance(found, Unreadable)
    )
    health = ask(workspace, sorted({change.provider for change in outcome.done if change.is_visible}))
    return Verification(len(objects), tuple(drift(world)), unread, health, prospect.plan.held)
