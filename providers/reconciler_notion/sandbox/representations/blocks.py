"""Blocks, among them the pages and databases inside of a page. Source:
developers.notion.com/reference/block.
"""

from typing import Any

from reconciler_notion.sandbox.domain.rich_text import plain
from reconciler_notion.sandbox.domain.tree import Found, has_children, is_trashed
from reconciler_notion.sandbox.representations.pages import title
from reconciler_notion.sandbox.representations.shared import author, parent_of
from reconciler_notion.sandbox.store import Store


def block(store: Store, found: Found) -> dict[str, Any]:
    """A block, or a page or database as the block that it is to its parent."""
    document = found.document
    in_trash = is_trashed(store, found)
    kind, content = _content(store, found)
    return {
        "object": "block",
        "id": document["id"],
        "parent": parent_of(store, found),
        **author(document),
        "has_children": found.kind != "database" and has_children(store, document["id"]),
        "in_trash": in_trash,
        "type": kind,
        kind: content,
        "archived": in_trash,
    }


def _content(store: Store, found: Found) -> tuple[str, Any]:
    if found.kind == "page":
        return "child_page", {"title": plain(title(store, found.document))}
    if found.kind == "database":
        return "child_database", {"title": plain(found.document["title"])}
    return str(found.document["type"]), found.document["content"]
