"""The emulated GitHub, as the sandbox's host takes it."""

from collections.abc import Mapping
from typing import Any
from wsgiref.types import WSGIEnvironment

from reconciler.sandbox.emulator import Refusal, SeedError, Trouble, WsgiApplication
from reconciler.sandbox.world import World
from reconciler_github.sandbox.application import Application
from reconciler_github.sandbox.first_world import OWNER, TOKEN, begin, ensure_organisation
from reconciler_github.sandbox.graphql import answer
from reconciler_github.sandbox.paths import Templates
from reconciler_github.sandbox.rest import (
    branches,
    collaborators,
    labels,
    meta,
    milestones,
    organisations,
    protection,
    repositories,
    repository_features,
    secrets,
    teams,
)
from reconciler_github.sandbox.rest.routes import flatten
from reconciler_github.sandbox.seed import plant
from reconciler_github.sandbox.showing import show_world
from reconciler_github.sandbox.store import SERVICE, Store
from reconciler_github.sandbox.turning_away import is_change, turned_away

OPERATIONS = flatten(
    module.ROUTES
    for module in (
        meta,
        organisations,
        repositories,
        repository_features,
        labels,
        milestones,
        branches,
        protection,
        teams,
        collaborators,
        secrets,
    )
)


class GitHubEmulator:
    """GitHub's REST and GraphQL APIs over a world of documents."""

    service = SERVICE
    root_paths: tuple[str, ...] = ("/api/v3", "/api/graphql")

    def __init__(self, world: World) -> None:
        self.store = Store(world)
        self._templates = Templates(
            [*((method, template) for method, template, _ in OPERATIONS), ("POST", "/graphql")]
        )
        begin(self.store)

    def application(self) -> WsgiApplication:
        """REST right below the service's path, GraphQL at ``graphql``; also at Enterprise Server's paths."""
        return Application(self.store, OPERATIONS, answer)

    def path_template(self, method: str, path: str) -> str:
        """The template that GitHub's documentation has for a path."""
        return self._templates.find(method, path)

    def refusal(self, trouble: Trouble, environ: WSGIEnvironment, wait_s: int) -> Refusal:
        """How GitHub turns a call away."""
        return turned_away(self.store, trouble, environ, wait_s)

    def changes(self, method: str, path: str, body: bytes) -> bool:
        """All but what is read, by GET or in a GraphQL query."""
        return is_change(method, path, body)

    def connection(self, origin: str) -> dict[str, str]:
        """``base_url``, ``token`` and ``owner`` of the first world."""
        return {"base_url": f"{origin}/{SERVICE}", "token": TOKEN, "owner": OWNER}

    def settings(self, declared: Mapping[str, Any], origin: str) -> dict[str, Any]:
        """The declared owner is kept (and made, if need be); token and address are the sandbox's.

        Raises ``SeedError`` if a user of the sandbox has the owner's login.
        """
        owner = str(declared.get("owner") or OWNER)
        try:
            with self.store.world.transaction():
                ensure_organisation(self.store, owner)
        except ValueError as problem:
            raise SeedError("providers.github.owner", str(problem), "name an organisation") from problem
        return {**declared, **self.connection(origin), "owner": owner}

    def show(self) -> dict[str, list[dict[str, Any]]]:
        """All objects by kind, for a reader."""
        return show_world(self.store)

    def seed(self, document: Mapping[str, Any]) -> None:
        """Add one's own organisation, users, teams and repositories; the format is ``seed.py``'s."""
        with self.store.world.transaction():
            plant(self.store, document)

    def reset(self) -> None:
        """Begin again with the first world."""
        with self.store.world.transaction():
            self.store.shelf.clear()
            begin(self.store)
