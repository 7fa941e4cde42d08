"""Pages and their properties. Source: developers.notion.com/reference/post-page, /retrieve-a-page,
/patch-page, /move-page, /retrieve-a-page-property.
"""

from collections.abc import Mapping
from typing import Any

from reconciler.sandbox.world import Document
from reconciler_notion.sandbox.domain import markdown
from reconciler_notion.sandbox.domain.blocks import AFTER_BLOCK, NEW_BLOCKS, demand_few, make_blocks
from reconciler_notion.sandbox.domain.configurations import Property, property_of
from reconciler_notion.sandbox.domain.files import COVER, ICON, kept_file
from reconciler_notion.sandbox.domain.pages import moved, new_page, with_values
from reconciler_notion.sandbox.domain.tree import (
    Found,
    Place,
    children,
    demand_editable,
    demand_removable,
    find_node,
    is_shared,
    place_in,
    touch,
)
from reconciler_notion.sandbox.domain.values import check_values
from reconciler_notion.sandbox.errors import failed_validation, invalid
from reconciler_notion.sandbox.fields import (
    Check,
    boolean,
    nullable,
    one_of,
    record,
    tagged,
    text,
    typed,
    uuid_,
    variant_of,
)
from reconciler_notion.sandbox.ids import normal_id
from reconciler_notion.sandbox.representations import pages as shown
from reconciler_notion.sandbox.representations.properties import content, value
from reconciler_notion.sandbox.rest.routes import INSERT, READ, UPDATE, Answer, Call, Routes, page_of
from reconciler_notion.sandbox.versions import OLDEST

ROUTES = Routes()

_PARENTS: dict[str, Check] = {
    "page_id": uuid_,
    "database_id": uuid_,
    "data_source_id": uuid_,
    "workspace": one_of((True,)),
}
_TEMPLATE = typed({"none": {}, "default": {}, "template_id": {"template_id": uuid_}})
_LOOKS = {"icon": nullable(ICON), "cover": nullable(COVER)}
_NEW = record(
    {
        **_LOOKS,
        "parent": tagged(_PARENTS),
        "properties": check_values,
        "children": NEW_BLOCKS,
        "content": NEW_BLOCKS,
        "markdown": text(),
        "allow_async": boolean,
        "position": typed({"after_block": AFTER_BLOCK, "page_start": {}, "page_end": {}}),
        "template": _TEMPLATE,
    },
    ("parent",),
)
_CHANGED = record(
    {
        **_LOOKS,
        "properties": check_values,
        "archived": boolean,
        "in_trash": boolean,
        "is_archived": boolean,
        "is_locked": boolean,
        "erase_content": boolean,
    }
)
_MOVED = record({"parent": tagged({"page_id": uuid_, "data_source_id": uuid_})}, ("parent",))
_LISTED = ("title", "rich_text", "people", "relation")
"""Properties that are read one element at a time."""


def _answer(call: Call, page: Document) -> Answer:
    return Answer(shown.page(call.store, page, call.filter_properties))


def _looks(call: Call, body: Mapping[str, Any]) -> dict[str, Any]:
    return {key: kept_file(call.store, body[key]) for key in ("icon", "cover") if key in body}


@ROUTES.add("POST", "/v1/pages", INSERT)
def create(call: Call) -> Answer:
    """A new page in a page or a new row in a data source, with content."""
    body = call.checked(_NEW)
    if body.get("template", {}).get("type", "none") != "none":
        raise invalid("The data source has no template that could be applied.")
    blocks = body.get("children", body.get("content", []))
    if blocks and "markdown" in body:
        raise failed_validation("body", ["body.markdown should be not present, as body.children is defined."])
    demand_few(blocks)
    parent = _parent(call, body["parent"])
    if parent.kind == "data_source":
        place = Place(parent.document["id"], "data_source_id", float(call.store.next_id()))
    else:
        place = _place(call, parent, body.get("position"))
    page = new_page(call.store, parent, place, call.bot["id"], body.get("properties", {}), _looks(call, body))
    found = Found("page", page)
    make_blocks(call.store, found, blocks or markdown.blocks_of(body.get("markdown", "")), call.bot["id"])
    return _answer(call, page)


