"""The emulated anyKrowd, as the sandbox's host takes it."""

from collections.abc import Mapping
from typing import Any
from wsgiref.types import WSGIEnvironment

from reconciler.sandbox.emulator import Refusal, Trouble, WsgiApplication
from reconciler.sandbox.paths import Templates
from reconciler.sandbox.world import World
from reconciler_anykrowd.sandbox.application import HEALTH, make_application
from reconciler_anykrowd.sandbox.first_world import API_KEY, begin
from reconciler_anykrowd.sandbox.rest import catalogue, users, wallets
from reconciler_anykrowd.sandbox.routes import flatten
from reconciler_anykrowd.sandbox.seed import plant
from reconciler_anykrowd.sandbox.showing import show_world
from reconciler_anykrowd.sandbox.store import SERVICE, Store
from reconciler_anykrowd.sandbox.turning_away import turned_away

OPERATIONS = flatten(module.ROUTES for module in (catalogue, users, wallets))


class AnykrowdEmulator:
    """One tenant's APIX v1 over a world of documents."""

    service = SERVICE
    root_paths: tuple[str, ...] = ()

    def __init__(self, world: World) -> None:
        self.store = Store(world)
        self._templates = Templates(
            [*((method, template) for method, template, _ in OPERATIONS), ("GET", HEALTH)]
        )
        begin(self.store)

    def application(self) -> WsgiApplication:
        """``apix/v1/…`` below the service's path, and ``api/health``, which needs no key."""
        return make_application(self.store, OPERATIONS)

    def path_template(self, method: str, path: str) -> str:
        """The template that the description has for a path."""
        return self._templates.find(method, path)

    def refusal(self, trouble: Trouble, environ: WSGIEnvironment, wait_s: int) -> Refusal:
        """How anyKrowd turns a call away."""
        return turned_away(self.store, trouble, wait_s)

    def changes(self, method: str, path: str, body: bytes) -> bool:
        """All but GET."""
        return method != "GET"

    def connection(self, origin: str) -> dict[str, str]:
        """``base_url`` and ``tenant_url`` are the same, and so are ``api_key`` and ``token``."""
        url = f"{origin}/{SERVICE}"
        return {"base_url": url, "tenant_url": url, "api_key": API_KEY, "token": API_KEY}

    def settings(self, declared: Mapping[str, Any], origin: str) -> dict[str, Any]:
        """The tenant, its key and its address are the sandbox's; everything else stays as declared."""
        connection = self.connection(origin)
        return {**declared, **{name: connection[name] for name in ("base_url", "tenant_url", "api_key")}}

    def show(self) -> dict[str, list[dict[str, Any]]]:
        """All objects by kind, for a reader."""
        return show_world(self.store)

    def seed(self, document: Mapping[str, Any]) -> None:
        """Add one's own currencies, roles, events and users; the format is ``seed.py``'s."""
        with self.store.world.transaction():
            plant(self.store, document)

    def reset(self) -> None:
        """Begin again with the first world."""
        with self.store.world.transaction():
            self.store.shelf.clear()
            begin(self.store)
