"""The emulator's world: which documents it keeps, and how to find them.

All documents are JSON objects; ids are UUIDs with dashes; times are ISO text in UTC with milliseconds,
and are rounded to the minute only when they are shown. Each kind is followed by its key and its fields;
those marked * are indexed.

- ``workspace`` (key: ``workspace``): id, name, bot_id, root_page_id, requests_per_second, burst,
  search_lag_s
- ``token`` (key: the token): token, bot_id, capabilities (list of text)
- ``usage`` (key: the token): left (requests), at (epoch seconds): the bucket of ``limits``
- ``user`` (key: id): id, type (``person``, ``bot``), name, email, avatar_url
- ``page`` (key: id): id, container* (id of the page, block or data source it is in, or ``workspace``),
  parent (``page_id``, ``block_id``, ``data_source_id``, ``workspace``), order, title (rich text, for
  pages outside of data sources), values (property id -> ``{type, value}``), icon, cover, in_trash,
  is_locked, shared, unique_number, and the four fields of an author
- ``database`` (key: id): id, container*, parent, order, title, description, icon, cover, is_inline,
  is_locked, in_trash, shared, author
- ``data_source`` (key: id): id, database_id*, title, description, icon, properties (list of ``{id, name,
  type, description, config}``), last_unique, in_trash, author
- ``view`` (key: id): id, database_id*, data_source_id*, name, type, filter, sorts, quick_filters,
  configuration, order, author
- ``block`` (key: id): id, container*, parent (``page_id``, ``block_id``), type, content, order, in_trash,
  author
- ``comment`` (key: id): id, container*, parent, discussion_id*, rich_text, display_name, author
- ``file_upload`` (key: id): id, status, filename, content_type, content_length, mode, number_of_parts,
  sent, author
- ``view_query`` (key: id): id, view_id*, expires_at, page_ids
- ``async_task`` (key: id): id, created_time, result

The author's fields: created_time, last_edited_time, created_by, last_edited_by (ids of users). Pages,
databases and blocks that are in one container are ordered among each other by ``order``, a number that
grows with each append; rows of a data source and comments keep the order of creation.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from reconciler.sandbox.world import Document, World
from reconciler_notion.sandbox.ids import new_id

SERVICE = "notion"
INDEXES: dict[str, tuple[str, ...]] = {
    "workspace": (),
    "token": (),
    "usage": (),
    "user": (),
    "page": ("container",),
    "database": ("container",),
    "data_source": ("database_id",),
    "view": ("database_id", "data_source_id"),
    "block": ("container",),
    "comment": ("container", "discussion_id"),
    "file_upload": (),
    "view_query": ("view_id",),
    "async_task": (),
}


def timestamp(moment: datetime) -> str:
    """A time as it is kept: UTC, milliseconds."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03}Z"


class Store:
    """The documents above, on the shelf ``notion`` of a world."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.shelf = world.shelf(SERVICE, INDEXES)
        self.put, self.get, self.find = self.shelf.put, self.shelf.get, self.shelf.find
        self.count, self.delete, self.delete_all = self.shelf.count, self.shelf.delete, self.shelf.delete_all
        self.next_id = self.shelf.next_id

    def now(self) -> str:
        """The world's time, as it is kept."""
        return timestamp(self.world.now())

    def new_id(self) -> str:
        """An id that no object has."""
        return new_id(self.next_id())

    def require(self, kind: str, key: str | int) -> Document:
        """A document that another one points to; its absence would be a defect of the emulator."""
        document = self.get(kind, key)
        if document is None:
            raise LookupError(f"the world has no {kind} {key}")
        return document

    def workspace(self) -> Document:
        """The only workspace."""
        return self.require("workspace", "workspace")

    def save(self, kind: str, document: Mapping[str, Any]) -> None:
        """Store a document that carries its key as ``id``."""
        self.put(kind, document["id"], document)

    def made_by(self, user_id: str) -> dict[str, str]:
        """The author's fields of something new."""
        now = self.now()
        return {
            "created_time": now,
            "last_edited_time": now,
            "created_by": user_id,
            "last_edited_by": user_id,
        }

    def edited_by(self, user_id: str) -> dict[str, str]:
        """The author's fields that change with an edit."""
        return {"last_edited_time": self.now(), "last_edited_by": user_id}
