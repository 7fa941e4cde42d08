"""Views, and queries through them. Source: developers.notion.com/reference/create-view, /retrieve-view,
/update-view, /delete-view ("The last remaining view on a database cannot be deleted"), /list-views."""

from datetime import timedelta
from typing import Any

from reconciler.sandbox.world import Document
from reconciler_notion.sandbox.domain.databases import new_view
from reconciler_notion.sandbox.domain.queries import check_filter, check_sorts, selected, sorted_rows
from reconciler_notion.sandbox.domain.tree import Found, demand_editable, is_shared
from reconciler_notion.sandbox.errors import failed_validation, invalid
from reconciler_notion.sandbox.fields import (
    anything,
    mapping,
    nullable,
    one_of,
    record,
    shown,
    text,
    typed,
    uuid_,
    whole_number,
)
from reconciler_notion.sandbox.representations.databases import deleted_view, view
from reconciler_notion.sandbox.representations.shared import to_the_millisecond
from reconciler_notion.sandbox.rest.routes import (
    INSERT,
    LARGEST_PAGE,
    READ,
    UPDATE,
    Answer,
    Call,
    Routes,
    page_of,
)
from reconciler_notion.sandbox.store import timestamp

ROUTES = Routes()

TYPES = ("table", "board", "list", "calendar", "timeline", "gallery", "form", "chart", "map", "dashboard")
_QUERY_LASTS = timedelta(minutes=15)
_SETTINGS = {
    "filter": nullable(check_filter),
    "sorts": nullable(check_sorts),
    "quick_filters": nullable(mapping(anything)),
    "configuration": nullable(mapping(anything)),
}
_NEW = record(
    {
        **_SETTINGS,
        "data_source_id": uuid_,
        "database_id": uuid_,
        "name": text(),
        "type": one_of(TYPES),
        "position": typed({"start": {}, "end": {}, "after_view": {"view_id": uuid_}}),
    },
    ("data_source_id", "name", "type"),
)
_CHANGED = record({**_SETTINGS, "name": text()})


def _view(call: Call, view_id: str) -> Document:
    id_ = call.id_of(view_id, "view_id")
    found = call.store.get("view", id_)
    if found is None or not is_shared(call.store, _database(call, found)):
        raise call.missing("view", id_)
    return found


def _database(call: Call, found: Document) -> Found:
    return Found("database", call.store.require("database", found["database_id"]))


def _ordered(call: Call, **where: str) -> list[Document]:
    return sorted(call.store.find("view", **where), key=lambda each: float(each["order"]))


def _demand_fitting(type_: str, configuration: dict[str, Any] | None) -> None:
    if configuration is not None and configuration.get("type", type_) != type_:
        raise failed_validation(
            "body",
            [
                f"body.configuration.type should be {shown(type_)}, "
                f"instead was {shown(configuration['type'])}."
            ],
        )


@ROUTES.add("POST", "/v1/views", INSERT)
def create(call: Call) -> Answer:
    """A new view of a data source, in its own database or another one."""
    body = call.checked(_NEW)
    if "database_id" not in body:
        raise failed_validation("body", ["body.database_id should be defined, instead was `undefined`."])
    source = call.node(body["data_source_id"], "data_source")
    database = call.node(body["database_id"], "database")
    demand_editable(call.store, Found("database", database))
    _demand_fitting(body["type"], body.get("configuration"))
    made = new_view(call.store, source, database["id"], call.bot["id"], body)
    position = body.get("position", {"type": "end"})
    if position.get("type") in ("start", "after_view"):
        made["order"] = _order(call, database["id"], made["id"], position.get("view_id"))
        call.store.save("view", made)
    return Answer(view(made))


def _order(call: Call, database_id: str, id_: str, after: str | None) -> float:
    others = [each for each in _ordered(call, database_id=database_id) if each["id"] != id_]
    if after is None:
        return float(others[0]["order"]) - 1 if others else 0.0
    index = next((at for at, each in enumerate(others) if each["id"] == call.id_of(after, "view_id")), None)
    if index is None:
        raise call.missing("view", after)
    low = float(others[index]["order"])
    return (low + float(others[index + 1]["order"])) / 2 if index + 1 < len(others) else low + 1


