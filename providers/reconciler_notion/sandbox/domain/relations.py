"""Relations that are seen from both sides: the property in the other data source.

A dual relation makes a property there, named as asked or ``Related to TITLE (NAME)``, and takes it along
when it is removed or becomes a single one. Sources:
developers.notion.com/reference/property-object#relation; notion.com/help/relations-and-rollups.
"""

from collections.abc import Mapping
from typing import Any

from reconciler.sandbox.world import Document
from reconciler_notion.sandbox.domain.configurations import Property, is_dual, property_of
from reconciler_notion.sandbox.domain.rich_text import plain
from reconciler_notion.sandbox.ids import property_id
from reconciler_notion.sandbox.store import Store


def new_property_id(store: Store, source: Mapping[str, Any]) -> str:
    """A property id that the data source does not have."""
    used = {each["id"] for each in source["properties"]}
    made = property_id(store.next_id())
    while made in used:
        made = property_id(store.next_id())
    return made


def connect(store: Store, source: Document, made: Property, given: Mapping[str, Any]) -> Document:
    """Make the other side of a dual relation, or rename it; the caller stores the data source."""
    if not is_dual(given):
        return source
    name = given.get("dual_property", {}).get("synced_property_name")
    config = made["config"]
    other = (
        source
        if config["data_source_id"] == source["id"]
        else store.require("data_source", config["data_source_id"])
    )
    synced = property_of(other, config["synced_property_id"]) if config["synced_property_id"] else None
    if synced is None:
        synced = {
            "id": new_property_id(store, other),
            "name": _free_name(other, name or f"Related to {plain(source['title'])} ({made['name']})"),
            "type": "relation",
            "description": None,
            "config": {"data_source_id": source["id"], "synced_property_id": made["id"]},
        }
        other = {**other, "properties": [*other["properties"], synced]}
    elif name and name != synced["name"]:
        other = with_property(other, {**synced, "name": _free_name(other, name)})
    near = other
    if other["id"] != source["id"]:
        store.save("data_source", other)
        near = source
    return with_property(near, {**made, "config": {**config, "synced_property_id": synced["id"]}})


def disconnect(store: Store, source: Document, before: Property, after: Property | None) -> Document:
    """Remove the other side of a relation, unless it is still the other side afterwards."""
    synced_id = before["config"]["synced_property_id"]
    if synced_id is None:
        return source
    if (
        after is not None
        and after["type"] == "relation"
        and after["config"]["synced_property_id"] == synced_id
    ):
        return source
    if before["config"]["data_source_id"] == source["id"]:
        return without_property(source, synced_id)
    other = store.require("data_source", before["config"]["data_source_id"])
    store.save("data_source", without_property(other, synced_id))
    return source


def with_property(source: Document, after: Property) -> Document:
    """The data source with one of its properties as it is afterwards."""
    changed = [after if each["id"] == after["id"] else each for each in source["properties"]]
    return {**source, "properties": changed}


def without_property(source: Document, id_: str) -> Document:
    """The data source without one of its properties."""
    return {**source, "properties": [each for each in source["properties"] if each["id"] != id_]}


def _free_name(source: Mapping[str, Any], wanted: str) -> str:
    """The name, with a number if it is taken."""
    taken = {each["name"] for each in source["properties"]}
    name, number = wanted, 1
    while name in taken:
        name, number = f"{wanted} {number}", number + 1
    return name
