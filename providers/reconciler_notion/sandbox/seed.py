"""Seed files: one's own people, pages and databases.

``{users: [{name, email, id}], tokens: [{token, capabilities}], limits: {requests_per_second, burst,
search_lag_s}, pages: [{title, id, parent, shared, icon, markdown}], databases: [{title, id,
data_source_id, parent, description, is_inline, properties, rows: [{NAME: VALUE}]}]}``.

A parent is the id or title of a page that is there already or declared earlier; without one it is the
root page, and ``workspace`` is the top, where ``shared`` (true, if not given) says whether the
integration sees the page. Properties and values have the API's own form.
"""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Any

from reconciler.sandbox.emulator import SeedError
from reconciler.sandbox.seeds import place
from reconciler.sandbox.world import Document
from reconciler_notion.sandbox.domain.blocks import make_blocks
from reconciler_notion.sandbox.domain.databases import new_database
from reconciler_notion.sandbox.domain.markdown import blocks_of
from reconciler_notion.sandbox.domain.pages import new_page
from reconciler_notion.sandbox.domain.properties import NEW_PROPERTIES
from reconciler_notion.sandbox.domain.rich_text import kept, plain
from reconciler_notion.sandbox.domain.tree import WORKSPACE, Found, Place, place_in
from reconciler_notion.sandbox.domain.values import check_values
from reconciler_notion.sandbox.errors import Refusal
from reconciler_notion.sandbox.fields import demand
from reconciler_notion.sandbox.first_world import chosen_id, create_person, create_token, create_top_page
from reconciler_notion.sandbox.ids import normal_id
from reconciler_notion.sandbox.rest.routes import CAPABILITIES
from reconciler_notion.sandbox.store import Store

_SECTIONS = ("users", "tokens", "limits", "pages", "databases")
_LIMITS = ("requests_per_second", "burst", "search_lag_s")


def plant(store: Store, document: Mapping[str, Any]) -> None:
    """Add what a seed declares to the world; raises ``SeedError`` for the first thing that is wrong."""
    for section in document:
        if section not in _SECTIONS:
            raise SeedError(f"notion.{section}", "is not known", f"use one of: {', '.join(_SECTIONS)}")
    with _at("notion.limits"):
        _plant_limits(store, document.get("limits", {}))
    for number, each in enumerate(document.get("users", [])):
        with _at(f"notion.users[{number}]"):
            create_person(store, {**each, "name": each["name"]})
    for number, each in enumerate(document.get("tokens", [])):
        with _at(f"notion.tokens[{number}]"):
            create_token(store, each["token"], tuple(each.get("capabilities", CAPABILITIES)))
    for number, each in enumerate(document.get("pages", [])):
        with _at(f"notion.pages[{number}]"):
            _plant_page(store, each)
    for number, each in enumerate(document.get("databases", [])):
        with _at(f"notion.databases[{number}]"):
            _plant_database(store, each)


def _plant_limits(store: Store, declared: Mapping[str, Any]) -> None:
    for name, value in declared.items():
        if name not in _LIMITS:
            raise ValueError(f"{name} is no limit: {', '.join(_LIMITS)}")
        if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
            raise ValueError(f"{name} must be a number from 0 on")
        if name != "search_lag_s" and value == 0:
            raise ValueError(f"{name} must be more than 0")
    store.put("workspace", "workspace", {**store.workspace(), **declared})


def _plant_page(store: Store, declared: Mapping[str, Any]) -> None:
    author = store.workspace()["bot_id"]
    if declared.get("parent") == WORKSPACE:
        page = create_top_page(store, author, declared["title"], shared=declared.get("shared", True))
    else:
        outer = _page(store, declared.get("parent"))
        title = {"title": [{"text": {"content": declared["title"]}}]}
        page = new_page(store, outer, place_in(store, outer), author, title, {})
    if "icon" in declared:
        page["icon"] = {"type": "emoji", "emoji": declared["icon"]}
    page = _renamed(store, "page", page, declared.get("id"))
    make_blocks(store, Found("page", page), blocks_of(declared.get("markdown", "")), author)


def _plant_database(store: Store, declared: Mapping[str, Any]) -> None:
    author = store.workspace()["bot_id"]
    properties = declared.get("properties")
    if properties is not None:
        demand(NEW_PROPERTIES, properties, "properties")
    looks: dict[str, Any] = {
        key: kept(store, [{"text": {"content": declared[key]}}])
        for key in ("title", "description")
        if key in declared
    }
    looks |= {"is_inline": declared.get("is_inline", False)}
    place = place_in(store, _page(store, declared.get("parent")))
    database = new_database(store, place, author, looks, properties)
    (source,) = store.find("data_source", database_id=database["id"])
    _identify(store, database, source, declared)
    (source,) = store.find("data_source", database_id=normal_id(declared.get("id")) or database["id"])
    for row in declared.get("rows", []):
        demand(check_values, row, "rows")
        source = store.require("data_source", source["id"])
        place = Place(source["id"], "data_source_id", float(store.next_id()))
        new_page(store, Found("data_source", source), place, author, row, {})


def _identify(store: Store, database: Document, source: Document, declared: Mapping[str, Any]) -> None:
    """Give a new database and its data source the ids that a seed asks for."""
    (view,) = store.find("view", data_source_id=source["id"])
    source_id = source["id"]
    database = _renamed(store, "database", database, declared.get("id"))
    source = _renamed(store, "data_source", source, declared.get("data_source_id"))
    source["database_id"] = database["id"]
    for each in source["properties"]:
        if each["config"].get("data_source_id") == source_id:
            each["config"]["data_source_id"] = source["id"]
    store.save("data_source", source)
    store.save("view", {**view, "database_id": database["id"], "data_source_id": source["id"]})


def _renamed(store: Store, kind: str, document: Document, id_: object) -> Document:
    """The stored document under the id that was asked for."""
    if id_ is not None:
        store.delete(kind, document["id"])
        document = {**document, "id": chosen_id(store, id_)}
    store.save(kind, document)
    return document


def _page(store: Store, named: str | None) -> Found:
    """The page of this id or title, or the root page."""
    if named is None:
        return Found("page", store.require("page", store.workspace()["root_page_id"]))
    by_id = store.get("page", normal_id(named) or named)
    if by_id is not None:
        return Found("page", by_id)
    found = [each for each in store.find("page") if plain(each["title"]) == named]
    if len(found) != 1:
        raise LookupError(f"there are {len(found)} pages titled {named}, and there must be one")
    return Found("page", found[0])


def _at(path: str) -> AbstractContextManager[None]:
    """Say where in the seed something is wrong."""
    return place(path, Refusal, lambda refusal: refusal.message)
