"""GitHub's errors in our words: what went wrong, and what to do about it.

Sources: docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api (404 for what must not be
seen, 422 bodies), …/rate-limits-for-the-rest-api (403 and 429 with their headers),
…/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api (errors inside HTTP 200),
…/authenticating-to-the-rest-api (single sign-on, scopes, ``X-Accepted-GitHub-Permissions``).
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from reconciler.clock import Clock
from reconciler.errors import (
    AlreadyExists,
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
from reconciler_github import codes

UNDERSTANDING = Understanding(
    "github",
    "GitHub",
    "check that `base_url` leads to GitHub itself, and that no proxy answers in its place",
)
"""What an answer that is not as GitHub documents it becomes."""

SECONDARY_LIMIT_PAUSE = 60.0
"""Seconds to wait at a limit that names no wait of its own: "at least one minute", and longer each time."""

_EXISTS = ("already exists", "already been taken", "must be unique", "already protected")


def classifier(clock: Clock) -> Classify:
    """A Connection's ``classify`` for GitHub."""

    def classify(answer: Answer, call: Call) -> ProviderError | None:
        now = clock.now().timestamp()
        if answer.status < 300:
            return _exhausted_query(answer, call, now)
        if limited := _rate_limited(answer, call, clock):
            return limited
        match answer.status:
            case 401:
                return Unauthorized(words_of(answer), call=call, remedy=_UNAUTHORIZED_HELP)
            case 403:
                return _forbidden(answer, call)
            case 404:
                return NotFound(words_of(answer), call=call, remedy=_not_found_help(answer))
            case 409:
                return _conflict(answer, call)
            case 422:
                return _invalid(answer, call)
        return None

    return classify


def query_error(error: Mapping[str, Any], call: Call, headers: Mapping[str, str]) -> ProviderError:
    """One entry of a GraphQL answer's ``errors``, judged by its ``type``."""
    message = str(error.get("message") or "GitHub gave no reason")
    extensions = error.get("extensions") or {}
    match error.get("type") or extensions.get("code"):
        case "NOT_FOUND":
            return NotFound(message, call=call, remedy=_NOT_FOUND_HELP)
        case "FORBIDDEN" if extensions.get("saml_failure"):
            return Forbidden(message, call=call, remedy=_SSO_HELP, code=codes.SINGLE_SIGN_ON)
        case "FORBIDDEN":
            return _not_allowed(message, call, headers)
        case "INSUFFICIENT_SCOPES":
            return Forbidden(
                message,
                call=call,
                remedy="give the token a scope that the message names",
                code=codes.MISSING_SCOPE,
            )
        case "RATE_LIMITED" | "RATE_LIMIT":
            return RateLimited(message, call=call, remedy=_LIMIT_HELP)
        case "UNPROCESSABLE" | "ARGUMENT_LITERALS_INCOMPATIBLE" | "INVALID_ARGUMENT" | "BAD_USER_INPUT":
            kind = AlreadyExists if _says_it_exists(message) else Rejected
            return kind(message, call=call, remedy="change what the message names")
        case (
            "argumentNotAccepted"
            | "argumentLiteralsIncompatible"
            | "undefinedField"
            | "variableMismatch"
            | "missingRequiredArguments"
        ):
            return Rejected(message, call=call, remedy=_UNKNOWN_QUERY_HELP)
    if _says_it_exists(message):
        return AlreadyExists(message, call=call)
    if error.get("locations") and not error.get("path") and not error.get("type"):
        return Rejected(message, call=call, remedy=_UNKNOWN_QUERY_HELP)  # found before it was carried out
    return ServiceFailed(message, call=call, remedy="try again later; githubstatus.com may say more")


def _exhausted_query(answer: Answer, call: Call, now: float) -> ProviderError | None:
    """GraphQL tells in an HTTP 200 that its points are used up."""
    errors = answer.body.get("errors") if isinstance(answer.body, dict) else None
    for error in errors if isinstance(errors, list) else ():
        if isinstance(error, dict) and error.get("type") in ("RATE_LIMITED", "RATE_LIMIT"):
            return RateLimited(
                str(error.get("message") or "rate limited"),
                call=call,
                remedy=_LIMIT_HELP,
                retry_after=_until_reset(answer, now),
            )
    return None


def _rate_limited(answer: Answer, call: Call, clock: Clock) -> RateLimited | None:
    if answer.status not in (403, 429):
        return None
    cause, now = words_of(answer), clock.now()
    asked = retry_after(answer.headers, now)
    if asked is None and answer.headers.get("x-ratelimit-remaining") == "0":
        asked = _until_reset(answer, now.timestamp())
    is_secondary = "secondary rate limit" in cause.lower() or "abuse detection" in cause.lower()
    if asked is None and not is_secondary and answer.status == 403:
        return None
    code = codes.SECONDARY_LIMIT if is_secondary else ""
    return RateLimited(cause, call=call, remedy=_LIMIT_HELP, code=code, retry_after=asked)


