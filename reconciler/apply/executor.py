"""Carries a plan out: steps side by side, each written to the journal before its call and committed after.

One thread (the caller's) decides what starts next and writes the ledger; workers make the calls. Results and
the intents of the steps that they make possible go to disk in one transaction, so that steps which start
together share one flush.
"""

import contextlib
import queue
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace

from reconciler.address import Address
from reconciler.apply.jobs import Job, Jobs, Looked, OneAtATime, having_looked
from reconciler.apply.moves import move_results
from reconciler.apply.order import Done, Order
from reconciler.apply.orders import Orders
from reconciler.apply.outcome import (
    Failure,
    Guard,
    NotReached,
    Outcome,
    Progress,
    PutOff,
    PutsOff,
    never,
    unguarded,
)
from reconciler.apply.schedule import Schedule
from reconciler.apply.steps import Step, steps_of
from reconciler.clock import Clock
from reconciler.config.stack import OnFailure
from reconciler.errors import (
    InvalidConfiguration,
    NotSent,
    OutcomeUnknown,
    ProviderError,
    ReconcilerError,
    Refused,
)
from reconciler.plan.change import Change, Plan
from reconciler.plan.world import Types
from reconciler.provider.objects import FindResult
from reconciler.provider.protocol import Provider
from reconciler.state.deposed import ACTION as DEPOSE
from reconciler.state.deposed import as_deposed
from reconciler.state.ledger import Ledger
from reconciler.state.model import Committed, Failed, Intent, Run, RunOutcome, StateObject

Answer = list[Done] | Looked | BaseException

_LOOK_UP = 0.2
"""Seconds between looks at whether somebody asked to stop, while calls run."""


def execute(
    plan: Plan,
    *,
    ledger: Ledger,
    providers: Mapping[str, Provider],
    types: Types,
    clock: Clock,
    run: Run,
    progress: Progress,
    stop: threading.Event,
    parallelism: int = 10,
    on_failure: OnFailure = "stop",
    puts_off: PutsOff = never,
    guard: Guard = unguarded,
) -> Outcome:
    """Do what the plan says; ``run`` has begun in the ledger, and the caller ends it there.

    Setting ``stop`` starts no new steps; those that run finish. So does a failure, but with ``on_failure``
    ``continue`` only what depends on it is not reached; to undo a run is the caller's business. ``puts_off``
    tells which failures are those of a service that is down: its steps are put off, and the others go on.
    ``guard`` is asked about each change before its first call.

    Returns what was done, what failed, what was put off and what was not reached. Raises StateError when the
    ledger cannot be written; calls made by then stay in the journal as intents.
    """
    orders = Orders(plan, types, providers, ledger, run.id)
    schedule = Schedule(*steps_of(plan))
    execution = _Execution(schedule, orders, ledger, run, progress, stop, on_failure, puts_off, guard)
    started = clock.monotonic()
    execution.move(plan)
    pool = ThreadPoolExecutor(max_workers=parallelism, thread_name_prefix="step")
    try:
        execution.carry_out(pool, parallelism)
    finally:
        # After a second Ctrl-C nobody waits for calls that still run: their intents are in the journal.
        pool.shutdown(wait=False, cancel_futures=True)
    return execution.outcome(clock.monotonic() - started)


