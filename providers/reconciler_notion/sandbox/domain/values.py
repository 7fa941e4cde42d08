"""The values that a page has for the properties of its data source: taken from a request, kept, and read.

A value is kept beside its type, so that one of an earlier type is not shown and comes back with it. Sources:
developers.notion.com/reference/page-property-values; answers of api.notion.com to wrong values ("Title is
expected to be rich_text.", "Select option color doesn't match existing …").
"""

from collections.abc import Mapping
from typing import Any

from reconciler.sandbox.world import Document
from reconciler_notion.sandbox.domain import options
from reconciler_notion.sandbox.domain.configurations import Property, property_of
from reconciler_notion.sandbox.domain.files import NAMED_FILE, named_file
from reconciler_notion.sandbox.domain.relations import with_property
from reconciler_notion.sandbox.domain.rich_text import DATE, RICH_TEXT, SELECT_COLOURS, kept, kept_date
from reconciler_notion.sandbox.errors import invalid, not_found
from reconciler_notion.sandbox.fields import (
    LONGEST_URL,
    Check,
    boolean,
    listing,
    nullable,
    number,
    one_of,
    record,
    tagged,
    text,
    uuid_,
    variant_of,
)
from reconciler_notion.sandbox.ids import normal_id
from reconciler_notion.sandbox.store import Store

_NAME = text()
_OPTION = record(
    {"id": _NAME, "name": _NAME, "color": one_of(SELECT_COLOURS), "description": nullable(_NAME)}
)
_PERSON = record({"id": uuid_, "object": one_of(("user", "group"))}, ("id",))
_PLACE = record(
    {
        "lat": number,
        "lon": number,
        "name": nullable(_NAME),
        "address": nullable(_NAME),
        "aws_place_id": nullable(_NAME),
        "google_place_id": nullable(_NAME),
    },
    ("lat", "lon"),
)
_WRITABLE: dict[str, Check] = {
    "title": RICH_TEXT,
    "rich_text": RICH_TEXT,
    "number": nullable(number),
    "url": nullable(text(LONGEST_URL)),
    "select": nullable(_OPTION),
    "multi_select": listing(_OPTION),
    "status": nullable(_OPTION),
    "people": listing(_PERSON),
    "email": nullable(text(200)),
    "phone_number": nullable(text(200)),
    "date": nullable(DATE),
    "checkbox": boolean,
    "relation": listing(record({"id": uuid_}, ("id",))),
    "files": listing(NAMED_FILE),
    "place": nullable(_PLACE),
    "verification": nullable(record({"state": one_of(("verified", "unverified")), "date": DATE}, ("state",))),
}
_VALUE = tagged(_WRITABLE, {"id": _NAME})
EMPTY: dict[str, Any] = {
    "title": [],
    "rich_text": [],
    "multi_select": [],
    "people": [],
    "relation": [],
    "files": [],
    "checkbox": False,
}


def check_values(path: str, value: Any) -> Any:
    """The ``properties`` of a page; a bare list stands for a title."""
    if not isinstance(value, dict):
        yield from record({})(path, value)
        return
    for name, each in value.items():
        yield from (RICH_TEXT if isinstance(each, list) else _VALUE)(f"{path}.{name}", each)


def written(
    store: Store, source: Document, page: Document, given: Mapping[str, Any]
) -> tuple[Document, Document]:
    """A page with the values of a request; gives the data source too, which may have new options.

    Raises ``Refusal`` for properties that are not there and values of another type.
    """
    unknown = [key for key in given if property_of(source, key) is None]
    if unknown:
        raise invalid(" ".join(f"{key} is not a property that exists." for key in unknown))
    values = dict(page["values"])
    for key, raw in given.items():
        found = property_of(source, key)
        if found is None:
            continue
        kind = found["type"]
        if isinstance(raw, list) and kind in ("title", "rich_text"):
            raw = {kind: raw}
        if isinstance(raw, list) or variant_of(raw, _WRITABLE) != kind:
            raise invalid(f"{key} is expected to be {kind}.")
        source, value = _kept(store, source, found, raw[kind])
        if kind == "relation":
            _mirror(store, found, page, values.get(found["id"], {}).get("value", []), value)
        values[found["id"]] = {"type": kind, "value": value}
    return source, {**page, "values": values}


def value_of(page: Mapping[str, Any], found: Property) -> Any:
    """What a page keeps for a property, or the empty value."""
    held = page["values"].get(found["id"])
    if held is None or held["type"] != found["type"]:
        return EMPTY.get(found["type"])
    return held["value"]


def _kept(store: Store, source: Document, found: Property, given: Any) -> tuple[Document, Any]:
    kind = found["type"]
    if given is None:
        return source, None
    if kind in ("title", "rich_text"):
        return source, kept(store, given)
    if kind in ("select", "status"):
        source, id_ = _chosen(store, source, found, given)
        return source, id_
    if kind == "multi_select":
        ids = []
        for each in given:
            source, id_ = _chosen(store, source, property_of(source, found["id"]) or found, each)
            ids.append(id_)
        return source, list(dict.fromkeys(ids))
    if kind == "date":
        return source, kept_date(given)
    if kind == "people":
        return source, [_person(store, each["id"]) for each in given]
    if kind == "relation":
        return source, [_related(store, found, each["id"]) for each in given]
    if kind == "files":
        return source, [named_file(store, each) for each in given]
    return source, given


def _chosen(
    store: Store, source: Document, found: Property, given: Mapping[str, Any]
) -> tuple[Document, str]:
    """The id of the option that a value names; a select gets a new one for a new name, a status does not."""
    known = found["config"]["options"]
    option = options.matching(known, given)
    if option is not None:
        if given.get("color", option["color"]) != option["color"]:
            raise invalid(f"Select option color doesn't match existing for {option['id']}.")
        return source, str(option["id"])
    if found["type"] == "status":
        said = given.get("name", given.get("id"))
        raise invalid(f'Invalid status option. Status option "{said}" does not exist".')
    if "id" in given:
        raise invalid(f"Select option with id {given['id']} does not exist.")
    option = options.new_option(store, known, given)
    config = {**found["config"], "options": [*known, option]}
    source = with_property(source, {**found, "config": config})
    store.save("data_source", source)
    return source, str(option["id"])


def _person(store: Store, id_: str) -> str:
    found = store.get("user", str(normal_id(id_)))
    if found is None:
        raise not_found("user", id_, store.require("user", store.workspace()["bot_id"]))
    return str(found["id"])


def _related(store: Store, found: Property, id_: str) -> str:
    page = store.get("page", str(normal_id(id_)))
    if page is None:
        raise not_found("page", id_, store.require("user", store.workspace()["bot_id"]))
    if page["container"] != found["config"]["data_source_id"]:
        raise invalid(f"Page {page['id']} is not in the data source that {found['name']} is related to.")
    return str(page["id"])


def _mirror(store: Store, found: Property, page: Document, before: list[str], after: list[str]) -> None:
    """Show a relation from the other side as well, where it is a dual one."""
    synced = found["config"]["synced_property_id"]
    if synced is None:
        return
    for other_id in {*before, *after} - ({*before} & {*after}):
        other = store.get("page", other_id)
        if other is None or other_id == page["id"]:
            continue
        held: list[str] = other["values"].get(synced, {}).get("value", [])
        seen = [each for each in held if each != page["id"]]
        seen += [page["id"]] if other_id in after else []
        values = {**other["values"], synced: {"type": "relation", "value": seen}}
        store.save("page", {**other, "values": values})
