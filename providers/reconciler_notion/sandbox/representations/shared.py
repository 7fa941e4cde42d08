"""What objects of several kinds show alike: times, authors, parents, addresses."""

import re
from collections.abc import Mapping
from typing import Any

from reconciler_notion.sandbox.domain.tree import WORKSPACE, Found, container_of
from reconciler_notion.sandbox.ids import APP, address, without_dashes
from reconciler_notion.sandbox.store import Store


def to_the_minute(kept: str) -> str:
    """The time of a page, block, data source or comment: rounded down to the minute."""
    return f"{kept[:16]}:00.000Z"


def to_the_millisecond(kept: str) -> str:
    """The time of a database or view."""
    return f"{kept[:23]}+00:00"


def user_reference(id_: str) -> dict[str, str]:
    """A user, by id alone."""
    return {"object": "user", "id": id_}


def author(document: Mapping[str, Any]) -> dict[str, Any]:
    """Who made and edited a page, block or data source, and when."""
    return {
        "created_time": to_the_minute(document["created_time"]),
        "last_edited_time": to_the_minute(document["last_edited_time"]),
        "created_by": user_reference(document["created_by"]),
        "last_edited_by": user_reference(document["last_edited_by"]),
    }


def parent_of(store: Store, found: Found) -> dict[str, Any]:
    """What a page, database or block is in; a row's parent names its database too."""
    kind = found.document["parent"]
    if kind == WORKSPACE:
        return {"type": WORKSPACE, WORKSPACE: True}
    shown = {"type": kind, kind: found.document["container"]}
    outer = container_of(store, found)
    if outer is not None and outer.kind == "data_source":
        shown["database_id"] = outer.document["database_id"]
    return shown


def page_url(id_: str, title: str) -> str:
    """A page's address, which begins with its title."""
    words = re.sub(r"[^A-Za-z0-9]+", "-", title).strip("-")
    return f"{APP}/{words}-{without_dashes(id_)}" if words else address(id_)
