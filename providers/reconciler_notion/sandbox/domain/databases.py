"""Databases, the data sources in them and the views of those."""

from collections.abc import Mapping
from typing import Any

from reconciler.sandbox.world import Document
from reconciler_notion.sandbox.domain.properties import with_properties
from reconciler_notion.sandbox.domain.tree import Place
from reconciler_notion.sandbox.store import Store

FIRST_PROPERTIES: dict[str, Any] = {"Name": {"type": "title", "title": {}}}
FIRST_VIEW = "Default view"


def new_database(
    store: Store,
    place: Place,
    user_id: str,
    looks: Mapping[str, Any],
    properties: Mapping[str, Any] | None,
) -> Document:
    """Make a database, and with it its first data source and a view of that.

    ``looks`` may hold title, description (rich text as it is kept), icon, cover and is_inline. Without
    properties the data source has its title alone. Source: developers.notion.com/reference/database-create.
    """
    database: Document = {
        "id": store.new_id(),
        **place.fields(),
        "title": looks.get("title", []),
        "description": looks.get("description", []),
        "icon": looks.get("icon"),
        "cover": looks.get("cover"),
        "is_inline": looks.get("is_inline", False),
        "is_locked": False,
        "in_trash": False,
        "shared": False,
        **store.made_by(user_id),
    }
    store.save("database", database)
    first = FIRST_PROPERTIES if properties is None else properties
    new_data_source(store, database, user_id, {"title": database["title"]}, first)
    return database


def new_data_source(
    store: Store,
    database: Document,
    user_id: str,
    looks: Mapping[str, Any],
    properties: Mapping[str, Any],
) -> Document:
    """Make a data source in a database, with a table to see it in.

    Source: developers.notion.com/reference/create-a-data-source.
    """
    source = with_properties(
        store,
        {
            "id": store.new_id(),
            "database_id": database["id"],
            "title": looks.get("title", []),
            "description": [],
            "icon": looks.get("icon"),
            "last_unique": 0,
            "in_trash": False,
            **store.made_by(user_id),
        },
        properties,
    )
    new_view(store, source, database["id"], user_id, {"name": FIRST_VIEW, "type": "table"})
    return source


def new_view(
    store: Store, source: Document, database_id: str, user_id: str, given: Mapping[str, Any]
) -> Document:
    """Make a view of a data source in a database."""
    view: Document = {
        "id": store.new_id(),
        "database_id": database_id,
        "data_source_id": source["id"],
        "name": given["name"],
        "type": given["type"],
        "filter": given.get("filter"),
        "sorts": given.get("sorts"),
        "quick_filters": given.get("quick_filters"),
        "configuration": {"type": given["type"], **(given.get("configuration") or {})},
        "order": float(store.next_id()),
        **store.made_by(user_id),
    }
    store.save("view", view)
    return view
