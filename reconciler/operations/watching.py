"""``watch``: health and drift again and again, and the mending of what can be mended without anybody."""

import random as randomness
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from reconciler import codes
from reconciler.address import Address
from reconciler.apply.outcome import Progress
from reconciler.config.stack import Stack
from reconciler.diagnostics import Diagnostic
from reconciler.errors import ReconcilerError, Refused, StateLocked
from reconciler.health.findings import Findings
from reconciler.health.states import USABLE
from reconciler.health.watch_events import (
    Began,
    Drifted,
    DriftOver,
    Ended,
    Event,
    Left,
    Phase,
    Settled,
)
from reconciler.health.watching import Known, Transition, standing_of
from reconciler.operations import healing
from reconciler.operations.drift import ask_health, find_drift
from reconciler.operations.healing import COMMAND
from reconciler.operations.hindrances import Hindrances
from reconciler.operations.patience import Patience
from reconciler.operations.replaying import Replayer, ran, waiting
from reconciler.operations.rounds import Rounds
from reconciler.operations.workspace import Setting, at_work, load, path_of
from reconciler.operations.writing import at_work_for
from reconciler.plan.change import Drift
from reconciler.provider.breaker import Breaker
from reconciler.state.lock import check_free, lock
from reconciler.state.who import who_runs

_HEALTH, _DRIFT = "health", "drift"


@dataclass(frozen=True)
class Habits:
    """How to watch: ``health`` and ``drift`` are the seconds between two looks; ``heals``: whether what has
    drifted is restored."""

    health: float = 300.0
    drift: float = 900.0
    heals: bool = False


