"""Databases. Source: developers.notion.com/reference/database-create, /database-retrieve, /database-update.

In the version of 2022 a database has the properties itself: those of its only data source.
"""

from collections.abc import Mapping
from typing import Any

from reconciler.sandbox.world import Document
from reconciler_notion.sandbox.domain.databases import new_database
from reconciler_notion.sandbox.domain.files import COVER, ICON, kept_file
from reconciler_notion.sandbox.domain.properties import (
    CHANGED_PROPERTIES,
    NEW_PROPERTIES,
    change_properties,
)
from reconciler_notion.sandbox.domain.rich_text import RICH_TEXT, kept
from reconciler_notion.sandbox.domain.tree import (
    Found,
    Place,
    demand_editable,
    find_node,
    is_shared,
    place_in,
)
from reconciler_notion.sandbox.errors import invalid
from reconciler_notion.sandbox.fields import boolean, nullable, one_of, record, tagged, uuid_, variant_of
from reconciler_notion.sandbox.ids import normal_id
from reconciler_notion.sandbox.representations import databases as shown
from reconciler_notion.sandbox.rest.routes import INSERT, READ, UPDATE, Answer, Call, Routes
from reconciler_notion.sandbox.versions import OLDEST

ROUTES = Routes()

_PARENT = tagged({"page_id": uuid_, "block_id": uuid_, "workspace": one_of((True,))})
_LOOKS = {
    "title": RICH_TEXT,
    "description": RICH_TEXT,
    "icon": nullable(ICON),
    "cover": nullable(COVER),
    "is_inline": boolean,
}
_NEW = record(
    {
        **_LOOKS,
        "parent": _PARENT,
        "initial_data_source": record({"properties": NEW_PROPERTIES}),
        "properties": NEW_PROPERTIES,
    },
    ("parent",),
)
_CHANGED = record(
    {
        **_LOOKS,
        "parent": _PARENT,
        "is_locked": boolean,
        "in_trash": boolean,
        "archived": boolean,
        "properties": CHANGED_PROPERTIES,
    }
)


def looks_of(call: Call, body: Mapping[str, Any]) -> dict[str, Any]:
    """The looks that a body gives, as they are kept."""
    looks: dict[str, Any] = {
        key: kept_file(call.store, body[key]) for key in ("icon", "cover") if key in body
    }
    looks |= {key: kept(call.store, body[key]) for key in ("title", "description") if key in body}
    return looks | {key: body[key] for key in ("is_inline", "is_locked") if key in body}


def _answer(call: Call, database: Document) -> Answer:
    body = shown.database(call.store, database)
    if call.version == OLDEST:
        source = only_source(call, database)
        properties = shown.data_source(call.store, source)["properties"]
        body = {key: each for key, each in body.items() if key != "data_sources"}
        body |= {"properties": properties}
    return Answer(body)


def only_source(call: Call, database: Document) -> Document:
    """The data source of a database that has one, for the version that knows no others."""
    sources = call.store.find("data_source", database_id=database["id"])
    if len(sources) != 1:
        raise invalid("Databases with multiple data sources are not supported in this API version.")
    return sources[0]


@ROUTES.add("POST", "/v1/databases", INSERT)
def create(call: Call) -> Answer:
    """A new database in a page, with its first data source and a view.

    Since the version of 2025 properties belong into ``initial_data_source``; elsewhere they are ignored.
    """
    body = call.checked(_NEW)
    properties = body.get("initial_data_source", {}).get("properties")
    if call.version == OLDEST:
        properties = body.get("properties")
    place = place_in(call.store, _parent(call, body["parent"]))
    database = new_database(call.store, place, call.bot["id"], looks_of(call, body), properties)
    return _answer(call, database)


def _parent(call: Call, given: Mapping[str, Any]) -> Found:
    kind = str(variant_of(given, ("page_id", "block_id", "workspace")))
    if kind == "workspace":
        raise invalid(
            "Internal integrations aren't owned by a single user, "
            "so creating workspace-level private pages is not supported."
        )
    id_ = str(normal_id(given[kind]))
    found = find_node(call.store, id_)
    if found is None or found.kind not in ("page", "block") or not is_shared(call.store, found):
        raise call.missing(kind.removesuffix("_id"), id_)
    demand_editable(call.store, found)
    return found


@ROUTES.add("GET", "/v1/databases/{database_id}", READ)
def get(call: Call, database_id: str) -> Answer:
    """One database and the names of its data sources."""
    return _answer(call, call.node(database_id, "database"))


@ROUTES.add("PATCH", "/v1/databases/{database_id}", UPDATE)
def update(call: Call, database_id: str) -> Answer:
    """Change a database's looks, move it, put it into the trash or take it out."""
    database = call.node(database_id, "database")
    body = call.checked(_CHANGED)
    trash = next((body[key] for key in ("in_trash", "archived") if key in body), None)
    demand_editable(call.store, Found("database", database), restoring=trash is not None)
    if call.version == OLDEST and body.get("properties"):
        source = change_properties(call.store, only_source(call, database), body["properties"])
        call.store.save("data_source", {**source, **call.store.edited_by(call.bot["id"])})
    if "parent" in body:
        target = _parent(call, body["parent"])
        place = Place(target.document["id"], f"{target.kind}_id", float(call.store.next_id()))
        database = {**database, **place.fields()}
    database = {**database, **looks_of(call, body), **call.store.edited_by(call.bot["id"])}
    if trash is not None:
        database["in_trash"] = trash
    call.store.save("database", database)
    return _answer(call, database)
