"""``notion_database``: a database and its first data source, which holds the properties.

Sources: developers.notion.com/reference/database, …/data-source, …/create-database, …/update-a-database,
…/update-a-data-source.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from reconciler.errors import NotFound, ProviderError
from reconciler.provider.objects import Absent, Attributes, Lookup, Object, Unreadable, Wanted
from reconciler.provider.writes import half_created
from reconciler_notion.appearance import asked_cover, asked_icon, plain, rich, told_cover, told_icon
from reconciler_notion.client import Client
from reconciler_notion.identifiers import asked_parent, dashed, normal_parent, notion_id
from reconciler_notion.places import everything, not_found, parent_of
from reconciler_notion.properties import ids_of, normal_properties, told_properties
from reconciler_notion.reader import Found, Reader
from reconciler_notion.resources.kind import Kind
from reconciler_notion.resources.page import already_there, key_of
from reconciler_notion.rewriting import declared_ids, first_properties, rewritten

TYPE = "notion_database"
_PATH = "/v1/databases/{database_id}"
_SOURCE_PATH = "/v1/data_sources/{data_source_id}"
_OWN = frozenset(("description", "icon", "cover", "is_locked"))
"""What only the database itself tells, with a call of its own: read where it is declared."""
_OF_PROPERTIES = frozenset(("properties", "properties_mode", "renamed_properties"))


def read(reader: Reader, lookup: Lookup) -> Object | Absent | Unreadable:
    """One call for the data source; the title comes with those of its neighbours, or with the database."""
    before = lookup.attributes
    own = _OWN & (set(before) if lookup.declared is None else lookup.declared)
    try:
        source = _source(reader, lookup)
        if source is None:
            return Absent()
        database = None if own else _neighbour(reader, lookup)
        if database is None:
            database = reader.database(lookup.id)
            if database["in_trash"]:
                return Absent()
        face = _named(reader, lookup, _told_face(database, own), source)
    except NotFound as error:
        return not_found(reader, before.get("parent"), error)
    return _object(reader, lookup.id, source, face, before.get("property_ids") or {}, before)


def find(reader: Reader, wanted: Wanted) -> tuple[Object, ...]:
    """By id, or all databases with the title in the parent. None of its properties counts as declared."""
    return tuple(_whole(reader, database, {}) for database in _databases(reader, wanted.attributes))


def list_all(reader: Reader) -> Iterator[Object]:
    """All databases, with all their properties."""
    _, found = everything(reader)
    for database in reader.together(reader.database, found):
        if not database["in_trash"] and database["data_sources"]:
            yield _whole(reader, database, None)


def create(client: Client, desired: Attributes) -> Object:
    """Refused where the parent has a database with this title: Notion would make a second one."""
    reader = Reader(client)
    if there := _titled(reader, desired["parent"], desired["title"]):
        raise already_there(TYPE, desired, iter(there))
    body = {"parent": asked_parent(desired["parent"]), **_changes(desired, frozenset(desired) - {"parent"})}
    if properties := desired.get("properties"):
        body["initial_data_source"] = {"properties": first_properties(properties)}
    body.pop("is_locked", None)
    database = client.send("POST", "/v1/databases", json=body)
    identifier = dashed(database["id"])
    try:
        if desired.get("is_locked"):
            database = client.send("PATCH", _PATH, {"database_id": identifier}, json={"is_locked": True})
        client.data_sources[identifier] = dashed(database["data_sources"][0]["id"])
        source = reader.data_source(client.data_sources[identifier])
    except ProviderError as error:
        raise half_created(f"the database {desired['title']!r}", error) from error
    ids = declared_ids(source["properties"], desired)
    face = {**_told_face(database, _OWN & set(desired)), "named_alike": True}
    return _object(reader, identifier, source, face, ids, _as_written(source, desired))


def update(client: Client, prior: Object, desired: Attributes, changed: frozenset[str]) -> Object:
    """A call for the database itself; two for its properties, which are looked at first.

    A new title is two calls too, and ``read`` tells when only one of them was made.
    """
    reader, before = Reader(client), prior.attributes
    source_id = before["data_source_id"]
    source = reader.data_source(source_id)
    ids: Mapping[str, str] = before.get("property_ids") or {}
    properties = rewritten(source["properties"], before, desired) if changed & _OF_PROPERTIES else {}
    own = _OWN & (set(before) | set(changed))
    face = {name: before[name] for name in ("title", "named_alike", *_OWN) if name in before}
    is_alike = before.get("named_alike", plain(source["title"]) == before["title"])
    body: dict[str, Any] = {"properties": properties} if properties else {}
    if changes := _changes(desired, changed):
        database = client.send("PATCH", _PATH, {"database_id": prior.id}, json=changes)
        face = _told_face(database, own)
        face["named_alike"] = is_alike
        if "title" in changed and is_alike:
            body["title"] = rich(desired["title"])  # the data source had the database's name, and keeps to it
    if body:
        source = client.send("PATCH", _SOURCE_PATH, {"data_source_id": source_id}, json=body)
    elif changes:
        source = client.get(_SOURCE_PATH, {"data_source_id": source_id})
    if changed & _OF_PROPERTIES:
        ids, before = declared_ids(source["properties"], desired), _as_written(source, desired)
    return _object(reader, prior.id, source, face, ids, before)


def delete(client: Client, prior: Object) -> None:
    """To the trash, with its rows; Notion's API deletes nothing for good."""
    client.send("PATCH", _PATH, {"database_id": prior.id}, json={"in_trash": True})


