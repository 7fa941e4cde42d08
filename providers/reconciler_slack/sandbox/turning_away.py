"""What Slack says when it turns a call away that is nothing wrong with.

Sources: docs.slack.dev/apis/web-api/rate-limits (429 with ``Retry-After``); the errors that the pages of all
methods have in common (``ratelimited``, ``invalid_auth``, ``token_expired``, ``missing_scope``), in HTTP 200.
"""

from collections.abc import Sequence

from reconciler.sandbox.emulator import Refusal, Trouble
from reconciler_slack.sandbox import errors

_OK = "200 OK"
_QUESTIONS = ("list", "info", "members", "history", "replies", "test", "get", "getPermalink", "lookupByEmail")
"""How the names of methods end that change nothing."""


def turned_away(trouble: Trouble, scopes: Sequence[str], wait_s: int) -> Refusal:
    """The refusal of a call of a method that needs one of ``scopes``.

    The second form of the limit is an error in HTTP 200, as the methods that post have it.
    """
    wait = {"Retry-After": str(wait_s)}
    match trouble:
        case "rate-limited":
            return Refusal("429 Too Many Requests", errors.RateLimited(wait_s).body(), wait)
        case "secondary-limit":
            return Refusal(_OK, errors.RateLimited(wait_s).body(), wait)
        case "unauthorized":
            return Refusal(_OK, errors.Refusal("invalid_auth").body())
        case "expired":
            return Refusal(_OK, errors.Refusal("token_expired").body())
        case "forbidden":
            refusal = errors.missing_scope(scopes, ()) if scopes else errors.Refusal("access_denied")
            return Refusal(_OK, refusal.body())


def is_change(method: str) -> bool:
    """Whether a method changes something, judged by its name."""
    return method.rpartition(".")[2] not in _QUESTIONS
