"""Laws over random stacks, failures, stops and meddling.

Apply, then plan, is empty; so is rollback, then plan against the snapshot. After failures one apply heals
all: the service holds exactly what is declared and what others made. The past never changes.
"""

import re
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from reconciler.address import Address
from reconciler.config.stack import OnFailure
from reconciler.errors import OutcomeUnknown, ProviderError, Refused, Rejected, ServiceFailed
from reconciler.plan.change import Change, Plan
from reconciler.state.model import StateObject
from tests.faults_scale import scaled
from tests.lifecycle.lab import Lab
from tests.lifecycle.law_stacks import FOREIGN, Stack, as_yaml, check_service, stacks


class AnswerLost(OutcomeUnknown):
    """The call took effect, and nobody was told."""


FAILURES = st.tuples(
    st.sampled_from(["create", "update", "delete", "write_many"]),
    st.sampled_from([Rejected, ServiceFailed, OutcomeUnknown, AnswerLost]),
    st.integers(1, 3),
    st.integers(1, 2),
)
Ordered = tuple[str, type[ProviderError], int, int]

_PREVENTED = re.compile("prevent")
_BOTH = re.compile("would make a second object of the same")
_SECRET_IS_GONE = re.compile("has another value today|have to be written again|cannot be restored")


class Laws(RuleBasedStateMachine):
    """Applies random stacks, breaks calls, meddles, rolls back, and checks the laws each time."""

    @initialize()
    def start(self) -> None:
        self._folder = tempfile.TemporaryDirectory()
        self.lab = Lab(Path(self._folder.name))
        self.lab.environ["TOKEN"] = "one"
        self.foreign = self.lab.service.put("memory_thing", name=FOREIGN, text="theirs")
        self.stack = Stack()
        self.is_settled = True
        self.lab.write(as_yaml(self.stack))
        self.past: dict[int, Mapping[Address, StateObject]] = {0: {}}
        self.targets = [0]

    @rule(stack=stacks)
    def apply(self, stack: Stack) -> None:
        plan = self._plan(stack)
        if plan is not None:
            self.stack = stack
            outcome = self.lab.execute(plan)
            assert outcome.is_complete, (outcome.failed, outcome.not_reached)
            self._check_settled()

    @rule(stack=stacks, failures=st.lists(FAILURES, min_size=1, max_size=2), going_on=st.booleans())
    def apply_while_calls_fail(self, stack: Stack, failures: list[Ordered], going_on: bool) -> None:
        plan = self._plan(stack)
        if plan is None:
            return
        self.stack = stack
        for operation, error, nth, times in failures:
            took_effect = error is AnswerLost
            self.lab.service.fail(operation, error, nth=nth, times=times, took_effect=took_effect)
        on_failure: OnFailure = "continue" if going_on else "stop"
        self.lab.execute(plan, on_failure=on_failure, parallelism=2)
        self.lab.service.heal()
        self._heal()

    @rule(stack=stacks, after=st.integers(1, 4))
    def stop_in_the_middle(self, stack: Stack, after: int) -> None:
        plan = self._plan(stack)
        if plan is None:
            return
        self.stack = stack
        self._stop_after(plan, after)
        self._heal()

    @rule(choice=st.integers(0, 100), how=st.sampled_from(["text", "name", "secret", "remove"]))
    def meddle(self, choice: int, how: str) -> None:
        service = self.lab.service
        kind = ("memory_thing", "memory_part", "memory_member")[choice % 3]
        ours = [found for found in service.objects(kind) if found.id != self.foreign.id]
        if not ours:
            return
        found = ours[choice % len(ours)]
        if how == "remove":
            service.remove(kind, found.id)
        elif kind == "memory_thing":
            service.change(kind, found.id, **{how: f"theirs {choice % 2}"})
        elif kind == "memory_part" and how == "text":
            service.change(kind, found.id, text="theirs")

    @rule(value=st.sampled_from(["one", "two"]))
    def rotate_the_secret(self, value: str) -> None:
        self.lab.environ["TOKEN"] = value

    @rule()
    def start_a_new_process(self) -> None:
        self.lab.reopen()

    @rule(choice=st.integers(0, 100), stops=st.booleans())
    def roll_back(self, choice: int, stops: bool) -> None:
        serial = self.targets[choice % len(self.targets)]
        plan = self._allowed(lambda: self.lab.plan_for(self.lab.desired_at(serial)))
        if plan is None:
            return
        if stops:
            self._stop_after(plan, 1 + choice % 3)
            self._remember()
            plan = self._allowed(lambda: self.lab.plan_for(self.lab.desired_at(serial)))
            assert plan is not None
        outcome = self.lab.execute(plan, command="rollback")
        assert outcome.is_complete, (outcome.failed, outcome.not_reached)
        again = self.lab.plan_for(self.lab.desired_at(serial))
        assert not again.has_changes, again.visible
        self.targets.append(self.lab.ledger.serial)

    @invariant()
    def the_past_never_changes_and_serials_never_go_back(self) -> None:
        if hasattr(self, "lab"):
            self._remember()

    @invariant()
    def what_others_made_is_left_alone(self) -> None:
        if hasattr(self, "lab"):
            assert self.foreign in self.lab.service.objects("memory_thing")

    def teardown(self) -> None:
        if hasattr(self, "lab"):
            self.lab.ledger.close()
            self._folder.cleanup()

    def _plan(self, stack: Stack) -> Plan | None:
        self.lab.write(as_yaml(stack))
        plan = self._allowed(lambda: self.lab.plan_for(self.lab.desired()))
        if plan is None:
            self.lab.write(as_yaml(self.stack))
        return plan

    def _allowed(self, make: Any) -> Plan | None:
        """A plan; None where it is rightly refused."""
        try:
            plan: Plan = make()
        except Refused as refused:
            for problem in refused.diagnostics:
                prevented = self._has_prevented() and _PREVENTED.search(problem.summary)
                assert (
                    prevented or _BOTH.search(problem.summary) or _SECRET_IS_GONE.search(problem.summary)
                ), problem
            return None
        return plan

    def _has_prevented(self) -> bool:
        """Whether the stack's file, or any snapshot, says that something must not be destroyed."""
        written = (self.lab.directory / "reconciler.yaml").read_text(encoding="utf-8")
        snapshots = (*self.past.values(), self.lab.ledger.objects())
        return "prevent" in written or any(
            found.prevent_destroy for objects in snapshots for found in objects.values()
        )

    def _heal(self) -> None:
        """One apply puts all right, in a process of its own."""
        self._remember()
        self.lab.reopen()
        plan = self._allowed(lambda: self.lab.plan_for(self.lab.desired()))
        assert plan is not None
        outcome = self.lab.execute(plan)
        assert outcome.is_complete, (outcome.failed, outcome.not_reached)
        self._check_settled()
        assert self.lab.ledger.open_intents() == []

    def _check_settled(self) -> None:
        again = self.lab.plan()
        assert not again.has_changes, again.visible
        assert not any(change.is_step for change in again), "state remembers something else each time"
        assert again.drift == ()
        check_service(self.lab.service, self.stack, self.lab.environ["TOKEN"])
        ours = {found.id for found in self.lab.ledger.objects().values()}
        things = {found.id for found in self.lab.service.objects("memory_thing")}
        assert things <= {*ours, self.foreign.id}, "an orphan"
        self.targets.append(self.lab.ledger.serial)

    def _stop_after(self, plan: Plan, steps: int) -> None:
        finished, left = self.lab.watcher.finished, [steps]

        def count(change: Change, seconds: float) -> None:
            finished(change, seconds)
            left[0] -= 1
            if not left[0]:
                self.lab.stop.set()

        self.lab.watcher.finished = count  # type: ignore[method-assign]  # the test's own watcher
        self.lab.execute(plan, parallelism=2)
        self.lab.watcher.finished = finished  # type: ignore[method-assign]
        self.lab.stop.clear()

    def _remember(self) -> None:
        latest = self.lab.ledger.serial
        assert latest >= max(self.past)
        for serial, objects in self.past.items():
            assert self.lab.ledger.objects(serial) == objects
        self.past[latest] = self.lab.ledger.objects()


Laws.TestCase.settings = settings(
    max_examples=scaled(50, 400),
    stateful_step_count=10,
    deadline=None,
    phases=(Phase.generate,),  # to make a failing example smaller takes minutes; add Phase.shrink for that
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
test_the_laws_hold = Laws.TestCase
