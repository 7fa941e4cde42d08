"""The properties of a data source: created, configured, renamed and removed.

A request names a property by its name or its id; ids stay when names change. Sources:
developers.notion.com/reference/property-object, /update-data-source-properties; recorded answers.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from reconciler.sandbox.world import Document
from reconciler_notion.sandbox.domain import relations
from reconciler_notion.sandbox.domain.configurations import (
    CONFIGURATIONS,
    Property,
    configured,
    property_of,
)
from reconciler_notion.sandbox.errors import invalid
from reconciler_notion.sandbox.fields import mapping, nullable, one_of, record, tagged, text, variant_of
from reconciler_notion.sandbox.store import Store

TITLE = "title"
LONGEST_NAME = 100
_LONGEST_DESCRIPTION = 280
_COMMON = {"name": text(), "description": nullable(text(_LONGEST_DESCRIPTION)), "id": text()}
_NEW = tagged(CONFIGURATIONS, _COMMON)
_RENAMED = nullable(record({**_COMMON, "type": one_of(CONFIGURATIONS)}))


def _changed(path: str, value: Any) -> Iterator[str]:
    """A change: null removes, ``{"name": …}`` renames, a configuration changes or adds."""
    return (_NEW if isinstance(value, dict) and _kind_in(value) else _RENAMED)(path, value)


NEW_PROPERTIES = mapping(_NEW)
CHANGED_PROPERTIES = mapping(_changed)


def _kind_in(declared: Mapping[str, Any]) -> str | None:
    """The type whose configuration is given."""
    kind = variant_of(declared, CONFIGURATIONS)
    return kind if kind in declared else None


def title_of(source: Mapping[str, Any]) -> Property:
    """The one title property."""
    found: list[Property] = source["properties"]
    return next(each for each in found if each["type"] == TITLE)


def with_properties(store: Store, source: Document, declared: Mapping[str, Any]) -> Document:
    """Store a new data source with its first properties; raises ``Refusal`` unless exactly one is a title."""
    kinds = {name: _kind_in(each) for name, each in declared.items()}
    titles = list(kinds.values()).count(TITLE)
    if titles == 0:
        raise invalid("Title is not provided")
    if titles > 1:
        raise invalid("Cannot create a data source with more than one title property")
    made: Document = {**source, "properties": []}
    store.save("data_source", made)
    # A rollup needs the relation that it goes along, whichever is named first.
    for name in sorted(declared, key=lambda each: kinds[each] == "rollup"):
        made = _add(store, made, name, declared[name])
    order = {name: position for position, name in enumerate(declared)}
    made["properties"].sort(key=lambda each: order.get(each["name"], len(order)))
    store.save("data_source", made)
    return made


def change_properties(store: Store, source: Document, changes: Mapping[str, Any]) -> Document:
    """Carry out the changes of a request, one after the other; the caller stores the data source.

    Other data sources, on the far side of a relation, are stored here.
    """
    for key, change in changes.items():
        found = property_of(source, key)
        if found is None:
            source = _add_by_change(store, source, key, change)
        elif change is None:
            source = _remove(store, source, found)
        else:
            source = _change(store, source, found, change)
    return source


def _add_by_change(store: Store, source: Document, key: str, change: Mapping[str, Any] | None) -> Document:
    kind = None if change is None else _kind_in(change)
    if change is None or kind is None:
        raise invalid(f"{key} is not a property that exists.")
    if kind == TITLE:
        raise invalid("Cannot create new title property")
    return _add(store, source, change.get("name", key), change)


def _add(store: Store, source: Document, name: str, declared: Mapping[str, Any]) -> Document:
    _demand_free_name(source, name)
    kind = str(_kind_in(declared))
    made: Property = {
        "id": TITLE if kind == TITLE else relations.new_property_id(store, source),
        "name": name,
        "type": kind,
        "description": declared.get("description"),
        "config": configured(store, source, kind, declared[kind], None),
    }
    source = {**source, "properties": [*source["properties"], made]}
    return relations.connect(store, source, made, declared[kind]) if kind == "relation" else source


def _change(store: Store, source: Document, found: Property, change: Mapping[str, Any]) -> Document:
    after = dict(found)
    if change.get("name", found["name"]) != found["name"]:
        _demand_free_name(source, change["name"])
        after["name"] = change["name"]
    if "description" in change:
        after["description"] = change["description"]
    kind = _kind_in(change)
    if kind is not None:
        if kind != found["type"] and TITLE in (kind, found["type"]):
            raise invalid("Cannot change the type of the title property, or make another one the title")
        before = found["config"] if kind == found["type"] else None
        after |= {"type": kind, "config": configured(store, source, kind, change[kind], before)}
        if found["type"] == "relation":
            source = relations.disconnect(store, source, found, after)
    source = relations.with_property(source, after)
    return relations.connect(store, source, after, change[kind]) if kind == "relation" else source


def _remove(store: Store, source: Document, found: Property) -> Document:
    if found["type"] == TITLE:
        raise invalid("Cannot delete title property")
    if found["type"] == "relation":
        source = relations.disconnect(store, source, found, None)
    return relations.without_property(source, found["id"])


def _demand_free_name(source: Mapping[str, Any], name: str) -> None:
    if not name:
        raise invalid("Property name must not be empty.")
    if len(name) > LONGEST_NAME:
        raise invalid(f"Property name should be at most {LONGEST_NAME} characters.")
    if any(each["name"] == name for each in source["properties"]):
        raise invalid(f"Cannot have two properties with the same name: {name}")
