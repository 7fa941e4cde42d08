"""A stack over the in-memory service, with everything real but the service and the clock."""

import threading
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from reconciler.address import Address
from reconciler.apply.executor import execute
from reconciler.apply.outcome import Outcome
from reconciler.apply.recovery import Recovery, recover, unread
from reconciler.apply.rollback import desired_at
from reconciler.builtin import BuiltinProvider
from reconciler.config import load
from reconciler.config.stack import OnFailure, Stack
from reconciler.errors import ReconcilerError, Refused
from reconciler.plan.action import Action
from reconciler.plan.change import Change, Plan
from reconciler.plan.desired import Desired
from reconciler.plan.evaluate import evaluate
from reconciler.plan.planner import make_plan
from reconciler.plan.refactoring import refactored
from reconciler.plan.refresh import refresh
from reconciler.plan.targets import named, narrowed, scope, widened
from reconciler.plan.world import PlanState
from reconciler.provider import Provider
from reconciler.provider.context import Context
from reconciler.registry import Registry
from reconciler.state.model import Run
from reconciler.state.sqlite import SqliteLedger
from reconciler.testing import FakeClock, MemoryFactory, MemoryProvider, MemoryService
from reconciler.testing.failures import MemoryCall


@dataclass
class Watcher:
    """A Progress that remembers what it was told, and can act on it."""

    events: list[tuple[str, str]] = field(default_factory=list)
    on_finished: Callable[[], None] = lambda: None

    def started(self, change: Change) -> None:
        self.events.append(("started", str(change.address)))

    def finished(self, change: Change, seconds: float) -> None:
        self.events.append(("finished", str(change.address)))
        self.on_finished()

    def failed(self, change: Change, error: ReconcilerError) -> None:
        self.events.append(("failed", str(change.address)))

    def stopping(self, running: int) -> None:
        self.events.append(("stopping", str(running)))


