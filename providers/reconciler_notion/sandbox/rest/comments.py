"""Comments. Source: developers.notion.com/reference/create-a-comment, /list-comments, /retrieve-comment,
/update-a-comment, /delete-a-comment."""

from typing import Any

from reconciler.sandbox.world import Document
from reconciler_notion.sandbox.domain.markdown import rich_text_of
from reconciler_notion.sandbox.domain.rich_text import RICH_TEXT, kept
from reconciler_notion.sandbox.domain.tree import Found, find_node, is_shared
from reconciler_notion.sandbox.errors import failed_validation
from reconciler_notion.sandbox.fields import record, tagged, text, typed, uuid_, variant_of
from reconciler_notion.sandbox.ids import normal_id
from reconciler_notion.sandbox.representations.comments import comment
from reconciler_notion.sandbox.rest.routes import (
    INSERT_COMMENTS,
    READ_COMMENTS,
    Answer,
    Call,
    Routes,
    page_of,
)

ROUTES = Routes()

_CONTENT = {"rich_text": RICH_TEXT, "markdown": text()}
_NAMED = {"custom": record({"name": text()}, ("name",))}
_DISPLAYED = typed({"integration": {}, "user": {}, "custom": _NAMED})
_NEW = record(
    {
        **_CONTENT,
        "parent": tagged({"page_id": uuid_, "block_id": uuid_}),
        "discussion_id": uuid_,
        "display_name": _DISPLAYED,
    }
)
_CHANGED = record(_CONTENT)


def _said(call: Call, body: dict[str, Any]) -> list[dict[str, Any]]:
    if ("rich_text" in body) == ("markdown" in body):
        raise failed_validation("body", ["body.rich_text should be defined, instead was `undefined`."])
    return kept(call.store, body["rich_text"] if "rich_text" in body else rich_text_of(body["markdown"]))


def _comment(call: Call, comment_id: str) -> Document:
    id_ = call.id_of(comment_id, "comment_id")
    found = call.store.get("comment", id_)
    outer = None if found is None else find_node(call.store, found["container"])
    if found is None or outer is None or not is_shared(call.store, outer):
        raise call.missing("comment", id_)
    return found


@ROUTES.add("POST", "/v1/comments", INSERT_COMMENTS)
def create(call: Call) -> Answer:
    """A comment on a page or block, or a reply in a discussion."""
    body = call.checked(_NEW)
    if ("parent" in body) == ("discussion_id" in body):
        raise failed_validation("body", ["body.parent should be defined, instead was `undefined`."])
    said = _said(call, body)
    if "parent" in body:
        kind = str(variant_of(body["parent"], ("page_id", "block_id")))
        outer = _target(call, str(normal_id(body["parent"][kind])))
        place = {"parent": f"{outer.kind}_id", "container": outer.document["id"]}
        discussion = call.store.new_id()
    else:
        discussion = str(normal_id(body["discussion_id"]))
        earlier = call.store.find("comment", discussion_id=discussion)
        if not earlier:
            raise call.missing("discussion", discussion)
        place = {key: earlier[0][key] for key in ("parent", "container")}
    display = body.get("display_name", {"type": "integration"})
    resolved = display.get("custom", {}).get("name", call.bot["name"])
    made: Document = {
        "id": call.store.new_id(),
        **place,
        "discussion_id": discussion,
        "rich_text": said,
        "display_name": {"type": display.get("type", "integration"), "resolved_name": resolved},
        **call.store.made_by(call.bot["id"]),
    }
    call.store.save("comment", made)
    return Answer(comment(made))


def _target(call: Call, id_: str) -> Found:
    found = find_node(call.store, id_)
    if found is None or found.kind not in ("page", "block") or not is_shared(call.store, found):
        raise call.missing("block", id_)
    return found


@ROUTES.add("GET", "/v1/comments", READ_COMMENTS)
def list_comments(call: Call) -> Answer:
    """The open comments on a page or block."""
    if "block_id" not in call.query:
        raise failed_validation("query", ["query.block_id should be defined, instead was `undefined`."])
    outer = _target(call, call.id_of(call.query["block_id"], "block_id"))
    found = call.store.find("comment", container=outer.document["id"])
    return Answer(page_of(call, found, comment, "comment"))


@ROUTES.add("GET", "/v1/comments/{comment_id}", READ_COMMENTS)
def get(call: Call, comment_id: str) -> Answer:
    """One comment."""
    return Answer(comment(_comment(call, comment_id)))


@ROUTES.add("PATCH", "/v1/comments/{comment_id}", INSERT_COMMENTS)
def update(call: Call, comment_id: str) -> Answer:
    """Say something else."""
    found = _comment(call, comment_id)
    said = _said(call, call.checked(_CHANGED))
    found = {**found, "rich_text": said, **call.store.edited_by(call.bot["id"])}
    call.store.save("comment", found)
    return Answer(comment(found))


@ROUTES.add("DELETE", "/v1/comments/{comment_id}", INSERT_COMMENTS)
def delete(call: Call, comment_id: str) -> Answer:
    """Remove a comment for good."""
    found = _comment(call, comment_id)
    call.store.delete("comment", found["id"])
    return Answer(comment(found))
