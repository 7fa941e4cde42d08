"""Users. Source: docs.slack.dev/reference/methods, the pages users.*."""

from reconciler.sandbox.world import Document
from reconciler_slack.sandbox import representations
from reconciler_slack.sandbox.errors import Refusal
from reconciler_slack.sandbox.methods.registry import Answer, Call, Methods
from reconciler_slack.sandbox.scopes import both

METHODS = Methods()
_READ, _EMAIL = both("users:read"), both("users:read.email")
_MOST_PER_PAGE = 1000
MOST_AT_ONCE = 5000
"""How many come without a ``limit``; the page says only that large workspaces need one."""


@METHODS.add("users.list", 2, _READ, takes_json=False)
def list_users(call: Call) -> Answer:
    """Everybody, bots and people who left included; in pages if a ``limit`` is given."""
    users = call.store.find("user")
    limit = call.arguments.integer("limit") or 0
    if limit < 1 and len(users) > MOST_AT_ONCE:
        raise Refusal("limit_required")
    size = min(limit, _MOST_PER_PAGE) if limit > 0 else max(1, len(users))
    page, more = call.page(users, lambda user: str(user["id"]), size)
    members = [_shown(call, user) for user in page]
    return {"members": members, "cache_ts": call.store.now(), **more}


@METHODS.add("users.info", 4, _READ, "user", takes_json=False)
def show(call: Call) -> Answer:
    """One user."""
    found = call.store.get("user", call.arguments.text("user"))
    if found is None:
        raise Refusal("user_not_found")
    return {"user": _shown(call, found)}


@METHODS.add("users.lookupByEmail", 3, _EMAIL, "email", takes_json=False)
def by_email(call: Call) -> Answer:
    """The user with an e-mail address; those who left are not found."""
    found = call.store.find("user", email=call.arguments.text("email").strip().lower())
    if not found or found[0]["deleted"]:
        raise Refusal("users_not_found")
    return {"user": _shown(call, found[0])}


def _shown(call: Call, user: Document) -> Answer:
    with_email = call.has_scope("users:read.email")
    seen = representations.user(call.store.team()["id"], user, with_email)
    if call.arguments.boolean("include_locale") and not user["deleted"]:
        seen["locale"] = "en-US"
    return seen
