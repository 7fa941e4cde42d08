"""anyKrowd's errors in our words: what went wrong, and what to do about it.

Source: anyKrowd's APIX notes, v1: every error is an HTTP status and a body
``{"status": "error", "error": {"code": 403, "error": "Access Denied"}}``; 1,000 requests an hour for a key,
told by ``X-RateLimit-Limit``, ``-Remaining`` and ``-Reset`` (epoch seconds), and 429 beyond.
"""

from collections.abc import Mapping
from typing import Any

from reconciler.clock import Clock
from reconciler.errors import (
    Call,
    Forbidden,
    NotFound,
    ProviderError,
    RateLimited,
    Rejected,
    ServiceFailed,
    Unauthorized,
)
from reconciler.provider.answers import Answer, Classify, words_of
from reconciler.provider.retry import retry_after
from reconciler.provider.understanding import NOT_AS_DOCUMENTED, Understanding

UNDERSTANDING = Understanding(
    "anykrowd",
    "anyKrowd",
    "check that `tenant_url` leads to the tenant itself, and that no proxy answers in its place",
    (*NOT_AS_DOCUMENTED, ArithmeticError),  # amounts are reckoned with as decimals
)
"""What an answer that is not as anyKrowd documents it becomes."""

FAILED = 500
"""The one failure of its own that anyKrowd documents; other 5xx come from what stands before it."""

_LONGEST_CAUSE = 500


def classifier(clock: Clock) -> Classify:
    """A Connection's ``classify`` for anyKrowd."""

    def classify(answer: Answer, call: Call) -> ProviderError | None:
        status = _status(answer)
        if status < 400:
            return None
        if status == 429:
            return _rate_limited(answer, call, clock)
        kind, remedy = _KINDS.get(status, (Rejected if status < FAILED else ServiceFailed, ""))
        return kind(cause_of(answer), call=call, remedy=remedy or _OTHER_HELP)

    return classify


def cause_of(answer: Answer) -> str:
    """What anyKrowd says is wrong, in its own words."""
    error = _error(answer)
    text = error.get("error")
    if isinstance(text, str) and text.strip():
        return f"{text.strip()[:_LONGEST_CAUSE]} (HTTP {_status(answer)})"
    return words_of(answer)


def resets_in(headers: Mapping[str, str], now: float) -> float | None:
    """Seconds until ``X-RateLimit-Reset``, from ``now`` in epoch seconds; None when it is not told."""
    text = headers.get("x-ratelimit-reset", "").strip()
    return max(0.0, float(text) - now) if text.isascii() and text.isdigit() else None


def _status(answer: Answer) -> int:
    """The answer's status; that of the body, should an error ever come with HTTP 200."""
    code = _error(answer).get("code") if answer.status < 300 else None
    return code if isinstance(code, int) and code >= 400 else answer.status


def _error(answer: Answer) -> Mapping[str, Any]:
    body = answer.body
    if isinstance(body, dict) and body.get("status") == "error" and isinstance(body.get("error"), dict):
        return dict(body["error"])
    return {}


def _rate_limited(answer: Answer, call: Call, clock: Clock) -> RateLimited:
    now = clock.now()
    asked = retry_after(answer.headers, now)
    if asked is None:
        reset = resets_in(answer.headers, now.timestamp())
        asked = None if reset is None else max(1.0, reset)
    when = "" if asked is None else f"; it is reset in {asked:.0f} s"
    return RateLimited(cause_of(answer), call=call, remedy=_LIMIT_HELP + when, retry_after=asked)


_KINDS: Mapping[int, tuple[type[ProviderError], str]] = {
    400: (Rejected, "change what the message names"),
    401: (Unauthorized, "the API key is wrong or was withdrawn: make a new one in AdminX"),
    403: (Forbidden, "the API key may not do this: let an administrator of the tenant allow it in AdminX"),
    404: (NotFound, "check the id, and that it belongs to the tenant of `tenant_url`"),
    500: (ServiceFailed, "try again later, and tell anyKrowd's support if it stays so"),
}
_OTHER_HELP = "try again later; if it stays so, check `tenant_url` and what stands between it and here"
_LIMIT_HELP = "a key may make 1,000 requests an hour: wait, or use a key of its own for reconciler"
