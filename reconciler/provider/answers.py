"""What a service answered, and which error that is."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from typing import Any

from reconciler.errors import (
    Call,
    Forbidden,
    Garbled,
    NotFound,
    ProviderError,
    RateLimited,
    Rejected,
    ServiceFailed,
    Unauthorized,
)
from reconciler.provider.retry import retry_after

_LONGEST_CAUSE = 500


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of a service.

    ``headers`` finds its names in any case. ``body`` is parsed JSON; the text when the answer is no JSON
    (only where none was promised: errors, or ``expect_json=False``); None when it is empty. ``links`` are
    the addresses of the ``Link`` header by relation. ``elapsed`` is in seconds.
    """

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: Any = field(repr=False)
    links: Mapping[str, str] = field(default_factory=dict, repr=False)
    elapsed: float = 0.0


Classify = Callable[[Answer, Call], ProviderError | None]
"""A provider's own view of an answer: the error that it is, or None for the ordinary view by its status.

It sees every answer, those with a good status too (GraphQL tells errors with 200).
"""


def words_of(answer: Answer) -> str:
    """What the service says is wrong, in its own words as far as it has any."""
    reason = _reason(answer.status)
    if isinstance(answer.body, dict):
        for name in ("message", "error_description", "error", "detail", "title"):
            text = answer.body.get(name)
            if isinstance(text, str) and text.strip():
                return f"{text.strip()[:_LONGEST_CAUSE]} (HTTP {answer.status})"
    return f"HTTP {answer.status} {reason}".strip()


def error_of(answer: Answer, call: Call, now: datetime) -> ProviderError | None:
    """The error that an answer is by its status alone, or None for 2xx and 304."""
    status = answer.status
    if status < HTTPStatus.MULTIPLE_CHOICES or status == HTTPStatus.NOT_MODIFIED:
        return None
    cause = words_of(answer)
    if status < HTTPStatus.BAD_REQUEST:
        return Garbled(f"redirected to nowhere: {cause}", call=call)
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return RateLimited(
            cause,
            call=call,
            remedy="wait, or make fewer calls",
            retry_after=retry_after(answer.headers, now),
        )
    kind, remedy = _KINDS.get(status, (None, ""))
    if kind is None:
        kind = Rejected if status < HTTPStatus.INTERNAL_SERVER_ERROR else ServiceFailed
    if kind is ServiceFailed:
        remedy = "try again later; the service's status page may say more"
    return kind(cause, call=call, remedy=remedy)


def parse_json(content: bytes) -> Any:
    """The JSON value; raises ValueError when it is none (``NaN`` and ``Infinity`` are none)."""
    return json.loads(content, parse_constant=_no_constant)


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _reason(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


_KINDS: Mapping[int, tuple[type[ProviderError] | None, str]] = {
    401: (Unauthorized, "check that the credentials are right and have not expired"),
    403: (Forbidden, "give the credentials the permission that this needs"),
    404: (NotFound, "check the name, and that the credentials may see it"),
    408: (ServiceFailed, ""),
    410: (NotFound, ""),
}
