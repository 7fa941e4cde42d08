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
from typing import Literal

from reconciler.address import Address
from reconciler.apply.orders import Orders
from reconciler.apply.outcome import Failure, Outcome, Progress
from reconciler.apply.perform import Done, Order, perform, perform_group, perform_reads
from reconciler.apply.schedule import Schedule
from reconciler.apply.steps import Step, steps_of
from reconciler.clock import Clock
from reconciler.errors import InvalidConfiguration, OutcomeUnknown, ProviderError, ReconcilerError, Refused
from reconciler.plan.change import Change, Plan
from reconciler.plan.world import Types
from reconciler.provider.objects import ObjectKey
from reconciler.provider.protocol import Provider
from reconciler.state.ledger import Ledger
from reconciler.state.model import Committed, Failed, Intent, Run, RunOutcome, StateObject

OnFailure = Literal["stop", "continue"]

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
) -> Outcome:
    """Do what the plan says; ``run`` has begun in the ledger, and the caller ends it there.

    Setting ``stop`` starts no new steps; those that run finish. Returns what was done, what failed and what
    was not reached. Raises StateError when the ledger cannot be written; calls made by then stay in the
    journal as intents.
    """
    orders = Orders(plan, types, providers, ledger.sealer)
    execution = _Execution(Schedule(*steps_of(plan)), orders, ledger, run, progress, stop, on_failure)
    started = clock.monotonic()
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
    ) -> None:
        self._schedule, self._orders, self._ledger, self._run = schedule, orders, ledger, run
        self._progress, self._stop, self._on_failure = progress, stop, on_failure
        self._results: list[Committed | Failed] = []
        self._done: list[Change] = []
        self._failed: list[Failure] = []
        self._answers: queue.SimpleQueue[list[Done] | BaseException] = queue.SimpleQueue()
        self._running = 0
        self._has_told = False
        self._bug: BaseException | None = None

    def carry_out(self, pool: ThreadPoolExecutor, parallelism: int) -> None:
        """Start what may start, write, wait for an answer, and so on until nothing runs."""
        while True:
            groups = self._start(parallelism)
            intents = [intent for group in groups for intent in self._intents(group)]
            results, self._results = self._results, []
            if intents or results:
                self._ledger.record(intents, results)
            for group in groups:
                pool.submit(_work, group).add_done_callback(self._answered)
            self._running += len(groups)
            self._acknowledge_stop()
            if not self._running:
                break
            self._take(self._next_answer())
            while not self._answers.empty():
                self._take(self._answers.get())
        if self._bug is not None:
            raise self._bug

    def _next_answer(self) -> list[Done] | BaseException:
        """Wait for an answer; a request to stop that comes meanwhile is acknowledged at once."""
        while True:
            self._acknowledge_stop()
            with contextlib.suppress(queue.Empty):
                return self._answers.get(timeout=_LOOK_UP)

    def _acknowledge_stop(self) -> None:
        if self._stop.is_set() and not self._has_told:
            self._has_told = True
            self._progress.stopping(self._running)

    def _start(self, parallelism: int) -> list[list[Order]]:
        """The groups of steps that may start now; what needs no call is done on the spot."""
        groups: list[list[Order]] = []
        gathered: dict[tuple[str, str, str], list[Order]] = {}
        reread: dict[str, list[Order]] = {}
        deferred: list[Step] = []
        while not self._is_stopping and self._running + len(groups) < parallelism:
            step = self._schedule.next()
            if step is None:
                break
            is_write = step.needs_call and not step.rereads
            batch = self._orders.type_of(step.change).batch if is_write else 1
            if batch > 1 and (self._running or groups):
                deferred.append(step)  # the more of its kind are ready, the fewer calls they take
                continue
            order = self._order(step)
            if order is None:
                continue
            if batch > 1:
                key = (step.change.provider, step.change.address.type, step.action)
                gathered.setdefault(key, []).append(order)
            elif step.rereads:
                reread.setdefault(step.change.provider, []).append(order)
            elif step.needs_call:
                groups.append([order])
            else:
                self._finish(Done(order, None if step.is_removal else order.prior))
        self._schedule.defer(deferred)
        for orders in gathered.values():
            size = self._orders.type_of(orders[0].step.change).batch
            groups += [orders[at : at + size] for at in range(0, len(orders), size)]
        return [*groups, *reread.values()]

    @property
    def _is_stopping(self) -> bool:
        failed = bool(self._failed) and self._on_failure == "stop"
        return failed or self._stop.is_set() or self._bug is not None

    def _order(self, step: Step) -> Order | None:
        try:
            order = self._orders.order(step)
        except (InvalidConfiguration, ProviderError) as error:
            self._fail(step, error)
            return None
        if step.is_first:
            self._progress.started(step.change)
        return order

    def _intents(self, group: list[Order]) -> Iterator[Intent]:
        shared = group[0].step.number if len(group) > 1 else None
        for order in group:
            step, change = order.step, order.step.change
            if step.action == "read":
                continue
            natural_key = self._orders.type_of(change).natural_key
            values = tuple(self._ledger.sealer.seal(order.asked.get(name)) for name in natural_key)
            is_new = step.action == "create"
            yield Intent(
                self._run.id,
                step.number,
                change.address,
                step.action,
                change.provider,
                change.live.id if change.live and not is_new else None,
                ObjectKey(change.address.type, values) if natural_key and is_new else None,
                change.seen_absent or not step.is_first,
                shared,
                order.seen,
            )

    def _answered(self, future: "Future[list[Done]]") -> None:
        if not future.cancelled():
            self._answers.put(future.exception() or future.result())

    def _take(self, answer: list[Done] | BaseException) -> None:
        self._running -= 1
        if isinstance(answer, BaseException):
            self._bug = self._bug or answer
            return
        for done in answer:
            self._finish(done)

    def _finish(self, done: Done) -> None:
        step, change = done.order.step, done.order.step.change
        if done.error is not None:
            self._fail(step, done.error)
            return
        try:
            after = self._orders.settle(done)
        except Refused as refused:
            self._fail(step, refused)
            return
        if not change.is_read:
            self._commit(step, change.address, after, step.deed)
        if (parent := self._orders.claim(done)) is not None:
            self._commit(step, parent.address, parent, "record")
        self._schedule.finish(step)
        if step.is_last:
            self._done.append(change)
            self._progress.finished(change, done.seconds)

    def _commit(self, step: Step, address: Address, after: StateObject | None, deed: str) -> None:
        self._results.append(Committed(self._run.id, step.number, address, after, deed))

    def _fail(self, step: Step, error: ReconcilerError) -> None:
        known = not isinstance(error, OutcomeUnknown)
        self._results.append(Failed(self._run.id, step.number, str(error), known))
        self._failed.append(Failure(step.change, error))
        self._schedule.fail(step)
        self._progress.failed(step.change, error)

    def outcome(self, seconds: float) -> Outcome:
        """What was done, what failed, and what was not reached because of what."""
        status = RunOutcome.DONE
        if self._failed:
            status = RunOutcome.FAILED
        elif not self._schedule.is_complete:
            status = RunOutcome.INTERRUPTED
        return Outcome(
            self._run.id,
            status,
            self._ledger.serial,
            tuple(self._done),
            tuple(self._failed),
            tuple(self._schedule.not_reached()),
            seconds,
            values=self._orders.values,
        )


def _work(group: list[Order]) -> list[Done]:
    if group[0].step.rereads:
        return perform_reads(group)
    return perform_group(group) if group[0].is_grouped else [perform(group[0])]