class _Execution:
    """The state of one apply; everything but the calls happens in the thread that made it."""

    def __init__(
        self,
        schedule: Schedule,
        orders: Orders,
        ledger: Ledger,
        run: Run,
        progress: Progress,
        stop: threading.Event,
        on_failure: OnFailure,
        puts_off: PutsOff,
        guard: Guard,
    ) -> None:
        self._schedule, self._orders, self._ledger, self._run = schedule, orders, ledger, run
        self._progress, self._stop, self._on_failure = progress, stop, on_failure
        self._results: list[Committed | Failed] = []
        self._done: list[Change] = []
        self._failed: list[Failure] = []
        self._puts_off, self._guard = puts_off, guard
        self._refused: list[Failure] = []
        self._put_off: list[PutOff] = []
        self._down: dict[str, str] = {}
        self._answers: queue.SimpleQueue[Answer] = queue.SimpleQueue()
        self._may_go: list[Order] = []
        self._alike = OneAtATime()
        self._running = 0
        self._has_told = False
        self._bug: BaseException | None = None

    def move(self, plan: Plan) -> None:
        """Give the objects that have moved their new addresses, before anything else is done."""
        first = len(self._schedule.steps)
        moves = move_results(plan.moved_from, self._ledger.objects(), self._run.id, first)
        if moves:
            self._ledger.record(results=moves)
        for change in plan.changes:
            if change.moved_from is not None and not change.is_step:
                self._progress.started(change)
                self._done.append(change)
                self._progress.finished(change, 0.0)

    def carry_out(self, pool: ThreadPoolExecutor, parallelism: int) -> None:
        """Start what may start, write, wait for an answer, and so on until nothing runs."""
        while True:
            jobs = self._start(parallelism)
            self._adopt(jobs)
            intents = [intent for job in jobs if not job.is_look for intent in _intents(job)]
            results, self._results = self._results, []
            if intents or results:
                self._ledger.record(intents, results)
            for job in jobs:
                pool.submit(job.carry_out).add_done_callback(self._answered)
            self._running += len(jobs)
            self._acknowledge_stop()
            if not self._running:
                break
            self._take(self._next_answer())
            while not self._answers.empty():
                self._take(self._answers.get())
        if self._bug is not None:
            raise self._bug

    def _adopt(self, jobs: list[Job]) -> None:
        """Put into the books what is taken over, before it is changed."""
        for order in (order for job in jobs for order in job.orders):
            if (found := self._orders.adopted(order)) is not None:
                self._commit(order.step, found.address, found, "adopt")

    def _next_answer(self) -> Answer:
        """Wait for an answer; a request to stop that comes meanwhile is acknowledged at once."""
        while True:
            self._acknowledge_stop()
            with contextlib.suppress(queue.Empty):
                return self._answers.get(timeout=_LOOK_UP)

    def _acknowledge_stop(self) -> None:
        if self._stop.is_set() and not self._has_told:
            self._has_told = True
            self._progress.stopping(self._running)

    def _start(self, parallelism: int) -> list[Job]:
        """The jobs that may start now; what needs no call is done on the spot."""
        jobs = Jobs(lambda order: self._orders.type_of(order.step.change).batch)
        may_go, self._may_go = self._may_go, []
        if not self._is_stopping:
            for ready in may_go:
                jobs.add(ready)
        deferred: list[Step] = []
        while not self._is_stopping:
            is_full = self._running + len(jobs) >= parallelism
            step = self._schedule.next() if not is_full or jobs.has_groups else None
            if step is None:
                break
            if step.needs_call and step.change.provider in self._down:
                self._schedule.fail(step)
                self._put_off.append(PutOff(step.change, self._down[step.change.provider]))
                continue
            if step.needs_call and step.is_first and (refusal := self._guard(step.change)) is not None:
                self._refuse(step, refusal)
                continue
            is_write = step.needs_call and not step.rereads
            is_grouped = is_write and self._orders.type_of(step.change).batch > 1
            goes_along = is_grouped and jobs.takes_along(step)
            # The more of a kind are ready, the fewer calls they take: a group waits until nothing else runs.
            if not goes_along and (is_full or (is_grouped and (self._running or len(jobs)))):
                deferred.append(step)
            elif (order := self._order(step)) is not None:
                if step.needs_call:
                    jobs.add(order)
                else:
                    self._finish(Done(order, None if step.is_removal else order.prior))
        self._schedule.defer(deferred)
        return jobs.all()

    @property
    def _is_stopping(self) -> bool:
        failed = bool(self._failed) and self._on_failure != "continue"
        return failed or self._stop.is_set() or self._bug is not None

    def _order(self, step: Step) -> Order | None:
        """The step with all that its call needs; None when it has failed, or waits for one like it."""
        try:
            order = self._orders.order(step)
        except (InvalidConfiguration, Refused) as error:
            self._fail(step, error)
            return None
        if step.is_first:
            self._progress.started(step.change)
        if order.must_look and not self._key_decides(step) and not self._alike.may_start(order):
            return None
        return order

    def _key_decides(self, step: Step) -> bool:
        return self._orders.type_of(step.change).key_decides

    def _answered(self, future: "Future[list[Done] | Looked]") -> None:
        if not future.cancelled():
            self._answers.put(future.exception() or future.result())

    def _take(self, answer: Answer) -> None:
        self._running -= 1
        if isinstance(answer, BaseException):
            self._bug = self._bug or answer
        elif isinstance(answer, Looked):
            for order in answer.orders:
                self._take_look(order, answer.answers[str(order.step.number)])
        else:
            for done in answer:
                self._finish(done)

    def _take_look(self, order: Order, answer: FindResult) -> None:
        ready = having_looked(order, answer, key_decides=self._key_decides(order.step))
        if isinstance(ready, ProviderError):
            self._finish(Done(order, error=ready))
        else:
            self._may_go.append(ready)

    def _finish(self, done: Done) -> None:
        step, change = done.order.step, done.order.step.change
        if done.order.key is not None and (waiting := self._alike.leave(done.order)) is not None:
            self._may_go.append(waiting)
        if done.error is not None:
            self._fail(step, done.error)
            if done.found is None:
                return
        try:
            after = self._orders.settle(done)
        except Refused as refused:
            self._fail(step, refused)
            return
        if not change.is_read and not step.goes_along:
            self._commit_own(step, after, is_done=done.error is None)
            self._commit_along(step)
        if done.error is not None or not self._is_as_wanted(step):
            return
        if (parent := self._orders.claim(done)) is not None:
            self._commit(step, parent.address, parent, "record")
        self._schedule.finish(step)
        if step.is_last:
            self._done.append(change)
            self._progress.finished(change, done.seconds)
        for child in self._schedule.going_with(step):
            if self._schedule.is_ready(child) and (order := self._order(child)) is not None:
                self._finish(Done(order))

    def _is_as_wanted(self, step: Step) -> bool:
        """Whether the postconditions hold, now that the object is in the books; else the step has failed."""
        if step.is_removal:
            return True
        try:
            self._orders.check_after(step.change)
        except (InvalidConfiguration, Refused) as error:
            self._fail(step, error)
            return False
        return True

    def _commit_own(self, step: Step, after: StateObject | None, *, is_done: bool) -> None:
        """What a step has made of its own object; the one that had its address gets another."""
        change = step.change
        is_whole = (step.is_last or change.creates_first) and is_done
        self._commit(step, step.address, after, step.deed, is_whole=is_whole)
        if change.recorded is None:
            return
        if change.creates_first and not step.is_removal:
            old = as_deposed(change.recorded)
            self._commit(step, old.address, old, DEPOSE)
        elif _removes_at_another_address(step):
            self._commit(step, change.recorded.address, None, step.deed)

    def _commit_along(self, step: Step) -> None:
        """What goes with a removed object is gone as that is: no state is to name it without the other."""
        for child in self._schedule.going_with(step):
            self._commit(child, child.address, None, child.deed, is_whole=child.is_last)
            if _removes_at_another_address(child) and child.change.recorded is not None:
                self._commit(child, child.change.recorded.address, None, child.deed)
            self._commit_along(child)

    def _commit(
        self, step: Step, address: Address, after: StateObject | None, deed: str, *, is_whole: bool = False
    ) -> None:
        self._results.append(Committed(self._run.id, step.number, address, after, deed, is_whole))

    def _fail(self, step: Step, error: ReconcilerError) -> None:
        known = not isinstance(error, OutcomeUnknown)
        self._results.append(Failed(self._run.id, step.number, str(error), known))
        if isinstance(error, NotSent) and self._stop.is_set():
            return  # it is as if it had not been begun
        self._schedule.fail(step)
        if down := self._puts_off(step.change, error):
            self._down = {**down, **self._down}
            self._put_off.append(PutOff(step.change, self._down.get(step.change.provider, str(error))))
        else:
            self._failed.append(Failure(step.change, error))
        self._progress.failed(step.change, error)

    def _refuse(self, step: Step, error: ReconcilerError) -> None:
        """Leave a step undone that must not be done any more; it is no reason to stop."""
        self._schedule.fail(step)
        self._refused.append(Failure(step.change, error))
        self._progress.failed(step.change, error)

    def outcome(self, seconds: float) -> Outcome:
        """What was done, what failed, and what was not reached because of what."""
        put_off, not_reached = self._left()
        status = RunOutcome.DONE
        failed = (*self._failed, *self._refused)
        if failed:
            status = RunOutcome.FAILED
        elif not_reached:
            status = RunOutcome.INTERRUPTED
        return Outcome(
            self._run.id,
            status,
            self._ledger.serial,
            tuple(self._done),
            failed,
            not_reached,
            seconds,
            values=self._orders.values,
            put_off=put_off,
        )

    def _left(self) -> tuple[tuple[PutOff, ...], tuple[NotReached, ...]]:
        """What was put off, with what waits for it, and what was not reached for another reason."""
        put_off = {one.change.address: one for one in self._put_off}
        not_reached = []
        for left in self._schedule.not_reached():
            if left.because in put_off:
                reason = f"it waits for {left.because}"
                put_off[left.change.address] = PutOff(left.change, reason, left.because)
            else:
                not_reached.append(left)
        return tuple(put_off.values()), tuple(not_reached)


def _removes_at_another_address(step: Step) -> bool:
    """Whether what is deleted is recorded at the address that it was taken over from, to be made anew."""
    change = step.change
    is_gone = step.goes_along or (step.is_removal and step.needs_call and change.how == "delete")
    return is_gone and change.recorded is not None and change.recorded.address != change.address


def _intents(job: Job) -> Iterator[Intent]:
    """What goes into the journal before a job's calls; the writes of one call share their group."""
    group = job.orders[0].step.number if len(job.orders) > 1 else None
    for order in job.orders:
        if order.intent is not None:
            yield replace(order.intent, group=group) if group is not None else order.intent
