"""Slack's errors in our words: what went wrong, and what to do about it.

Sources: docs.slack.dev/apis/web-api (``ok`` and ``error`` inside HTTP 200, ``needed`` and ``provided``,
``response_metadata.messages``), …/apis/web-api/rate-limits (HTTP 429 with ``Retry-After``). The codes
themselves are in ``faults.py``.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from reconciler.clock import Clock
from reconciler.errors import Call, ProviderError, RateLimited
from reconciler.provider.answers import Answer, Classify
from reconciler.provider.retry import retry_after
from reconciler.provider.understanding import Understanding
from reconciler_slack.faults import FAULTS, METHOD_FAULTS, UNKNOWN_FAULT

UNDERSTANDING = Understanding(
    "slack",
    "Slack",
    "check that `base_url` leads to Slack itself, and that no proxy answers in its place",
)
"""What an answer that is not as Slack documents it becomes."""

LIMIT_HELP = "wait: Slack limits how often a minute each method may be called"
_MOST_DETAILS = 20
_LONGEST_DETAIL = 300


def classifier(clock: Clock) -> Classify:
    """A Connection's ``classify`` for Slack."""

    def classify(answer: Answer, call: Call) -> ProviderError | None:
        body = answer.body if isinstance(answer.body, dict) else {}
        code = body.get("error")
        if answer.status == 429 or (body.get("ok") is False and code in ("ratelimited", "rate_limited")):
            wait = retry_after(answer.headers, clock.now())
            return RateLimited("ratelimited", call=call, remedy=LIMIT_HELP, retry_after=wait)
        if answer.status >= 500 or body.get("ok") is not False or not isinstance(code, str):
            return None
        return _error(code, body, call)

    return classify


def code_of(error: ProviderError) -> str:
    """Slack's own word for an error; empty for one that is not Slack's."""
    found = re.match(r"[a-z][a-z0-9_]*(?= \(|$)", error.cause)
    return found[0] if found else ""


def scopes(headers: Mapping[str, str]) -> frozenset[str] | None:
    """The scopes of the token that an answer was for; None when the answer does not tell."""
    text = headers.get("x-oauth-scopes")
    return None if text is None else frozenset(part.strip() for part in text.split(",") if part.strip())


def _error(code: str, body: Mapping[str, Any], call: Call) -> ProviderError:
    fault = METHOD_FAULTS.get((call.operation, code)) or FAULTS.get(code, UNKNOWN_FAULT)
    details = "; ".join(_details(body))
    cause = f"{code} ({details})" if details else code
    remedy = fault.remedy
    if code == "missing_scope" and body.get("needed"):
        remedy = (
            f"give the app the scope {body['needed']} (one of them, if there are several) and install it "
            f"again; its token has {body.get('provided') or 'none'}"
        )
    return fault.kind(cause, call=call, remedy=remedy, code=fault.code)


def _details(body: Mapping[str, Any]) -> Iterator[str]:
    """What Slack says beside the code: its messages, and which of several people it is about."""
    if isinstance(text := body.get("detail"), str) and text:
        yield text[:_LONGEST_DETAIL]
    metadata = body.get("response_metadata")
    messages = metadata.get("messages") if isinstance(metadata, dict) else None
    for message in (messages if isinstance(messages, list) else [])[:_MOST_DETAILS]:
        yield str(message)[:_LONGEST_DETAIL]
    each = body.get("errors")
    for one in (each if isinstance(each, list) else [])[:_MOST_DETAILS]:
        if isinstance(one, dict):
            yield f"{one.get('user', '?')}: {one.get('error', '?')}"
