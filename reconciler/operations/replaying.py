"""What was deferred while a service was down, as far as ``watch`` carries it out: what still holds."""

import threading
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from reconciler.address import Address
from reconciler.apply.outcome import Outcome, Progress
from reconciler.config.stack import Stack
from reconciler.health.watch_events import Event, Left, Phase, Ran
from reconciler.operations import applying, holds, syncing
from reconciler.operations.applying import Order
from reconciler.operations.workspace import Setting, Workspace, at_work
from reconciler.operations.writing import at_work_for
from reconciler.provider.breaker import Breaker
from reconciler.state.model import Deferred

COMMAND = "sync"
"""What the history of runs calls a run that carries out what was deferred, whoever began it."""

_ASKS = "`reconciler sync` shows it and asks"
_WAITS = "a write to it is deferred, and comes first: `reconciler sync --list` shows what waits"


class Replayer:
    """Carries out what was deferred, and remembers what it has told of the rest."""

    def __init__(
        self, setting: Setting, breakers: dict[str, Breaker], progress: Progress, stop: threading.Event
    ) -> None:
        self._setting = setting
        self._breakers = breakers
        self._progress = progress
        self._stop = stop
        self._told: dict[Address, str] = {}

    def replay(self, stack: Stack, usable: frozenset[str]) -> Iterator[Event]:
        """Carry out what was deferred for the providers that are ``usable``, and tell what came of it.

        What is not any more what was deferred, and what has expired, is left for somebody to decide. Where
        nothing is deferred, nobody is asked and no lock is taken. Raises StateLocked while somebody else
        writes, and Refused where the stack's configuration was rolled back.
        """
        with at_work(self._setting, stack, read_only=True) as workspace:
            queue = workspace.ledger.deferred()
        self._told = {one.address: self._told[one.address] for one in queue if one.address in self._told}
        if not any(one.provider in usable for one in queue):
            return
        with at_work_for(COMMAND, self._setting, stack, breakers=self._breakers) as workspace:
            holds.check(workspace.ledger, stack.digest())
            young, expired = syncing.sorted_by_age(workspace)
            yield from self._leave({one.address: _expired(one) for one in expired})
            if gone := syncing.gone(workspace, young):
                workspace.ledger.drop(gone)
            found = syncing.look(workspace, young) if young else None
            if found is None:
                return
            yield from self._leave(found.differing)
            prospect = syncing.still_holding(workspace, found)
            if self._stop.is_set():
                return
            if not prospect.has_work:
                if found.settled:
                    workspace.ledger.drop(found.settled)
                return
            back = sorted({change.provider for change in prospect.plan.visible} & usable)
            order = Order(
                COMMAND,
                self._progress,
                self._stop,
                configuration=stack.digest(),
                why=f"deferred, and carried out by watch: {_names(back)} can be used again",
                defers=True,
                renews=False,
                drops=found.settled,
                on_failure="continue",
            )
            outcome = applying.carry_out(workspace, prospect, order).outcome
            yield ran(Phase.SYNC, outcome, workspace.clock.now())

    def _leave(self, reasons: Mapping[Address, str]) -> Iterator[Event]:
        for address, reason in reasons.items():
            if self._told.get(address) != reason:
                self._told[address] = reason
                yield Left(self._setting.clock.now(), address, reason, _ASKS)


def waiting(workspace: Workspace) -> dict[Address, str]:
    """Where something is deferred still, each with the reason to leave that alone."""
    return {one.address: _WAITS for one in workspace.ledger.deferred()}


def ran(phase: Phase, outcome: Outcome, moment: datetime) -> Ran:
    """What a run has come to, as an event."""
    return Ran(
        moment,
        phase,
        outcome.run,
        outcome.outcome,
        outcome.serial,
        [change for change in outcome.done if change.is_visible],
        [(failure.change, failure.error) for failure in outcome.failed],
        [step.change for step in outcome.not_reached if step.change.is_visible],
    )


def _expired(one: Deferred) -> str:
    return f"its write was deferred until {one.expires:%Y-%m-%d %H:%M}, and has expired"


def _names(keys: Iterable[str]) -> str:
    return ", ".join(keys) or "its service"
