"""A page's content as Markdown, and tasks that are done later. Source:
developers.notion.com/reference/retrieve-page-markdown, /update-page-markdown; recorded answers."""

from typing import Any

from reconciler.sandbox.world import Document
from reconciler_notion.sandbox.domain.blocks import demand_few, make_blocks
from reconciler_notion.sandbox.domain.markdown import blocks_of, lines_of
from reconciler_notion.sandbox.domain.tree import Found, children, demand_editable, touch
from reconciler_notion.sandbox.errors import invalid
from reconciler_notion.sandbox.fields import boolean, listing, record, tagged, text, typed
from reconciler_notion.sandbox.ids import without_dashes
from reconciler_notion.sandbox.rest.routes import READ, UPDATE, Answer, Call, Routes

ROUTES = Routes()

_OPERATION = "PATCH /v1/pages/:page_id/markdown"
_POLL_AFTER_S = 2
_ENDS = typed({"start": {}, "end": {}})
_UPDATE = record(
    {"old_str": text(), "new_str": text(), "replace_all_matches": boolean}, ("old_str", "new_str")
)
_CHANGE = tagged(
    {
        "insert_content": record({"content": text(), "after": text(), "position": _ENDS}, ("content",)),
        "replace_content": record({"new_str": text(), "allow_deleting_content": boolean}, ("new_str",)),
        "update_content": record(
            {"content_updates": listing(_UPDATE), "allow_deleting_content": boolean},
            ("content_updates",),
        ),
        "replace_content_range": record(
            {"content": text(), "content_range": text(), "allow_deleting_content": boolean},
            ("content", "content_range"),
        ),
    },
    {"allow_async": boolean},
)


def _read(call: Call, page: Document) -> dict[str, Any]:
    lines, unknown = lines_of(call.store, page["id"])
    return {
        "object": "page_markdown",
        "id": page["id"],
        "markdown": "\n".join(lines),
        "truncated": False,
        "unknown_block_ids": unknown,
    }


@ROUTES.add("GET", "/v1/pages/{page_id}/markdown", READ)
def get(call: Call, page_id: str) -> Answer:
    """What a page says."""
    return Answer(_read(call, call.node(page_id, "page")))


@ROUTES.add("PATCH", "/v1/pages/{page_id}/markdown", UPDATE)
def update(call: Call, page_id: str) -> Answer:
    """Change what a page says; asked to do it later, it is done at once and its task tells so."""
    page = call.node(page_id, "page")
    body = call.checked(_CHANGE)
    found = Found("page", page)
    demand_editable(call.store, found)
    _write(call, page, body)
    touch(call.store, found, call.bot["id"])
    result = _read(call, page)
    if not body.get("allow_async"):
        return Answer(result)
    task = {
        "id": f"task_{without_dashes(call.store.new_id())}",
        "created_time": call.store.now(),
        "result": result,
    }
    call.store.save("async_task", task)
    queued = _task(call, task, "queued")
    return Answer({**queued, "poll_after_seconds": _POLL_AFTER_S}, status=202)


def _write(call: Call, page: Document, body: dict[str, Any]) -> None:
    if "insert_content" in body:
        _insert(call, page, body["insert_content"])
        return
    before = _read(call, page)["markdown"]
    if "replace_content" in body:
        after = body["replace_content"]["new_str"]
    elif "update_content" in body:
        after = before
        for each in body["update_content"]["content_updates"]:
            after = _replaced(after, each)
    else:
        change = body["replace_content_range"]
        first, _, last = change["content_range"].partition("...")
        start = before.find(first)
        end = before.find(last, start + len(first)) if start >= 0 else -1
        if start < 0 or end < 0:
            raise invalid("The content range was not found in the page.")
        after = before[:start] + change["content"] + before[end + len(last) :]
    _rewrite(call, page, after)


def _replaced(markdown: str, change: dict[str, Any]) -> str:
    matches = markdown.count(change["old_str"])
    if not matches:
        raise invalid("The text to be replaced was not found in the page.")
    if matches > 1 and not change.get("replace_all_matches"):
        raise invalid("The text to be replaced was found more than once in the page.")
    return markdown.replace(change["old_str"], change["new_str"])


def _insert(call: Call, page: Document, change: dict[str, Any]) -> None:
    blocks = blocks_of(change["content"])
    demand_few(blocks)
    if "after" in change:
        before = _read(call, page)["markdown"]
        _, _, last = change["after"].rpartition("...")
        at = before.find(last)
        if at < 0:
            raise invalid("The text to insert after was not found in the page.")
        at += len(last)
        _rewrite(call, page, f"{before[:at]}\n{change['content']}\n{before[at:]}")
        return
    at_start = change.get("position", {}).get("type") == "start"
    make_blocks(call.store, Found("page", page), blocks, call.bot["id"], at_start=at_start)


def _rewrite(call: Call, page: Document, markdown: str) -> None:
    """Other content in place of what Markdown can say; pages and databases inside of the page stay."""
    blocks = blocks_of(markdown)
    demand_few(blocks)
    for each in children(call.store, page["id"]):
        if each.kind == "block":
            call.store.save("block", {**each.document, "in_trash": True})
    make_blocks(call.store, Found("page", page), blocks, call.bot["id"])


@ROUTES.add("GET", "/v1/async_tasks/{task_id}", READ)
def get_task(call: Call, task_id: str) -> Answer:
    """How far a task is: it is always done."""
    task = call.store.get("async_task", task_id)
    if task is None:
        raise call.missing("async task", task_id)
    return Answer({**_task(call, task, "succeeded"), "result": task["result"]})


def _task(call: Call, task: Document, status: str) -> dict[str, Any]:
    return {
        "object": "async_task",
        "id": task["id"],
        "status": status,
        "status_url": f"{call.api}/v1/async_tasks/{task['id']}",
        "created_time": task["created_time"],
        "operation": {"surface": "rest", "name": _OPERATION},
    }
