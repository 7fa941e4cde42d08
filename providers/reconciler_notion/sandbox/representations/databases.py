"""Databases, data sources and views. Source: developers.notion.com/reference/database, /data-source, /view;
recorded answers, in which times of databases and views have milliseconds."""

from typing import Any

from reconciler.sandbox.world import Document
from reconciler_notion.sandbox.domain.rich_text import plain
from reconciler_notion.sandbox.domain.tree import Found, is_trashed
from reconciler_notion.sandbox.ids import address, without_dashes
from reconciler_notion.sandbox.representations.properties import property_
from reconciler_notion.sandbox.representations.shared import (
    author,
    parent_of,
    to_the_millisecond,
    user_reference,
)
from reconciler_notion.sandbox.store import Store


def database(store: Store, document: Document) -> dict[str, Any]:
    """A database and the data sources that it holds."""
    found = Found("database", document)
    in_trash = is_trashed(store, found)
    sources = [each for each in store.find("data_source", database_id=document["id"]) if not each["in_trash"]]
    return {
        "object": "database",
        "id": document["id"],
        "title": document["title"],
        "description": document["description"],
        "parent": parent_of(store, found),
        "is_inline": document["is_inline"],
        "in_trash": in_trash,
        "is_locked": document["is_locked"],
        "created_time": to_the_millisecond(document["created_time"]),
        "last_edited_time": to_the_millisecond(document["last_edited_time"]),
        "data_sources": [{"id": each["id"], "name": plain(each["title"])} for each in sources],
        "icon": document["icon"],
        "cover": document["cover"],
        "url": address(document["id"]),
        "public_url": None,
        "archived": in_trash,
    }


def data_source(store: Store, document: Document) -> dict[str, Any]:
    """A data source with its properties, by name."""
    outer = store.require("database", document["database_id"])
    in_trash = is_trashed(store, Found("data_source", document))
    return {
        "object": "data_source",
        "id": document["id"],
        "cover": None,
        "icon": document["icon"],
        **author(document),
        "title": document["title"],
        "description": document["description"],
        "is_inline": outer["is_inline"],
        "properties": {each["name"]: property_(store, document, each) for each in document["properties"]},
        "parent": {"type": "database_id", "database_id": outer["id"]},
        "database_parent": parent_of(store, Found("database", outer)),
        "url": address(outer["id"]),
        "public_url": None,
        "in_trash": in_trash,
        "archived": in_trash,
    }


def view(document: Document) -> dict[str, Any]:
    """A view with its filter, sorts and configuration."""
    id_, database_id = document["id"], document["database_id"]
    return {
        "object": "view",
        "id": id_,
        "parent": {"type": "database_id", "database_id": database_id},
        "data_source_id": document["data_source_id"],
        "name": document["name"],
        "type": document["type"],
        "created_time": to_the_millisecond(document["created_time"]),
        "created_by": user_reference(document["created_by"]),
        "last_edited_time": to_the_millisecond(document["last_edited_time"]),
        "last_edited_by": user_reference(document["last_edited_by"]),
        "url": f"{address(database_id)}?v={without_dashes(id_)}",
        "filter": document["filter"],
        "sorts": document["sorts"],
        "quick_filters": document["quick_filters"],
        "configuration": document["configuration"],
    }


def deleted_view(document: Document) -> dict[str, Any]:
    """What is left to say of a view that was deleted."""
    shown = view(document)
    return {key: shown[key] for key in ("object", "id", "parent", "type")}
