"""How the emulated Slack refuses a call.

Sources: docs.slack.dev/apis/web-api, "Evaluating responses" (HTTP 200 and ``ok: false``) and "Rate limits"
(429 with ``Retry-After``); the errors of each method's page.
"""

from collections.abc import Iterable, Mapping
from typing import Any


class Refusal(Exception):
    """A call that is answered with ``{"ok": false, "error": code}`` and, for some codes, with details."""

    def __init__(self, error: str, details: Mapping[str, Any] | None = None) -> None:
        super().__init__(error)
        self.error = error
        self.details = dict(details or {})

    def body(self) -> dict[str, Any]:
        """The answer's JSON document."""
        return {"ok": False, "error": self.error, **self.details}


class RateLimited(Refusal):
    """Too many calls; ``retry_after`` is how many whole seconds to wait."""

    def __init__(self, retry_after: int) -> None:
        super().__init__("ratelimited")
        self.retry_after = retry_after


def missing_scope(needed: Iterable[str], provided: Iterable[str]) -> Refusal:
    """The token lacks all of some scopes, any of which would do."""
    return Refusal("missing_scope", {"needed": ",".join(needed), "provided": ",".join(provided)})


def invalid_arguments(*problems: str) -> Refusal:
    """Arguments that are missing or of the wrong type, one message each."""
    messages = [f"[ERROR] {problem}" for problem in problems]
    return Refusal("invalid_arguments", {"response_metadata": {"messages": messages}})
