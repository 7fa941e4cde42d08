"""Blocks. Source: developers.notion.com/reference/retrieve-a-block, /update-a-block, /delete-a-block,
/get-block-children, /patch-block-children."""

from collections.abc import Mapping
from typing import Any

from reconciler_notion.sandbox.domain.blocks import (
    AFTER_BLOCK,
    NEW_BLOCKS,
    check_change,
    demand_few,
    kept_content,
    make_blocks,
)
from reconciler_notion.sandbox.domain.tree import (
    Found,
    children,
    demand_editable,
    demand_removable,
    touch,
)
from reconciler_notion.sandbox.errors import archived, failed_validation, invalid
from reconciler_notion.sandbox.fields import record, typed, uuid_
from reconciler_notion.sandbox.ids import normal_id
from reconciler_notion.sandbox.representations.blocks import block
from reconciler_notion.sandbox.rest.routes import INSERT, READ, UPDATE, Answer, Call, Routes, page_of
from reconciler_notion.sandbox.versions import NEWEST

ROUTES = Routes()

_POSITION = typed({"after_block": AFTER_BLOCK, "start": {}, "end": {}})
_APPENDED = record({"children": NEW_BLOCKS, "after": uuid_, "position": _POSITION}, ("children",))


@ROUTES.add("GET", "/v1/blocks/{block_id}", READ)
def get(call: Call, block_id: str) -> Answer:
    """A block, or a page or database as one."""
    return Answer(block(call.store, call.any_node(block_id)))


@ROUTES.add("PATCH", "/v1/blocks/{block_id}", UPDATE)
def update(call: Call, block_id: str) -> Answer:
    """Change what a block says, put it into the trash or take it out."""
    found = call.any_node(block_id)
    kind = str(found.document["type"]) if found.kind == "block" else f"child_{found.kind}"
    body = call.checked(check_change(kind))
    trash = next((body[key] for key in ("in_trash", "archived") if key in body), None)
    demand_editable(call.store, found, restoring=trash is not None)
    document = {**found.document, **call.store.edited_by(call.bot["id"])}
    if kind in body:
        document["content"] = kept_content(call.store, kind, body[kind], document["content"])
    if trash is not None:
        document["in_trash"] = trash
    found = Found(found.kind, document)
    if trash:
        demand_removable(found)
    call.store.save(found.kind, document)
    touch(call.store, found, call.bot["id"])
    return Answer(block(call.store, found))


@ROUTES.add("DELETE", "/v1/blocks/{block_id}", UPDATE)
def delete(call: Call, block_id: str) -> Answer:
    """Put a block, page or database into the trash."""
    found = call.any_node(block_id)
    if found.document["in_trash"]:
        raise archived("block")
    demand_editable(call.store, found)
    demand_removable(found)
    found = Found(found.kind, {**found.document, "in_trash": True, **call.store.edited_by(call.bot["id"])})
    call.store.save(found.kind, found.document)
    return Answer(block(call.store, found))


@ROUTES.add("GET", "/v1/blocks/{block_id}/children", READ)
def list_children(call: Call, block_id: str) -> Answer:
    """What is directly in a page or block, in order."""
    found = call.any_node(block_id)
    by_id = {each.document["id"]: each for each in children(call.store, found.document["id"])}
    listed = page_of(
        call,
        [each.document for each in by_id.values()],
        lambda document: block(call.store, by_id[document["id"]]),
        "block",
    )
    return Answer(listed)


@ROUTES.add("PATCH", "/v1/blocks/{block_id}/children", INSERT)
def append(call: Call, block_id: str) -> Answer:
    """Put new blocks into a page or block: at its end, its start, or after one of its children."""
    container = call.any_node(block_id)
    body = call.checked(_APPENDED)
    if container.kind == "database":
        raise invalid("Cannot append blocks to a database: create pages in its data source.")
    if call.version == NEWEST and "after" in body:
        raise failed_validation("body", ["body.after should be not present."])
    demand_few(body["children"])
    demand_editable(call.store, container)
    after, at_start = _position(call, container, body)
    made = make_blocks(call.store, container, body["children"], call.bot["id"], after, at_start=at_start)
    touch(call.store, container, call.bot["id"])
    return Answer(
        {
            "object": "list",
            "results": [block(call.store, Found("block", each)) for each in made],
            "next_cursor": None,
            "has_more": False,
            "type": "block",
            "block": {},
        }
    )


def _position(call: Call, container: Found, body: Mapping[str, Any]) -> tuple[str | None, bool]:
    position = body.get("position")
    if position is not None:
        if position["type"] != "after_block":
            return None, position["type"] == "start"
        after = normal_id(position["after_block"]["id"])
    elif "after" in body:
        after = normal_id(body["after"])
    else:
        return None, False
    if after not in [each.document["id"] for each in children(call.store, container.document["id"])]:
        raise call.missing("block", str(after))
    return after, False