def normalise(desired: Attributes) -> Attributes:
    """Ids with dashes, properties and options in their one form."""
    found = dict(desired)
    if "parent" in found:
        found["parent"] = normal_parent(found["parent"])
    if isinstance(found.get("properties"), Mapping):
        found["properties"] = normal_properties(found["properties"])
    return found


def import_key(text: str) -> Attributes:
    """An id or a database's address; else PARENT:TITLE."""
    return key_of(TYPE, text)


def _source(reader: Reader, lookup: Lookup) -> Found | None:
    """The database's data source; None when the database is in the trash. Raises ProviderError.

    Where the one that state remembers is gone or in another database, the first there is.
    """
    try:
        source = reader.data_source(lookup.attributes["data_source_id"])
        if not source["in_trash"] and dashed(source["parent"].get("database_id", "")) == lookup.id:
            return source
    except NotFound:
        pass  # the database itself says more
    database = reader.database(lookup.id)
    if database["in_trash"] or not database["data_sources"]:
        return None
    source = reader.data_source(dashed(database["data_sources"][0]["id"]))
    return None if source["in_trash"] else source


def _neighbour(reader: Reader, lookup: Lookup) -> Found | None:
    """What the list of its parent's children says of a database, where that list serves several."""
    parent = lookup.attributes.get("parent")
    if not isinstance(parent, str) or parent not in reader.crowded:
        return None
    try:
        blocks = reader.children(parent)
    except NotFound:
        return None
    return next((block for block in blocks if dashed(block["id"]) == lookup.id), None)


def _databases(reader: Reader, attributes: Attributes) -> list[Found]:
    if identifier := attributes.get("id"):
        ids = [notion_id(identifier)]
    else:
        ids = _titled(reader, normal_parent(attributes["parent"]), attributes["title"])
    found = []
    for each in ids:
        try:
            database = reader.database(each)
        except NotFound:
            continue
        if not database["in_trash"] and database["data_sources"]:
            found.append(database)
    return found


def _titled(reader: Reader, parent: Any, title: str) -> list[str]:
    """The ids of the databases with this title in a parent."""
    if parent == "workspace":
        sources = reader.search("data_source", title)
        kept = [each for each in sources if each["database_parent"]["type"] == "workspace"]
        return [dashed(each["parent"]["database_id"]) for each in kept if plain(each["title"]) == title]
    return [
        dashed(block["id"])
        for block in reader.children(parent)
        if block["type"] == "child_database" and block["child_database"]["title"] == title
    ]


def _whole(reader: Reader, database: Found, ids: Mapping[str, str] | None) -> Object:
    source = reader.data_source(dashed(database["data_sources"][0]["id"]))
    known = ids_of(source["properties"]) if ids is None else ids
    face = _told_face(database, _OWN)
    face["named_alike"] = plain(source["title"]) == face["title"]
    return _object(reader, dashed(database["id"]), source, face, known, {})


def _named(reader: Reader, lookup: Lookup, face: dict[str, Any], source: Found) -> dict[str, Any]:
    """What a database shows, with the names of both: its own and that of its data source.

    They are one to people as long as there is one data source. So where only one of them was changed, by
    hand or by a rename that was cut off, the title tells both, and differs from whatever is declared.
    """
    title, other = face["title"], plain(source["title"])
    is_alike = title == other
    if not is_alike and lookup.attributes.get("named_alike"):
        is_alike = len(reader.database(lookup.id)["data_sources"]) == 1
        title = f"{title} (its data source: {other})" if is_alike else title
    return {**face, "title": title, "named_alike": is_alike}


def _told_face(database: Found, own: frozenset[str] | set[str]) -> dict[str, Any]:
    """The title, from a database or from its block in the parent; and what only the database tells."""
    if "child_database" in database:
        return {"title": database["child_database"]["title"]}
    told = {
        "description": plain(database["description"]),
        "icon": told_icon(database["icon"]),
        "cover": told_cover(database["cover"]),
        "is_locked": database["is_locked"],
    }
    return {"title": plain(database["title"]), **{name: told[name] for name in told if name in own}}


def _object(
    reader: Reader,
    identifier: str,
    source: Found,
    face: Mapping[str, Any],
    ids: Mapping[str, str],
    before: Mapping[str, Any],
) -> Object:
    attributes = {
        **face,
        "parent": parent_of(reader, source["database_parent"]),
        "is_inline": source["is_inline"],
        **told_properties(source["properties"], ids, before),
        "id": identifier,
        "data_source_id": dashed(source["id"]),
        "url": source["url"],
        "public_url": source["public_url"],
        "created_time": source["created_time"],
    }
    return Object(TYPE, identifier, attributes)


def _as_written(source: Found, desired: Attributes) -> dict[str, Any]:
    """What is remembered of a write: the formulas as declared, and what Notion made of them."""
    stored = {
        config["id"]: config["formula"]["expression"]
        for config in source["properties"].values()
        if config["type"] == "formula"
    }
    return {"properties": desired.get("properties") or {}, "stored_formulas": stored}


def _changes(desired: Attributes, changed: frozenset[str]) -> dict[str, Any]:
    body: dict[str, Any] = {}
    if "parent" in changed:
        body["parent"] = asked_parent(desired["parent"])
    for name in ("title", "description"):
        if name in changed:
            body[name] = rich(desired[name])
    if "icon" in changed:
        body["icon"] = asked_icon(desired["icon"])
    if "cover" in changed:
        body["cover"] = asked_cover(desired["cover"])
    for name in ("is_inline", "is_locked"):
        if name in changed:
            body[name] = desired[name]
    return body


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
