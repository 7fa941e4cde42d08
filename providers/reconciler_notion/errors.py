"""Notion's errors in our words: what went wrong, and what to do about it.

An error is ``{object: "error", status, code, message, request_id}``; ``code`` decides.
Source: developers.notion.com/reference/status-codes and …/request-limits.
"""

from collections.abc import Mapping

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
from reconciler.provider.understanding import Understanding
from reconciler_notion import codes

UNDERSTANDING = Understanding(
    "notion",
    "Notion",
    "check that `base_url` leads to Notion itself, and that no proxy answers in its place",
)
"""What an answer that is not as Notion documents it becomes."""

LIMIT_PAUSE = 1.0
"""Seconds to wait at a limit that names no wait; Notion's own name some seconds."""


def classifier(clock: Clock) -> Classify:
    """A Connection's ``classify`` for Notion."""

    def classify(answer: Answer, call: Call) -> ProviderError | None:
        if answer.status < 400:
            return None
        code = answer.body.get("code") if isinstance(answer.body, dict) else None
        if answer.status in (429, 529) or code in ("rate_limited", "service_overload"):
            asked = retry_after(answer.headers, clock.now())
            wait = LIMIT_PAUSE if asked is None else asked
            is_busy = answer.status == 529 or code == "service_overload"
            return RateLimited(
                _words(answer),
                call=call,
                remedy=_LIMIT_HELP,
                code=codes.OVERLOADED if is_busy else "",
                retry_after=wait,
            )
        if code == "validation_error" or (code is None and answer.status == 400):
            remedy = _validation_help(words_of(answer))
            named = codes.IN_TRASH if remedy == _TRASH_HELP else ""
            return Rejected(_words(answer), call=call, remedy=remedy, code=named)
        kind, remedy = _CODES.get(str(code), (None, ""))
        if kind is None:
            return None
        named = codes.CONFLICT if code == "conflict_error" else ""
        return kind(_words(answer), call=call, remedy=remedy, code=named)

    return classify


def _words(answer: Answer) -> str:
    """The message with its code, and the request's id, which Notion's support asks for."""
    body = answer.body if isinstance(answer.body, dict) else {}
    code, request_id = body.get("code"), body.get("request_id")
    words = words_of(answer)
    if isinstance(code, str):
        words = f"{code}: {words}"
    return f"{words}, request {request_id}" if isinstance(request_id, str) else words


def _validation_help(message: str) -> str:
    words = message.lower()
    if "archived" in words or "in trash" in words or "in the trash" in words:
        return _TRASH_HELP
    if "color" in words and "update" in words:
        return "Notion changes the color of an option only in its own windows: change it there"
    if "length should be" in words:
        return "shorten what the message names"
    if "multiple data sources" in words:
        return "the database has several data sources: name the data source itself"
    return "change what the message names"


_TRASH_HELP = "it, or what it lives in, is in the trash: restore it in Notion first"
_LIMIT_HELP = "wait, or use an integration of its own for reconciler: the limit is each integration's own"
_SHARE_HELP = (
    "check the id, and share the page with the integration (its menu ••• in Notion, Connections); "
    "Notion says the same of what is not there and of what is not shared"
)
_CODES: Mapping[str, tuple[type[ProviderError], str]] = {
    "invalid_json": (Rejected, "what answered took the request for no JSON: does a proxy change it?"),
    "invalid_request_url": (Rejected, "check `base_url`: it ends before /v1"),
    "invalid_request": (Rejected, "the service does not support this request: is it Notion itself?"),
    "missing_version": (Rejected, "the header Notion-Version got lost: does a proxy remove it?"),
    "invalid_beta": (Rejected, "the service does not offer this to the integration"),
    "unauthorized": (
        Unauthorized,
        "the token is wrong or was revoked: copy it from notion.so/profile/integrations",
    ),
    "restricted_resource": (
        Forbidden,
        "give the integration the capability that this needs: read, update and insert content, "
        "and for people user information",
    ),
    "object_not_found": (NotFound, _SHARE_HELP),
    "conflict_error": (Rejected, "somebody changed it at the same moment: run the command again"),
    "internal_server_error": (ServiceFailed, "try again later; status.notion.so may say more"),
    "service_unavailable": (ServiceFailed, "try again later; status.notion.so may say more"),
    "gateway_timeout": (ServiceFailed, "try again later; status.notion.so may say more"),
}
