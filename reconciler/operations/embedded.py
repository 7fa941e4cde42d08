"""The embedded services of a stack's directory, opened when the first connection needs them."""

from collections.abc import Mapping
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reconciler.state.location import ROOM, make_directory

if TYPE_CHECKING:
    import httpx

    from reconciler.sandbox.host import Host


def world_path(directory: Path) -> Path:
    """Where the world of the sandbox lives, for ``--sandbox`` and for ``sandbox serve`` alike."""
    return directory / ROOM / "sandbox" / "world.db"


class EmbeddedServices:
    """The sandbox's host over the stack's own world.

    A stack of plain values needs no services: the servers' libraries are loaded at the first use only.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def transport(self) -> "httpx.BaseTransport":
        """How requests reach the services without a socket."""
        return self._host.transport()

    def settings(self, service: str, declared: Mapping[str, Any]) -> Mapping[str, Any]:
        """A provider's settings with those replaced that lead to the sandbox."""
        return self._host.settings(service, declared)

    def close(self) -> None:
        """Close the world, if it was opened."""
        if "_host" in self.__dict__:
            self._host.world.close()

    @cached_property
    def _host(self) -> "Host":
        path = world_path(self._directory)
        make_directory(path.parent)
        host = import_module("reconciler.sandbox.host")
        world = import_module("reconciler.sandbox.world")
        opened: Host = host.Host(world.World(path))
        return opened