def _parent(call: Call, given: Mapping[str, Any]) -> Found:
    """What a new page goes into; raises ``Refusal`` if it may not."""
    kind = str(variant_of(given, _PARENTS))
    if kind == "workspace":
        raise invalid(
            "Internal integrations aren't owned by a single user, "
            "so creating workspace-level private pages is not supported."
        )
    wanted = kind.removesuffix("_id")
    id_ = str(normal_id(given[kind]))
    found = find_node(call.store, id_)
    if found is None or not is_shared(call.store, found):
        raise call.missing(wanted, id_)
    if wanted == "page" and found.kind == "block":
        wanted = "block"
    if wanted == "database" and found.kind == "database":
        sources = call.store.find("data_source", database_id=id_)
        if len(sources) != 1:
            raise invalid(
                "Databases with multiple data sources are not supported in this API version."
                if call.version == OLDEST
                else "The database has multiple data sources: use data_source_id as the parent."
            )
        found, wanted = Found("data_source", sources[0]), "data_source"
    if found.kind != wanted:
        raise call.missing(wanted, id_)
    demand_editable(call.store, found)
    return found


def _place(call: Call, parent: Found, position: Mapping[str, Any] | None) -> Place:
    position = position or {"type": "page_end"}
    if position["type"] != "after_block":
        return place_in(call.store, parent, at_start=position["type"] == "page_start")
    after = normal_id(position["after_block"]["id"])
    if after not in [each.document["id"] for each in children(call.store, parent.document["id"])]:
        raise call.missing("block", str(after))
    return place_in(call.store, parent, after)


@ROUTES.add("GET", "/v1/pages/{page_id}", READ)
def get(call: Call, page_id: str) -> Answer:
    """One page, whether or not it is in the trash."""
    return _answer(call, call.node(page_id, "page"))


@ROUTES.add("PATCH", "/v1/pages/{page_id}", UPDATE)
def update(call: Call, page_id: str) -> Answer:
    """Change a page's properties or looks, put it into the trash or take it out."""
    page = call.node(page_id, "page")
    body = call.checked(_CHANGED)
    found = Found("page", page)
    trash = next((body[key] for key in ("in_trash", "archived", "is_archived") if key in body), None)
    demand_editable(call.store, found, restoring=trash is not None)
    if trash:
        demand_removable(found)
    if body.get("erase_content"):
        for each in children(call.store, page["id"]):
            call.store.save(each.kind, {**each.document, "in_trash": True})
    page = with_values(call.store, page, body.get("properties", {}))
    page = {**page, **_looks(call, body), **call.store.edited_by(call.bot["id"])}
    if trash is not None:
        page["in_trash"] = trash
    if "is_locked" in body:
        page["is_locked"] = body["is_locked"]
    call.store.save("page", page)
    return _answer(call, page)


@ROUTES.add("POST", "/v1/pages/{page_id}/move", UPDATE)
def move(call: Call, page_id: str) -> Answer:
    """Put a page into another page or data source."""
    page = call.node(page_id, "page")
    demand_editable(call.store, Found("page", page))
    target = _parent(call, call.checked(_MOVED)["parent"])
    order = float(call.store.next_id())
    page = moved(call.store, page, target, Place(target.document["id"], f"{target.kind}_id", order))
    page = {**page, **call.store.edited_by(call.bot["id"])}
    call.store.save("page", page)
    touch(call.store, target, call.bot["id"])
    return _answer(call, page)


@ROUTES.add("GET", "/v1/pages/{page_id}/properties/{property_id}", READ)
def get_property(call: Call, page_id: str, property_id: str) -> Answer:
    """One property's value; of those that are lists, one page of their elements."""
    page = call.node(page_id, "page")
    source = shown.source_of(call.store, page)
    found: Property | None
    if source is None:
        found = {"id": "title", "name": "title", "type": "title"} if property_id == "title" else None
    else:
        found = property_of(source, property_id)
    if found is None:
        raise invalid(f"{property_id} is not a property that exists.")
    kind = found["type"]
    if kind not in _LISTED:
        return Answer({"object": "property_item", **value(call.store, page, found)})
    elements = page["title"] if source is None else content(call.store, page, found)
    items = [{"id": str(number), "element": each} for number, each in enumerate(elements)]
    listed = page_of(call, items, lambda each: _item(found, each["element"]), "property_item")
    listed["property_item"] = {"id": found["id"], "next_url": None, "type": kind, kind: {}}
    return Answer(listed)


def _item(found: Property, element: Any) -> dict[str, Any]:
    kind = found["type"]
    return {"object": "property_item", "type": kind, "id": found["id"], kind: element}