class Lab:
    """Write YAML, plan it, apply it, look at the service and the state."""

    def __init__(self, directory: Path, service: MemoryService | None = None) -> None:
        self.directory = directory
        self.clock = FakeClock()
        self.service = service or MemoryService()
        self.registry = Registry({"memory": MemoryFactory(self.service)})
        context = Context(clock=self.clock)
        self.providers: dict[str, Provider] = {
            "memory": MemoryProvider(self.service, {}, context),
            "reconciler": BuiltinProvider({}, context),
        }
        self.environ: dict[str, str] = {}
        self.watcher = Watcher()
        self.stop = threading.Event()
        self._runs = 0
        self.ledger = self._open()

    def _open(self) -> SqliteLedger:
        return SqliteLedger.open(
            self.directory / "state.db", stack="lab", environment="default", realm="real", clock=self.clock
        )

    def reopen(self) -> None:
        """As a new process finds the state."""
        self.ledger.close()
        self.ledger = self._open()

    def write(self, resources: str) -> None:
        """Write the stack's file; ``resources`` is everything after its name."""
        (self.directory / "reconciler.yaml").write_text("stack: lab\n" + dedent(resources), encoding="utf-8")

    def stack(self) -> Stack:
        return load(self.directory, environment=None, types=self.registry, environ=self.environ)

    def desired(self) -> Desired:
        stack = self.stack()
        self.ledger.sealer.learn(stack.secrets())
        return Desired.of(stack)

    def plan(self, resources: str | None = None, **limits: Any) -> Plan:
        """Refresh and plan, of new YAML if given."""
        if resources is not None:
            self.write(resources)
        return self.plan_for(self.desired(), **limits)

    def settle(self) -> Recovery:
        """Record what became of the calls of cut-off runs, as every command does before anything else."""
        recovery = self.settled_only()
        if recovery.settled:
            self.ledger.record(results=recovery.results())
        if recovery.problems or recovery.pending:
            raise Refused([*recovery.problems, *map(unread, recovery.pending)])
        return recovery

    def settled_only(self) -> Recovery:
        """The same without recording it, as a command does that only looks."""
        ledger = self.ledger
        return recover(ledger.open_intents(), ledger.objects(), self.registry, self.providers, ledger.sealer)

    def plan_for(self, desired: Desired, **limits: Any) -> Plan:
        self.settle()
        desired, state = refactored(desired, PlanState.of(self.ledger))
        live = refresh(desired.within(state.objects), self.providers, state.sealer)
        return make_plan(desired, state, types=self.registry, providers=self.providers, live=live, **limits)

    def apply(
        self, resources: str | None = None, *, on_failure: OnFailure = "stop", parallelism: int = 4
    ) -> Outcome:
        """Plan and carry out."""
        return self.execute(self.plan(resources), on_failure=on_failure, parallelism=parallelism)

    def execute(
        self, plan: Plan, *, command: str = "apply", on_failure: OnFailure = "stop", parallelism: int = 4
    ) -> Outcome:
        self._runs += 1
        run = Run(f"run-{self._runs}", command, self.clock.now(), "tester", self.ledger.serial)
        self.ledger.begin(run)
        outcome = execute(
            plan,
            ledger=self.ledger,
            providers=self.providers,
            types=self.registry,
            clock=self.clock,
            run=run,
            progress=self.watcher,
            stop=self.stop,
            parallelism=parallelism,
            on_failure=on_failure,
        )
        outputs = {
            name: self.ledger.sealer.seal(evaluate(output.value, outcome.values.__getitem__))
            for name, output in plan.declared_outputs.items()
            if outcome.is_complete
        }
        self.ledger.end(run.id, outcome.outcome, self.clock.now(), outputs)
        return outcome

    def cut_off(self, operation: str, *, took_effect: bool) -> None:
        """End the next apply as a kill would, just before or just after a call takes effect."""

        def hook(call: MemoryCall) -> None:
            if call.operation == operation:
                raise KeyboardInterrupt

        if took_effect:
            self.service.on_answer = hook
        else:
            self.service.on_call = hook
        with pytest.raises(KeyboardInterrupt):
            self.apply()
        self.service.on_call = self.service.on_answer = None
        self.reopen()

    def stop_after(self, steps: int) -> None:
        """Ask the next run to stop once so many of its steps are finished."""
        left = [steps]

        def count() -> None:
            left[0] -= 1
            if not left[0]:
                self.stop.set()

        self.watcher.on_finished = count

    def desired_at(self, serial: int) -> Desired:
        stack = self.stack()
        return desired_at(self.ledger, serial, stack.expression, self.registry, stack.outputs)

    def plan_part(self, desired: Desired, targets: Collection[Address]) -> Plan:
        """A plan for some resources and what must come along."""
        objects, outputs = self.ledger.objects(), self.ledger.outputs()
        only = scope(named(targets, desired, objects), desired, objects, self.registry)
        while True:
            plan = self.plan_for(narrowed(desired, only, objects, outputs))
            wider = widened(plan, desired, objects, self.registry)
            if wider is None:
                return plan
            only = wider

    def rollback(self, serial: int) -> Outcome:
        """Plan the way back to a serial and carry it out."""
        return self.execute(self.plan_for(self.desired_at(serial)), command="rollback")

    def destroy(self) -> Outcome:
        return self.execute(self.plan_for(Desired({})), command="destroy")

    def actions(self, plan: Plan) -> Mapping[str, Action]:
        """What a reader sees: address to action."""
        return {str(change.address): change.action for change in plan.visible}

    def names(self, type_name: str = "memory_thing") -> list[str]:
        """The names of the service's objects, sorted."""
        return sorted(str(found.attributes["name"]) for found in self.service.objects(type_name))

    def recorded(self, address: str) -> Mapping[str, Any]:
        """What state knows of an object's attributes."""
        return self.ledger.objects()[Address.parse(address)].attributes
