"""The emulated Slack, as the sandbox's host takes it."""

from collections.abc import Mapping
from typing import Any
from wsgiref.types import WSGIEnvironment

from reconciler.sandbox.emulator import Refusal, Trouble, WsgiApplication
from reconciler.sandbox.world import World
from reconciler_slack.sandbox.application import Application
from reconciler_slack.sandbox.first_world import TEAM, TOKEN, USER_TOKEN, begin
from reconciler_slack.sandbox.methods import (
    bookmarks,
    conversations,
    members,
    messages,
    pins,
    scheduled,
    usergroups,
    users,
    workspace,
)
from reconciler_slack.sandbox.methods.registry import by_name
from reconciler_slack.sandbox.seed import plant
from reconciler_slack.sandbox.showing import show_world
from reconciler_slack.sandbox.store import SERVICE, Store
from reconciler_slack.sandbox.turning_away import is_change, turned_away

METHODS = by_name(
    module.METHODS
    for module in (
        workspace,
        conversations,
        members,
        usergroups,
        users,
        bookmarks,
        pins,
        messages,
        scheduled,
    )
)


class SlackEmulator:
    """Slack's Web API over a world of documents."""

    service = SERVICE
    root_paths: tuple[str, ...] = ()

    def __init__(self, world: World) -> None:
        self.store = Store(world)
        begin(self.store)

    def application(self) -> WsgiApplication:
        """Every method at ``/api/<method>`` below the service's path."""
        return Application(self.store, METHODS).flask

    def path_template(self, method: str, path: str) -> str:
        """A method's path is its own template."""
        name = _name(path)
        return f"/api/{name}" if name in METHODS else "/api/{method}"

    def refusal(self, trouble: Trouble, environ: WSGIEnvironment, wait_s: int) -> Refusal:
        """How Slack turns a call away."""
        method = METHODS.get(_name(environ["PATH_INFO"]))
        return turned_away(trouble, method.scopes.bot if method else (), wait_s)

    def changes(self, method: str, path: str, body: bytes) -> bool:
        """A method's name says whether it changes something, as all are called with POST."""
        return is_change(_name(path))

    def connection(self, origin: str) -> dict[str, str]:
        """``base_url``, a bot's ``token``, an owner's ``user_token`` and the ``team`` of the first world."""
        return {
            "base_url": f"{origin}/{SERVICE}/api",
            "token": TOKEN,
            "user_token": USER_TOKEN,
            "team": TEAM,
        }

    def settings(self, declared: Mapping[str, Any], origin: str) -> dict[str, Any]:
        """Tokens and address are the sandbox's; a user token only where one is declared."""
        connection = self.connection(origin)
        turned = ["base_url", "token", *(["user_token"] if "user_token" in declared else [])]
        return {**declared, **{name: connection[name] for name in turned}}

    def show(self) -> dict[str, list[dict[str, Any]]]:
        """All objects by kind, for a reader."""
        return show_world(self.store)

    def seed(self, document: Mapping[str, Any]) -> None:
        """Add one's own users, channels, user groups and tokens; the format is ``seed.py``'s."""
        with self.store.world.transaction():
            plant(self.store, document)

    def reset(self) -> None:
        """Begin again with the first world."""
        with self.store.world.transaction():
            self.store.shelf.clear()
            begin(self.store)


def _name(path: str) -> str:
    return path.removeprefix("/api/")
