"""``notion_relation``: a property that leads from one database to another.

It is known by the data source that has it and its id there. One that is seen from both sides has a property
in the other data source too, which Notion makes, and removes, together with it. Source:
developers.notion.com/reference/property-object (relation).
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from reconciler.errors import AlreadyExists, Call, NotFound, ProviderError, Rejected
from reconciler.provider.objects import Absent, Attributes, Lookup, Object, Unreadable, Wanted
from reconciler.provider.writes import half_created
from reconciler_notion.client import Client
from reconciler_notion.identifiers import dashed, notion_id
from reconciler_notion.places import everything, not_found
from reconciler_notion.properties import asked_relation, synced_name
from reconciler_notion.reader import Found, Reader
from reconciler_notion.resources.kind import Kind

TYPE = "notion_relation"
_PATH = "/v1/data_sources/{data_source_id}"


def read(reader: Reader, lookup: Lookup) -> Object | Absent | Unreadable:
    """No call of its own where the database is read too.

    When its database is in the trash, the property on the other side stays, and keeps its name from being
    used. While it is there the relation is too, in no database: so it is removed, and made anew.
    """
    source_id, _, property_id = lookup.id.partition("/")
    try:
        source = reader.data_source(source_id)
    except NotFound as error:
        return not_found(reader, {"database": lookup.attributes.get("database")}, error)
    found = _by_id(source, property_id)
    if found is None:
        return Absent()
    told = _told(source, found)
    if not source["in_trash"]:
        return told
    if not _is_seen(reader, told):
        return Absent()
    return replace(told, attributes={**told.attributes, "database": None})


def _is_seen(reader: Reader, told: Object) -> bool:
    """Whether it can be seen from the other side."""
    if told.attributes["synced_property_id"] is None:
        return False
    try:
        target = reader.data_source(told.attributes["target_data_source_id"])
    except NotFound:
        return False
    return not target["in_trash"] and _by_id(target, told.attributes["synced_property_id"]) is not None


def find(reader: Reader, wanted: Wanted) -> tuple[Object, ...]:
    """By the database and the name; or by ``id``, for an import."""
    asked = wanted.attributes
    if identifier := asked.get("id"):
        source_id, _, property_id = str(identifier).partition("/")
        try:
            source = reader.data_source(source_id)
        except NotFound:
            return ()
        found = _by_id(source, property_id)
    else:
        source = reader.data_source(reader.data_source_of(notion_id(asked["database"])))
        found = _by_name(source, asked["name"])
    return () if found is None or source["in_trash"] else (_told(source, found),)


def list_all(reader: Reader) -> Iterator[Object]:
    """All relations of all databases; one that is seen from both sides is two of them."""
    _, found = everything(reader)
    sources = [
        dashed(database["data_sources"][0]["id"])
        for database in reader.together(reader.database, found)
        if database["data_sources"] and not database["in_trash"]
    ]
    for source in reader.together(reader.data_source, sources):
        for each in source["properties"].values():
            if each["type"] == "relation":
                yield _told(source, each)


def create(client: Client, desired: Attributes) -> Object:
    """Refused where the database has a property of this name, which Notion would turn into the relation."""
    reader = Reader(client)
    source_id = reader.data_source_of(desired["database"])
    target_id = reader.data_source_of(desired["target"])
    name, synced = desired["name"], desired.get("synced_property")
    _demand_free(reader, source_id, "the database", name)
    if synced is not None:
        _demand_free(reader, target_id, "the target", synced)
    config: dict[str, Any] = {"type": "relation", "relation": asked_relation(target_id, synced)}
    if "description" in desired:
        config["description"] = desired["description"]
    source = _write(client, source_id, {name: config})
    try:
        source = _name_other_side(client, source, name, synced)
    except ProviderError as error:
        raise half_created(f"the relation {name!r}", error) from error
    return _told(source, source["properties"][name])


def update(client: Client, prior: Object, desired: Attributes, changed: frozenset[str]) -> Object:
    """One call for the property, and one more for the name that it has on the other side."""
    source_id, _, property_id = prior.id.partition("/")
    before, synced = prior.attributes, desired.get("synced_property")
    body: dict[str, Any] = {}
    if "name" in changed:
        body["name"] = desired["name"]
    switches = "synced_property" in changed and (synced is None) is not (before["synced_property"] is None)
    if "description" in changed or switches:
        kept = synced if "synced_property" in changed else before["synced_property"]
        body |= {"type": "relation", "relation": asked_relation(before["target_data_source_id"], kept)}
    if "description" in changed:
        body["description"] = desired["description"]
    source = _write(client, source_id, {property_id: body}) if body else Reader(client).data_source(source_id)
    found = _by_id(source, property_id)
    if found is None:
        raise Rejected(
            f"the relation {before['name']!r} is there no more",
            call=Call("notion", f"update a {TYPE}"),
            remedy="plan again: somebody removed it just now",
        )
    if "synced_property" in changed:
        if synced is None:
            _remove(client, before["target_data_source_id"], before["synced_property_id"])
        source = _name_other_side(client, source, found["name"], synced)
    return _told(source, _by_id(source, property_id) or found)


def delete(client: Client, prior: Object) -> None:
    """The property, and the one on the other side where Notion leaves it."""
    source_id, _, property_id = prior.id.partition("/")
    before = prior.attributes
    _remove(client, source_id, property_id)
    if before.get("synced_property_id"):
        _remove(client, before["target_data_source_id"], before["synced_property_id"])


def normalise(desired: Attributes) -> Attributes:
    """Ids with dashes."""
    names = ("database", "target")
    return {
        name: notion_id(value) if name in names and isinstance(value, str) else value
        for name, value in desired.items()
    }


def import_key(text: str) -> Attributes:
    """DATABASE:NAME, or DATA_SOURCE/PROPERTY with both ids."""
    head, separator, tail = text.rpartition("/") if ":" not in text else text.partition(":")
    if not head or not tail:
        raise Rejected(
            f"{text!r} is no import id of a {TYPE}",
            call=Call("notion", "import"),
            remedy="give DATABASE:NAME with the database's id and the property's name",
        )
    if separator == "/":
        return {"id": f"{notion_id(head)}/{tail}"}
    return {"database": notion_id(head), "name": tail}


def _demand_free(reader: Reader, source_id: str, where: str, name: str) -> None:
    there = reader.data_source(source_id)["properties"].get(name)
    if there is None:
        return
    remedy = "import it if it is the relation; else choose another name"
    if there["type"] == "relation" and _is_in_trash(reader, there["relation"]["data_source_id"]):
        remedy = (
            "it leads to a database in the trash: remove it in Notion, restore that, or choose another name"
        )
    raise AlreadyExists(
        f"{where} has a property {name!r} already, of the type {there['type']}",
        call=Call("notion", f"create a {TYPE}"),
        remedy=remedy,
    )


def _is_in_trash(reader: Reader, source_id: str) -> bool:
    try:
        return bool(reader.data_source(dashed(source_id))["in_trash"])
    except NotFound:
        return False


def _write(client: Client, source_id: str, properties: Mapping[str, Any]) -> Found:
    return client.send("PATCH", _PATH, {"data_source_id": source_id}, json={"properties": properties})


def _name_other_side(client: Client, source: Found, name: str, synced: str | None) -> Found:
    """See to it that the other side has the name asked for; Notion may have chosen one of its own."""
    relation = source["properties"][name]["relation"]
    if synced is None or synced_name(relation) == synced:
        return source
    dual = relation["dual_property"]
    _write(client, dashed(relation["data_source_id"]), {dual["synced_property_id"]: {"name": synced}})
    return client.get(_PATH, {"data_source_id": dashed(source["id"])})


def _remove(client: Client, source_id: str, property_id: str) -> None:
    """Remove a relation from a data source, unless it is not there or in the trash with it."""
    try:
        source = client.get(_PATH, {"data_source_id": source_id})
    except NotFound:
        return
    if not source["in_trash"] and _by_id(source, property_id) is not None:
        _write(client, source_id, {property_id: None})


def _by_id(source: Found, property_id: str) -> Found | None:
    found = (each for each in source["properties"].values() if each["id"] == property_id)
    return next((each for each in found if each["type"] == "relation"), None)


def _by_name(source: Found, name: str) -> Found | None:
    found = source["properties"].get(name)
    return found if found is not None and found["type"] == "relation" else None


def _told(source: Found, found: Found) -> Object:
    relation = found["relation"]
    source_id = dashed(source["id"])
    dual = relation.get("dual_property") or {}
    identifier = f"{source_id}/{found['id']}"
    attributes = {
        "id": identifier,
        "database": dashed(source["parent"]["database_id"]),
        "name": found["name"],
        "target": dashed(relation["database_id"]),
        "synced_property": synced_name(relation),
        "description": found["description"] or None,
        "property_id": found["id"],
        "data_source_id": source_id,
        "target_data_source_id": dashed(relation["data_source_id"]),
        "synced_property_id": dual.get("synced_property_id"),
    }
    return Object(TYPE, identifier, attributes)


KIND = Kind(
    type=TYPE,
    read=read,
    find=find,
    list_all=list_all,
    create=create,
    update=update,
    delete=delete,
    normalise=normalise,
    import_key=import_key,
)