def _until_reset(answer: Answer, now: float) -> float:
    """Seconds until ``x-ratelimit-reset``, which is in epoch seconds."""
    reset = answer.headers.get("x-ratelimit-reset", "")
    return max(1.0, float(reset) - now) if reset.isdigit() else SECONDARY_LIMIT_PAUSE


def _forbidden(answer: Answer, call: Call) -> Forbidden:
    cause = words_of(answer)
    single_sign_on = answer.headers.get("x-github-sso", "")
    if single_sign_on.startswith("required"):
        address = single_sign_on.partition("url=")[2]
        remedy = f"{_SSO_HELP}: {address}" if address else _SSO_HELP
        return Forbidden(cause, call=call, remedy=remedy, code=codes.SINGLE_SIGN_ON)
    return _not_allowed(cause, call, answer.headers)


def _not_allowed(cause: str, call: Call, headers: Mapping[str, str]) -> Forbidden:
    code, remedy = "", "the token's owner lacks the role for this: ask an owner of the organisation for it"
    if "archived" in cause.lower():
        code, remedy = codes.ARCHIVED, _ARCHIVED_HELP
    elif permission := headers.get("x-accepted-github-permissions"):
        named = " or ".join(re.split(r"; *", permission))
        code, remedy = codes.MISSING_SCOPE, f"give the token the permission {named}"
    elif missing := _missing_scope(headers):
        code, remedy = codes.MISSING_SCOPE, missing
    return Forbidden(cause, call=call, remedy=remedy, code=code)


def _missing_scope(headers: Mapping[str, str]) -> str:
    accepted, granted = scopes(headers, "x-accepted-oauth-scopes"), scopes(headers, "x-oauth-scopes")
    if granted is None or not accepted or accepted & granted:
        return ""
    return (
        f"the token lacks a scope: this needs {' or '.join(sorted(accepted))}, "
        f"and it has {', '.join(sorted(granted)) or 'none'}"
    )


def scopes(headers: Mapping[str, str], name: str = "x-oauth-scopes") -> frozenset[str] | None:
    """The scopes that a header lists; None without the header (fine-grained tokens and apps have none)."""
    text = headers.get(name)
    return None if text is None else frozenset(part.strip() for part in text.split(",") if part.strip())


def _not_found_help(answer: Answer) -> str:
    missing = _missing_scope(answer.headers)
    return f"{_NOT_FOUND_HELP}; {missing}" if missing else _NOT_FOUND_HELP


def _conflict(answer: Answer, call: Call) -> Rejected:
    cause = words_of(answer)
    if "empty" in cause.lower():
        remedy = "the repository has no commit yet: push one, or create it with `auto_init: true`"
        return Rejected(cause, call=call, remedy=remedy, code=codes.EMPTY)
    return Rejected(cause, call=call, remedy="another change is under way: try again")


def _invalid(answer: Answer, call: Call) -> ProviderError:
    details = list(_details(answer.body))
    cause = "; ".join([words_of(answer), *details])
    if _says_it_exists(cause):
        return AlreadyExists(cause, call=call)
    remedy = "change the attributes that the message names" if details else "change what the message names"
    if "reference does not exist" in cause.lower():
        return NotFound(cause, call=call, remedy=_NOT_FOUND_HELP)
    if "archived" in cause.lower():
        remedy = _ARCHIVED_HELP
    return Rejected(cause, call=call, remedy=remedy)


def _details(body: Any) -> Iterator[str]:
    """What a 422 says is wrong, each with its field."""
    errors = body.get("errors") if isinstance(body, dict) else None
    for error in errors if isinstance(errors, list) else [errors] if errors else []:
        if isinstance(error, dict):
            what = error.get("message") or _CODES.get(str(error.get("code")), error.get("code"))
            yield f"{error.get('field') or error.get('resource') or 'request'}: {what}"
        else:
            yield str(error)


def _says_it_exists(cause: str) -> bool:
    return any(words in cause.lower() for words in _EXISTS)


_CODES: Mapping[str, str] = {
    "missing": "what it refers to does not exist",
    "missing_field": "is required",
    "invalid": "is not allowed",
    "already_exists": "already exists",
    "unprocessable": "cannot be used",
}
_UNAUTHORIZED_HELP = (
    "the token is wrong, was revoked or has expired: make a new one under Settings, Developer settings"
)
_UNKNOWN_QUERY_HELP = "the server does not know this query: is it too old?"
_SSO_HELP = "authorise the token for the organisation's single sign-on"
_ARCHIVED_HELP = "the repository is archived, and so read-only: set `archived: false` on it first"
_LIMIT_HELP = "wait until the limit is reset, or use a token of its own for reconciler"
_NOT_FOUND_HELP = "check the name; GitHub says the same of what the token may not see"
