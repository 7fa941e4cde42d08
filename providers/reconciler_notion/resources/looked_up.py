"""The data types: ``notion_page`` and ``notion_user``, looked up and never managed."""

from typing import Any

from reconciler.errors import NotFound
from reconciler.provider.objects import Object, Wanted
from reconciler_notion.identifiers import dashed, notion_id
from reconciler_notion.reader import Found, Reader
from reconciler_notion.resources.kind import DataKind
from reconciler_notion.resources.page import pages, told_page


def find_page(reader: Reader, wanted: Wanted) -> tuple[Object, ...]:
    """By id, or by the title in a parent; all that answer to it."""
    found = []
    for page in pages(reader, wanted.attributes):
        told = told_page(reader, page)
        del told["stored_content"]
        asked = {name: value for name, value in wanted.attributes.items() if name == "parent"}
        found.append(Object(wanted.type, told["id"], {**told, **asked}))
    return tuple(found)


def find_user(reader: Reader, wanted: Wanted) -> tuple[Object, ...]:
    """By id with a call of its own; else among everybody, who are listed once for all.

    An e-mail address needs the integration's capability to read those of users.
    """
    asked = wanted.attributes
    if identifier := asked.get("id"):
        try:
            found = [reader.client.get("/v1/users/{user_id}", {"user_id": notion_id(identifier)})]
        except NotFound:
            return ()
    else:
        found = [user for user in reader.users() if _answers(user, asked.get("email"), asked.get("name"))]
    return tuple(Object(wanted.type, dashed(user["id"]), _told(user)) for user in found)


def _answers(user: Found, email: str | None, name: str | None) -> bool:
    has_email = email is None or str(_email(user) or "").casefold() == email.casefold()
    return has_email and (name is None or user["name"] == name)


def _email(user: Found) -> Any:
    return (user.get("person") or {}).get("email")


def _told(user: Found) -> dict[str, Any]:
    return {
        "id": dashed(user["id"]),
        "name": user["name"],
        "email": _email(user),
        "kind": user["type"],
        "avatar_url": user["avatar_url"],
    }


KINDS = (DataKind("data.notion_page", find_page), DataKind("data.notion_user", find_user))
