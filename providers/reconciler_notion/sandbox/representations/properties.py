"""Properties of data sources, and their values on pages."""

from collections.abc import Mapping
from typing import Any

from reconciler.sandbox.world import Document
from reconciler_notion.sandbox.domain.configurations import Property, property_of
from reconciler_notion.sandbox.domain.values import value_of
from reconciler_notion.sandbox.representations.shared import to_the_minute, user_reference
from reconciler_notion.sandbox.representations.users import user
from reconciler_notion.sandbox.store import Store


def property_(store: Store, source: Mapping[str, Any], found: Property) -> dict[str, Any]:
    """A property of a data source, with its configuration."""
    config = found["config"]
    if found["type"] == "relation":
        config = _relation(store, found)
    elif found["type"] == "rollup":
        config = _rollup(store, source, found)
    return {
        "id": found["id"],
        "name": found["name"],
        "description": found["description"],
        "type": found["type"],
        found["type"]: config,
    }


def _relation(store: Store, found: Property) -> dict[str, Any]:
    config = found["config"]
    other = store.require("data_source", config["data_source_id"])
    shown = {"data_source_id": other["id"], "database_id": other["database_id"]}
    synced = property_of(other, config["synced_property_id"]) if config["synced_property_id"] else None
    if synced is None:
        return {**shown, "type": "single_property", "single_property": {}}
    names = {"synced_property_name": synced["name"], "synced_property_id": synced["id"]}
    return {**shown, "type": "dual_property", "dual_property": names}


def _rollup(store: Store, source: Mapping[str, Any], found: Property) -> dict[str, Any]:
    """A rollup with the names that its two properties have now; empty, if one of them is gone."""
    config = found["config"]
    relation = property_of(source, config["relation_property_id"])
    rolled = None
    if relation is not None and relation["type"] == "relation":
        other = store.require("data_source", relation["config"]["data_source_id"])
        rolled = property_of(other, config["rollup_property_id"])
    return {
        **config,
        "relation_property_name": relation["name"] if relation else "",
        "rollup_property_name": rolled["name"] if rolled else "",
    }


def value(store: Store, page: Document, found: Property) -> dict[str, Any]:
    """A page's value of a property, as pages show it."""
    return {"id": found["id"], "type": found["type"], found["type"]: content(store, page, found)}


def content(store: Store, page: Document, found: Property) -> Any:
    """What a value holds; what only Notion computes is "unsupported"."""
    kind, held = found["type"], value_of(page, found)
    match kind:
        case "created_time" | "last_edited_time":
            return to_the_minute(page[kind])
        case "created_by" | "last_edited_by":
            return _person(store, page[kind])
        case "select" | "status":
            return _option(found, held)
        case "multi_select":
            return [shown for each in held if (shown := _option(found, each)) is not None]
        case "people":
            return [_person(store, each) for each in held]
        case "relation":
            return [{"id": each} for each in held]
        case "unique_id":
            return {"prefix": found["config"]["prefix"], "number": page["unique_number"]}
        case "formula":
            return {"type": "unsupported", "unsupported": {}}
        case "rollup":
            return {"type": "unsupported", "unsupported": {}, "function": found["config"]["function"]}
        case "button":
            return {}
        case _:
            return held


def _option(found: Property, id_: str | None) -> dict[str, Any] | None:
    known = found["config"]["options"]
    option = next((each for each in known if each["id"] == id_), None)
    return None if option is None else {key: option[key] for key in ("id", "name", "color")}


def _person(store: Store, id_: str) -> dict[str, Any]:
    document = store.get("user", id_)
    return user_reference(id_) if document is None else user(store, document)
