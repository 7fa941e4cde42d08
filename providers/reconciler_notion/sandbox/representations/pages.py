"""Pages. Source: developers.notion.com/reference/page; recorded answers."""

from collections.abc import Iterable
from typing import Any

from reconciler.sandbox.world import Document
from reconciler_notion.sandbox.domain.properties import title_of
from reconciler_notion.sandbox.domain.rich_text import plain
from reconciler_notion.sandbox.domain.tree import Found, is_trashed
from reconciler_notion.sandbox.domain.values import value_of
from reconciler_notion.sandbox.ids import same_property_id
from reconciler_notion.sandbox.representations.properties import value
from reconciler_notion.sandbox.representations.shared import author, page_url, parent_of
from reconciler_notion.sandbox.store import Store


def page(
    store: Store, document: Document, only: Iterable[str] = (), source: Document | None = None
) -> dict[str, Any]:
    """A page; with only some of its properties, if their ids are given, and with its data source at hand."""
    found = Found("page", document)
    in_trash = is_trashed(store, found)
    properties = _properties(store, document, source)
    wanted = tuple(only)
    if wanted:
        properties = {
            name: each
            for name, each in properties.items()
            if any(same_property_id(each["id"], key) or key == name for key in wanted)
        }
    return {
        "object": "page",
        "id": document["id"],
        **author(document),
        "cover": document["cover"],
        "icon": document["icon"],
        "parent": parent_of(store, found),
        "in_trash": in_trash,
        "is_archived": in_trash,
        "is_locked": document["is_locked"],
        "properties": properties,
        "url": page_url(document["id"], plain(title(store, document, source))),
        "public_url": None,
        "archived": in_trash,
    }


def source_of(store: Store, document: Document) -> Document | None:
    """The data source that a page is a row of."""
    if document["parent"] != "data_source_id":
        return None
    return store.require("data_source", document["container"])


def title(store: Store, document: Document, source: Document | None = None) -> list[dict[str, Any]]:
    """A page's title, as rich text."""
    source = source or source_of(store, document)
    found: list[dict[str, Any]] = (
        document["title"] if source is None else value_of(document, title_of(source))
    )
    return found


def _properties(store: Store, document: Document, source: Document | None) -> dict[str, dict[str, Any]]:
    source = source or source_of(store, document)
    if source is None:
        return {"title": {"id": "title", "type": "title", "title": document["title"]}}
    return {each["name"]: value(store, document, each) for each in source["properties"]}
