"""Data sources and their rows. Source: developers.notion.com/reference/create-a-data-source,
/retrieve-a-data-source, /update-a-data-source, /query-a-data-source, /list-data-source-templates."""

from collections.abc import Mapping
from typing import Any

from reconciler.sandbox.world import Document
from reconciler_notion.sandbox.domain.databases import new_data_source
from reconciler_notion.sandbox.domain.files import ICON
from reconciler_notion.sandbox.domain.properties import (
    CHANGED_PROPERTIES,
    NEW_PROPERTIES,
    change_properties,
)
from reconciler_notion.sandbox.domain.queries import check_filter, check_sorts, selected, sorted_rows
from reconciler_notion.sandbox.domain.rich_text import RICH_TEXT
from reconciler_notion.sandbox.domain.tree import Found, demand_editable
from reconciler_notion.sandbox.fields import anything, boolean, nullable, one_of, record, tagged, uuid_
from reconciler_notion.sandbox.representations.databases import data_source
from reconciler_notion.sandbox.representations.pages import page
from reconciler_notion.sandbox.rest.databases import looks_of, only_source
from reconciler_notion.sandbox.rest.routes import INSERT, READ, UPDATE, Answer, Call, Routes, page_of
from reconciler_notion.sandbox.versions import OLDEST

ROUTES = Routes()

_PARENT = tagged({"database_id": uuid_})
_NEW = record(
    {"parent": _PARENT, "properties": NEW_PROPERTIES, "title": RICH_TEXT, "icon": nullable(ICON)},
    ("parent", "properties"),
)
_CHANGED = record(
    {
        "parent": _PARENT,
        "properties": CHANGED_PROPERTIES,
        "title": RICH_TEXT,
        "description": RICH_TEXT,
        "icon": nullable(ICON),
        "in_trash": boolean,
        "archived": boolean,
    }
)
_QUERY = record(
    {
        "filter": check_filter,
        "sorts": check_sorts,
        "start_cursor": anything,
        "page_size": anything,
        "in_trash": boolean,
        "archived": boolean,
        "result_type": one_of(("page", "data_source")),
    }
)


@ROUTES.add("POST", "/v1/data_sources", INSERT)
def create(call: Call) -> Answer:
    """A further data source in a database."""
    body = call.checked(_NEW)
    database = call.node(body["parent"]["database_id"], "database")
    demand_editable(call.store, Found("database", database))
    made = new_data_source(call.store, database, call.bot["id"], looks_of(call, body), body["properties"])
    return Answer(data_source(call.store, made))


@ROUTES.add("GET", "/v1/data_sources/{data_source_id}", READ)
def get(call: Call, data_source_id: str) -> Answer:
    """One data source with all its properties."""
    return Answer(data_source(call.store, call.node(data_source_id, "data_source")))


@ROUTES.add("PATCH", "/v1/data_sources/{data_source_id}", UPDATE)
def update(call: Call, data_source_id: str) -> Answer:
    """Change a data source's properties or looks, put it into the trash or take it out."""
    source = call.node(data_source_id, "data_source")
    body = call.checked(_CHANGED)
    trash = next((body[key] for key in ("in_trash", "archived") if key in body), None)
    demand_editable(call.store, Found("data_source", source), restoring=trash is not None)
    source = change_properties(call.store, source, body.get("properties", {}))
    source = {**source, **looks_of(call, body), **call.store.edited_by(call.bot["id"])}
    if "parent" in body:
        source["database_id"] = call.node(body["parent"]["database_id"], "database")["id"]
    if trash is not None:
        source["in_trash"] = trash
    call.store.save("data_source", source)
    return Answer(data_source(call.store, source))


@ROUTES.add("POST", "/v1/data_sources/{data_source_id}/query", READ)
def query(call: Call, data_source_id: str) -> Answer:
    """The rows that pass a filter, sorted, one page at a time."""
    return _rows(call, call.node(data_source_id, "data_source"), "page_or_data_source")


@ROUTES.add("POST", "/v1/databases/{database_id}/query", READ)
def query_database(call: Call, database_id: str) -> Answer:
    """The same by the database's id, which only the version of 2022 has."""
    if call.version != OLDEST:
        raise call.missing("database", call.id_of(database_id, "database_id"))
    return _rows(call, only_source(call, call.node(database_id, "database")), "page_or_database")


def _rows(call: Call, source: Document, type_: str) -> Answer:
    body: Mapping[str, Any] = call.checked(_QUERY)
    in_trash = body.get("in_trash", body.get("archived", False))
    rows = [each for each in call.store.find("page", container=source["id"]) if each["in_trash"] == in_trash]
    rows = selected(call.store, source, rows, body.get("filter"), call.bot["id"])
    rows = sorted_rows(call.store, source, rows, body.get("sorts", []))
    return Answer(
        page_of(call, rows, lambda each: page(call.store, each, call.filter_properties, source), type_, body)
    )


@ROUTES.add("GET", "/v1/data_sources/{data_source_id}/templates", READ)
def list_templates(call: Call, data_source_id: str) -> Answer:
    """Templates are made in the app alone, so there are none."""
    call.node(data_source_id, "data_source")
    return Answer({"templates": [], "has_more": False, "next_cursor": None}, has_request_id=False)
