"""When a call is made again, and how long is waited before."""

import os
import random as randomness
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar

import tenacity

from reconciler import codes
from reconciler.clock import Clock
from reconciler.diagnostics import Diagnostic
from reconciler.errors import InvalidConfiguration

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Retry:
    """How often and how patiently; all delays are in seconds.

    ``attempts`` counts the first one too. The nth wait is random between 0 and
    ``base_delay * 2**(n-1)``, at most ``max_delay`` (exponential backoff with full jitter). A service that
    names its own wait is obeyed, unless that is longer than ``max_wait``: then its error is raised at once.
    """

    attempts: int = 3
    base_delay: float = 1.0
    max_delay: float = 30.0
    max_wait: float = 300.0

    @classmethod
    def from_settings(
        cls, settings: Mapping[str, Any] | None = None, environ: Mapping[str, str] = os.environ
    ) -> "Retry":
        """From a provider's ``retry`` setting (in seconds) and the environment, which goes first.

        ``INTEGRATION_RETRY_MAX_ATTEMPTS`` and ``INTEGRATION_RETRY_BASE_DELAY`` (milliseconds) are read.
        Raises InvalidConfiguration for a number that makes no sense.
        """
        chosen: dict[str, Any] = dict(settings or {})
        if (attempts := _number(environ, "INTEGRATION_RETRY_MAX_ATTEMPTS", least=1)) is not None:
            chosen["attempts"] = int(attempts)
        if (delay := _number(environ, "INTEGRATION_RETRY_BASE_DELAY", least=0)) is not None:
            chosen["base_delay"] = delay / 1000
        return cls(**chosen)


def repeating(
    work: Callable[[], Result],
    *,
    retry: Retry,
    clock: Clock,
    random: randomness.Random,
    is_repeatable: Callable[[BaseException], bool],
    asked_wait: Callable[[BaseException], float | None],
) -> Result:
    """The result of ``work``, done again while its error is repeatable; in the end that is raised.

    ``asked_wait`` is the wait that the service asked for with an error, in seconds, if it did.
    """

    def wait(state: tenacity.RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        if error is not None and (asked := asked_wait(error)) is not None:
            return asked
        longest: float = min(retry.max_delay, retry.base_delay * 2.0 ** (state.attempt_number - 1))
        return random.uniform(0.0, longest)

    def stop(state: tenacity.RetryCallState) -> bool:
        return state.attempt_number >= retry.attempts or state.upcoming_sleep > retry.max_wait

    return tenacity.Retrying(
        sleep=clock.sleep,
        wait=wait,
        stop=stop,
        retry=tenacity.retry_if_exception(is_repeatable),
        reraise=True,
    )(work)


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


def _number(environ: Mapping[str, str], name: str, *, least: int) -> float | None:
    text = environ.get(name, "").strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit()) or int(text) < least:
        raise InvalidConfiguration(
            [
                Diagnostic(
                    f"{name} is {text!r}, not a whole number of at least {least}",
                    f"set or unset {name}",
                    code=codes.ENVIRONMENT_SETTING,
                )
            ]
        )
    return float(text)