@ROUTES.add("GET", "/v1/views", READ)
def list_views(call: Call) -> Answer:
    """The ids of the views of a database or data source."""
    if "database_id" in call.query:
        database = call.node(call.query["database_id"], "database")
        found = _ordered(call, database_id=database["id"])
    elif "data_source_id" in call.query:
        source = call.node(call.query["data_source_id"], "data_source")
        found = _ordered(call, data_source_id=source["id"])
    else:
        raise failed_validation(
            "query",
            [
                "query.database_id should be defined, instead was `undefined`.",
                "query.data_source_id should be defined, instead was `undefined`.",
            ],
        )
    return Answer(page_of(call, found, lambda each: {"object": "view", "id": each["id"]}, "view"))


@ROUTES.add("GET", "/v1/views/{view_id}", READ)
def get(call: Call, view_id: str) -> Answer:
    """One view."""
    return Answer(view(_view(call, view_id)))


@ROUTES.add("PATCH", "/v1/views/{view_id}", UPDATE)
def update(call: Call, view_id: str) -> Answer:
    """Change a view; its type and its data source stay."""
    found = _view(call, view_id)
    body = call.checked(_CHANGED)
    demand_editable(call.store, _database(call, found))
    configuration = body.pop("configuration", None)
    _demand_fitting(found["type"], configuration)
    found = {**found, **body, **call.store.edited_by(call.bot["id"])}
    if configuration is not None:
        after = {**found["configuration"], **configuration}
        found["configuration"] = {key: each for key, each in after.items() if each is not None}
    call.store.save("view", found)
    return Answer(view(found))


@ROUTES.add("DELETE", "/v1/views/{view_id}", UPDATE)
def delete(call: Call, view_id: str) -> Answer:
    """Remove a view for good, unless it is the last one of its database."""
    found = _view(call, view_id)
    if call.store.count("view", database_id=found["database_id"]) == 1:
        raise invalid("Cannot delete the last view of a database. Delete the database instead.")
    call.store.delete_all("view_query", view_id=found["id"])
    call.store.delete("view", found["id"])
    return Answer(deleted_view(found))


@ROUTES.add("POST", "/v1/views/{view_id}/queries", READ)
def create_query(call: Call, view_id: str) -> Answer:
    """Ask through a view: its filter and sorts are applied once, and the result is kept for a while."""
    found = _view(call, view_id)
    body = call.checked(record({"page_size": whole_number(1, LARGEST_PAGE)}))
    source = call.store.require("data_source", found["data_source_id"])
    rows = [each for each in call.store.find("page", container=source["id"]) if not each["in_trash"]]
    rows = selected(call.store, source, rows, found["filter"], call.bot["id"])
    rows = sorted_rows(call.store, source, rows, found["sorts"] or [])
    made: Document = {
        "id": call.store.new_id(),
        "view_id": found["id"],
        "expires_at": timestamp(call.store.world.now() + _QUERY_LASTS),
        "page_ids": [each["id"] for each in rows],
    }
    call.store.save("view_query", made)
    listed = _results(call, made, body)
    return Answer(
        {
            "object": "view_query",
            "id": made["id"],
            "view_id": found["id"],
            "expires_at": to_the_millisecond(made["expires_at"]),
            "total_count": len(rows),
            "results": listed["results"],
            "next_cursor": listed["next_cursor"],
            "has_more": listed["has_more"],
        }
    )


def _results(call: Call, made: Document, given: dict[str, Any] | None) -> dict[str, Any]:
    rows = [{"id": each} for each in made["page_ids"]]
    return page_of(call, rows, lambda each: {"object": "page", "id": each["id"]}, "page", given)


def _query(call: Call, view_id: str, query_id: str) -> Document:
    found = _view(call, view_id)
    id_ = call.id_of(query_id, "query_id")
    made = call.store.get("view_query", id_)
    if (
        made is None
        or made["view_id"] != found["id"]
        or made["expires_at"] < timestamp(call.store.world.now())
    ):
        raise call.missing("view query", id_)
    return made


@ROUTES.add("GET", "/v1/views/{view_id}/queries/{query_id}", READ)
def get_query_results(call: Call, view_id: str, query_id: str) -> Answer:
    """One page of what a query found."""
    return Answer(_results(call, _query(call, view_id, query_id), None))


@ROUTES.add("DELETE", "/v1/views/{view_id}/queries/{query_id}", READ)
def delete_query(call: Call, view_id: str, query_id: str) -> Answer:
    """Forget what a query found."""
    made = _query(call, view_id, query_id)
    call.store.delete("view_query", made["id"])
    return Answer({"object": "view_query", "id": made["id"], "deleted": True})
