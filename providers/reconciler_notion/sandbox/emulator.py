"""The emulated Notion, as the sandbox's host takes it."""

from collections.abc import Mapping
from typing import Any
from wsgiref.types import WSGIEnvironment

from reconciler.sandbox.emulator import Refusal, Trouble, WsgiApplication
from reconciler.sandbox.paths import Templates
from reconciler.sandbox.world import World
from reconciler_notion.sandbox.application import WITH_SLASHES, Application
from reconciler_notion.sandbox.first_world import TOKEN, begin
from reconciler_notion.sandbox.rest import (
    blocks,
    comments,
    data_sources,
    databases,
    file_uploads,
    markdown,
    pages,
    search,
    users,
    views,
)
from reconciler_notion.sandbox.seed import plant
from reconciler_notion.sandbox.showing import show_world
from reconciler_notion.sandbox.store import SERVICE, Store
from reconciler_notion.sandbox.turning_away import is_change, turned_away

OPERATIONS = [
    operation
    for module in (
        users,
        pages,
        databases,
        data_sources,
        views,
        blocks,
        comments,
        search,
        file_uploads,
        markdown,
    )
    for operation in module.ROUTES
]


class NotionEmulator:
    """Notion's REST API over a world of documents."""

    service = SERVICE
    root_paths: tuple[str, ...] = ()

    def __init__(self, world: World) -> None:
        self.store = Store(world)
        self._templates = Templates(
            ((method, template) for method, template, _, _ in OPERATIONS), WITH_SLASHES
        )
        begin(self.store)

    def application(self) -> WsgiApplication:
        """The API, at ``v1`` below the service's path."""
        return Application(self.store, OPERATIONS)

    def path_template(self, method: str, path: str) -> str:
        """The template that Notion's documentation has for a path."""
        return self._templates.find(method, path)

    def refusal(self, trouble: Trouble, environ: WSGIEnvironment, wait_s: int) -> Refusal:
        """How Notion turns a call away."""
        return turned_away(trouble, wait_s)

    def changes(self, method: str, path: str, body: bytes) -> bool:
        """All but what is read, which searches and queries do with POST."""
        return is_change(method, path)

    def connection(self, origin: str) -> dict[str, str]:
        """``base_url`` (clients add ``/v1``), ``token``, and the id of the page shared with it."""
        root = self.store.workspace()["root_page_id"]
        return {"base_url": f"{origin}/{SERVICE}", "token": TOKEN, "root_page": root}

    def settings(self, declared: Mapping[str, Any], origin: str) -> dict[str, Any]:
        """A provider's settings with token and address of the sandbox."""
        reached = self.connection(origin)
        return {**declared, "base_url": reached["base_url"], "token": reached["token"]}

    def show(self) -> dict[str, list[dict[str, Any]]]:
        """All objects by kind, for a reader."""
        return show_world(self.store)

    def seed(self, document: Mapping[str, Any]) -> None:
        """Add one's own people, pages and databases; the format is ``seed.py``'s."""
        with self.store.world.transaction():
            plant(self.store, document)

    def reset(self) -> None:
        """Begin again with the first world."""
        with self.store.world.transaction():
            self.store.shelf.clear()
            begin(self.store)
