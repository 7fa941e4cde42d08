"""Pages: made, changed and moved."""

from collections.abc import Mapping
from typing import Any

from reconciler.sandbox.world import Document
from reconciler_notion.sandbox.domain.properties import title_of
from reconciler_notion.sandbox.domain.rich_text import kept
from reconciler_notion.sandbox.domain.tree import Found, Place, ancestors, find_node
from reconciler_notion.sandbox.domain.values import value_of, written
from reconciler_notion.sandbox.errors import failed_validation, invalid
from reconciler_notion.sandbox.fields import shown
from reconciler_notion.sandbox.store import Store


def new_page(
    store: Store,
    parent: Found | None,
    place: Place,
    user_id: str,
    properties: Mapping[str, Any],
    looks: Mapping[str, Any],
) -> Document:
    """Make a page in a page or data source, or (without a parent) at the top of the workspace."""
    page: Document = {
        "id": store.new_id(),
        **place.fields(),
        "title": [],
        "values": {},
        "icon": looks.get("icon"),
        "cover": looks.get("cover"),
        "in_trash": False,
        "is_locked": False,
        "shared": False,
        "unique_number": None,
        **store.made_by(user_id),
    }
    if parent is not None and parent.kind == "data_source":
        source = parent.document
        source = {**source, "last_unique": source["last_unique"] + 1}
        store.save("data_source", source)
        page["unique_number"] = source["last_unique"]
        _, page = written(store, source, page, properties)
    else:
        page["title"] = titled(store, properties) or []
    store.save("page", page)
    return page


def titled(store: Store, properties: Mapping[str, Any]) -> list[dict[str, Any]] | None:
    """The title among the properties of a page that is no row; nothing, if it is not given.

    Raises ``Refusal`` 400 for any other property: only rows have them.
    """
    for name, given in properties.items():
        if name != "title":
            raise failed_validation(
                "body", [f"body.properties.{name} should be not present, instead was {shown(given)}."]
            )
    if "title" not in properties:
        return None
    given = properties["title"]
    if isinstance(given, dict):
        if "title" not in given:
            raise invalid("title is expected to be title.")
        given = given["title"]
    return kept(store, given)


def with_values(store: Store, page: Document, properties: Mapping[str, Any]) -> Document:
    """A page with new values for some of its properties."""
    if page["parent"] == "data_source_id":
        source = store.require("data_source", page["container"])
        _, page = written(store, source, page, properties)
        return page
    title = titled(store, properties)
    return page if title is None else {**page, "title": title}


def moved(store: Store, page: Document, target: Found, place: Place) -> Document:
    """A page in another place; of its values only the title goes along to another data source or page."""
    if target.document["id"] == page["id"] or any(
        each.document["id"] == page["id"] for each in ancestors(store, target)
    ):
        raise invalid("Cannot move a page into itself or into what it contains.")
    before = find_node(store, page["container"])
    title = page["title"]
    if before is not None and before.kind == "data_source":
        if target.document["id"] == before.document["id"]:
            return page
        title = value_of(page, title_of(before.document))
    after = {**page, **place.fields(), "title": title, "values": {}, "unique_number": None}
    if target.kind == "data_source":
        id_ = title_of(target.document)["id"]
        source = {**target.document, "last_unique": target.document["last_unique"] + 1}
        store.save("data_source", source)
        after |= {
            "title": [],
            "values": {id_: {"type": "title", "value": title}},
            "unique_number": source["last_unique"],
        }
    return after
