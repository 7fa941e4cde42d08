"""Users, bots and their tokens.

Source: docs.slack.dev/reference/objects/user-object; docs.slack.dev/authentication/tokens.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from reconciler.sandbox.world import Document
from reconciler_slack.sandbox.scopes import BOT_SCOPES, USER_SCOPES
from reconciler_slack.sandbox.store import Store

ROLES = ("primary_owner", "owner", "admin", "member", "guest")


def create_user(store: Store, name: str, fields: Mapping[str, Any], user_id: str | None = None) -> Document:
    """A person of the workspace; raises ``ValueError`` for a name or e-mail that is taken, or a bad role."""
    email = fields.get("email", f"{name}@example.com")
    if store.user_named(name) is not None or (email and store.find("user", email=email.lower())):
        raise ValueError(f"there is a user {name} or {email} already")
    role = fields.get("role", "member")
    if role not in ROLES:
        raise ValueError(f"{role} is no role: {', '.join(ROLES)}")
    real_name = fields.get("real_name", name.replace(".", " ").title())
    user = {
        "id": user_id or store.new_id("user"),
        "name": name,
        "email": email.lower() if email else None,
        "real_name": real_name,
        "display_name": fields.get("display_name", name),
        "title": fields.get("title", ""),
        "role": role,
        "is_bot": False,
        "bot_id": None,
        "app_id": None,
        "deleted": bool(fields.get("deleted", False)),
        "updated": store.now(),
    }
    store.put("user", user["id"], user)
    return user


def create_bot(store: Store, name: str, real_name: str) -> Document:
    """The bot user of an app."""
    bot = create_user(store, name, {"email": None, "real_name": real_name, "display_name": ""})
    bot |= {"is_bot": True, "bot_id": store.new_id("bot"), "app_id": store.new_id("app")}
    store.put("user", bot["id"], bot)
    return bot


def create_token(
    store: Store, token: str, user: Document, app_id: str, scopes: Sequence[str] | None = None
) -> None:
    """A token of an app; it is a bot token if its user is a bot."""
    if not token or not isinstance(token, str):
        raise ValueError("a token is a text")
    usual = BOT_SCOPES if user["is_bot"] else USER_SCOPES
    document = {
        "token": token,
        "type": "bot" if user["is_bot"] else "user",
        "user_id": user["id"],
        "app_id": app_id,
        "scopes": list(usual if scopes is None else scopes),
    }
    store.put("token", token, document)
