"""How calls to one service go: each in its turn, and again where that is safe and may help."""

import logging
import random as randomness
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from reconciler.errors import (
    Call,
    NotSent,
    OutcomeUnknown,
    ProviderError,
    RateLimited,
    ServiceFailed,
    Unreachable,
)
from reconciler.provider.breaker import Breaker
from reconciler.provider.limits import Limiter, Takes
from reconciler.provider.protocol import ProviderContext
from reconciler.provider.retried import Kind, Retried
from reconciler.provider.retry import Retry, repeating

Result = TypeVar("Result")

_WORTH_TELLING = 1.0
"""Seconds of a wait for one's turn that ``-v`` shows."""

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Trace:
    """What is known of a call from its attempts so far.

    ``lost`` is the first answer that got lost, of a call that may have taken effect; ``last`` why it is made
    again. Of the last attempt alone: the ``kind`` of its failure, the wait that the service named (in
    seconds), and whether it was sent at all.
    """

    lost: OutcomeUnknown | None = None
    last: ProviderError | None = None
    kind: Kind = Kind.FAILED
    wait_named: float | None = None
    was_sent: bool = False

    def begin(self) -> None:
        """Forget what was of the last attempt alone."""
        self.kind, self.wait_named, self.was_sent = Kind.FAILED, None, False


class Traffic:
    """All calls of one connection, of several threads at once. It holds no lock while a call is made."""

    def __init__(
        self, context: ProviderContext, *, retry: Retry, limiter: Limiter, random: randomness.Random
    ) -> None:
        self.breaker = context.breaker or Breaker(context.clock)
        self.limiter = limiter
        self._context = context
        self._retry = retry
        self._random = random

    def make(self, attempt: Callable[[Trace], Result], *, call: Call, takes: Takes, again: bool) -> Result:
        """The result of ``attempt``, made again as far as that is safe.

        ``again``: it may be repeated also where it may have taken effect. Raises its ProviderError in the
        end; of an earlier one whose answer was lost, where the later ones have not cleared that up.
        """
        trace = Trace()

        def wait(error: ProviderError, attempts: int) -> float:
            named = error.retry_after if isinstance(error, RateLimited) else None
            named = trace.wait_named if named is None else named
            return self._retry.of(trace.kind).wait(attempts, self._random) if named is None else named

        def may_repeat(error: ProviderError, attempts: int, upcoming: float) -> bool:
            if not trace.was_sent or not _may_pass(error, again):
                return False
            policy = self._retry.of(trace.kind)
            if upcoming > policy.max_wait:
                return False
            if isinstance(error, RateLimited):
                self.limiter.hold(takes, upcoming)
            if attempts >= policy.attempts or not self._may_go_on(call):
                return False
            trace.last = error
            self._tell(Retried(call, attempts, trace.kind, upcoming))
            return True

        self._context.budget.called()
        try:
            return repeating(
                lambda: self._once(attempt, trace, call, takes),
                wait=wait,
                may_repeat=may_repeat,
                sleep=self._sleep,
            )
        except (Unreachable, RateLimited):
            if trace.lost:  # an earlier attempt may have taken effect, whatever became of the last
                raise trace.lost from None
            raise

    def _once(self, attempt: Callable[[Trace], Result], trace: Trace, call: Call, takes: Takes) -> Result:
        trace.begin()
        if trace.last is not None and self._context.is_stopping():
            raise trace.last
        self._come_in(call, takes)
        trace.was_sent = True
        try:
            result = attempt(trace)
        except (Unreachable, ServiceFailed, OutcomeUnknown) as error:
            self.breaker.failed()
            if isinstance(error, OutcomeUnknown):
                trace.lost = trace.lost or error
            raise
        except ProviderError:
            self.breaker.succeeded()
            raise
        except BaseException:
            self.breaker.let_go()
            raise
        self.breaker.succeeded()
        return result

    def _come_in(self, call: Call, takes: Takes) -> None:
        """Wait until the circuit is closed and the limits have room; Unreachable when it does not go."""
        while (left := self.breaker.turn()) > 0:
            if not self.breaker.is_worth_waiting:
                raise Unreachable(
                    f"not asked: the service has failed for {self.breaker.open_for:.0f} s",
                    call=call,
                    remedy="try again when the outage is over; "
                    f"it is probed every {self.breaker.probe_every:g} s",
                )
            self._pause(left, call)
        try:
            self.limiter.wait(takes, lambda seconds: self._pause(seconds, call))
        except BaseException:
            self.breaker.let_go()
            raise

    def _pause(self, seconds: float, call: Call) -> None:
        """Wait before a call that has not been sent."""
        if seconds >= _WORTH_TELLING:
            _log.debug("%s: waits %.1f s for its turn", call.operation, seconds)
        self._sleep(seconds)
        if self._context.is_stopping():
            raise NotSent(
                "not sent: the run was asked to stop while it waited for its turn",
                call=call,
                remedy="run the command again",
            )

    def _sleep(self, seconds: float) -> None:
        self._context.clock.sleep(seconds, self._context.is_stopping)

    def _may_go_on(self, call: Call) -> bool:
        """Whether anything is repeated in this run still; if so, one repetition is taken."""
        if self._context.is_stopping():
            return False
        if self._context.budget.take():
            return True
        _log.debug("%s: not repeated, as the run's repetitions are used up", call.operation)
        return False

    def _tell(self, retried: Retried) -> None:
        _log.debug(
            "%s: attempt %d failed, %s: again in %.1f s",
            retried.call.operation,
            retried.attempt,
            retried.why,
            retried.wait,
        )
        self._context.on_retry(retried)


def _may_pass(error: ProviderError, again: bool) -> bool:
    """Whether an error allows another attempt: nothing that may have acted is repeated unlooked."""
    return (
        again
        if isinstance(error, OutcomeUnknown | ServiceFailed)
        else isinstance(error, Unreachable | RateLimited)
    )
