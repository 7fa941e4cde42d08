"""The emulated Notion's world for a reader: as the API shows it, with plain titles, and no credentials."""

from typing import Any

from reconciler_notion.sandbox.domain.rich_text import plain
from reconciler_notion.sandbox.domain.tree import Found
from reconciler_notion.sandbox.representations.blocks import block
from reconciler_notion.sandbox.representations.comments import comment
from reconciler_notion.sandbox.representations.databases import data_source, database, view
from reconciler_notion.sandbox.representations.pages import page, title
from reconciler_notion.sandbox.representations.users import user
from reconciler_notion.sandbox.store import Store


def show_world(store: Store) -> dict[str, list[dict[str, Any]]]:
    """All objects by kind, in the order of their creation."""
    return {
        "users": [user(store, each) for each in store.find("user")],
        "pages": [{**page(store, each), "title": plain(title(store, each))} for each in store.find("page")],
        "databases": [
            {**database(store, each), "title": plain(each["title"])} for each in store.find("database")
        ],
        "data_sources": [
            {**data_source(store, each), "title": plain(each["title"])} for each in store.find("data_source")
        ],
        "views": [view(each) for each in store.find("view")],
        "blocks": [block(store, Found("block", each)) for each in store.find("block")],
        "comments": [comment(each) for each in store.find("comment")],
    }
