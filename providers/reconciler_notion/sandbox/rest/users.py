"""Users. Source: developers.notion.com/reference/get-users, /get-user, /get-self."""

from reconciler_notion.sandbox.representations.users import listed_user
from reconciler_notion.sandbox.rest.routes import READ_USERS, Answer, Call, Routes, page_of

ROUTES = Routes()


@ROUTES.add("GET", "/v1/users/me")
def me(call: Call) -> Answer:
    """The bot that the token belongs to."""
    return Answer(listed_user(call.store, call.bot))


@ROUTES.add("GET", "/v1/users", READ_USERS)
def list_users(call: Call) -> Answer:
    """The people and bots of the workspace."""
    return Answer(page_of(call, call.store.find("user"), lambda each: listed_user(call.store, each), "user"))


@ROUTES.add("GET", "/v1/users/{user_id}", READ_USERS)
def get(call: Call, user_id: str) -> Answer:
    """One user."""
    id_ = call.id_of(user_id, "user_id")
    found = call.store.get("user", id_)
    if found is None:
        raise call.missing("user", id_)
    return Answer(listed_user(call.store, found))
