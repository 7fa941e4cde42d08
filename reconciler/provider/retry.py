"""When a call is made again, and how long is waited before."""

import random as randomness
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar

import tenacity

from reconciler.errors import ProviderError
from reconciler.provider.retried import Kind

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Retry:
    """How often and how patiently; all delays are in seconds.

    ``attempts`` counts the first one too. The nth wait is random between 0 and
    ``base_delay * 2**(n-1)``, at most ``max_delay`` (exponential backoff with full jitter). Where ``least``
    is given, it is at least ``least * 2**(n-1)``, for services that say so. A service that names its own
    wait is obeyed, unless that is longer than ``max_wait``: then its error is raised at once.
    ``kinds`` holds what is different for one kind of failure.
    """

    attempts: int = 3
    base_delay: float = 1.0
    max_delay: float = 30.0
    max_wait: float = 300.0
    least: float = 0.0
    kinds: "Mapping[Kind, Retry]" = field(default_factory=dict)

    @classmethod
    def from_settings(
        cls, settings: Mapping[str, Any] | None = None, kinds: "Mapping[Kind, Retry] | None" = None
    ) -> "Retry":
        """From a provider's ``retry`` setting (in seconds), which goes before what ``kinds`` say."""
        chosen = dict(settings or {})
        return cls(**chosen, kinds={kind: replace(own, **chosen) for kind, own in (kinds or {}).items()})

    def of(self, kind: Kind) -> "Retry":
        """What holds for one kind of failure."""
        return self.kinds.get(kind, self)

    def wait(self, attempt: int, random: randomness.Random) -> float:
        """A random wait after so many attempts."""
        doubled = 2.0 ** (attempt - 1)
        least = min(self.least * doubled, max(self.max_delay, self.least))
        return random.uniform(least, max(least, min(self.max_delay, self.base_delay * doubled)))


def repeating(
    work: Callable[[], Result],
    *,
    wait: Callable[[ProviderError, int], float],
    may_repeat: Callable[[ProviderError, int, float], bool],
    sleep: Callable[[float], None],
) -> Result:
    """The result of ``work``, done again while its error ``may_repeat``; in the end that is raised.

    ``wait`` gives the seconds after an error and so many attempts; ``may_repeat`` is asked with the error,
    the attempts and that wait.
    """

    def wait_after(state: tenacity.RetryCallState) -> float:
        return wait(_error(state), state.attempt_number)

    def stop(state: tenacity.RetryCallState) -> bool:
        return not may_repeat(_error(state), state.attempt_number, state.upcoming_sleep)

    return tenacity.Retrying(
        sleep=sleep,
        wait=wait_after,
        stop=stop,
        retry=tenacity.retry_if_exception_type(ProviderError),
        reraise=True,
    )(work)


def _error(state: tenacity.RetryCallState) -> ProviderError:
    error = state.outcome.exception() if state.outcome else None
    if not isinstance(error, ProviderError):
        raise TypeError("there is nothing to repeat")
    return error


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """The seconds that a ``Retry-After`` header asks to wait: a number or a date (RFC 9110, 10.2.3)."""
    text = headers.get("retry-after", "").strip()
    if not text:
        return None
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())