class Watch:
    """Watches one stack in one environment, for as long as nobody asks to ``stop``. One thread uses it.

    The stack's files, with its secrets, are read anew in each round. What it remembers is bounded by what is
    declared and recorded, however long it runs.
    """

    def __init__(
        self,
        setting: Setting,
        habits: Habits,
        *,
        stop: threading.Event,
        progress: Progress,
        random: randomness.Random | None = None,
    ) -> None:
        self._setting = setting
        self._habits = habits
        self._stop = stop
        self._progress = progress
        random = random or randomness.Random()  # noqa: S311 - it spreads rounds, and hides nothing
        intervals = {_HEALTH: habits.health, _DRIFT: habits.drift}
        self._rounds = Rounds(intervals, setting.clock, random)
        self._breakers: dict[str, Breaker] = {}
        self._replayer = Replayer(setting, self._breakers, progress, stop)
        self._known: dict[str, Known] = {}
        self._findings = Findings()
        self._patience = Patience()
        self._hindrances = Hindrances(setting.clock)
        self._left: dict[Address, str] = {}
        """What was told to be left, with the reason."""

    def events(self) -> Iterator[Event]:
        """What happens, as it happens, until ``stop`` is set.

        Raises, before the first of them, InvalidConfiguration and StateError for a stack that cannot be
        watched at all, and StateLocked when it is watched already.
        """
        stack = load(self._setting)
        with watching_alone(self._setting, stack):
            clock, habits = self._setting.clock, self._habits
            yield Began(clock.now(), stack.name, stack.environment, habits.health, habits.drift, habits.heals)
            while not self._stop.is_set():
                yield from self._round(stack)
                clock.sleep(self._rounds.left, self._stop.is_set)
            yield Ended(clock.now())

    def _round(self, watched: Stack) -> Iterator[Event]:
        is_time = {kind: self._rounds.is_due(kind) for kind in (_HEALTH, _DRIFT)}
        for kind, is_due in is_time.items():
            if is_due:
                self._rounds.begin(kind)
        try:
            stack = _read(self._setting, watched)
        except (ReconcilerError, OSError) as error:
            yield from self._hindrances.met(Phase.FILES, error)
            return
        yield from self._hindrances.over(Phase.FILES)
        before = dict(self._known)
        if is_time[_HEALTH]:
            yield from self._trying(Phase.HEALTH, self._ask(stack))
        yield from self._trying(Phase.SYNC, self._sync(stack))
        if is_time[_DRIFT] or self._is_anybody_back(before):
            yield from self._trying(Phase.DRIFT, self._look(stack))

    def _trying(self, phase: Phase, steps: Iterator[Event]) -> Iterator[Event]:
        """What happens in a phase, an error included: that ends the phase, and not the watching."""
        if self._stop.is_set():
            return
        try:
            yield from steps
        except StateLocked as locked:
            self._rounds.again_soon(_DRIFT)
            yield from self._hindrances.waits(phase, locked.holder)
        except (ReconcilerError, OSError) as error:
            yield from self._hindrances.met(phase, error)
        else:
            yield from self._hindrances.over(phase)

    def _is_anybody_back(self, before: Mapping[str, Known]) -> bool:
        """Whether a service that could not be used can be by now."""
        return any(
            state in USABLE and key in before and before[key][0] not in USABLE
            for key, (state, _) in self._known.items()
        )

    def _ask(self, stack: Stack) -> Iterator[Event]:
        """Ask every service how it is. Its answer closes an open circuit."""
        with (
            at_work(self._setting, stack, read_only=True, breakers=self._breakers) as workspace,
            workspace.connections.until(self._stop.is_set),
        ):
            found = ask_health(workspace, is_fresh=True)
        if self._stop.is_set():
            return  # an answer that was not waited for says nothing
        known, self._known = self._known, {one.provider: standing_of(one) for one in found}
        for key in self._breakers.keys() - self._known.keys():
            del self._breakers[key]
        for one in found:
            before = known.get(one.provider)
            if standing_of(one) != before:
                yield Transition(before[0] if before is not None else None, one)

    def _sync(self, stack: Stack) -> Iterator[Event]:
        """Carry out what was deferred for services that can be used now."""
        usable = frozenset(key for key, (state, _) in self._known.items() if state in USABLE)
        yield from self._replayer.replay(stack, usable)

    def _look(self, stack: Stack) -> Iterator[Event]:
        """Look for drift, and restore what has drifted."""
        path, clock = path_of(self._setting, stack), self._setting.clock
        check_free(path, clock)  # what a run is about to change would look like drift
        with at_work(self._setting, stack, read_only=True, breakers=self._breakers) as workspace:
            serial = workspace.ledger.serial
            with workspace.connections.until(self._stop.is_set):
                report = find_drift(workspace)
        if self._stop.is_set():
            return
        if report.has_drift:
            check_free(path, clock)
            with at_work(self._setting, stack, read_only=True) as workspace:
                if workspace.ledger.serial != serial:
                    self._rounds.again_soon(_DRIFT)
                    return
        news, over = self._findings.take_in(report)
        moment = clock.now()
        yield from (DriftOver(moment, one) for one in over)
        yield from (Drifted(moment, one) for one in news)
        drifted = {one.address: one for one in report.changed}
        resting = self._patience.resting(drifted)
        if self._habits.heals:
            yield from self._trying(Phase.HEAL, self._heal(stack, drifted, resting))

    def _heal(
        self, stack: Stack, drifted: Mapping[Address, Drift], resting: frozenset[Address]
    ) -> Iterator[Event]:
        self._left = {address: reason for address, reason in self._left.items() if address in drifted}
        if not drifted:
            return
        with at_work_for(COMMAND, self._setting, stack, breakers=self._breakers) as workspace:
            clock = workspace.clock
            apart = dict.fromkeys(resting, healing.CONTESTED)
            apart |= waiting(workspace)
            healed = healing.prepare(workspace, drifted, apart)
            for call in healed.prospect.recovery.settled:
                intent = call.intent
                yield Settled(clock.now(), intent.run, intent.address, intent.action, call.took_effect)
            for address, reason in healed.left.items():
                if self._left.get(address) != reason:
                    self._left[address] = reason
                    yield Left(clock.now(), address, reason, healing.remedy(address, workspace.ledger.serial))
            if not healed.has_work or self._stop.is_set():
                return
            self._patience.tried(change.address for change in healed.prospect.plan.visible)
            outcome = healing.carry_out(workspace, healed, self._progress, self._stop).outcome
            for change in outcome.done:
                self._findings.put_right(change.address)
                self._left.pop(change.address, None)
            yield ran(Phase.HEAL, outcome, clock.now())


@contextmanager
def watching_alone(setting: Setting, stack: Stack) -> Iterator[None]:
    """Be the only one that watches a stack in an environment and realm. Runs need another lock.

    Raises StateLocked when somebody else watches it.
    """
    path, who = path_of(setting, stack), who_runs(setting.environ)
    with ExitStack() as held:
        try:
            own = path.with_name(f"{path.name}.watch")
            held.enter_context(lock(own, who=who, command=COMMAND, clock=setting.clock))
        except StateLocked as locked:
            remedy = "one is enough; end that one first, or watch another environment"
            raise StateLocked(locked.holder, what="it is watched already", remedy=remedy) from None
        yield


def _read(setting: Setting, watched: Stack) -> Stack:
    """The stack as its files are now. Raises InvalidConfiguration, and Refused when it is another one."""
    stack = load(setting)
    if stack.name != watched.name:
        problem = Diagnostic(
            f"the stack is called {stack.name} now, and {watched.name} is watched",
            "give it back its name, or start watch anew",
            code=codes.REFUSED,
        )
        raise Refused([problem])
    return stack
